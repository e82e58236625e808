/** What counts as time, to the beat. */
import { performance } from "node:perf_hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlines, LateError } from "./deadlines.ts";

/** Milliseconds that the event loop has waited. */
let waited: number;
beforeEach(() => {
  waited = 1_000;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  vi.spyOn(performance, "eventLoopUtilization").mockImplementation(() => ({
    idle: waited,
    active: 0,
    utilization: 0,
  }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
const never = (): Promise<never> => new Promise(() => undefined);
/** Lets time go by, and then what waits for the event loop's next turn. */
const after = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
};
const beats = (count: number): Promise<void> => after(20 * count);
const outcome = (call: Promise<unknown>): { said: unknown } => {
  const seen: { said: unknown } = { said: "pending" };
  call.then(
    (answer) => {
      seen.said = answer;
    },
    (error: unknown) => {
      seen.said = error;
    },
  );
  return seen;
};

describe("a deadline", () => {
  it("is over once so much was waited, looked at every 20 ms", async () => {
    const call = outcome(deadlines().within(100, never));
    waited += 99;
    await beats(1);
    expect(call.said).toBe("pending");
    waited += 1;
    await after(19);
    expect(call.said).toBe("pending");
    await after(1);
    expect(call.said).toEqual(new LateError("no answer within 100 ms"));
  });

  it("of a process that is always busy is over after ten times as long", async () => {
    const call = outcome(deadlines().within(100, never));
    await beats(49);
    expect(call.said).toBe("pending");
    await beats(1);
    expect(call.said).toEqual(new LateError("no answer within 100 ms"));
  });

  it("can be extended, and says then how long it was", async () => {
    const call = outcome(
      deadlines().within(100, ({ extend }) => {
        extend(50.4);
        return never();
      }),
    );
    waited += 150;
    await beats(1);
    expect(call.said).toBe("pending");
    waited += 1;
    await beats(1);
    expect(call.said).toEqual(new LateError("no answer within 150 ms"));
  });

  it("counts from its own beginning", async () => {
    const clock = deadlines();
    outcome(clock.within(1_000, never));
    await beats(40);
    waited += 90;
    const later = outcome(clock.within(100, never));
    await beats(49);
    waited += 99;
    expect(later.said).toBe("pending");
    await beats(1);
    expect(later.said).toBeInstanceOf(LateError);
  });

  it("leaves no timer behind, and hands on what was answered", async () => {
    const clock = deadlines();
    expect(await clock.within(100, async () => "answer")).toBe("answer");
    await expect(clock.within(100, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(vi.getTimerCount()).toBe(0);
    outcome(clock.within(100, never));
    await clock.within(100, async () => "answer");
    expect(vi.getTimerCount()).toBe(1);
  });
});
