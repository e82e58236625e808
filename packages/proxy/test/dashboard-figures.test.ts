/** What the dashboard makes of figures: texts, axes, costs. */
import { describe, expect, it } from "vitest";
import {
  dollars,
  duration,
  milliseconds,
  percent,
  ratio,
  short,
  whole,
} from "../dashboard/format.ts";
import {
  costs,
  type Prices,
  readPrice,
  readPriceList,
  total,
  writePriceList,
} from "../dashboard/prices.ts";
import { ticks, timeSpan, timeTicks } from "../dashboard/scale.ts";
import { counting } from "../src/stats/counting.ts";

describe("a number", () => {
  it.each([
    [short(0), "0"],
    [short(999), "999"],
    [short(1_000), "1k"],
    [short(1_234), "1.2k"],
    [short(56_789), "56.8k"],
    [short(999_949), "1M"],
    [short(12_345_678), "12.3M"],
    [short(0.25), "0.25"],
    [short(3e13), "30T"],
    [short(Number.NaN), "–"],
    [short(undefined), "–"],
    [whole(1_234_567.4), "1,234,567"],
    [percent(0.5), "50 %"],
    [percent(0.9991), ">99 %"],
    [percent(1), "100 %"],
    [percent(0.001), "<1 %"],
    [percent(0), "0 %"],
    [percent(ratio(1, 0)), "–"],
    [milliseconds(0.2345), "0.23 ms"],
    [milliseconds(15.4), "15 ms"],
    [milliseconds(2_345), "2.3 s"],
    [milliseconds(125_000), "2.1 min"],
    [milliseconds(Number.POSITIVE_INFINITY), "–"],
    [dollars(1_234.5), "$1,234.50"],
    [dollars(0.0012), "$0.0012"],
    [dollars(0), "$0.00"],
    [duration(Number.NaN), "less than a minute"],
    [duration(3_700_000), "1 h 1 min"],
  ])("reads %s", (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe("an axis", () => {
  it("has few round marks and reaches the largest value", () => {
    for (const max of [0.003, 0.7, 1, 3, 9.99, 10, 47, 999, 1_000, 123_456, 7e12]) {
      const marks = ticks(max);
      expect(marks.length).toBeLessThanOrEqual(6);
      expect(marks[0]).toBe(0);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(max * (1 - 1e-6));
    }
    expect(ticks(2, 3, 1)).toEqual([0, 1, 2]);
    for (const odd of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(ticks(odd)).toEqual([0, 1]);
  });

  it("of time has full minutes and hours of the reader's own time zone, and is never short", () => {
    const noon = Date.UTC(2026, 10, 28, 12);
    const hour = 3_600_000;
    expect(timeTicks(noon, noon + 2 * hour, 4, 0).map((at) => (at - noon) / 60_000)).toEqual([
      0, 30, 60, 90, 120,
    ]);
    // Half an hour off, as in India.
    expect(
      timeTicks(noon, noon + 3 * hour, 3, 5.5 * hour).map((at) => (at - noon) / 60_000),
    ).toEqual([30, 90, 150]);
    expect(timeTicks(noon, noon, 4, 0)).toEqual([]);
    // Started a minute ago, started long ago, started in what the clock calls the future.
    expect(timeSpan(noon, noon - 60_000, 2 * hour, hour / 3)).toEqual([noon - hour / 3, noon]);
    expect(timeSpan(noon, noon - 9 * hour, 2 * hour, hour / 3)).toEqual([noon - 2 * hour, noon]);
    expect(timeSpan(noon, noon + hour, 2 * hour, hour / 3)).toEqual([noon - hour / 3, noon]);
  });
});

describe("prices", () => {
  it.each(["-1", "NaN", "Infinity", "1e3", "", " ", ".", "0x10", "1.2.3", "99999999", "三"])(
    "are not %j",
    (text) => expect(readPrice(text)).toBeUndefined(),
  );

  it.each([
    ["3", 3],
    [" 0.30 ", 0.3],
    ["0,075", 0.075],
    [".5", 0.5],
    ["0", 0],
  ])("are %j", (text, price) => expect(readPrice(text)).toBe(price));

  const prices: Prices = { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 };

  it("come back as they were kept, and nothing else does", () => {
    const list = new Map([["*", prices]]);
    expect(readPriceList(writePriceList(list))).toEqual(list);
    for (const odd of [
      null,
      "",
      "{",
      "7",
      '{"*":1}',
      '[["*"]]',
      '[["*",{"input":-1,"cacheRead":1,"cacheWrite":1,"output":1}]]',
      '[["*",{"input":null,"cacheRead":1,"cacheWrite":1,"output":1}]]',
      '[["*",{"input":1e999,"cacheRead":1,"cacheWrite":1,"output":1}]]',
      '[[7,{"input":1,"cacheRead":1,"cacheWrite":1,"output":1}]]',
    ])
      expect([odd, readPriceList(odd).size]).toEqual([odd, 0]);
  });

  it("make costs, and no cost where a model has none", () => {
    const usage = {
      answers: 1,
      dropped: 0,
      inputTokens: 1e6,
      cacheReadTokens: 8e5,
      cacheWriteTokens: 1e5,
      outputTokens: 1e4,
    };
    const model = { ...usage, provider: "anthropic", savedTokens: 1e6 } as const;
    const stats = {
      ...counting().read(),
      usage: {
        ...usage,
        models: [
          { ...model, model: "a" },
          { ...model, model: "b" },
        ],
      },
    };
    const rows = costs(stats, new Map([["a", prices]]));
    expect(rows[0]?.cost).toBeCloseTo(0.3 + 0.24 + 0.375 + 0.15);
    expect(rows[0]?.saved).toBeCloseTo(0.915);
    expect(rows[1]).not.toHaveProperty("cost");
    expect(total(rows, "cost")).toBeCloseTo(1.065);
    expect(total(costs(stats, new Map()), "cost")).toBeUndefined();
  });
});
