import { describe, expect, it } from "vitest";
import {
  buildHeader,
  type Prefixes,
  parseHeader,
  prefixesOf,
  readHeader,
  USUAL_PREFIXES,
  writeHeader,
} from "./header.ts";
import { isChange, parseDiff, readHunkHeader } from "./parse.ts";
import { readRunMark, shareRuns } from "./repeated-runs.ts";

const bare: Prefixes = { old: "", fresh: "" };

describe("headers of files", () => {
  const git = "diff --git a/x.ts b/x.ts";
  const paths = ["--- a/x.ts", "+++ b/x.ts"];
  it.each<[string, readonly string[], string, Prefixes?]>([
    ["a change", [git, "index 1a2b..3c4d 100644", ...paths], "=== x.ts (1a2b..3c4d)"],
    [
      "a change of a program",
      [git, "index 1a2b..3c4d 100755", ...paths],
      "=== x.ts (1a2b..3c4d, at 100755)",
    ],
    ["the same index as above", [git, "index 11..22 100644", ...paths], "=== x.ts"],
    ["no index", [git, ...paths], "=== x.ts (no index)"],
    [
      "a new file",
      [git, "new file mode 100644", "index 0000..3c4d", "--- /dev/null", "+++ b/x.ts"],
      "=== x.ts (new, 0000..3c4d)",
    ],
    [
      "a new program",
      [git, "new file mode 100755", "index 0000..3c4d", "--- /dev/null", "+++ b/x.ts"],
      "=== x.ts (new 100755, 0000..3c4d)",
    ],
    [
      "a deleted file",
      [git, "deleted file mode 100644", "index 1a2b..0000", "--- a/x.ts", "+++ /dev/null"],
      "=== x.ts (deleted, 1a2b..0000)",
    ],
    [
      "an empty new file",
      [git, "new file mode 100644", "index 0000..3c4d"],
      "=== x.ts (new, 0000..3c4d, no lines)",
    ],
    [
      "another mode",
      [git, "old mode 100644", "new mode 100755"],
      "=== x.ts (mode 100644 to 100755, no index, no lines)",
    ],
    [
      "another mode and lines",
      [git, "old mode 100644", "new mode 100755", "index 1a2b..3c4d", ...paths],
      "=== x.ts (mode 100644 to 100755, 1a2b..3c4d)",
    ],
    [
      "a rename",
      [
        "diff --git a/x.ts b/y.ts",
        "similarity index 90%",
        "rename from x.ts",
        "rename to y.ts",
        "index 1a2b..3c4d 100644",
        "--- a/x.ts",
        "+++ b/y.ts",
      ],
      "=== x.ts => y.ts (renamed 90%, 1a2b..3c4d)",
    ],
    [
      "a copy",
      ["diff --git a/x.ts b/y.ts", "similarity index 100%", "copy from x.ts", "copy to y.ts"],
      "=== x.ts => y.ts (copied 100%, no index, no lines)",
    ],
    [
      "a binary file",
      [git, "index 1a2b..3c4d 100644", "Binary files a/x.ts and b/x.ts differ"],
      "=== x.ts (1a2b..3c4d, binary)",
    ],
    [
      "a path with a space",
      ["diff --git a/x y b/x y", "index 1a2b..3c4d 100644", "--- a/x y\t", "+++ b/x y\t"],
      "=== x y (1a2b..3c4d)",
    ],
    [
      "a path in quotes",
      [
        'diff --git "a/\\303" "b/\\303"',
        "index 1a2b..3c4d 100644",
        '--- "a/\\303"',
        '+++ "b/\\303"',
      ],
      '=== "\\303" (1a2b..3c4d)',
    ],
    [
      "a path that ends with a bracket",
      ["diff --git a/x (1) b/x (1)", "index 11..22 100644", "--- a/x (1)\t", "+++ b/x (1)\t"],
      "=== x (1) ()",
    ],
    ["a merge", ["diff --cc x.ts", "index 1a,2b..3c", ...paths], "=== x.ts (cc, 1a,2b..3c)"],
    [
      "a combined merge",
      ["diff --combined x.ts", "index 1a,2b..3c", ...paths],
      "=== x.ts (combined, 1a,2b..3c)",
    ],
    ["a plain header", paths, "=== x.ts (plain)"],
    [
      "no prefixes",
      ["diff --git x.ts x.ts", "index 1a2b..3c4d 100644", "--- x.ts", "+++ x.ts"],
      "=== x.ts (1a2b..3c4d)",
      bare,
    ],
    [
      "other prefixes",
      ["diff --git i/x.ts w/x.ts", "index 1a2b..3c4d 100644", "--- i/x.ts", "+++ w/x.ts"],
      "=== x.ts (1a2b..3c4d)",
      { old: "i/", fresh: "w/" },
    ],
  ])("%s", (_, lines, short, prefixes = USUAL_PREFIXES) => {
    const header = readHeader(lines, prefixes);
    expect(header && writeHeader(header, "11..22")).toBe(short);
    const back = parseHeader(short, "11..22");
    expect(back && buildHeader(back, prefixes)).toEqual(lines);
  });

  it.each<[string, readonly string[]]>([
    ["a path with an arrow", ["diff --git a/x => y b/x => y", ...paths]],
    [
      "an old path with an arrow",
      ["diff --git a/x b/y", "similarity index 90%", "rename from x => z", "rename to y"],
    ],
    ["another order", [git, ...paths, "index 1a2b..3c4d 100644"]],
    ["another path below", [git, "index 1a2b..3c4d 100644", "--- a/y.ts", "+++ b/y.ts"]],
    [
      "a path of another length",
      ["diff --git a/x b/yy", "index 1a2b..3c4d 100644", "--- a/x", "+++ b/yy"],
    ],
    ["no path", ["diff --git  ", ...paths]],
  ])("stay as they are with %s", (_, lines) =>
    expect(readHeader(lines, USUAL_PREFIXES)).toBeUndefined(),
  );

  it.each([
    ["diff --git a/x b/x", { old: "a/", fresh: "b/" }],
    ["diff --git x x", { old: "", fresh: "" }],
    ["diff --git index/x other/x", { old: "index/", fresh: "other/" }],
    ["diff --git indexed/x others7/x", { old: "indexed/", fresh: "others7/" }],
    ["diff --git indexed8/x others78/x", undefined],
    ["diff --git a/x b/y", undefined],
    ["diff --git ax bx", undefined],
    ["diff --git a/x b/xx", undefined],
    ["diff --cc x", undefined],
    ["=== x", undefined],
  ])("prefixes of %s", (line, prefixes) => expect(prefixesOf(line)).toEqual(prefixes));

  it("are no header without the sign", () => expect(parseHeader("x", undefined)).toBeUndefined());
});

describe("hunk headers", () => {
  it.each([
    ["@@ -1 +1 @@", [1, 1, 1, 1, ""]],
    ["@@ -1,2 +3,4 @@ f()", [1, 2, 3, 4, " f()"]],
    ["@@ -0,0 +1,10 @@", [0, 0, 1, 10, ""]],
    ["@@ -1234567890,1 +1 @@x", [1_234_567_890, 1, 1, 1, "x"]],
  ])("%s", (line, [oldStart, oldCount, newStart, newCount, section]) =>
    expect(readHunkHeader(line)).toEqual({
      range: { oldStart, oldCount, newStart, newCount },
      section,
    }),
  );
  it.each([
    "@@ 12",
    "@@ -1 +1",
    "@@ -1 @@",
    "@@ -1 +1 +1 @@",
    "@@ -a +1 @@",
    "@@ -1, +1 @@",
    "@@ -,1 +1 @@",
    "@@ -12345678901 +1 @@",
    "@ -1 +1 @@",
    "@@ -1 +/ @@",
    "@@ -1 +: @@",
    "@@ - +1 @@",
  ])("not %s", (line) => expect(readHunkHeader(line)).toBeUndefined());
});

describe("parts of a diff", () => {
  const partsOf = (lines: readonly string[]): readonly string[] =>
    parseDiff(lines).map((part) => {
      if (part.kind === "other") return `other ${part.line}`;
      if (part.kind === "file") return `file ${part.from}-${part.to}`;
      return `hunk ${part.at}-${part.to}${part.complete ? "" : " cut"}${part.signs > 1 ? ` ${part.signs} signs` : ""}`;
    });
  it.each<[string, readonly string[], readonly string[]]>([
    [
      "a file",
      [
        "diff --git a/x b/x",
        "index 1..2",
        "--- a/x",
        "+++ b/x",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c",
      ],
      ["file 0-4", "hunk 4-8"],
    ],
    ...[
      "old mode x",
      "new mode x",
      "deleted file mode x",
      "new file mode x",
      "copy from x",
      "copy to x",
      "rename from x",
      "rename to x",
      "similarity index x",
      "dissimilarity index x",
      "index x",
      "mode x",
      "--- x",
      "+++ x",
      "Binary files x",
    ].map((line): [string, readonly string[], readonly string[]] => [
      line,
      ["diff --git a/x b/x", line, "other"],
      ["file 0-2", "other 2"],
    ]),
    [
      "a combined diff",
      ["diff --cc x", "@@@ -1 -1 +1 @@@", "+ a", " -b", "++c", "x"],
      ["file 0-1", "hunk 1-5 cut 2 signs", "other 5"],
    ],
    [
      "of three parents",
      ["diff --combined x", "@@@@ -1 -1 -1 +1 @@@@", "+  a", "++ b", "\\ No newline", " x"],
      ["file 0-1", "hunk 1-5 cut 3 signs", "other 5"],
    ],
    ["a plain header", ["--- x", "+++ y", "@@ -1 +1 @@", "-a", "+b"], ["file 0-2", "hunk 2-5"]],
    ["no plain header", ["--- x", "+++ y", "a"], ["other 0", "other 1", "other 2"]],
    [
      "a removed line that looks like a header",
      ["@@ -1,2 +1 @@", "--- x", " a", "+++ y"],
      ["hunk 0-3", "other 3"],
    ],
    ["a hunk that is cut", ["@@ -1,3 +1,3 @@", " a", "-b"], ["hunk 0-3 cut"]],
    [
      "a hunk that ends early",
      ["@@ -1,3 +1,3 @@", " a", "x", " b"],
      ["hunk 0-2 cut", "other 2", "other 3"],
    ],
    ["a blank line without its space", ["@@ -1,2 +1,2 @@", "", " a", "x"], ["hunk 0-3", "other 3"]],
    [
      "a blank line with a carriage return",
      ["@@ -1,2 +1,2 @@", "\r", " a", "x"],
      ["hunk 0-3", "other 3"],
    ],
    ["a blank line at the very end", ["@@ -1,2 +1,2 @@", " a", ""], ["hunk 0-2 cut", "other 2"]],
    [
      "no line end",
      ["@@ -1 +1 @@", "-a", "\\ No newline", "+b", "\\ No newline", "x"],
      ["hunk 0-5", "other 5"],
    ],
    ["too many added lines", ["@@ -1 +1 @@", "-a", "+b", "+c"], ["hunk 0-3", "other 3"]],
    ["a header that cannot be read", ["@@ -x +1 @@", "+a"], ["other 0", "other 1"]],
  ])("%s", (_, lines, parts) => expect(partsOf(lines)).toEqual(parts));

  it.each([
    ["+a", 1, true],
    ["-a", 1, true],
    [" a", 1, false],
    [" +a", 1, false],
    [" +a", 2, true],
    ["  a", 2, false],
    ["\\ a", 1, false],
  ])("%j changes something in %i columns: %s", (line, signs, expected) =>
    expect(isChange(line, signs)).toBe(expected),
  );
});

describe("sections of hunks", () => {
  it.each([
    ["@@ -1 +1 @@ f()", " f()"],
    ["@@@ -1 -1 +1 @@@ f()", " f()"],
    ["@@@@ -1 -1 -1 +1 @@@@ f()", " f()"],
    ["@@@ -1 -1 +1 @@@", ""],
    ["@@@ -1 -1 +1", ""],
  ])("%s: %j", (line, section) => {
    expect(parseDiff([line, "++a"])[0]).toMatchObject({ kind: "hunk", section });
  });
});

describe("repeated runs", () => {
  const long = (name: string): string => `+${name.repeat(25)}`;
  it("are said by a label from two lines and fifty characters on", () => {
    expect(shareRuns([[long("a"), long("b"), "x", long("a"), long("b"), "y"]])).toEqual([
      ["«a»", long("a"), long("b"), "x", "«a» ×2", "y"],
    ]);
    const short = [
      long("a").slice(1),
      long("b").slice(1),
      "x",
      long("a").slice(1),
      long("b").slice(1),
    ];
    expect(shareRuns([short])).toEqual([["«a»", ...short.slice(0, 3), "«a» ×2"]]);
    const shorter = [
      `${long("a").slice(2)} `,
      long("b").slice(1),
      "x",
      `${long("a").slice(2)} `,
      long("b").slice(1),
    ];
    expect(shareRuns([shorter])).toEqual([shorter]);
    expect(shareRuns([[long("a").repeat(2), "x", long("a").repeat(2)]])).toEqual([
      [long("a").repeat(2), "x", long("a").repeat(2)],
    ]);
  });

  it("go over hunks, as far as they go", () => {
    const run = [long("a"), long("b"), long("c")];
    expect(shareRuns([run, ["x", ...run, "y"], run.slice(1)])).toEqual([
      ["«a»", long("a"), "«b»", long("b"), long("c")],
      ["x", "«a» ×3", "y"],
      ["«b» ×2"],
    ]);
  });

  it("point at printed lines only", () => {
    const run = [long("a"), long("b")];
    expect(shareRuns([[...run, ...run, ...run]])).toEqual([["«a»", ...run, "«a» ×2", "«a» ×2"]]);
  });

  it("are shared within a file, and from a length on, where that is asked for", () => {
    const run = [long("a"), long("b"), long("c")];
    const hunks = [run, ["x", ...run], ["y", ...run]];
    const limits = { lines: 3, characters: 10, files: [0, 1, 1] };
    expect(shareRuns(hunks, undefined, limits)).toEqual([
      run,
      ["x", "«a»", ...run],
      ["y", "«a» ×3"],
    ]);
    expect(shareRuns(hunks, undefined, { ...limits, lines: 4 })).toEqual(hunks);
  });

  it("have names of two letters from the twenty-seventh on", () => {
    const runs = Array.from({ length: 28 }, (_, at) => [
      long(String.fromCharCode(97 + at)),
      long(String.fromCharCode(65 + at)),
    ]);
    expect(
      shareRuns([...runs, ...runs])
        .slice(28)
        .flat()
        .slice(-3),
    ).toEqual(["«z» ×2", "«aa» ×2", "«ab» ×2"]);
  });

  it.each([
    ["«a»", { label: "a" }],
    ["«ab» ×12", { label: "ab", count: 12 }],
    ["«» ×12", undefined],
    ["«a", undefined],
    ["«a» ×0", undefined],
    ["«a» ×x", undefined],
    ["«a» 12", undefined],
    ["a»", undefined],
  ])("%s", (line, mark) => expect(readRunMark(line)).toEqual(mark));
});
