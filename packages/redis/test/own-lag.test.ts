/** What this process's own event loop does is not counted as the server's. */
import type { CcrStore } from "@headroom/core";
import { type RedisStoreOptions, redisStore } from "@headroom/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { breaker } from "../src/breaker.ts";
import { deadlines, waitedMs } from "../src/deadlines.ts";
import { entryOf, noise, pause, type Served, serve } from "./servers.ts";

/** Keeps the event loop from turning. */
function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe("deadlines", () => {
  it("pass in time where nothing blocks", async () => {
    const { within } = deadlines();
    const started = performance.now();
    await expect(within(100, () => new Promise(() => {}))).rejects.toThrow(/within 100 ms/);
    expect(performance.now() - started).toBeGreaterThan(95);
    expect(await within(100, async () => "in time")).toBe("in time");
  });

  it("do not pass while the event loop does not turn, before the call or after", async () => {
    const clock = deadlines();
    for (const early of [true, false]) {
      const call = clock.within(100, () => pause(60));
      if (!early) await pause(10);
      block(400);
      await call;
    }
  });

  it("pass in a process that is always busy too, ten times later", async () => {
    const clock = deadlines();
    let busy = true;
    const spin = (): void => {
      block(2);
      if (busy) setImmediate(spin);
    };
    spin();
    const started = performance.now();
    await expect(clock.within(40, () => new Promise(() => {}))).rejects.toThrow(/no answer/);
    busy = false;
    expect(performance.now() - started).toBeGreaterThan(300);
  });

  it("can be extended", async () => {
    const { within } = deadlines();
    const extended = within(50, async (deadline) => {
      deadline.extend(1_000);
      await pause(150);
      return "late, and allowed";
    });
    expect(await extended).toBe("late, and allowed");
  });
});

describe("a breaker", () => {
  const changes: string[] = [];
  const make = (slowMs: number) =>
    breaker(
      { slowMs },
      {
        now: waitedMs,
        refuse: (why) => new Error(`not tried, ${why}`),
        counts: () => true,
        onChange: (_, why) => changes.push(why),
      },
    );

  it("calls nothing slow that waits for this process only", async () => {
    const guarded = make(30);
    for (let i = 0; i < 45; i++) {
      const answer = guarded(() => new Promise((resolve) => setImmediate(resolve)));
      await null;
      block(45);
      await answer;
    }
    expect(changes).toEqual([]);
  });

  it("opens when answers are waited for, less what a call was allowed", async () => {
    const allowing = make(20);
    const large = () =>
      allowing((allow) => {
        allow(10_000);
        return pause(60);
      });
    await Promise.all(Array.from({ length: 45 }, large));
    await large();
    const guarded = make(20);
    const calls = Array.from({ length: 40 }, () => guarded(() => pause(60)));
    await Promise.all(calls);
    await expect(guarded(() => pause(0))).rejects.toThrow(/95 % of calls take over 20 ms/);
  });
});

describe.runIf(redisStartable())("a healthy server and a busy process", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.stop());
  const events: string[] = [];
  const make = (options: Partial<RedisStoreOptions> = {}): CcrStore =>
    redisStore({
      url: served.server.url,
      localCacheBytes: 0,
      onEvent: ({ type, message }) => type !== "warning" && events.push(message),
      ...options,
    });

  it.each([true, false])("loses none of 500 puts at once (connected before: %s)", async (warm) => {
    const store = make();
    if (warm) await store.put(entryOf("warm"));
    const puts = Array.from({ length: 500 }, async (_, i) => {
      await null;
      block(4);
      await store.put(entryOf(`${i} ${noise(7_000, i + 1)}`));
    });
    block(1_000);
    expect((await Promise.allSettled(puts)).filter(({ status }) => status === "rejected")).toEqual(
      [],
    );
    await store.put(entryOf("afterwards"));
    expect(events).toEqual([]);
    await store.close?.();
  });

  it("is asked again after the pause, also when the callers never leave the event loop a turn", async () => {
    const store = make({ timeoutMs: 100, breaker: { pauseMs: 200 } });
    await store.put(entryOf("warm"));
    served.server.process.kill("SIGSTOP");
    await Promise.allSettled(Array.from({ length: 5 }, (_, i) => store.put(entryOf(`late ${i}`))));
    await expect(store.put(entryOf("open"))).rejects.toThrow(/not tried/);
    served.server.process.kill("SIGCONT");
    const started = performance.now();
    const caller = async (name: string): Promise<number> => {
      for (let i = 0; performance.now() - started < 5_000; i++) {
        block(2);
        const error = await store.put(entryOf(`${name} ${i}`)).catch((cause: unknown) => cause);
        if (error === undefined) return performance.now() - started;
      }
      return Number.POSITIVE_INFINITY;
    };
    const first = await Promise.all(["a", "b", "c", "d"].map(caller));
    expect(Math.max(...first)).toBeLessThan(2_500);
    await store.close?.();
  });

  it("replaces a connection on which nothing is heard", async () => {
    const store = make({ timeoutMs: 60, breaker: { failures: 100 } });
    await store.put(entryOf("warm"));
    const clients = async (): Promise<string[]> =>
      ((await served.admin.client("LIST")) as string)
        .split("\n")
        .filter((line) => line.includes("cmd="))
        .map((line) => line.split(" ")[0] ?? "");
    const before = await clients();
    served.server.process.kill("SIGSTOP");
    for (let i = 0; i < 3; i++)
      await expect(store.put(entryOf(`silent ${i}`))).rejects.toThrow(/no answer/);
    served.server.process.kill("SIGCONT");
    await expect
      .poll(
        () =>
          store.put(entryOf("again")).then(
            () => true,
            () => false,
          ),
        { timeout: 3_000 },
      )
      .toBe(true);
    const after = await clients();
    expect(after.every((id) => before.includes(id))).toBe(false);
    await store.close?.();
  });
});
