import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { isGitLog, showCommits } from "./git-log.ts";
import { selectLines } from "./select.ts";

/** Numbers of the lines that stay, from 0. No budget is left for more, unless one is given. */
function shownOf(lines: readonly string[], query?: string, budgetTokens = 0): readonly number[] {
  const { shown } = finish(selectLines(lines, lines, query, budgetTokens));
  return [...shown.keys()].filter((at) => shown[at] === 1);
}

/** Lines of a kind that nothing is said about, around some others. */
function among(middle: readonly string[], before = 40, after = 40): readonly string[] {
  const filler = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `step ${at} is running`);
  return [...filler(before), ...middle, ...filler(after)];
}

/** What is shown of the middle, from 0; the ends of the log aside. */
function shownAmong(middle: readonly string[], query?: string): readonly number[] {
  return shownOf(among(middle), query)
    .map((at) => at - 40)
    .filter((at) => at >= -20 && at < middle.length + 20);
}

describe("both ends", () => {
  it("three lines from the start and eight from the end, blank ones aside", () => {
    const lines = among([], 60, 0);
    expect(shownOf(lines)).toEqual([0, 1, 2, 52, 53, 54, 55, 56, 57, 58, 59]);
    expect(shownOf(["", ...lines, "", ""])).toEqual([1, 2, 3, 53, 54, 55, 56, 57, 58, 59, 60]);
  });

  it("eight and twenty-five where half of the budget is left", () => {
    const lines = among([], 120, 0);
    const wide = [
      ...Array.from({ length: 8 }, (_, at) => at),
      ...Array.from({ length: 25 }, (_, at) => 95 + at),
    ];
    expect(shownOf(lines, undefined, 2_000)).toEqual(wide);
    // Eleven lines of 214 characters with their ends: more than 71 tokens.
    expect(shownOf(lines, undefined, 143)).toEqual(wide);
    expect(shownOf(lines, undefined, 142)).toHaveLength(11);
  });
});

describe("kinds of lines", () => {
  it("the first of a kind; all of a kind with two lines, not with three", () => {
    expect(shownAmong(["pool opened now", "x", "pool opened now"])).toEqual([0, 1, 2]);
    expect(shownAmong(["pool opened now", "x", "pool opened now", "x", "pool opened now"])).toEqual(
      [0, 1, 3],
    );
  });

  it("the last of a kind with twenty lines", () => {
    const opened = (count: number) => Array.from({ length: count }, (_, at) => `opened pool ${at}`);
    expect(shownAmong(opened(19))).toEqual([0]);
    expect(shownAmong(opened(20))).toEqual([0, 19]);
  });

  it("the last total", () => {
    const totals = Array.from({ length: 5 }, (_, at) => `${at} passed so far`);
    expect(shownAmong(totals)).toEqual([0, 4]);
    expect(shownAmong(totals.map((line) => line.replace("passed", "parsed")))).toEqual([0]);
  });
});

describe("failures", () => {
  const failed = "ERROR disk is gone";

  it("with two lines before and what goes on about them", () => {
    expect(
      shownAmong(["a1", "a2", "a3"].map((_, at) => `step ${at} is running`).concat(failed)),
    ).toEqual([1, 2, 3, 4, 5]);
    expect(
      shownAmong([failed, ...Array.from({ length: 14 }, (_, at) => `  detail ${at}`)]),
    ).toEqual([-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("blank lines before them are skipped, but three lines above nothing is shown", () => {
    expect(shownAmong(["", failed])).toEqual([-2, -1, 1, 2, 3]);
    expect(shownAmong(["", "", failed])).toEqual([-1, 2, 3, 4]);
    expect(shownAmong(["", "", "", failed])).toEqual([3, 4, 5]);
  });

  it("the details go on behind one blank line, not behind two", () => {
    expect(shownAmong([failed, "", "  detail 1"])).toEqual([-2, -1, 0, 2]);
    const three = (line: string) => [line, line, line];
    expect(
      shownAmong([...three("  detail 1"), failed, "", "", ...three("  detail 1")]),
    ).not.toContain(6);
  });

  it("two plain lines go on about them, the third does not", () => {
    expect(shownAmong([failed])).toEqual([-2, -1, 0, 1, 2]);
  });

  it("the first and the last of many alike", () => {
    const lines = Array.from({ length: 30 }, (_, at) => [
      failed,
      `step ${at} is running`,
      `step ${at + 1} is running`,
      `step ${at + 2} is running`,
    ]);
    expect(shownAmong(lines.flat())).toEqual([-2, -1, 0, 1, 2, 116]);
  });

  it("less is shown around each from the forty-first kind on, and next to nothing from the 151st", () => {
    const letter = (at: number): string => String.fromCharCode(97 + (at % 26));
    const kind = (at: number): string => `ERROR ${letter(at)}${letter(at / 26)} is gone`;
    const details = Array.from({ length: 8 }, (_, at) => `  detail ${at}`);
    const lines = Array.from({ length: 160 }, (_, at) => [
      ...Array.from({ length: 4 }, (_, n) => `step ${n} is running`),
      kind(at),
      ...details,
    ]).flat();
    const shown = new Set(shownOf(among(lines)).map((at) => at - 40));
    const around = (at: number): string =>
      Array.from({ length: 13 }, (_, n) => (shown.has(at * 13 + n) ? "+" : "-")).join("");
    expect([39, 40, 149, 150].map(around)).toEqual([
      "--+++++++++++",
      "--+++++++----",
      "--+++++++----",
      "---+++-------",
    ]);
  });
});

describe("values", () => {
  it("the slowest of eight timed lines", () => {
    const timed = (count: number, slow: number, text = "9s") =>
      Array.from(
        { length: count },
        (_, at) => `built part${at} in ${at === slow ? text : `${at + 10}ms`}`,
      );
    expect(shownAmong(timed(8, 5))).toContain(5);
    expect(shownAmong(timed(7, 5))).not.toContain(5);
    for (const text of ["9s", "9sec", "9seconds", "1m", "1min", "900ms", "900000us", "900000µs"])
      expect(shownAmong(timed(12, 5, text)), text).toContain(5);
    for (const text of ["9us", "9µs", "9000us", "9hours"])
      expect(shownAmong(timed(12, 5, text)), text).not.toContain(5);
  });

  it("a value that stands out in a column that has a usual one", () => {
    const rows = (count: number, odd: Readonly<Record<number, string>>) =>
      Array.from({ length: count }, (_, at) => `node ${at} ready=${odd[at] ?? "true"} now`);
    expect(shownAmong(rows(12, { 7: "false" }))).toEqual([0, 7]);
    expect(shownAmong(rows(12, { 7: "false", 9: "false" }))).toEqual([0, 7]);
    expect(shownAmong(rows(12, { 7: "false", 8: "false", 9: "false" }))).toEqual([0]);
    expect(shownAmong(rows(5, { 3: "false" }))).toEqual([0, 3]);
    expect(shownAmong(rows(4, { 3: "false" }))).toEqual([0]);
  });

  it("six of them at most, and none where a column has nine values", () => {
    const rows = (odd: number) =>
      Array.from(
        { length: 60 },
        (_, at) =>
          `node ${at} size=${at % 8 === 3 && at < odd * 8 ? `big${"abcdefghij"[at >> 3]}` : "small"} now`,
      );
    expect(shownAmong(rows(6))).toEqual([0, 3, 11, 19, 27, 35, 43, 59]);
    expect(shownAmong(rows(7))).toEqual([0, 3, 11, 19, 27, 35, 43, 59]);
    expect(shownAmong(rows(8))).toEqual([0, 59]);
  });
});

describe("questions", () => {
  it("the lines that answer best, twenty-four at most", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `lease of shard-${at} renewed by keeper`);
    expect(shownAmong(lines, "who renewed the lease of shard-17?")).toContain(17);
    expect(shownAmong(lines, "who renewed shard-17?").length).toBeLessThan(10);
    expect(shownAmong(lines, "keeper").filter((at) => at >= 0 && at < 30)).toHaveLength(25);
    expect(shownAmong(lines, "?")).toEqual(shownAmong(lines));
    expect(shownAmong(lines, "nothing alike")).toEqual(shownAmong(lines));
  });
});

describe("Go's stacks", () => {
  it("take the function above its place as a frame", () => {
    const stack = (path: string) => [
      "goroutine 1 [running]:",
      "main.run(0x1)",
      `\t${path}/main.go:12 +0x1d`,
      "created by main.start",
      `\t${path}/start.go:3 +0x2`,
    ];
    expect(shownAmong([...stack("/app"), "done", ...stack("/app")])).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe("git log", () => {
  const commit = (at: number, ...body: readonly string[]): readonly string[] => [
    `commit ${String(at).repeat(40)}`,
    "Author: Ann Example <ann@example.org>",
    "Date:   Mon Jun 3 10:00:00 2024 +0200",
    "",
    `    Subject ${at}`,
    "",
    ...body,
  ];
  const marks = (lines: readonly string[]): string => {
    const shown = new Uint8Array(lines.length);
    finish(showCommits(lines, shown));
    return [...shown].map((one) => (one === 1 ? "+" : "-")).join("");
  };

  it.each([
    ["Merge: abc def", "+"],
    ["AuthorDate: x", "+"],
    ["Commit: x", "+"],
    ["CommitDate: x", "+"],
    ["Reviewed: x", "-"],
    ["    more of the message", "-"],
    ["    BREAKING CHANGE: x", "+"],
    ["    This reverts commit 123.", "+"],
    ["    in This reverts commit 123.", "-"],
    [" src/a.ts | 3 +-", "-"],
    [" 22 files changed, 3 insertions(+)", "+"],
    [" 1 file changed, 3 insertions(+)", "+"],
    ["22 files changed, 3 insertions(+)", "-"],
  ])("%s: %s", (line, mark) => {
    expect(marks(commit(1, line))).toBe(`+++-+-${mark}`);
  });

  it.each<[string, readonly string[], boolean]>([
    ["commits", commit(1), true],
    ["a decorated commit", [`commit ${"a".repeat(40)} (HEAD -> main)`], true],
    ["two lines before the first", ["x", "y", ...commit(1)], true],
    ["three lines before the first", ["x", "y", "z", ...commit(1)], true],
    ["four lines before the first", ["x", "y", "z", "w", ...commit(1)], false],
    ["a patch", [...commit(1), "diff --git a/a b/a"], false],
    ["a short hash", [`commit ${"a".repeat(39)}`], false],
    ["a long hash", [`commit ${"a".repeat(41)}`], false],
    ["no hash", [`commit ${"g".repeat(40)}`], false],
    ["nothing", [], false],
  ])("%s: %s", (_, lines, expected) => expect(isGitLog(lines)).toBe(expected));

  it("is shown by its commits, both ends and what is asked for", () => {
    const lines = [1, 2, 3, 4].flatMap((at) =>
      commit(at, ...Array.from({ length: 8 }, (_, n) => `    body ${at} ${n}`)),
    );
    expect(shownOf(lines)).toEqual([
      0, 1, 2, 4, 14, 15, 16, 18, 28, 29, 30, 32, 42, 43, 44, 46, 48, 49, 50, 51, 52, 53, 54, 55,
    ]);
    expect(shownOf(lines, "what is in body 2 5?")).toContain(25);
  });
});
