/** How a run ends early: signals and deadlines, in the middle of a block and after the store has failed. */
import { describe, expect, it, vi } from "vitest";
import { createHeadroom } from "./create.ts";
import type { HeadroomOptions } from "./options.ts";
import type { CreateRunner } from "./types/runner.ts";
import type { CcrStore } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** So alike that a view is made and no lossless form: a store that fails has the lossless form made later. */
const log: string = Array.from(
  { length: 10_000 },
  (_, at) =>
    `2026-01-05T10:00:${String(at % 60).padStart(2, "0")}Z INFO job ${at} took ${at % 997} ms`,
).join("\n");

function failing(put: () => void): CcrStore {
  return {
    name: "failing",
    get: async () => undefined,
    delete: async () => false,
    async put() {
      put();
      throw new Error("disk full");
    },
  };
}

/** An instance with a counter that writes down how many characters it was given. */
function watched(options: HeadroomOptions): {
  headroom: ReturnType<typeof createHeadroom>;
  counted: number[];
} {
  const counted: number[] = [];
  const tokenCounter: TokenCounter = {
    name: "watched",
    count(text) {
      counted.push(text.length);
      return Math.ceil(text.length / 4);
    },
  };
  return { headroom: createHeadroom({ ...options, tokenCounter }), counted };
}

describe("a run that ends early", () => {
  it("rejects with the signal's reason when it fires while a failed store has the lossless form made", async () => {
    const abort = new AbortController();
    const reason = new Error("the user left");
    const store = failing(() => setTimeout(() => abort.abort(reason), 5));
    const headroom = createHeadroom({ store });
    await expect(headroom.compressText(log, { signal: abort.signal })).rejects.toBe(reason);
    await expect(
      headroom.compress([{ role: "tool", tool_call_id: "a", content: log }], {
        signal: abort.signal,
      }),
    ).rejects.toBe(reason);
  });

  it("leaves a block as it is when the deadline comes while a failed store has the lossless form made", async () => {
    // The deadline is over when the store answers. Timers of a busy machine are late, so the clock is the test's.
    let elapsed = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => elapsed);
    const store = failing(() => {
      elapsed += 2_000;
    });
    const headroom = createHeadroom({ store, deadlineMs: 1_900 });
    const { text, block } = await headroom.compressText(log).finally(() => clock.mockRestore());
    expect(text).toBe(log);
    expect(block).toMatchObject({ outcome: "store-down", reason: "disk full" });
  });

  it("counts no whole texts any more once the deadline is over", async () => {
    const { headroom, counted } = watched({ deadlineMs: 0.001 });
    const messages = Array.from({ length: 5 }, (_, at) => ({
      role: "tool",
      tool_call_id: `call ${at}`,
      content: `${at} ${log}`,
    }));
    const result = await headroom.compress(messages);
    expect(Math.max(...counted)).toBeLessThanOrEqual(16_384);
    expect(result.messages).toEqual(messages);
    const many = Array.from({ length: 500 }, (_, at) => ({
      role: "tool",
      tool_call_id: `call ${at}`,
      content: `${at} ${log.slice(0, 4_000)}`,
    }));
    counted.length = 0;
    await headroom.compress(many);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBeLessThan(100_000);
    for (const { reason, tokensBefore } of result.blocks) {
      expect(reason).toBe("not reached within deadlineMs (0.001)");
      expect(tokensBefore / (log.length / 4)).toBeCloseTo(1, 2);
    }
  });
});

describe("a block that no time was left for", () => {
  const messages = [{ role: "tool", tool_call_id: "a", content: log }];
  const late = { deadlineMs: 0.001 };

  it("stays as it is in later calls: the prompt cache has it in that form", async () => {
    const headroom = createHeadroom({ mode: "lossless" });
    const first = await headroom.compress(messages, late);
    expect(first.messages).toEqual(messages);
    const { messages: next, blocks, tokensBefore } = await headroom.compress(messages);
    expect(next).toEqual(messages);
    expect(blocks).toMatchObject([
      { outcome: "declined", reason: expect.stringMatching(/earlier call/) },
    ]);
    const { tokensBefore: counted } = await createHeadroom().simulate(messages);
    expect(tokensBefore).toBe(counted);
  });

  it("is still compressed after a simulation that had no time", async () => {
    const headroom = createHeadroom({ mode: "lossless" });
    await headroom.simulate(messages, late);
    const { blocks } = await headroom.compress(messages);
    expect(blocks).toMatchObject([{ outcome: "compressed" }]);
  });

  it("has the form of an earlier call, where there was one", async () => {
    const headroom = createHeadroom({ mode: "lossless" });
    const first = await headroom.compress(messages);
    expect(first.blocks).toMatchObject([{ outcome: "compressed" }]);
    const { messages: next } = await headroom.compress(messages, late);
    expect(next).toEqual(first.messages);
  });
});

describe("a runner that fails", () => {
  const broken =
    (part: "count" | "digest" | "forms"): CreateRunner =>
    (_setup, inline) => ({
      ...inline,
      [part]: async () => {
        throw new Error("the thread ended");
      },
    });
  const store = failing(() => undefined);

  for (const part of ["count", "digest", "forms"] as const)
    it(`leaves blocks as they are, and says so: ${part}`, async () => {
      const headroom = createHeadroom({ runner: broken(part), store });
      const messages = [{ role: "tool", tool_call_id: "a", content: log }];
      const result = await headroom.compress(messages);
      expect(result.messages).toEqual(messages);
      expect(result.blocks).toMatchObject([
        { outcome: "failed", reason: "the runner failed: the thread ended" },
      ]);
    });

  it("leaves a block as it is where the lossless form for a failed store cannot be made", async () => {
    let calls = 0;
    const runner: CreateRunner = (_setup, inline) => ({
      ...inline,
      async forms(job, pace) {
        if (calls++ > 0) throw new Error("the thread ended");
        return inline.forms(job, pace);
      },
    });
    const { text, block } = await createHeadroom({ runner, store }).compressText(log);
    expect(calls).toBe(2);
    expect(text).toBe(log);
    expect(block).toMatchObject({ outcome: "store-down", reason: "disk full" });
  });

  it("does not hide what a hook throws", async () => {
    const beforeCompress = (): boolean => {
      throw new Error("a bug of the caller");
    };
    const headroom = createHeadroom({
      runner: (_setup, inline) => inline,
      hooks: { beforeCompress },
    });
    await expect(headroom.compressText(log)).rejects.toThrow("a bug of the caller");
  });
});
