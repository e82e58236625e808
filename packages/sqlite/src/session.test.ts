/** How a call waits while another process is in its way, on a clock that stands still. */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MovedError } from "./open.ts";
import { Session } from "./session.ts";

const BUSY_TIMEOUT_MS = 800;
const busy = (): Error => Object.assign(new Error("database is locked"), { errcode: 5 });

let time: number;
let pauses: number[];
let isWaiting: boolean;
beforeEach(() => {
  time = 1_000;
  pauses = [];
  isWaiting = false;
  vi.spyOn(performance, "now").mockImplementation(() => time);
  vi.spyOn(timers, "setTimeout").mockImplementation(async (milliseconds) => {
    pauses.push(milliseconds ?? 0);
    isWaiting = true;
    await new Promise((resolve) => setImmediate(resolve));
    isWaiting = false;
    return undefined as never;
  });
  syncBuiltinESMExports();
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** What a call says whose work fails so many times. */
async function waited(how: "write" | "read", failures: number, error = busy): Promise<string> {
  const session = new Session({
    file: ":memory:",
    maxBytes: 100,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    now: () => 0,
  });
  let left = failures;
  const work = (): string => {
    if (isWaiting) throw new Error("the pause is not over");
    if (left-- > 0) throw error();
    return "done";
  };
  try {
    return String(await session[how]("put", work));
  } catch (failed) {
    return String(failed);
  } finally {
    session.close();
  }
}

describe.each(["write", "read"] as const)("a %s that finds the file busy", (how) => {
  it.each([
    ["the shortest", 0, [1, 2, 4, 8, 16, 25, 25]],
    ["the longest", 1, [2, 4, 8, 16, 32, 50, 50]],
    ["one between", 0.5, [1.5, 3, 6, 12, 24, 37.5, 37.5]],
  ])("waits twice as long each time, up to 50 ms: %s", async (_, random, expected) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    expect(await waited(how, expected.length)).toBe("done");
    expect(pauses).toEqual(expected);
  });

  it.each([
    ["the whole of its time", BUSY_TIMEOUT_MS, "done", 1],
    ["no longer", BUSY_TIMEOUT_MS + 1, "database is locked", 0],
  ])("tries again for %s", async (_, milliseconds, said, count) => {
    const late = (): Error => {
      time += milliseconds;
      return busy();
    };
    expect(await waited(how, 1, late)).toContain(said);
    expect(pauses).toHaveLength(count);
  });

  it("waits as well where the file was replaced, and for nothing else", async () => {
    expect(await waited(how, 2, () => new MovedError("a.db"))).toBe("done");
    expect(pauses).toHaveLength(2);
    expect(await waited(how, 2, () => new Error("something else"))).toContain("something else");
    expect(pauses).toHaveLength(2);
  });

  it("says what was in its way all the time", async () => {
    const moved = (): Error => {
      time += BUSY_TIMEOUT_MS + 1;
      return new MovedError("folder/a.db");
    };
    expect(await waited(how, 1, moved)).toMatch(/put.* a\.db was replaced\.$/);
  });

  it("says that the file is not in its place any time", async () => {
    const session = new Session({ file: ":memory:", maxBytes: 9, busyTimeoutMs: 5, now: () => 0 });
    await session.write("put", () => "opened");
    const { current } = session;
    if (!current) throw new Error("unreachable");
    vi.spyOn(current, "isInPlace").mockReturnValue(false);
    const late = session[how]("put", () => {
      time += 6;
      return undefined;
    });
    if (how === "read")
      await expect(late).rejects.toThrow(/:memory: is being replaced again and again\.$/);
    else expect(await late).toBeUndefined();
    session.close();
  });
});
