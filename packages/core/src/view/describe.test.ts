/** What `describe` says holds, and stops holding once it is changed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../steps.ts";
import type { Fact } from "../types/statement.ts";
import { type DescribeOptions, describe as describeInSteps, sayFacts } from "./describe.ts";
import { compareValues, holds, isSorted, printFact } from "./fact.ts";

const said = (values: readonly (string | undefined)[], options?: DescribeOptions): string =>
  sayFacts(finish(describeInSteps(values, options)));
const many = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe("describe", () => {
  it.each<[string, readonly (string | undefined)[], string]>([
    ["one value", ["ok", "ok"], "all ok"],
    ["one value, not everywhere", ["ok", undefined, "ok"], "ok ×2, absent in 1"],
    ["no value", [undefined, undefined], "absent in 2"],
    ["nothing", [], ""],
    ["empty cells", ["", "", "x"], '"" ×2, x ×1'],
    ["few values", ["b", "a", "b"], "b ×2, a ×1"],
    ["values in order", ["a", "a", "b", "c"], "a ×2, b ×1, c ×1, ascending"],
    ["codes", many(9, (at) => (at === 4 ? "500" : "200")), "200 ×8, 500 ×1"],
    ["numbers", ["30", "4", "100"], "4–100, sum 134"],
    ["decimals", ["0.1", "0.2", "1.25"], "0.1–1.25, sum 1.55, ascending"],
    ["sizes", ["3.2G", "900M", "1.5G"], "900M–3.2G, sum 5.58G"],
    ["bytes among sizes", ["512", "4.0K", "0"], "0–4.0K, sum 4.5K"],
    ["durations", ["1h", "90s", "2h"], "90s–2h, sum 3h"],
    ["durations of several units", ["1h5m", "90s", "2h1m"], "90s–2h1m"],
    ["money", ["$3.50", "$12", "$0.99"], "$0.99–$12, sum $16.5"],
    ["money with a comma", ["1.242,24 €", "3,50 €", "12,00 €"], "3,50 €–1.242,24 €, sum 1257,74 €"],
    ["versions", ["10.0.0", "9.9", "9.10.1"], "9.9–10.0.0"],
    ["days", ["2026-03-01", "2025-12-24", "2026-01-01"], "2025-12-24–2026-03-01"],
    [
      "a dash among numbers",
      many(30, (at) => (at === 7 ? "-" : `${(at * 7) % 31}`)),
      "0–30 (1 without a measure), sum 423, median 14",
    ],
    ["different texts", ["x1a", "b2b", "m3c", "c4d", "a5a"], ""],
    [
      "many texts, some often",
      many(40, (at) => (at < 20 ? "often" : `t${(at * 7) % 40}x`)),
      "often ×20, 20 more values",
    ],
    ["texts now and then twice", many(60, (at) => `t${(at * 7) % 45}x`), "45 different"],
  ])("%s", (_, values, expected) => {
    const facts = finish(describeInSteps(values, { maxValues: 4 }));
    expect(sayFacts(facts)).toBe(expected);
    for (const fact of facts) expect(holds(fact, values), printFact(fact)).toBe(true);
  });

  it("adds up no numbers that name things", () => {
    const numbers = ["31", "7", "19"];
    expect(said(numbers, { name: "pid" })).toBe("7–31");
    expect(said(numbers, { name: "userId" })).toBe("7–31");
    expect(said(numbers, { name: "paid" })).toBe("7–31, sum 57");
    expect(said(["01150", "00220", "09000"])).toBe("00220–09000");
    expect(said(["7", "19", "31"])).toBe("7–31, ascending");
    expect(said(["3d", "40d", "12h"], { name: "AGE" })).toBe("12h–40d");
    expect(said(["81233", "70001", "99120"])).toBe("70001–99120");
  });

  it("says a median from eight measures on", () => {
    expect(said(many(7, (at) => `${(at * 5) % 7}.5`))).not.toContain("median");
    expect(said(many(8, (at) => `${(at * 5) % 8}.5`))).toContain("median 3.5");
  });

  it("leaves the order aside where the caller does", () => {
    expect(said(["1s", "2s", "3s"], { order: false })).toBe("1s–3s, sum 6s");
  });

  it("shows the beginning of long and broken values, where it tells them apart", () => {
    const long = `head ${"x".repeat(80)}`;
    expect(said([long, long])).toBe(`all ${long.slice(0, 48)}…`);
    expect(said(["two\nlines", "two\nlines"])).toBe("all two…");
    expect(said([`${long}1`, `${long}2`, "b", "b"])).toBe("b ×2, 2 more values");
    expect(said(["ends…", "ends…"])).toBe("");
    expect(said([`${"x".repeat(47)}😀y`, `${"x".repeat(47)}😀y`])).toBe(`all ${"x".repeat(47)}…`);
  });

  it("names so many values that they fit a line", () => {
    const values = many(12, (at) => `${at}`.repeat(40)).flatMap((value) => [value, value]);
    expect(said(values).length).toBeLessThan(300);
  });
});

const RUNS = Number(process.env.HEADROOM_LAW_RUNS ?? 300);
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("ok", "failed", "", "-", "n/a", "ok…", "a\nb", "é") },
  { weight: 3, arbitrary: fc.integer({ min: -50, max: 5_000 }).map(String) },
  fc.double({ noNaN: true, min: -9, max: 9e6 }).map((n) => n.toFixed(2)),
  fc
    .tuple(fc.nat(2_000), fc.constantFrom("K", "M", "G", "KB", " MiB", ""))
    .map((parts) => parts.join("")),
  fc.tuple(fc.nat(200), fc.constantFrom("ms", "s", "m", "h", "d")).map((parts) => parts.join("")),
  fc.array(fc.nat(20), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(".")),
  fc
    .date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.string({ maxLength: 60 }).map((text) => text.replaceAll("!", "")),
);
/** Values of one kind, of a few kinds, in order, with gaps. */
const values = fc
  .tuple(
    fc.array(value, { minLength: 1, maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 40 }),
    fc.constantFrom("as they come", "sorted", "reversed"),
    fc.boolean(),
  )
  .map(([pool, picks, order, gaps]): readonly (string | undefined)[] => {
    const picked = picks.map(([at]) => pool[at % pool.length] ?? "");
    if (order !== "as they come") picked.sort(compareValues);
    if (order === "reversed") picked.reverse();
    return picked.map((one, at) => (gaps && picks[at]?.[1] ? undefined : one));
  });

/** Facts that say something else, each of which is false. */
function lies(fact: Fact, all: readonly (string | undefined)[]): readonly Fact[] {
  const present = all.filter((one) => one !== undefined);
  switch (fact.says) {
    case "count":
    case "distinct":
    case "absent":
      return [-1, 1].map((by) => ({ ...fact, count: fact.count + by }));
    case "all":
      return [{ ...fact, value: `${fact.value}!` }];
    case "counts":
      return [
        { ...fact, others: (fact.others ?? 0) + 1 },
        ...fact.counts.flatMap(([shown, count], at): readonly Fact[] => [
          { ...fact, counts: fact.counts.with(at, [shown, count + 1]) },
          { ...fact, counts: fact.counts.with(at, [`${shown}!!`, count]) },
          { ...fact, counts: fact.counts.toSpliced(at, 1) },
        ]),
      ];
    case "range":
      return [
        { ...fact, others: (fact.others ?? 0) + 1 },
        { ...fact, least: `${fact.least}!` },
        ...(compareValues(fact.least, fact.most) < 0
          ? [{ ...fact, least: fact.most, most: fact.least }]
          : []),
      ];
    case "sum":
      // One more of the last digit that is printed.
      return [
        { ...fact, sum: fact.sum.replace(/\d(?=\D*$)/, (digit) => `${(Number(digit) + 5) % 10}`) },
      ];
    case "sorted":
      return isSorted(present, "ascending") && isSorted(present, "descending")
        ? []
        : [{ ...fact, order: fact.order === "ascending" ? "descending" : "ascending" }];
    default:
      return [];
  }
}

describe("law 9: facts", () => {
  it("hold when describe says them, and a falsified one does not", () => {
    fc.assert(
      fc.property(values, fc.constantFrom("", "size", "pid"), (all, name) => {
        for (const fact of finish(describeInSteps(all, { name }))) {
          expect(holds(fact, all), printFact(fact)).toBe(true);
          expect(printFact(fact)).not.toContain("\n");
          for (const lie of lies(fact, all)) expect(holds(lie, all), printFact(lie)).toBe(false);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("of a median: at most half are below and at most half above", () => {
    const numbers = many(9, (at) => `${at}`);
    for (const one of numbers)
      expect(holds({ says: "median", median: one }, numbers)).toBe(one === "4");
    expect(holds({ says: "median", median: "4.5" }, numbers)).toBe(false);
    expect(holds({ says: "median", median: "b" }, ["a", "b", "c"])).toBe(false);
  });

  it("of a sum are exact for plain numbers, and rounded as they are printed for the others", () => {
    const sum = (text: string, of: readonly string[]): boolean =>
      holds({ says: "sum", sum: text }, of);
    expect(sum("9007199254740995", ["9007199254740993", "2"])).toBe(true);
    expect(sum("9007199254740994", ["9007199254740993", "2"])).toBe(false);
    expect(sum("0.3", ["0.1", "0.2"])).toBe(true);
    const huge = ["9007199254740991", "9007199254740993", "-5.25", "1,000"];
    expect(said(huge)).toContain("sum 18014398509482978.75");
    expect(sum("18014398509482978.75", huge)).toBe(true);
    expect(sum("18014398509482979.75", huge)).toBe(false);
    expect(sum("0.30", ["0.1", "0.2"])).toBe(true);
    expect(sum("-1.5", ["1", "-2.5"])).toBe(true);
    expect(sum("1.5", ["1", "-2.5"])).toBe(false);
    expect(sum("1,500", ["1,000", "500"])).toBe(true);
    expect(sum("5.58G", ["3.2G", "900M", "1.5G"])).toBe(true);
    expect(sum("5.6G", ["3.2G", "900M", "1.5G"])).toBe(true);
    expect(sum("5.5G", ["3.2G", "900M", "1.5G"])).toBe(false);
    expect(sum("6", ["1.2.3", "4.5.6"])).toBe(false);
  });
});
