/** Law 1, pure: same messages and options in, same bytes out, in every process, time zone and order. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createHeadroom, memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { digestsOf } from "./digests.ts";
import { describeLaw, estimate, lawRuns, lawTimeoutMs, type Make, rewriting } from "./law.ts";
import { messagesOf, requests } from "./transcript.ts";

const SEED = 20_261_122;

async function elsewhere(runs: number, order: string): Promise<unknown> {
  const program = fileURLToPath(new URL("digests.ts", import.meta.url));
  const args = ["--conditions=@headroom/source", program, String(SEED), String(runs), order];
  const env = { ...process.env, TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

describe("another process, elsewhere, in another order", () => {
  it(
    "gives the same bytes",
    async () => {
      const [here, there] = await Promise.all([
        digestsOf(SEED, lawRuns, "forwards"),
        elsewhere(lawRuns, "backwards"),
      ]);
      expect(there).toEqual(here);
    },
    2 * lawTimeoutMs,
  );

  it.each<[string, Make]>([
    ["the process", rewriting((text) => `${text}${process.pid}`)],
    ["the time zone", rewriting((text) => text + new Date(0).getTimezoneOffset())],
    ["chance", rewriting((text) => text + Math.random())],
  ])("differs when a result depends on %s", async (_, make) => {
    expect(await elsewhere(20, "forwards")).not.toEqual(
      await digestsOf(SEED, 20, "forwards", make),
    );
  });
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
);
