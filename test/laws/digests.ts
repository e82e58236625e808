/**
 * Compresses generated transcripts and prints a digest of each result, so that processes can be compared:
 *
 *     node --conditions=@headroom/source test/laws/digests.ts SEED RUNS forwards|backwards
 *
 * So it does for instances that lie, which are told by fewer transcripts.
 */
import { createHash } from "node:crypto";
import { createHeadroom, memoryStore } from "@headroom/core";
import fc from "fast-check";
import { estimate, type Make, rewriting } from "./instance.ts";
import { messagesOf, requests } from "./transcript.ts";

/** Instances whose results depend on what they must not depend on. */
const liars: Readonly<Record<string, Make>> = {
  process: rewriting((text) => `${text}${process.pid}`),
  "time zone": rewriting((text) => text + new Date(0).getTimezoneOffset()),
  chance: rewriting((text) => text + Math.random()),
};

/** One digest a generated transcript: of its messages, report and refs, times aside. */
async function digestsOf(seed: number, runs: number, order: string, make: Make): Promise<string[]> {
  const all = [...fc.sample(requests(), { seed, numRuns: runs }).entries()];
  const digests: string[] = [];
  for (const [index, { transcript, mode }] of order === "backwards" ? all.reverse() : all) {
    const headroom = make({ store: memoryStore(), tokenCounter: estimate, minTokens: 40, mode });
    const { blocks, ...rest } = await headroom.compress(messagesOf(transcript));
    const rows = blocks.map((row) => ({ ...row, milliseconds: 0 }));
    digests[index] = createHash("sha256")
      .update(JSON.stringify([rest, rows]))
      .digest("hex");
  }
  return digests;
}

/** Transcripts that tell a liar. */
const LIAR_RUNS = 5;

const [seed, runs, order = "forwards"] = process.argv.slice(2);
const all: Record<string, string[]> = {
  nobody: await digestsOf(Number(seed), Number(runs), order, createHeadroom),
};
for (const [name, liar] of Object.entries(liars))
  all[name] = await digestsOf(Number(seed), LIAR_RUNS, order, liar);
process.stdout.write(JSON.stringify(all));
