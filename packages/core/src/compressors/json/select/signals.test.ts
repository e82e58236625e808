import { describe, expect, it } from "vitest";
import { columnOf, tableOf, tableOfSource } from "../../../../test/json-table.ts";
import { finish } from "../../../steps.ts";
import { failureRows } from "./failures.ts";
import { outlierRows } from "./outliers.ts";
import { rareRows } from "./rare.ts";
import { shapes } from "./shapes.ts";
import { findSignals } from "./signals.ts";
import { extremes, isRanking, turningRows } from "./turns.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));
/** The same values, some of them replaced. */
const but = (values: readonly unknown[], odd: Readonly<Record<number, unknown>>): unknown[] =>
  values.map((value, at) => (at in odd ? odd[at] : value));
/** 40 to 50 in no order. */
const noise = (count: number): number[] => times(count, (at) => 40 + ((at * 7) % 11));
/** A hundred different numbers from 40 to 50 in no order. */
const different: readonly number[] = times(100, (at) => 40 + ((at * 37) % 101) / 10);

describe("outlierRows", () => {
  const of = (values: readonly unknown[]): readonly number[] =>
    finish(outlierRows(tableOf(values)));

  // The median is 45, the median deviation 3: from 4 * 1.4826 * 3 = 17.8 on a number is far off.
  it.each([
    ["none", noise(99), []],
    ["one far above", but(noise(99), { 50: 63 }), [50]],
    ["one not far enough above", but(noise(99), { 50: 62 }), []],
    ["one far below", but(noise(99), { 50: 27 }), [50]],
    ["one not far enough below", but(noise(99), { 50: 28 }), []],
    ["three, the farthest first", but(noise(99), { 10: 90, 20: -50, 30: 99 }), [20, 30, 10]],
    ["two as far off", but(noise(99), { 10: 90, 20: 90 }), [10, 20]],
    ["two as far off on both sides", but(noise(99), { 10: 0, 20: 90 }), [10, 20]],
    ["numbers that only grow", times(99, (at) => at ** 3), []],
    ["five numbers", [1, 1, 1, 1, 999], []],
  ] as const)("%s", (_name, values, rows) => {
    expect(of(values)).toEqual(rows);
  });

  it("takes more than three, where they are at most a fiftieth, for a long tail", () => {
    const odd = (count: number): object =>
      Object.fromEntries(times(count, (at) => [at * 10, 1_000 + at]));
    expect(of(but(noise(300), odd(6) as Record<number, unknown>)).length).toBe(6);
    // Seven of 300: the three farthest in orders of magnitude.
    expect(of(but(noise(300), odd(7) as Record<number, unknown>))).toEqual([60, 50, 40]);
    expect(of(but(noise(99), odd(3) as Record<number, unknown>)).length).toBe(3);
    expect(of(but(noise(99), odd(4) as Record<number, unknown>)).length).toBe(3);
    // With numbers below zero there are no magnitudes: the two farthest.
    const negative = but(noise(300), { ...odd(7), 299: -1 } as Record<number, unknown>);
    expect(of(negative)).toEqual([60, 50]);
  });

  it("shows eight of one column, 24 of a table", () => {
    const odd = Object.fromEntries(times(20, (at) => [at * 50, 1_000 + at]));
    expect(of(but(noise(1_000), odd))).toEqual(times(8, (at) => (19 - at) * 50));
    const rows = times(1_000, (row) =>
      Object.fromEntries(
        times(5, (at) => [`c${at}`, row % 50 === at * 7 ? 1_000 + row : 40 + ((row * 7) % 11)]),
      ),
    );
    expect(finish(outlierRows(tableOf(rows))).length).toBe(24);
  });

  it("judges what differs where most values are equal", () => {
    const zeros = times(100, () => 0);
    const differing = (count: number, value: (at: number) => number): unknown[] =>
      but(zeros, Object.fromEntries(times(count, (at) => [at * 3, value(at)])));
    expect(of(zeros)).toEqual([]);
    expect(of(differing(1, () => 5))).toEqual([0]);
    // Up to three in a hundred are all far off; from the least of them on.
    expect(of(differing(3, (at) => 5 + at))).toEqual([6, 3, 0]);
    // More of them are measured by each other.
    expect(of(differing(4, () => 5))).toEqual([]);
    expect(of(differing(9, (at) => (at === 4 ? 100 : 5)))).toEqual([12]);
    expect(of(differing(9, (at) => (at === 4 ? 29 : 5)))).toEqual([]);
    expect(of(differing(30, (at) => (at === 4 ? 100 : 5)))).toEqual([12]);
    expect(of(differing(31, (at) => (at === 4 ? 100 : 5)))).toEqual([]);
  });
});

describe("rareRows", () => {
  const of = (values: readonly unknown[], kept: readonly number[] = []): readonly number[] =>
    finish(rareRows(tableOf(values), new Set(kept)));
  const same = (count: number): unknown[] => times(count, () => "usual one");
  const odd = (count: number, make: (at: number) => unknown): Record<number, unknown> =>
    Object.fromEntries(times(count, (at) => [at * 4 + 1, make(at)]));

  it.each([
    ["nothing of equal values", same(100), []],
    ["one value of six", but(same(6), { 3: "odd" }), [3]],
    ["nothing of five rows", but(same(5), { 3: "odd" }), []],
    [
      "a value of at most three in a hundred",
      but(
        same(100),
        odd(3, () => "odd"),
      ),
      [1, 5, 9],
    ],
    [
      "not one of four",
      but(
        same(100),
        odd(4, () => "odd"),
      ),
      [],
    ],
    ["the rarest first", but(same(200), { 9: "x", 20: "y", 21: "y", 5: "z" }), [5, 9, 20, 21]],
    ["not what was kept already", but(same(100), { 3: "odd", 7: "other" }), [3, 7]],
    ["another type", but(same(100), { 40: 7 }), [40]],
    ["a null", but(same(100), { 40: null }), [40]],
    ["a negative number", but(different, { 40: -44 }), [40]],
    ["a zero where no number comes near it", but(different, { 40: 0 }), [40]],
    ["not a zero beside ones", but(different, { 40: 0, 41: 11 }), []],
    ["a zero beside twelve", but(different, { 40: 0, 41: 12 }), [40]],
    ["nothing in evenly spread values", times(100, (at) => `w${"abcdefghij".charAt(at % 10)}`), []],
  ] as const)("%s", (_name, values, rows) => {
    expect(of(values)).toEqual(rows);
  });

  it("leaves out what is kept already", () => {
    expect(of(but(same(100), { 3: "odd", 7: "other" }), [3])).toEqual([7]);
  });

  it("wants a clear majority: the common classes hold four fifths", () => {
    const groups = (sizes: readonly number[]): unknown[] =>
      sizes.flatMap((size, at) => times(size, () => `class ${"abcdefgh".charAt(at)}`));
    // A class of one is rare beside those of at least five.
    expect(of(groups([60, 36, 3, 1]))).toContain(99);
    expect(of(groups([95, 4, 1]))).toEqual([99]);
    expect(of(groups([80, 4, 4, 4, 4, 3, 1]))).toContain(99);
    expect(of(groups([79, 4, 4, 4, 4, 4, 1]))).toEqual([]);
    // Of three in 105, those of at least fifteen are common.
    expect(of(groups([102, 3]))).toEqual([102, 103, 104]);
    expect(of(groups([84, 15, 3, 3]))).toContain(101);
    expect(of(groups([80, 14, 8, 3]))).toEqual([]);
  });

  it("takes many rare classes for noise: of more than twelve it shows six", () => {
    const many = (count: number): readonly number[] =>
      of(
        but(
          same(400),
          odd(count, (at) => `odd ${"abcdefghijklmnop".charAt(at)}`),
        ),
      );
    expect(many(12).length).toBe(12);
    expect(many(13).length).toBe(6);
  });

  it("shows five of one value, and 24 rows in all", () => {
    expect(
      of(
        but(
          same(1_000),
          odd(20, () => "odd"),
        ),
      ),
    ).toEqual([1, 5, 9, 13, 17]);
    const rows = times(1_000, (row) =>
      Object.fromEntries(times(8, (at) => [`c${at}`, row % 250 === at * 9 ? "odd" : "usual"])),
    );
    expect(finish(rareRows(tableOf(rows), new Set())).length).toBe(24);
  });

  it("tells 64 values apart in a column", () => {
    const values = (count: number): unknown[] =>
      but(
        times(
          6_400,
          (at) => `word ${String.fromCharCode(97 + (at % count) / 26, 97 + ((at % count) % 26))}`,
        ),
        {
          5: "word zzz",
        },
      );
    expect(of(values(4))).toContain(5);
    expect(
      of(
        but(
          times(900, () => "x"),
          odd(63, (at) => at),
        ),
      ),
    ).not.toEqual([]);
  });

  it("takes a rare template though every value differs, but surer things first", () => {
    const lines = times(100, (at) => `job ${at} done in ${at * 3} ms`);
    expect(of(but(lines, { 40: "somebody pulled the plug" }))).toEqual([40]);
    const codes = times(100, (at) => `${at * 7919}:${at}f:${at}`);
    expect(of(but(codes, { 40: "ab:cd" }))).toEqual([]);
    const rows = lines.map((line, at) => ({
      line: at === 20 ? "somebody pulled the plug" : line,
      level: at === 60 ? "odd" : "usual",
    }));
    expect(finish(rareRows(tableOf(rows), new Set()))).toEqual([60, 20]);
    expect(
      finish(rareRows(tableOf(times(100, (at) => (at === 9 ? "b" : "a"))), new Set())),
    ).toEqual([9]);
  });

  it("takes rows that have a key few have, and rows that lack one", () => {
    const rows = (has: (at: number) => boolean, count = 100): object[] =>
      times(count, (at) => ({ a: "usual", ...(has(at) ? { hint: [1, 2] } : {}) }));
    const found = (has: (at: number) => boolean, count = 100): readonly number[] =>
      finish(rareRows(tableOf(rows(has, count)), new Set()));
    expect(found((at) => at === 40)).toEqual([40]);
    expect(found((at) => at % 40 === 1)).toEqual([1, 41, 81]);
    expect(found((at) => at % 30 === 1)).toEqual([]);
    expect(found((at) => at !== 40)).toEqual([40]);
    expect(found((at) => at !== 0 && at !== 99)).toEqual([0, 99]);
    expect(found((at) => at % 30 !== 1)).toEqual([]);
    expect(found((at) => at % 2 === 0)).toEqual([]);
    expect(found(() => true)).toEqual([]);
  });
});

describe("shapes", () => {
  const of = (rows: readonly unknown[]): readonly number[] => finish(shapes(tableOf(rows)));

  it.each([
    ["one shape", times(9, (at) => `job ${at}`), [0]],
    ["the commonest first", ["a", "b 1", "b 2", "c", "b 3", "a"], [1, 0, 3]],
    ["the first of equals", ["a", "b 1", "b 2", "a"], [0, 1]],
    ["types", [1, "x", null, true, [], {}, 2], [0, 1, 2, 3, 4, 5]],
    ["columns", [{ a: 1 }, { b: 1 }, { a: 2 }, { a: 1, b: 1 }], [0, 1, 3]],
    ["lists aside", [{ a: [1] }, { a: ["x"] }, { a: [1, 2] }], [0]],
    [
      "values in other columns",
      [
        { a: "x", b: "y" },
        { a: "y", b: "x" },
      ],
      [0, 1],
    ],
    ["empty values", [{ a: {} }, { a: [] }, { a: {} }], [0, 1]],
  ] as const)("%s", (_name, rows, found) => {
    expect(of(rows)).toEqual(found);
  });

  it("spreads single ones over the whole", () => {
    const letters = times(40, (at) => `${"abcdefghij".charAt(at % 10)} ${"klmn".charAt(at / 10)}x`);
    expect(of(letters)).toEqual([...times(20, (at) => 2 * at), ...times(20, (at) => 2 * at + 1)]);
    expect(of(letters.slice(0, 31))).toEqual(times(31, (at) => at));
    expect(of(letters.slice(0, 33)).slice(0, 3)).toEqual([0, 2, 4]);
  });
});

describe("failureRows", () => {
  const of = (rows: readonly unknown[], affordable = 10_000): readonly number[] =>
    finish(failureRows(tableOf(rows), affordable));
  const usual = times(100, (at) => `job ${at} is done and over`);

  it("gives failures by their rows, those by status before those that mention one", () => {
    expect(of(usual)).toEqual([]);
    expect(of(but(usual, { 40: "FAILED: disk full", 20: "job 20: upload failed again" }))).toEqual([
      40, 20,
    ]);
    expect(of(but(usual, { 40: "job 40 failed again", 20: "job 20 failed again" }))).toEqual([
      20, 40,
    ]);
    expect(
      of([
        { a: "ok now", b: "FAILED" },
        { a: "err", b: "x" },
      ]),
    ).toEqual([0, 1]);
    expect(of([{ a: "err" }, { a: "errx" }, { a: "er" }])).toEqual([0]);
    expect(of([{ a: "failed", b: "job 40 of many failed again" }])).toEqual([0]);
    expect(of([{ a: ["ok", "failed"] }])).toEqual([0]);
  });

  it("gives those that have the status of a failure before those whose message begins like one", () => {
    const rows = times(200, (at) => ({
      level: at % 20 === 7 ? "ERROR" : "WARN",
      message: at % 3 === 0 ? `failed to reach node ${at}` : `request ${at} is done`,
    }));
    const found = of(rows, 1_000);
    for (let at = 7; at < 200; at += 20) expect(found).toContain(at);
    expect(found.length).toBeLessThan(20);
  });

  it("gives all failures while they are few or cheap, else the first and the last of each kind", () => {
    const failing = (count: number, total = 100): unknown[] =>
      times(total, (at) => (at < count ? `failed: disk ${at}` : `job ${at} is done`));
    const cost = tableOf(failing(10)).costs[0] as number;
    expect(of(failing(60), 60 * cost + 9).length).toBe(60);
    expect(of(failing(61), 10_000).length).toBe(61);
    expect(of(failing(400, 999), 1e6).length).toBe(400);
    expect(of(failing(401, 999), 1e6)).toEqual([0, 400]);
    // An exception, up to a fifth of the rows, may cost four times as much.
    expect(of(failing(20), 5 * cost + 1).length).toBe(20);
    expect(of(failing(21), 5 * cost + 1)).toEqual([0, 20]);
    expect(of(failing(20), 4 * cost)).toEqual([0, 19]);
    expect(
      of(
        times(9, (at) => `failed: disk ${at}`),
        0,
      ).length,
    ).toBe(2);
    expect(
      of(
        but(
          times(9, (at) => `done ${at}`),
          { 1: "failed 1", 2: "failed 2", 3: "failed 3" },
        ),
        4,
      ).length,
    ).toBe(3);
  });

  it("gives up to five mentions beside failures by status, more by one example of each kind", () => {
    const mixed = (count: number): unknown[] =>
      but(usual, {
        ...Object.fromEntries(times(count, (at) => [10 + at, `job ${at}: upload failed again`])),
        90: "FAILED: disk full",
        30: "job x: download failed again",
      });
    expect(of(mixed(4))).toEqual([90, 10, 11, 12, 13, 30]);
    expect(of(mixed(5))).toEqual([90, 30, 10]);
  });

  it("tells kinds apart by the wordiest column, rare ones first", () => {
    const rows = times(100, (at) => ({
      code: `E${at}`,
      level: "ERROR",
      note: at % 25 === 0 ? "the disk is full again" : `shard ${at} lost its replica`,
    }));
    expect(of(rows, 10)).toEqual([0, 75, 1, 99]);
    // A column of single words tells nothing: all are of one kind.
    const bare = times(100, (at) => ({ level: "ERROR", code: `E${at}` }));
    expect(of(bare, 10)).toEqual([0, 99]);
    // A column that few rows have is no measure of kinds.
    const sparse = times(100, (at) => ({
      level: "ERROR",
      text: `shard ${at} is down`,
      ...(at % 25 === 3
        ? { more: `a long remark of very many words about ${at % 2 ? "a" : "b"}` }
        : {}),
    }));
    expect(of(sparse, 10)).toEqual([0, 99]);
  });

  it("shows thirty kinds", () => {
    const rows = times(
      200,
      (at) => `failed: ${"abcdefghij".charAt(at % 10)}${"klmnopqrst".charAt((at / 10) % 10)}x`,
    );
    expect(of(rows, 10).length).toBe(60);
  });

  it("places values that are no strings by their type", () => {
    const rows = times(100, (at) => ({
      level: "ERROR",
      note: at % 10 === 3 ? at : `shard ${at} lost its replica`,
    }));
    expect(of(rows, 10)).toEqual([3, 93, 0, 99]);
  });
});

describe("isRanking", () => {
  const of = (values: readonly unknown[]): boolean => {
    const table = tableOf(values);
    return isRanking(table, columnOf(table, ""));
  };

  it.each([
    ["scores that fall", times(40, (at) => 0.99 - at / 50), true],
    ["whole numbers that fall", times(40, (at) => 99 - at), true],
    [
      "whole numbers that fall but for one",
      but(
        times(40, (at) => 99 - at),
        { 20: 99 },
      ),
      false,
    ],
    ["sizes that fall", times(40, (at) => `${90 - at}M`), true],
    ["versions that fall", times(40, (at) => `1.${90 - at}.0`), true],
    ["times, the newest first", times(20, (at) => `2026-03-${40 - at}T10:00:00Z`), true],
    ["times, the oldest first", times(20, (at) => `2026-03-${10 + at}T10:00:00Z`), false],
    ["scores that rise", times(40, (at) => at / 50), false],
    ["equal scores", times(40, () => 0.5), false],
    [
      "scores that fall but for one block",
      times(36, (at) => (at >= 12 && at < 18 ? 0.99 : 0.9 - at / 50)),
      false,
    ],
    ["nine scores", times(9, (at) => 0.99 - at / 50), true],
    ["eight", times(8, (at) => 0.99 - at / 50), true],
    ["six", times(6, (at) => 0.99 - at / 50), false],
    ["scores that wiggle as they fall", times(40, (at) => 0.99 - at / 50 + (at % 2) / 40), true],
    [
      "nine tenths of the rows",
      but(
        times(40, (at) => 0.99 - at / 50),
        { 1: null, 2: null, 3: null, 4: null },
      ),
      true,
    ],
    [
      "fewer rows",
      but(
        times(40, (at) => 0.99 - at / 50),
        { 1: null, 2: null, 3: null, 4: null, 5: null },
      ),
      false,
    ],
    ["texts", times(40, String), false],
  ] as const)("%s: %s", (_name, values, ranking) => {
    expect(of(values)).toBe(ranking);
  });

  it("is none in lists", () => {
    const table = tableOf(times(40, (at) => ({ a: [0.99 - at / 50] })));
    expect(isRanking(table, columnOf(table, "a[]"))).toBe(false);
  });
});

describe("turningRows", () => {
  const of = (rows: readonly unknown[]): readonly number[] => finish(turningRows(tableOf(rows)));
  const groups = (sizes: readonly number[]): string[] =>
    sizes.flatMap((size, at) =>
      times(size, () => `team ${"abcdefghijklmnopqrstuvwxyz".charAt(at)}`),
    );

  it.each([
    ["the last of each group, the latest first", groups([10, 10, 10]), [19, 9]],
    ["no groups of two values", groups([15, 15]), []],
    ["no groups where they are short", groups([2, 3, 2, 3, 2, 3]), []],
    ["groups of four rows", groups([4, 4, 4]), [7, 3]],
    ["groups that come back", [...groups([8, 8, 8]), ...groups([8, 8, 8])], [39, 31, 23, 15, 7]],
    [
      "no groups that come back too often",
      [...groups([8, 8, 8]), ...groups([8, 8, 8]), ...groups([8, 8, 8])],
      [],
    ],
    ["24 groups", groups(times(24, () => 4)), times(23, (at) => 91 - 4 * at)],
    ["no more than 24 values", groups(times(25, () => 4)), []],
  ] as const)("groups: %s", (_name, rows, found) => {
    expect(of(rows)).toEqual(found);
  });

  it("groups: rows without the value make a group of their own", () => {
    const rows = groups([8, 8, 8, 8]).map((team, at) =>
      at >= 8 && at < 16 ? { x: 1 } : { team, x: 1 },
    );
    expect(of(rows)).toEqual([23, 15, 7]);
    expect(of(groups([8, 8, 8]).map((team) => ({ team: [team] })))).toEqual([]);
  });

  const shifted = (count: number, at: number, by: number): number[] =>
    times(count, (row) => (row < at ? 10 : 10 + by) + ((row * 31) % 5));

  it.each([
    ["a shift", shifted(100, 60, 30), [60]],
    ["a shift of nothing", shifted(100, 60, 0), []],
    ["a shift in twenty rows", shifted(20, 10, 30), [10]],
    ["nothing in nineteen", shifted(19, 10, 30), []],
    [
      "two shifts, the larger first",
      times(120, (at) => (at < 40 ? 10 : at < 80 ? 40 : 20) + ((at * 31) % 5)),
      [40, 80],
    ],
    ["counters that only grow", times(100, (at) => at), []],
    ["flat lines", times(100, () => 5), []],
    ["a step in a flat line", times(100, (at) => (at < 50 ? 5 : 9)), [50]],
    ["a step down", times(100, (at) => (at < 30 ? 9 : 5) + (at % 2) / 10), [30]],
  ] as const)("levels: %s", (_name, values, found) => {
    expect(of(values)).toEqual(found);
  });

  it("levels: shows three shifts", () => {
    const stairs = times(300, (at) => 100 * ((at >> 5) % 2) + ((at * 31) % 5));
    expect(of(stairs).length).toBe(3);
  });

  it("levels: one outlier is no shift", () => {
    const values = but(shifted(100, 60, 0), { 50: 9_999 });
    expect(of(values)).toEqual([]);
  });

  it("times: the newest and the oldest of the first column of times", () => {
    const day = (at: number): string => `2026-03-${String(10 + ((at * 7) % 20)).padStart(2, "0")}`;
    expect(of(times(20, (at) => ({ n: "x", at: day(at), due: day(at + 3) })))).toEqual([17, 0]);
    expect(of(times(20, (at) => ({ at: [day(at)], due: day(at + 3) })))).toEqual([14, 17]);
    expect(of(times(20, () => ({ at: null })))).toEqual([]);
  });
});

describe("extremes", () => {
  const of = (rows: readonly unknown[]): readonly number[] => extremes(tableOf(rows));

  it("gives the largest and the smallest of numbers and times", () => {
    expect(of([5, 3, 9, 1, 7, 4])).toEqual([2, 3]);
    expect(of(["2026-03-02", "2026-03-01", "2026-03-05"])).toEqual([2, 1]);
    expect(of(["a", "b", "c"])).toEqual([]);
    expect(of(times(9, (at) => at))).toEqual([]);
    expect(of(times(9, (at) => ({ a: [9 - at, at] })))).toEqual([]);
  });

  it("looks at six columns where there is something to see", () => {
    const rows = times(9, (row) => ({
      name: "x",
      ...Object.fromEntries(times(8, (at) => [`c${at}`, row === at ? 99 : (row * 5) % 9])),
    }));
    expect(of(rows).length).toBe(12);
    expect(of(rows).filter((_, at) => at % 2 === 0)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("findSignals", () => {
  const of = (rows: readonly unknown[], affordable = 1_000) =>
    finish(findSignals(tableOf(rows), affordable));

  it("has failures first, then what is rare, then outliers", () => {
    const rows = different.map((ms, at) => ({
      ms: at === 10 ? 900 : ms,
      level: at === 20 ? "odd" : at === 30 ? "FAILED" : "usual",
    }));
    expect(of(rows).must).toEqual([30, 20, 10]);
  });

  it("finds nothing rare or far off in five rows, failures aside", () => {
    const rows = (count: number) =>
      times(count, (at) => ({ v: at === 2 ? "odd" : "usual", w: at === 3 ? "failed" : "fine" }));
    expect(of(rows(5)).must).toEqual([3]);
    expect(of(rows(6)).must).toEqual([3, 2]);
  });

  it("shows the top of a ranking, else extremes and one of each shape", () => {
    const ranked = of(times(40, (at) => ({ score: 0.99 - at / 50, text: `about ${at}` })));
    expect([ranked.ranked, ranked.should]).toEqual([true, times(12, (at) => at)]);
    expect(of(times(9, (at) => ({ score: 0.99 - at / 50 }))).should).toEqual(times(9, (at) => at));
    const plain = of([5, 3, 9, 1, 7, 4, 5, 5].map((n, at) => ({ n, s: at === 4 ? "b" : "a" })));
    expect([plain.ranked, plain.should]).toEqual([false, [2, 3, 0]]);
    expect(plain.must).toEqual([4]);
    expect(plain.shapes).toBe(2);
  });

  it("gives turns that need not stay anyway", () => {
    const team = (at: number): string => "abc".charAt(at / 10);
    const rows = times(30, (at) => ({ team: `team ${team(at)}`, s: at === 9 ? "failed" : "fine" }));
    expect(of(rows).turns).toEqual([19]);
    expect(of(rows).must).toEqual([9]);
  });
});

it("numbers past every range are no outliers", () => {
  const table = tableOfSource(
    `[${times(30, (at) => (at === 7 ? "1e400" : String(40 + (at % 5)))).join(",")}]`,
  );
  expect(finish(outlierRows(table))).toEqual([]);
});
