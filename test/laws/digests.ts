/**
 * Digests of compressed transcripts. Run as a program it prints them, so that another process can compare:
 *
 *     node --conditions=@headroom/source test/laws/digests.ts SEED RUNS [forwards|backwards]
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createHeadroom, memoryStore } from "@headroom/core";
import fc from "fast-check";
import { estimate, type Make } from "./instance.ts";
import { messagesOf, requests } from "./transcript.ts";

/** One digest a generated transcript: of its messages, report and refs, times aside. */
export async function digestsOf(
  seed: number,
  runs: number,
  order: string,
  make: Make = createHeadroom,
): Promise<string[]> {
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seed, runs, order = "forwards"] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await digestsOf(Number(seed), Number(runs), order)));
}
