import { describe, expect, it } from "vitest";
import { summarizeCounts } from "./counts.ts";
import { parseSearch } from "./parse.ts";
import { summarize } from "./summary.ts";

const counter = { name: "characters", count: (text: string): number => text.length };
const many = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => make(at));

interface Summed {
  /** Without the legend and the last line end. */
  readonly lines: readonly string[];
  readonly omitted: readonly object[];
}

/** At a budget of 0 the best hit alone is shown. */
function summed(
  lines: readonly string[],
  budgetTokens = 0,
  more: { query?: string; firstLine?: number } = {},
): Summed | undefined {
  const view = summarize(parseSearch(lines)?.entries ?? [], { counter, budgetTokens, ...more });
  return view && { lines: view.text.split("\n").slice(1, -1), omitted: view.omitted };
}

/** What stands under the shown hit. */
function listed(lines: readonly string[]): readonly string[] {
  return summed(lines)?.lines.slice(2) ?? [];
}

const top = "src/top.ts:1:export class Top { error panic fatal }";

describe("files whose hits are not shown", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["one hit", ["a/x.ts:3:y"], ["… 1 more files, their hits not shown:", "a/ x.ts 3"]],
    [
      "three hits, one file of the busiest",
      many(3, (at) => `a/x.ts:${at + 3}:y`),
      ["… 1 more files, their hits not shown:", "a/x.ts 3 4 5"],
    ],
    [
      "four hits",
      many(4, (at) => `a/x.ts:${at * 9 + 3}:y`),
      ["… 1 more files, their hits not shown:", "a/x.ts ×4 3–30"],
    ],
    [
      "files of one folder",
      ["a/x.ts:3:y", "a/z.ts:5:y", "b.ts:7:y"],
      ["… 3 more files, their hits not shown:", "a/ x.ts 3, z.ts 5", "b.ts 7"],
    ],
    [
      "the three busiest stand whole",
      [
        ...many(5, (at) => `a/v.ts:${at + 1}:y`),
        ...many(4, (at) => `a/w.ts:${at + 1}:y`),
        ...many(3, (at) => `a/x.ts:${at + 1}:y`),
        ...many(2, (at) => `a/z.ts:${at + 1}:y`),
        "a/q.ts:1:y",
      ],
      [
        "… 5 more files, their hits not shown:",
        "a/v.ts ×5 1–5",
        "a/w.ts ×4 1–4",
        "a/x.ts 1 2 3",
        "a/ z.ts 1 2, q.ts 1",
      ],
    ],
  ])("%s", (_, lines, list) =>
    expect(listed([top, "src/top.ts:2:x", ...lines]).slice(1)).toEqual(list),
  );

  it("are named below the start that all paths share", () => {
    const lines = many(6, (at) => `packages/core/src/f${at}/x.ts:3:y`);
    expect(
      summed([...lines, "packages/core/src/top.ts:1:export class Top { error }"])?.lines,
    ).toEqual([
      "in packages/core/src/",
      "top.ts",
      "1:export class Top { error }",
      "… 6 more files, their hits not shown:",
      ...many(6, (at) => `f${at}/ x.ts 3`),
    ]);
  });

  it("have counts where the output has no numbers", () => {
    const lines = ["a/x.ts:y", "a/x.ts:y", "a/z.ts:y", "a/t.ts:export class Top { error }"];
    expect(summed(lines)?.lines).toEqual([
      "a/t.ts",
      ":export class Top { error }",
      "… 2 more files, their hits not shown:",
      "a/x.ts ×2",
      "a/ z.ts",
    ]);
  });
});

describe("files with a shown hit", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["the only hit", [], ["src/top.ts", "1:export class Top { error panic fatal }"]],
    [
      "one more",
      ["src/top.ts:9:x"],
      [
        "src/top.ts ×2",
        "1:export class Top { error panic fatal }",
        "… 1 more: 9 (output lines 1-2)",
      ],
    ],
    [
      "ten more",
      many(10, (at) => `src/top.ts:${at + 9}:x`),
      [
        "src/top.ts ×11",
        "1:export class Top { error panic fatal }",
        "… 10 more: 9 10 11 12 13 14 15 16 17 18 (output lines 1-11)",
      ],
    ],
    [
      "eleven more",
      many(11, (at) => `src/top.ts:${at + 9}:x`),
      [
        "src/top.ts ×12",
        "1:export class Top { error panic fatal }",
        "… 11 more: 9–19 (output lines 1-12)",
      ],
    ],
    [
      "lines around it",
      ["src/top.ts-2-x", "src/top.ts-3-x", "src/top.ts:9:x"],
      [
        "src/top.ts ×2",
        "1:export class Top { error panic fatal }",
        "… 1 more: 9, 2 context lines (output lines 1-4)",
      ],
    ],
  ])("%s", (_, lines, shown) => {
    const other = ["b/x.ts:3:y", "b/x.ts:4:y", "b/x.ts:5:y"];
    expect(summed([top, ...lines, ...other])?.lines.slice(0, shown.length)).toEqual(shown);
  });

  it("count output lines from the first line of a part", () => {
    const lines = [top, ...many(4, (at) => `src/top.ts:${at + 9}:x`)];
    expect(summed(lines, 0, { firstLine: 71 })?.lines[2]).toBe(
      "… 4 more: 9 10 11 12 (output lines 71-75)",
    );
  });

  it("are as many as the budget has room for, forty tries long", () => {
    const lines = many(60, (at) => `a/f${at}.ts:${at + 1}:${"x".repeat(20 + at)}`);
    const counts = [0, 500, 1_000, 2_000, 4_000].map(
      (budget) => summed(lines, budget)?.lines.length,
    );
    expect(counts).toMatchInlineSnapshot(`
      [
        4,
        22,
        16,
        56,
        112,
      ]
    `);
  });
});

describe("long lines", () => {
  /** Characters of the head, of the line, and of the tail of a shown hit, its line number included. */
  const partsOf = (text: string): string => {
    const shown = summed([`a.ts:1:${text}`, "b.ts:1:", "c.ts:1:", "d.ts:1:"])?.lines[1] ?? "";
    return shown
      .split(/ … |…$/)
      .map((part) =>
        part.startsWith("(of ") ? Number.parseInt(part.slice("(of ".length), 10) : part.length,
      )
      .join(" ");
  };
  const x = (length: number): string => "x".repeat(length);

  it.each([
    ["360 characters are whole", x(358), "360"],
    ["361 are not", "x ".repeat(180).slice(0, 359), "239 361 59"],
    ["a word that is too long to its end is cut by its head", x(400), "240 402 0"],
    ["a comma ends a word", `${x(200)},${x(180)},${x(40)}`, "202 424 40"],
    [
      "the head ends up to seventy-nine characters earlier",
      `${x(159)} ${x(180)} ${x(40)}`,
      "161 383 40",
    ],
    ["not eighty", `${x(158)} ${x(181)} ${x(40)}`, "240 383 40"],
    ["not within a character", `${x(237)}👩${x(120)} ${x(40)}`, "239 402 40"],
    ["the tail begins up to fifty-eight characters later", `${x(358)} ${x(1)}`, "240 362 1"],
  ])("%s", (_, text, parts) => expect(partsOf(text)).toBe(parts));

  it("are declared", () => {
    const lines = [`a.ts:1:${"x ".repeat(300)}`, "b.ts:1:", "c.ts:1:", "d.ts:1:"];
    expect(summed(lines)?.omitted).toContainEqual({
      unit: "characters",
      count: 305,
      total: 602,
      what: "of long lines",
    });
  });
});

describe("other lines", () => {
  const hits = many(40, (at) => `a/f${at}.ts:${at + 1}:x`);
  const others = (count: number): readonly string[] => many(count, (at) => `said ${at}`);

  it("are shown, twelve of them, and more where they alarm", () => {
    const words = [
      "an Error",
      "it failed",
      "denied",
      "fatal",
      "panic",
      "Exception",
      "No such file",
    ];
    const long = many(130, (at) => `a/f${at}.ts:${at + 1}:x`);
    const view = summed([...long, ...others(13), ...words.slice(0, 1)]);
    expect(view?.lines.slice(-14)).toEqual([...others(12), "an Error", "… 1 other lines"]);
    expect(view?.omitted).toContainEqual({
      unit: "lines",
      count: 1,
      total: 14,
      what: "of other kinds",
    });
    const more = many(300, (at) => `a/f${at}.ts:${at + 1}:x`);
    expect(summed([...more, ...others(12), ...words])?.lines.slice(-7)).toEqual(words);
    expect(summed([...more, ...others(12), "fine"])?.lines.at(-1)).toBe("… 1 other lines");
  });

  it("are too many from thirteen on, or from a tenth on", () => {
    expect(summed([...hits, ...others(12)])).toBeDefined();
    expect(summed([...hits, ...others(13)])).toBeUndefined();
    const more = many(180, (at) => `a/f${at}.ts:${at + 1}:x`);
    expect(summed([...more, ...others(20)])).toBeDefined();
    expect(summed([...more, ...others(21)])).toBeUndefined();
  });

  it("name binary files in one line", () => {
    const binary = [
      "Binary file a.bin matches",
      "grep: b.bin: binary file matches",
      "Binary file c matched",
    ];
    expect(summed([...hits, ...binary])?.lines.slice(-2)).toEqual([
      "binary files that match: a.bin, b.bin",
      "Binary file c matched",
    ]);
  });
});

describe("counts", () => {
  it("name the files with hits, and count those without", () => {
    const entries = parseSearch(["a.ts:3", "b.ts:0", "c.ts:10", "d.ts:0", "e.ts:1"])?.entries ?? [];
    const view = summarizeCounts(entries, { counter, budgetTokens: 1_000 });
    expect(view?.text.split("\n").slice(1)).toEqual([
      "a.ts 3, c.ts 10, e.ts 1",
      "… 2 files: all 0",
      "",
    ]);
    expect(view?.omitted).toEqual([{ unit: "files", count: 2, total: 5, what: "without a hit" }]);
    const some = entries.filter(({ number }) => number > 0);
    expect(summarizeCounts(some, { counter, budgetTokens: 1_000 })).toBeUndefined();
  });

  it("over the cap name the files with most hits", () => {
    const lines = many(200, (at) => `src/f${at}.ts:${(at * 37) % 200}`);
    const entries = parseSearch(lines)?.entries ?? [];
    const view = summarizeCounts(entries, { counter, budgetTokens: 900 });
    expect(view?.text.length).toBeLessThanOrEqual(900);
    expect(view?.text).toContain("f27.ts 199");
    expect(view?.text).toMatch(/\n… \d+ files: 1–\d+, sum \d+\n… 1 files: all 0\n$/);
  });
});

it("is nothing without a file", () => expect(summed(["x", "y"])).toBeUndefined());

describe("the legend of a view", () => {
  const legendOf = (lines: readonly string[], budgetTokens = 0): string =>
    summarize(parseSearch(lines)?.entries ?? [], { counter, budgetTokens })?.text.split("\n")[0] ??
    "";
  const EXAMPLES = ['"×9" =', "3–80", "a.c 3 8", "5 more: 8–21", '"in" is'];

  it.each<[string, readonly string[], readonly string[]]>([
    ["nothing to explain", [top, "docs/x.md:8:y"], ["a.c 3 8"]],
    ["a file with more hits", [top, "src/top.ts:9:y"], ['"×9" =', "5 more: 8–21"]],
    ["other files with many hits", [top, ...many(5, (at) => `b/x.ts:${at + 1}:y`)], ["3–80"]],
    [
      "paths that begin alike",
      many(9, (at) => `release-4:packages/shop/src/part${at}.ts:${at + 1}:y`),
      ["a.c 3 8", '"in" is'],
    ],
  ])("explains what the text has: %s", (_, lines, explained) => {
    const legend = legendOf(lines);
    expect(EXAMPLES.filter((example) => legend.includes(example))).toEqual(explained);
  });
});
