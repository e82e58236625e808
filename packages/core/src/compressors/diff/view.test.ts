import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import type { View } from "../../types/compressor.ts";
import { diffCompressor } from "./diff.ts";
import { parseDiff } from "./parse.ts";
import { summarizeDiff } from "./summary.ts";

const counter = { name: "none", count: (): number => 0 };

/** The view without its legend. */
function viewOf(lines: readonly string[], query?: string): readonly string[] {
  const context = { counter, budgetTokens: 0, ...(query === undefined ? {} : { query }) };
  const { text }: View = finish(summarizeDiff(lines, parseDiff(lines), context));
  return text.split("\n").slice(1, -1);
}

/** What is shown of the body of a hunk that begins at line 10. */
function shownOf(body: readonly string[]): readonly string[] {
  const count = (sign: string): number =>
    body.filter((line) => line[0] === " " || line[0] === sign).length;
  return viewOf([`@@ -10,${count("-")} +10,${count("+")} @@`, ...body]);
}

describe("the lines around a change", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["one before and one after", [" a", " b", "+c", " d", " e"], ["@@ 10+1", " b", "+c", " d"]],
    ["none before the first line", ["+c", " d", " e"], ["@@ 10", "+c", " d"]],
    [
      "a gap of one line is shown",
      ["+a", " b", " c", " d", "+e"],
      ["@@ 10", "+a", " b", " c", " d", "+e"],
    ],
    [
      "a gap of two is not",
      ["+a", " b", " c", " d", " e", "+f"],
      ["@@ 10", "+a", " b", "… 2 unchanged", " e", "+f"],
    ],
    ["lines without a word are left at the edges", [" {", "+a", " }"], ["@@ 10+1", "+a"]],
    ["and shown within", ["+a", " {", "+b"], ["@@ 10", "+a", " {", "+b"]],
    [
      "at both sides of a gap",
      ["+a", " {", " x", " y", " }", "+b"],
      ["@@ 10", "+a", "… 4 unchanged", "+b"],
    ],
    ["a digit is a word", [" 0", "+a", " 9"], ["@@ 10", " 0", "+a", " 9"]],
    ["a letter is", [" a", "+a", " Z"], ["@@ 10", " a", "+a", " Z"]],
    ["any sign beyond ASCII is", [" ä", "+a", " →"], ["@@ 10", " ä", "+a", " →"]],
    ["none of these is", [" @[`{/:", "+a", " \u007f"], ["@@ 10+1", "+a"]],
    [
      "no newline at the end",
      [" a", "+b", "\\ No newline at end of file"],
      ["@@ 10", " a", "+b", "\\ No newline at end of file"],
    ],
    [
      "no newline behind unchanged lines",
      ["+b", " a", " c", "\\ No newline at end of file"],
      ["@@ 10", "+b", " a", "… 1 unchanged", "\\ No newline at end of file"],
    ],
    ["no change", [" a", " b"], ["@@ 10"]],
  ])("%s", (_, body, shown) => expect(shownOf(body)).toEqual(shown));

  it("count as left out", () => {
    const lines = [
      "@@ -1,5 +1,6 @@ f()",
      " a",
      " b",
      "+c",
      " d",
      " e",
      " f",
      "@@ -20 +21 @@ f()",
      "-x",
      "+y",
    ];
    const { text, omitted } = finish(
      summarizeDiff(lines, parseDiff(lines), { counter, budgetTokens: 0 }),
    );
    expect(text.split("\n").slice(1)).toEqual([
      "@@ 1+1 f()",
      " b",
      "+c",
      " d",
      "@@ 21 (as above)",
      "-x",
      "+y",
      "",
    ]);
    expect(omitted).toEqual([{ unit: "lines", count: 3, total: 5, what: "left unchanged" }]);
  });

  it("are those of a merge, which has two signs", () => {
    const lines = [
      "diff --cc x",
      "index 1,2..3",
      "--- a/x",
      "+++ b/x",
      "@@@ -1,2 -3,4 +50,6 @@@ f()",
      "  a",
      "  b",
      " +c",
      "  d",
      "  e",
    ];
    expect(viewOf(lines)).toEqual(["=== x (cc)", "@@@ 50+1 f()", "  b", " +c", "  d"]);
  });
});

describe("files that nobody wrote", () => {
  const head = (name: string): readonly string[] => [
    `diff --git a/${name} b/${name}`,
    "index 1..2 100644",
    `--- a/${name}`,
    `+++ b/${name}`,
  ];
  const lock = (versions: number): readonly string[] => [
    `@@ -1,${versions} +1,${versions} @@`,
    ...Array.from({ length: versions }, (_, at) => [
      `-    "version": "1.0.${at}, ${"x".repeat(30)}",`,
      `+    "version": "1.1.${at}, ${"x".repeat(30)}",`,
    ]).flat(),
  ];

  it("are counted, and what is asked for is shown", () => {
    const lines = [...head("a.min.js"), ...lock(12), ...head("b.ts"), "@@ -1 +1 @@", "-a", "+b"];
    expect(viewOf(lines)).toEqual([
      "… 2 files in all",
      "=== a.min.js (minified … +12 -12 lines not shown)",
      "=== b.ts (+1 -1)",
      "@@ 1",
      "-a",
      "+b",
    ]);
    const asked = viewOf(lines, "what became of 1.1.7?");
    expect(asked).toContain(lines.find((line) => line.startsWith('+    "version": "1.1.7')));
    expect(asked.length).toBeLessThan(14);
  });

  it("are told by their name in headers of every kind", () => {
    const body = lock(12);
    const names = (header: readonly string[]): string | undefined =>
      viewOf([...header, ...body]).find((line) => line.includes("lock file"));
    expect(
      names(["--- a/yarn.lock\t2024-01-15 10:00:00", "+++ b/yarn.lock\t2024-01-15 10:00:00"]),
    ).toMatch(/^=== yarn\.lock\t.*lock file … \+12 -12 lines not shown\)$/);
    expect(names(["--- a/yarn.lock\t2024-01-15", "+++ b/yarn.lock\t2024-01-16"])).toBe(
      "(lock file … +12 -12 lines not shown)",
    );
    expect(names(["--- old/yarn.lock", "+++ /dev/null"])).toBe(
      "(lock file … +12 -12 lines not shown)",
    );
    expect(names(head("yarn.lock"))).toBe("=== yarn.lock (lock file … +12 -12 lines not shown)");
    expect(names([...head("x (1).ts"), "@@ -1 +1 @@", "-a", "+b", ...head("yarn.lock")])).toBe(
      "=== yarn.lock (lock file … +12 -12 lines not shown)",
    );
  });

  it("binary patches are not shown", () => {
    const lines = [
      ...head("x.ts"),
      "@@ -1 +1 @@",
      "-a",
      "+b",
      "diff --git a/y b/y",
      "index 1..2 100644",
      "GIT binary patch",
      "literal 3",
      "abc",
      "",
      "commit 1234567",
      "said",
    ];
    expect(viewOf(lines).slice(-4)).toEqual([
      "=== y (no lines)",
      "(binary patch not shown)",
      "commit 1234567",
      "said",
    ]);
  });
});

describe("how sure a diff is", () => {
  const { detect } = diffCompressor();
  const hunk = ["diff --git a/x b/x", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "-a", "+b"];
  const others = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, at) => `said ${at}`);
  it.each<[string, readonly string[], number]>([
    ["all of it", hunk, 1],
    ["half of it", [...others(6), ...hunk], 0.85],
    ["less than half", [...others(7), ...hunk], (0.3 * 6) / 13],
    ["blank lines do not count", ["", "", "", "", "", "", "", "", "", ...hunk], 1],
    ["messages of commits do not", ["commit 1234567", ...others(20), ...hunk], 1],
    ["messages of mailed patches do not", ["From 1234567 Mon", ...others(20), ...hunk], 1],
    ["binary patches do not", ["GIT binary patch", ...others(20), ...hunk], 1],
    ["a short hash is none", ["commit 123456", ...others(6), ...hunk], (0.3 * 6) / 13],
    ["a hash has no other letters", ["commit 123456g", ...others(6), ...hunk], (0.3 * 6) / 13],
    ["a hash has these", ["commit 09af09a", ...others(20), ...hunk], 1],
    ["a header alone", ["diff --git a/x b/x", "old mode 1", "new mode 2"], 1],
    ["a hunk alone", hunk.slice(3), 0],
    ["nothing", [], 0],
  ])("%s", (_, lines, sureness) => expect(detect(lines.join("\n"))).toBeCloseTo(sureness, 10));
});
