import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BreakerOptions, breaker } from "./breaker.ts";

describe("a breaker", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  /** A breaker on a clock of its own: a call takes as long as it says. */
  function make(options: BreakerOptions = {}) {
    const changes: string[] = [];
    let time = 0;
    const guarded = breaker(options, {
      now: () => time,
      refuse: (why) => new Error(`refused: ${why}`),
      counts: (error) => error !== "an answer",
      onChange: (isOpen, why) => void changes.push(`${isOpen ? "open" : "closed"}: ${why}`),
    });
    const take = (milliseconds: number, allowed = 0): Promise<string> =>
      guarded(async (allow) => {
        allow(allowed);
        time += milliseconds;
        return "answered";
      });
    const fail = (error: unknown, milliseconds = 0): Promise<string> =>
      guarded(async () => {
        time += milliseconds;
        throw error;
      });
    const takeAll = async (all: readonly number[]): Promise<void> => {
      for (const milliseconds of all) await take(milliseconds);
    };
    return { changes, guarded, take, fail, takeAll };
  }
  const pass = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
  const times = (count: number, milliseconds: number): number[] =>
    new Array<number>(count).fill(milliseconds);

  it.each([
    [{}, 5],
    [{ failures: 1 }, 1],
    [{ failures: 3 }, 3],
  ])("opens at so many failures in a row, not one before: %o", async (options, count) => {
    const { fail, changes, take } = make(options);
    for (let n = 1; n < count; n++) await expect(fail(new Error(`no ${n}`))).rejects.toThrow("no");
    expect(changes).toEqual([]);
    await expect(fail(new Error("the last"))).rejects.toThrow("the last");
    const why = `${count} failures in a row, the last: the last`;
    expect(changes).toEqual([`open: ${why}`]);
    await expect(take(0)).rejects.toThrow(`refused: ${why}`);
  });

  it("begins to count anew after an answer, a refusal of the server among them", async () => {
    const { fail, take, changes } = make({ failures: 2 });
    for (let round = 0; round < 3; round++) {
      await expect(fail("lost")).rejects.toBe("lost");
      if (round % 2 === 0) await take(0);
      else await expect(fail("an answer")).rejects.toBe("an answer");
    }
    expect(changes).toEqual([]);
    for (let n = 0; n < 2; n++) await expect(fail("lost")).rejects.toBe("lost");
    expect(changes).toEqual(["open: 2 failures in a row, the last: lost"]);
  });

  it.each([
    [{ failures: 1 }, 1_000],
    [{ failures: 1, pauseMs: 50 }, 50],
  ])("refuses until the pause is over, and calls nothing: %o", async (options, pauseMs) => {
    const { fail, guarded, take, changes } = make(options);
    await expect(fail(new Error("down"))).rejects.toThrow("down");
    const call = vi.fn(async () => "called");
    pass(pauseMs - 1);
    await expect(guarded(call)).rejects.toThrow("refused");
    expect(call).not.toHaveBeenCalled();
    pass(1);
    expect(await guarded(call)).toBe("called");
    expect(changes.at(-1)).toBe("closed: the server answers again");
    expect(await take(0)).toBe("answered");
    expect(changes).toHaveLength(2);
  });

  it("lets one call try after the pause, and the others wait for it", async () => {
    const { fail, guarded, take } = make({ failures: 1 });
    await expect(fail(new Error("down"))).rejects.toThrow("down");
    pass(1_000);
    let answer = (_: string): void => undefined;
    const probe = guarded(() => new Promise<string>((resolve) => (answer = resolve)));
    await expect(take(0)).rejects.toThrow("refused: 1 failures in a row, the last: down");
    answer("back");
    expect(await probe).toBe("back");
    expect(await take(0)).toBe("answered");
  });

  it("stays open for another pause when that call fails, and says so once", async () => {
    const { fail, take, changes } = make({ failures: 2 });
    for (let n = 0; n < 2; n++) await expect(fail(new Error("down"))).rejects.toThrow("down");
    pass(1_000);
    await expect(fail(new Error("still down"))).rejects.toThrow(/^still down$/);
    pass(999);
    await expect(take(0)).rejects.toThrow("refused: 3 failures in a row, the last: still down");
    pass(1);
    expect(await take(0)).toBe("answered");
    expect(changes).toHaveLength(2);
    // One failure after that is one, not the fourth in a row.
    await expect(fail(new Error("once"))).rejects.toThrow("once");
    expect(await take(0)).toBe("answered");
  });

  it("leaves the event loop a turn before it refuses", async () => {
    const { fail, take } = make({ failures: 1 });
    await expect(fail(new Error("down"))).rejects.toThrow("down");
    const turns: string[] = [];
    setImmediate(() => turns.push("the event loop"));
    await take(0).catch(() => turns.push("refused"));
    expect(turns).toEqual(["the event loop", "refused"]);
  });

  it.each([
    ["as long as allowed", [...times(38, 0), 100, 100], false],
    ["one slow call of forty", [...times(39, 0), 101], false],
    ["two slow calls of forty", [...times(38, 0), 101, 101], true],
    ["two slow calls first", [101, 101, ...times(38, 0)], true],
    ["all slow, and one too few", times(39, 5_000), false],
    [
      "two slow calls, twenty later, among the last forty",
      [...times(39, 0), 101, 101, ...times(19, 0)],
      true,
    ],
    ["the first of them twenty calls too old", [101, ...times(39, 0), 101, ...times(19, 0)], false],
    [
      "the first of them just old enough to be forgotten",
      [...times(19, 0), 101, ...times(20, 0), 101, ...times(19, 0)],
      false,
    ],
    [
      "the first of them just young enough",
      [...times(20, 0), 101, ...times(19, 0), 101, ...times(19, 0)],
      true,
    ],
  ])("opens when 95 %% of the last forty calls were slower: %s", async (_, all, opens) => {
    const { takeAll, changes } = make();
    await takeAll(all);
    expect(changes).toEqual(opens ? ["open: 95 % of calls take over 100 ms"] : []);
  });

  it("takes off what a call was allowed, each time it was", async () => {
    const { take, changes, fail } = make({ slowMs: 10 });
    for (let n = 0; n < 40; n++) await take(60, 50);
    expect(changes).toEqual([]);
    for (let n = 0; n < 20; n++) await take(61, 50);
    expect(changes).toEqual(["open: 95 % of calls take over 10 ms"]);
    const other = make({ slowMs: 10 });
    const twice = other.guarded(async (allow) => {
      allow(5);
      allow(6);
      return "allowed";
    });
    expect(await twice).toBe("allowed");
    await expect(fail("an answer")).rejects.toThrow("refused");
  });

  it("counts how long a refusal of the server took as well", async () => {
    const { fail, changes } = make();
    for (let n = 0; n < 40; n++) await expect(fail("an answer", 101)).rejects.toBe("an answer");
    expect(changes).toEqual(["open: 95 % of calls take over 100 ms"]);
  });

  it("forgets slow calls once it has opened for them", async () => {
    const { takeAll, take, changes } = make();
    await takeAll(times(40, 200));
    pass(1_000);
    await takeAll([...times(38, 0), 101]);
    expect(await take(0)).toBe("answered");
    expect(changes).toEqual([
      "open: 95 % of calls take over 100 ms",
      "closed: the server answers again",
    ]);
  });
});
