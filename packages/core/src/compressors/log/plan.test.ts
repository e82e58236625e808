import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { fill } from "./fill.ts";
import { isGitLog, showCommits } from "./git-log.ts";
import { planView } from "./plan.ts";

/** Characters: room for a few dozen lines, too few for what stands around failures. */
const ROOM = 4_000;

/** Numbers of the lines that are shown, from 0. */
function shownOf(lines: readonly string[], query?: string, room = ROOM): readonly number[] {
  const { units } = finish(planView(lines, lines, query));
  const { shown } = finish(fill(lines, units, room, room * 2));
  return [...shown.keys()].filter((at) => shown[at] === 1);
}

/** Lines of a kind that nothing is said about, around some others. */
function among(middle: readonly string[], before = 40, after = 40): readonly string[] {
  const filler = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `step ${at} is running`);
  return [...filler(before), ...middle, ...filler(after)];
}

/** What is shown of the middle, from 0; the ends of the log aside. */
function shownAmong(middle: readonly string[], query?: string, room?: number): readonly number[] {
  return shownOf(among(middle), query, room)
    .map((at) => at - 40)
    .filter((at) => at >= 0 && at < middle.length);
}

const many = (count: number, line: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => line(at));

describe("both ends", () => {
  it("three lines from the start and eight from the end, blank ones aside", () => {
    const lines = among([], 60, 0);
    expect(shownOf(lines)).toEqual([0, 1, 2, 52, 53, 54, 55, 56, 57, 58, 59]);
    expect(shownOf(["", ...lines, "", ""])).toEqual([1, 2, 3, 53, 54, 55, 56, 57, 58, 59, 60]);
  });

  it("one line and three where there is hardly any room", () => {
    expect(shownOf(among([], 60, 0), undefined, 100)).toEqual([0, 57, 58, 59]);
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
    const opened = (count: number) => many(count, (at) => `opened pool ${at}`);
    expect(shownAmong(opened(19))).toEqual([0]);
    expect(shownAmong(opened(20))).toEqual([0, 19]);
  });

  it("the last total", () => {
    const totals = many(5, (at) => `${at} passed so far`);
    expect(shownAmong(totals)).toEqual([0, 4]);
    expect(shownAmong(totals.map((line) => line.replace("passed", "parsed")))).toEqual([0]);
  });

  it("those near a failure first", () => {
    const words = ["alpha", "bravo", "gamma", "delta", "omega", "sigma"];
    const lines = among(
      [
        ...words.map((word) => `${word} is a line that stands far away from all`),
        ...many(30, (at) => `step ${at} is running`),
        "ERROR disk is gone",
        ...many(3, (at) => `step ${at} is running`),
        "cache was flushed just before that happened",
      ],
      40,
      40,
    );
    const near = lines.indexOf("cache was flushed just before that happened");
    const shown = shownOf(lines, undefined, 700);
    expect(shown).toContain(near);
    expect(shown.filter((at) => at >= 40 && at < 46).length).toBeLessThan(words.length);
  });
});

describe("what happened seldom", () => {
  const upgrades = many(12, (at) => `10:00:0${at % 9} upgraded pkg-${at} to 1.${at}`);
  const sprinkled = (lines: readonly string[], room?: number): readonly number[] => {
    const log = lines.flatMap((line) => [line, ...many(60, (at) => `step ${at} is running`)]);
    const shown = shownOf(log, undefined, room);
    return lines.flatMap((_, at) => (shown.includes(at * 61) ? [at] : []));
  };

  it("is shown in full where it differs in its values", () => {
    expect(sprinkled(upgrades)).toHaveLength(12);
    expect(sprinkled(many(12, (at) => `10:00:0${at % 9} trigger was run`))).toHaveLength(1);
  });

  it("but only where most of the room is left, and then wholly or not at all", () => {
    expect(sprinkled(upgrades, 1_200)).toHaveLength(1);
  });
});

describe("failures", () => {
  const failed = "ERROR disk is gone";

  it("all of them, while there is room", () => {
    const lines = many(60, (at) =>
      at % 3 === 0 ? `ERROR request ${at} failed trace=${at * 7_919}` : `step ${at} is running`,
    );
    const all = [...lines.keys()].filter((at) => at % 3 === 0);
    expect(shownAmong(lines, undefined, 6_000)).toEqual(expect.arrayContaining(all));
    const some = shownAmong(lines, undefined, 1_200).filter((at) => at % 3 === 0);
    expect(some.length).toBeLessThan(all.length);
    expect(some).toEqual(expect.arrayContaining([0, 57]));
  });

  it("one of each kind, even where there is no room for them", () => {
    const kinds = "disk pool lock cache queue shard token lease mount inode".split(" ");
    const lines = many(10, (at) => `ERROR the ${kinds[at]} of this machine is gone for good`);
    expect(shownAmong(lines, undefined, 350)).toHaveLength(10);
    expect(shownAmong(lines, undefined, 100).length).toBeLessThan(10);
  });

  it("rare kinds before the rows of a frequent one", () => {
    const lines = many(80, (at) => `ERROR write ${at} to the replica timed out`);
    lines.splice(70, 0, "ERROR checksum of block 7 is wrong", "ERROR checksum of block 9 is wrong");
    expect(shownAmong(lines, undefined, 900)).toEqual(expect.arrayContaining([70, 71]));
  });

  it("with two lines before and what goes on about them", () => {
    const before = many(3, (at) => `step ${at} is running`);
    expect(shownAmong([...before, failed], undefined, 800)).toEqual([1, 2, 3]);
    expect(shownAmong([failed, ...many(14, (at) => `  detail ${at}`)])).toEqual(
      many(15, () => "").map((_, at) => at),
    );
  });

  it("first what is known of each, then what stands around them", () => {
    const unit = (at: number) => [
      `ERROR part ${"abcdefgh"[at]} broke`,
      ...many(9, (n) => `    this is a long detail number ${n} about it`),
      ...many(4, (n) => `step ${n} is running`),
    ];
    const lines = [0, 1, 2, 3, 4, 5].flatMap(unit);
    const shown = shownAmong(lines, undefined, 1_500);
    expect(shown).toEqual(expect.arrayContaining([0, 14, 28, 42, 56, 70]));
    // Details are shown with all of their failure's, or not at all; the first of them is of a kind of its own.
    const details = [0, 14, 28, 42, 56, 70].map(
      (at) => shown.filter((line) => line > at && line < at + 10).length,
    );
    expect(details.filter((count) => count === 9).length).toBeGreaterThan(0);
    expect(details.filter((count) => count > 1 && count < 9)).toEqual([]);
  });

  it("with the headings above them", () => {
    const host = (name: string, ...lines: readonly string[]) => [
      `=== ${name} ===`,
      ...many(20, (at) => `step ${at} is running`),
      ...lines,
    ];
    const lines = [...host("web-1"), ...host("web-2", failed), ...host("web-3")];
    const heading = lines.indexOf("=== web-2 ===");
    expect(shownAmong(lines)).toContain(heading);
  });
});

describe("warnings", () => {
  it("all of a kind with twelve lines, the first of one with more", () => {
    const warnings = (count: number) => many(count, (at) => `warning: retry ${at} of upload`);
    expect(shownAmong(warnings(12))).toHaveLength(12);
    expect(shownAmong(warnings(13))).toEqual([0]);
  });

  it("with their echo and carets", () => {
    const lines = [
      "src/a.c:3:7: warning: unused variable 'retry' [-Wunused-variable]",
      "    3 |   int retry = 0;",
      "      |       ^~~~~",
    ];
    expect(shownAmong(lines)).toEqual([0, 1, 2]);
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
    for (const text of ["9hours", "1h", "1h30m", "2 minutes", "1d"])
      expect(shownAmong(timed(12, 5, text)), text).toContain(5);
    for (const text of ["9us", "9µs", "9000us", "9horses"])
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
    expect(shownAmong(lines, "keeper")).toHaveLength(25);
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
