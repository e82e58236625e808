/** Law 1, pure: same messages and options in, same bytes out, in every process, time zone and order. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createHeadroom, memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { describeLaw, estimate, lawRuns, lawTimeoutMs, type Make, rewriting } from "./law.ts";
import { messagesOf, requests } from "./transcript.ts";

const SEED = 20_261_122;

const program = fileURLToPath(new URL("digests.ts", import.meta.url));
const away = { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };

/** Digests of the same transcripts, by liar, from two processes at the same time: here, and elsewhere in another order. */
async function twice(runs: number): Promise<[here: Digests, there: Digests]> {
  const digests = async (order: string, env: object): Promise<Digests> => {
    const args = ["--conditions=@headroom/source", program, String(SEED), String(runs), order];
    const options = { env: { ...process.env, TZ: "UTC", ...env }, maxBuffer: 1e8 };
    return JSON.parse((await promisify(execFile)(process.execPath, args, options)).stdout);
  };
  return Promise.all([digests("forwards", {}), digests("backwards", away)]);
}

type Digests = Readonly<Record<string, readonly string[]>>;

describe("another process, elsewhere, in another order", () => {
  it(
    "gives the same bytes; it does not where results depend on the process, the time zone, or chance",
    async () => {
      const [here, there] = await twice(lawRuns);
      expect(here.nobody).toHaveLength(lawRuns);
      expect(there.nobody).toEqual(here.nobody);
      for (const liar of ["process", "time zone", "chance"]) {
        expect(here[liar]?.length).toBeGreaterThan(0);
        expect(there[liar]).not.toEqual(here[liar]);
      }
    },
    2 * lawTimeoutMs,
  );
});

/** An instance that numbers what it does. */
const numbering: Make = (options) => {
  let calls = 0;
  return rewriting((text) => `${text} (${calls++})`)(options);
};
const chatty: Make = (options) => {
  const honest = createHeadroom(options);
  return { ...honest, simulate: honest.compress };
};

describeLaw(
  "calls at the same time, and a dry run before, give the same bytes; a dry run stores nothing",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const store = memoryStore();
    let puts = 0;
    const counting = {
      ...store,
      put(entry: Parameters<typeof store.put>[0]) {
        puts++;
        return store.put(entry);
      },
    };
    const headroom = make({
      store: counting,
      tokenCounter: estimate,
      minTokens: 40,
      mode,
      cacheBytes: 0,
    });
    const dry = await headroom.simulate(input);
    expect(puts).toBe(0);
    const results = await Promise.all([1, 2, 3].map(() => headroom.compress(input)));
    for (const { messages, refs } of results) {
      expect(JSON.stringify(messages)).toBe(JSON.stringify(dry.messages));
      expect(refs).toEqual(dry.refs);
    }
  },
  { "numbers its answers": numbering, "stores in a dry run": chatty },
  0.4,
);
