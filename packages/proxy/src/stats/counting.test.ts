import type { CompressResult } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { clock } from "./clock.ts";
import { counting } from "./counting.ts";
import { histogram, quantile } from "./histogram.ts";
import { ring, series } from "./series.ts";
import type { RequestRecord } from "./types.ts";

function result(toolName: string, kind = "log"): CompressResult<unknown> {
  const figures = { tokensBefore: 1_000, tokensAfter: 250 };
  return {
    ...figures,
    tokensSaved: 750,
    savings: 0.75,
    messages: [],
    refs: [],
    blocks: [
      {
        message: 0,
        block: "0",
        role: "tool",
        toolName,
        kind,
        outcome: "compressed",
        reason: "",
        milliseconds: 1,
        ...figures,
      },
    ],
  };
}

function record(more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 1,
    provider: "openai",
    route: "responses",
    method: "POST",
    status: 200,
    ending: "complete",
    streamed: true,
    model: "gpt-5.5",
    tokensBefore: 1_000,
    tokensAfter: 250,
    addedMs: 4,
    totalMs: 900,
    retrievals: 0,
    hiddenRounds: 0,
    failedOpen: [],
    usage: { inputTokens: 300, cacheReadTokens: 200, cacheWriteTokens: 0, outputTokens: 40 },
    ...more,
  };
}

describe("the counters", () => {
  it("stay small after 100,000 requests with 10,000 names of tools, kinds and models each, and are read at once", () => {
    const counts = counting();
    for (let at = 0; at < 100_000; at++) {
      counts.compressed(result(`tool_${at % 10_000}`, `kind_${at % 10_000}`));
      counts.ended(record({ id: at, model: `model-${at % 10_000}` }));
    }
    const stats = counts.read();
    expect(stats.tools).toHaveLength(99);
    expect(stats.kinds).toHaveLength(99);
    expect(stats.usage.models).toHaveLength(99);
    expect(stats.recent).toHaveLength(100);
    // Nothing is lost by that.
    const sum = stats.tools.reduce((total, one) => total + one.tokensBefore, 0);
    expect(sum).toBe(100_000_000);
    expect(stats.tools.at(-1)).toMatchObject({ name: "(other)", blocks: 99_020 });
    const text = JSON.stringify(stats);
    expect(text.length).toBeLessThan(131_072);
    const times = Array.from({ length: 21 }, () => {
      const began = performance.now();
      JSON.stringify(counts.read());
      return performance.now() - began;
    }).sort((one, other) => one - other);
    expect(times[10]).toBeLessThan(5);
  });

  it("show no name that a provider would not take for one", () => {
    const counts = counting();
    const odd = ["<img src=x onerror=alert(1)>", "a b", "", "x".repeat(129), "naïve", "__proto__"];
    for (const name of odd) counts.compressed(result(name, name));
    const { tools, kinds } = counts.read();
    for (const rows of [tools, kinds])
      expect(rows.map(({ name, blocks }) => [name, blocks])).toEqual([
        ["__proto__", 1],
        ["(other)", 5],
      ]);
    counts.ended(record({ model: undefined as never }));
    expect(counts.read().usage.models.map(({ model }) => model)).toEqual(["(unnamed)"]);
  });

  it("tell tokens, usage and failures by what they are of", () => {
    const counts = counting("balanced");
    counts.compressed(result("Bash"));
    counts.failedOpen("store");
    counts.ended(record({ hiddenRounds: 2 }));
    counts.ended(record({ status: 529, provider: "anthropic", route: "messages" }));
    counts.ended(record({ status: 0, ending: "failed" }));
    const stats = counts.read();
    expect(stats).toMatchObject({
      mode: "balanced",
      compressed: 1,
      tokensBefore: 1_000,
      tokensAfter: 250,
      tokensProjected: 250,
      hiddenRounds: 2,
      failedOpen: { store: 1 },
      outcomes: { compressed: 1 },
      tools: [{ name: "Bash", blocks: 1, tokensBefore: 1_000, tokensAfter: 250 }],
      kinds: [{ name: "log" }],
      usage: { answers: 3, inputTokens: 900, cacheReadTokens: 600, outputTokens: 120 },
    });
    expect(stats.requests.map(({ status, count }) => `${status} ${count}`)).toEqual([
      "2xx 1",
      "5xx 1",
      "none 1",
    ]);
    expect(stats.usage.models[0]).toMatchObject({ model: "gpt-5.5", savedTokens: 2_250 });
    expect(stats.minutes).toHaveLength(1);
    expect(stats.minutes[0]).toMatchObject({ requests: 3, addedP50Ms: expect.any(Number) });
  });

  it("tell what audit mode would have saved", () => {
    const counts = counting("audit");
    const { tokensBefore, tokensAfter, ...rest } = result("Bash");
    const projected = { tokensBefore, tokensAfter, tokensSaved: 750, savings: 0.75 };
    counts.compressed({ ...rest, tokensBefore, tokensAfter: tokensBefore, projected });
    expect(counts.read()).toMatchObject({ tokensAfter: 1_000, tokensProjected: 250 });
  });
});

describe("time", () => {
  it("goes on, whatever the machine's clock does", () => {
    let [wall, steady] = [1_000_000_000_000, 0];
    const time = clock(
      () => wall,
      () => steady,
    );
    const pass = (ofWall: number, ofSteady: number): number => {
      wall += ofWall;
      steady += ofSteady;
      return time.now();
    };
    expect(pass(5_000, 5_000)).toBe(5_000);
    // Set back by a year.
    expect(pass(-31_536_000_000, 1_000)).toBe(6_000);
    expect(time.timeOf(5_000)).toBe(wall - 1_000);
    // The machine slept for an hour, in which only one of the clocks went on.
    expect(pass(3_600_000, 10)).toBe(3_606_000);
    // Corrected a little, in both directions.
    expect(pass(1_400, 1_000)).toBe(3_607_000);
    expect(pass(600, 1_000)).toBe(3_608_000);
    expect(pass(Number.NaN, 1_000)).toBe(3_609_000);
  });

  it("leaves requests in the order they came where the clock is set back and forth", () => {
    let [wall, steady] = [1_700_000_000_000, 0];
    const counts = counting(
      "lossless",
      clock(
        () => wall,
        () => steady,
      ),
    );
    for (const [id, jump] of [0, 7_200_000, -90_000_000, 60_000, -60_000].entries()) {
      wall += jump + 1_000;
      steady += 1_000;
      counts.ended(record({ id }));
    }
    const { recent, minutes, now } = counts.read();
    expect(recent.map(({ id }) => id)).toEqual([4, 3, 2, 1, 0]);
    const times = recent.map(({ at }) => at);
    expect(times).toEqual([...times].sort((one, other) => other - one));
    expect(Math.max(...times, ...minutes.map(({ at }) => at))).toBeLessThanOrEqual(now);
    expect(minutes.reduce((sum, one) => sum + one.requests, 0)).toBe(4);
  });
});

describe("a histogram", () => {
  it("tells a quantile to within its bucket, and takes nothing that is no time", () => {
    const spread = histogram();
    for (const odd of [Number.NaN, -1, Number.POSITIVE_INFINITY]) spread.add(odd);
    expect(spread.read()).toMatchObject({ count: 0, sum: 0 });
    expect(quantile(spread.read(), 0.5)).toBeUndefined();
    for (let at = 1; at <= 100; at++) spread.add(at);
    expect(quantile(spread.read(), 0.5)).toBeCloseTo(50, -1);
    expect(quantile(spread.read(), 0.95)).toBeCloseTo(95, -1);
    spread.add(1e9);
    expect(quantile(spread.read(), 1)).toBe(2_000);
  });
});

describe("a series", () => {
  it("forgets what is out of reach, also where nothing came for long", () => {
    const minutes = series(60, 3, () => ({ count: 0 }));
    for (const moment of [0, 59, 60, 130]) {
      const slot = minutes.at(moment);
      if (slot) slot.count++;
    }
    expect(minutes.until(130)).toEqual([
      [0, { count: 2 }],
      [60, { count: 1 }],
      [120, { count: 1 }],
    ]);
    expect(minutes.until(190).map(([began]) => began)).toEqual([60, 120]);
    expect(minutes.until(10_000)).toEqual([]);
    minutes.at(185);
    expect(minutes.at(0)).toBeUndefined();
  });

  it("has a ring beside it that keeps the last few, newest first", () => {
    const last = ring<number>(3);
    expect(last.read()).toEqual([]);
    for (let at = 1; at <= 5; at++) last.add(at);
    expect(last.read()).toEqual([5, 4, 3]);
  });
});
