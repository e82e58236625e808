import { describe, expect, it } from "vitest";
import { detectTree } from "./detect.ts";
import { drawPaths, readDrawing } from "./drawing.ts";
import {
  isBareName,
  isPlainFolder,
  nameStart,
  readFolderLine,
  readVerbatim,
  writeFolderLine,
  writeVerbatim,
} from "./folder-line.ts";
import { decodeLsBlocks, encodeLsBlocks, LS_LEGEND, readLsBlocks } from "./ls-recursive.ts";
import { expandPattern, groupNames, readPattern, writePattern } from "./name-pattern.ts";
import { cutList, decodePaths, encodePaths, isPathLine } from "./path-list.ts";

const names = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe("lines of a folder", () => {
  it.each([
    [{ folder: "src/", names: ["a.ts"] }, "src/a.ts"],
    [{ folder: "src/", names: ["a.ts", "b.ts"] }, "src/: a.ts b.ts"],
    [{ folder: "", names: ["a.ts"] }, "a.ts"],
    [{ folder: "", names: ["a.ts", "b.ts"] }, "(top): a.ts b.ts"],
    [{ folder: "src/", names: ["a b.ts", "c.ts"] }, 'src/: "a b.ts" c.ts'],
    [{ folder: "src/", names: ['"q".ts', "x"] }, 'src/: "\\"q\\".ts" x'],
    [{ folder: "src/", names: ["", "x"] }, 'src/: "" x'],
    [{ folder: "src/", names: ["a: b"] }, 'src/: "a: b"'],
    [{ folder: "src/", names: ["a/*"] }, "src/: a/*"],
    [{ folder: "\\ src/", names: ["a"] }, "\\ src/: a"],
  ])("%j is %s", (line, text) => {
    expect(writeFolderLine(line)).toBe(text);
    expect(readFolderLine(text)).toEqual(line);
  });

  it.each(['src/: "a', 'src/: "\\q"', 'src/: "a\\"'])("%s is none", (text) =>
    expect(readFolderLine(text)).toBeUndefined(),
  );

  it.each([
    ["plain", false, "plain"],
    ["plain", true, "\\ plain"],
    ["\\ x", false, "\\ \\ x"],
    ["a/: b", false, "\\ a/: b"],
    ["(top): b", false, "\\ (top): b"],
    ["(top)", false, "(top)"],
  ])("%s is written as it is (always: %s): %s", (line, always, text) => {
    expect(writeVerbatim(line, always)).toBe(text);
    if (text !== line) expect(readVerbatim(text)).toBe(line);
  });

  it.each([
    ["a/b/c", 4],
    ["a/b/", 2],
    ["a/", 0],
    ["/", 0],
    ["", 0],
    ["abc", 0],
    ["/a", 1],
  ])("the name in %s starts at %i", (path, at) => expect(nameStart(path)).toBe(at));

  it.each(["src/", "", "a: b/"])("%j is a plain folder", (folder) =>
    expect(isPlainFolder(folder)).toBe(true),
  );
  it.each(["a/: b/", "\\ a/", "x(top): a/"])("%j is none", (folder) =>
    expect(isPlainFolder(folder)).toBe(false),
  );

  it.each(["a", "a.ts", "é", "a\u0080", "!"])("%j is a bare name", (name) =>
    expect(isBareName(name)).toBe(true),
  );
  it.each(["", '"a', "a b", "a\t", "\u0001", "a\u007f", "a\u00a0b", "a\u2028", "a\u2029", "a "])(
    "%j is none",
    (name) => expect(isBareName(name)).toBe(false),
  );
});

describe("names that share their ends", () => {
  it.each<[string, string, readonly string[], readonly string[], readonly string[]]>([
    [
      "eight that begin and end alike",
      "t/",
      names(8, (at) => `test_${at}.py`),
      [],
      ["t/test_*.py: 0 1 2 3 4 5 6 7"],
    ],
    [
      "seven are too few",
      "t/",
      names(7, (at) => `test_${at}.py`),
      names(7, (at) => `test_${at}.py`),
      [],
    ],
    [
      "eight that end alike",
      "t/",
      names(8, (at) => `${"abcdefgh"[at]}.py`),
      [],
      ["t/*.py: a b c d e f g h"],
    ],
    ["eight without an end", "t/", names(8, (at) => `x${at}`), names(8, (at) => `x${at}`), []],
    [
      "eight that begin alike, without an end",
      "t/",
      names(8, (at) => `x-${at}`),
      [],
      ["t/x-*: 0 1 2 3 4 5 6 7"],
    ],
    [
      "begun with a dot",
      "t/",
      names(8, (at) => `x.${at}0`),
      [],
      ["t/x.*: 00 10 20 30 40 50 60 70"],
    ],
    ["at the top", "", names(8, (at) => `test_${at}.py`), names(8, (at) => `test_${at}.py`), []],
    [
      "in a folder with a star",
      "t*/",
      names(8, (at) => `x-${at}`),
      names(8, (at) => `x-${at}`),
      [],
    ],
    [
      "in a folder with a colon",
      "t: /",
      names(8, (at) => `x-${at}`),
      names(8, (at) => `x-${at}`),
      [],
    ],
    [
      "others stay",
      "t/",
      [...names(8, (at) => `test_${at}.py`), "a b.py", "x*.py", "c"],
      ["a b.py", "x*.py", "c"],
      ["t/test_*.py: 0 1 2 3 4 5 6 7"],
    ],
    [
      "a long end is none",
      "t/",
      names(8, (at) => `${at}x.abcdefgh`),
      names(8, (at) => `${at}x.abcdefgh`),
      [],
    ],
    [
      "an end of seven",
      "t/",
      names(8, (at) => `${at}x.abcdefg`),
      [],
      ["t/*.abcdefg: 0x 1x 2x 3x 4x 5x 6x 7x"],
    ],
    [
      "an end with a digit",
      "t/",
      names(8, (at) => `${at}x.mp3`),
      [],
      ["t/*.mp3: 0x 1x 2x 3x 4x 5x 6x 7x"],
    ],
    [
      "an end in capitals",
      "t/",
      names(8, (at) => `${at}x.TS`),
      [],
      ["t/*.TS: 0x 1x 2x 3x 4x 5x 6x 7x"],
    ],
    [
      "an end that begins with a digit",
      "t/",
      names(8, (at) => `${at}x.3gp`),
      names(8, (at) => `${at}x.3gp`),
      [],
    ],
    [
      "a start of twenty-four",
      "t/",
      names(8, (at) => `${"x".repeat(23)}-${at}`),
      [],
      [`t/${"x".repeat(23)}-*: 0 1 2 3 4 5 6 7`],
    ],
    [
      "a start of twenty-five",
      "t/",
      names(8, (at) => `${"x".repeat(24)}-${at}`),
      names(8, (at) => `${"x".repeat(24)}-${at}`),
      [],
    ],
  ])("%s", (_, folder, all, rest, patterns) => {
    expect(groupNames(folder, all)).toEqual({ rest, patterns });
    for (const pattern of patterns)
      expect(expandPattern(pattern)).toEqual(
        all.filter((name) => !rest.includes(name)).map((name) => folder + name),
      );
  });

  it.each(["t/: a b", "t: a", "a", "t/a: b*", "t/*/: a"])("%s is no pattern", (line) =>
    expect(expandPattern(line)).toBeUndefined(),
  );

  it("are one line where they all share an extension", () => {
    const all = names(8, (at) => `${at}.ts`);
    expect(writePattern("src/", all)).toBe("src/*.ts: 0 1 2 3 4 5 6 7");
    expect(readPattern("src/*.ts: 0 1")).toEqual({ folder: "src/", names: ["0.ts", "1.ts"] });
    expect(readPattern("src/: 0 1")).toBeUndefined();
    for (const other of [
      all.slice(1),
      [...all, "x.js"],
      [...all, "a b.ts"],
      [...all, "x*.ts"],
      names(8, (at) => `${at}`),
    ])
      expect(writePattern("src/", other)).toBeUndefined();
    expect([writePattern("", all), writePattern("s*/", all), writePattern("s: /", all)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("isPathLine", () => {
  it.each(["a", "a.ts", "src/a", "src/a b c d e f", "/a b", "x=1", `a/${"x".repeat(1022)}`, "a:1"])(
    "%s",
    (line) => expect(isPathLine(line)).toBe(true),
  );
  it.each([
    "",
    "a b",
    " src/a b",
    "src/a b c d e f g",
    "s r/a",
    "under x",
    "\\x",
    "https://a/b",
    "a/: b",
    "src/a\tb",
    "src/a b\r",
    `a/${"x".repeat(1023)}`,
  ])("not %j", (line) => expect(isPathLine(line)).toBe(false));

  it("a list has six lines of words around it at most, and four paths at least", () => {
    const paths = ["a/b", "a/c", "a/d", "a/e"];
    const words = names(6, (at) => `some words ${at}`);
    expect(cutList([...words, ...paths, ...words])).toEqual({ head: words, paths, tail: words });
    expect(cutList(["one more", ...words, ...paths])).toEqual({
      head: ["one more", ...words],
      paths,
      tail: [],
    });
    expect(cutList(["two", "one more line", "one more", ...words, ...paths])).toBeUndefined();
    expect(cutList([...paths, ...words, "one more", "one more"])).toBeUndefined();
    expect(cutList(paths.slice(1))).toBeUndefined();
    expect(cutList([...paths, "some words", ...paths])).toBeUndefined();
  });
});

describe("lists of paths", () => {
  it.each<[string, readonly string[], string]>([
    [
      "sorted",
      ["a/b", "a/c", "d/e", "d/f"],
      "[paths, sorted: one line per folder; * is each name after the colon]\na/: b c\nd/: e f",
    ],
    [
      "sorted by segment",
      ["a/b", "a/c", "a-b/x", "a-b/y"],
      "[paths, sorted by segment: one line per folder; * is each name after the colon]\na/: b c\na-b/: x y",
    ],
    [
      "walked",
      ["b/x", "b/a", "a/x", "a/b", "a/b/c"],
      "[paths: one line per folder, subfolders below; * is each name after the colon]\nb/: x a\na/: x b\na/b/c",
    ],
    [
      "in any order",
      ["b/x", "a/x", "a/y", "b/y", "b/z"],
      "[paths: folder/: names in it]\nb/x\na/: x y\nb/: y z",
    ],
    [
      "under one folder",
      ["packages/a/x", "packages/b/x", "packages/c/x", "packages/d/x"],
      "[paths, sorted: one line per folder; * is each name after the colon]\nunder packages/\na/x\nb/x\nc/x\nd/x",
    ],
    [
      "under a folder whose name is short",
      ["lib/src/a/x", "lib/src/b/x", "lib/src/c/x", "lib/src/d/x"].map((path) => path.slice(4)),
      "[paths, sorted: one line per folder; * is each name after the colon]\nsrc/a/x\nsrc/b/x\nsrc/c/x\nsrc/d/x",
    ],
    [
      "below a root of its own",
      ["src", "src/a/x", "src/b/x", "src/c/x", "src/d/x"],
      "[paths, sorted: one line per folder; * is each name after the colon]\n\\ src\nunder src/\na/x\nb/x\nc/x\nd/x",
    ],
    [
      "with words around it",
      ["On branch main", "a/b", "a/c", "a/d", "a/e", "4 files changed"],
      "[paths, sorted: one line per folder; * is each name after the colon]\n\\ On branch main\na/: b c d e\n\\ 4 files changed",
    ],
  ])("%s", (_, lines, form) => {
    const forms = [...encodePaths(lines)];
    expect(forms[0]).toBe(form);
    for (const each of forms.slice(0, 1)) expect(decodePaths(each)).toEqual(lines);
    expect(decodePaths(forms.at(-1) ?? "")).toEqual(lines);
  });

  it.each([
    "",
    "[paths]",
    "[paths: folder/: names in it] ",
    '[paths: folder/: names in it]\na/: "',
  ])("%j is none", (text) => expect(decodePaths(text)).toBeUndefined());
});

describe("drawings", () => {
  const tree = ["root", "├── a", "│   ├── b", "│   └── c", "└── d/", "    └── e"];

  it("are paths, and are drawn again", () => {
    const drawing = readDrawing([...tree, "", "2 files"]);
    expect(drawing).toEqual({
      style: "unicode",
      paths: ["root", "root/a", "root/a/b", "root/a/c", "root/d/", "root/d/e"],
      tail: ["", "2 files"],
    });
    expect(drawing && drawPaths(drawing)).toEqual([...tree, "", "2 files"]);
  });

  it.each<[string, readonly string[]]>([
    ["no root", ["", ...tree.slice(1)]],
    ["three lines", tree.slice(0, 3)],
    ["three paths", [...tree.slice(0, 3), "x", "y"]],
    ["five lines behind it", [...tree, "1", "2", "3", "4", "5"]],
    ["a step too deep", ["root", "├── a", "│       └── b", "└── c"]],
    ["a path as a name", ["root", "├── a/b", "├── c", "└── d"]],
    ["no name", ["root", "├── ", "├── c", "└── d"]],
  ])("not with %s", (_, lines) => expect(readDrawing(lines)).toBeUndefined());

  it("are not drawn deeper than sixty-four folders, and only in a known style", () => {
    const deep = (depth: number) => ({
      style: "ascii",
      paths: ["r", `r/${"a/".repeat(depth)}b`],
      tail: [],
    });
    expect(drawPaths(deep(64))).toBeDefined();
    expect(drawPaths(deep(65))).toBeUndefined();
    expect(drawPaths({ ...deep(1), style: "other" })).toBeUndefined();
    expect(drawPaths({ ...deep(1), paths: [] })).toBeUndefined();
  });
});

describe("ls -R", () => {
  it.each<[string, readonly string[], string]>([
    [
      "folders of their own are left out of sorted blocks",
      [".:", "a", "b", "x", "", "./a:", "y", "", "./b:", "z"],
      `${LS_LEGEND}\n./: x\n./a/: y\n./b/: z`,
    ],
    [
      "blocks in another order are kept",
      [".:", "b", "a", "", "./a:", "y"],
      `${LS_LEGEND}\n./: b a\n./a/: y`,
    ],
    ["empty folders", ["a:", "", "b:", "x"], `${LS_LEGEND}\na/:\nb/: x`],
    ["odd names", ["a:", "x y", '"q', "", "b:", "x"], `${LS_LEGEND}\na/: "x y" "\\"q"\nb/: x`],
    [
      "names that share their ends",
      ["t:", ...names(8, (at) => `test_${at}.py`), "x", "", "b:", "x"],
      `${LS_LEGEND}\nt/: x\nt/test_*.py: 0 1 2 3 4 5 6 7\nb/: x`,
    ],
  ])("%s", (_, lines, form) => {
    const blocks = readLsBlocks(lines) ?? [];
    expect(encodeLsBlocks(blocks)).toBe(form);
    expect(decodeLsBlocks(form)).toEqual(lines);
  });

  it.each<[string, readonly string[]]>([
    ["one block", ["a:", "b"]],
    ["no colon", ["a", "b", "", "c:", "d"]],
    ["nothing before the colon", [":", "b", "", "c:", "d"]],
    ["a space in front", [" a:", "b", "", "c:", "d"]],
    ["a colon within", ["a: b:", "b", "", "c:", "d"]],
    ["a slash at its end", ["a/:", "b", "", "c:", "d"]],
    ["a blank line at its end", ["a:", "b", "", "c:", "d", ""]],
    ["two blank lines", ["a:", "b", "", "", "c:", "d"]],
  ])("not with %s", (_, lines) => expect(readLsBlocks(lines)).toBeUndefined());

  it.each(["", "x\na/: b", `${LS_LEGEND}\na`, `${LS_LEGEND}\n(top): a b`])(
    "%j does not decode",
    (form) => expect(decodeLsBlocks(form)).toBeUndefined(),
  );
});

describe("how sure a listing is", () => {
  const detect = (...lines: readonly string[]): number => detectTree(`${lines.join("\n")}\n`);
  const mixed = (count: number, line: (at: number) => string, others: number): number =>
    detect(...names(count, line), ...names(others, (at) => `some words, ${at}; here`));

  it.each([
    ["├── a", 0.95],
    ["└── a", 0.95],
    ["|-- a", 0.95],
    ["`-- a", 0.95],
    ["+--- a", 0.95],
    ["\\--- a", 0.95],
    ["│   ├── a", 0.95],
    ["|   |-- a", 0.95],
    ["│\u00a0\u00a0 ├── a", 0.95],
    ["-- a", 0.95],
    ["├─ a", 0.95],
    ["- a", 0],
  ] as const)("%s: %f", (line, sureness) => {
    expect(mixed(6, () => line, 4)).toBe(sureness);
    expect(mixed(6, () => line, 5)).toBe(0);
    expect(mixed(2, () => line, 1)).toBe(0);
  });

  it.each([
    ["four paths in folders", 0.9, ["a/x", "a/y", "a/z", "a/w"]],
    ["three paths", 0, ["a/x", "a/y", "a/z"]],
    ["paths in as many folders", 0, names(20, (at) => `d${at}/x`)],
    ["five paths in four folders", 0.9, ["a/x", "b/x", "c/x", "d/x", "d/y"]],
    ["names with an extension", 0.7, ["a.ts", "b.ts", "c.ts", "d", "e"]],
    ["fewer names with an extension", 0, ["a.ts", "b.ts", "c", "d", "e", "f"]],
    ["names with a long extension", 0, names(5, (at) => `${at}.abcdefgh`)],
    [
      "three of ten have a slash",
      0.9,
      [...names(3, (at) => `a/${at}`), ...names(7, (at) => `b${at}`)],
    ],
    ["one of ten has a slash", 0, [...names(1, (at) => `a/${at}`), ...names(9, (at) => `b${at}`)]],
    ["eight of ten are paths", 0.9, [...names(8, (at) => `a/${at}`), "x, y; z", "x, y; z"]],
    [
      "seven of ten are paths",
      0,
      [...names(7, (at) => `a/${at}`), "x, y; z", "x, y; z", "x, y; z"],
    ],
    [
      "two headings of folders",
      0.9,
      [".:", "a", "b", "", "./a:", "c"].flatMap((line) =>
        line === "a" || line === "b" ? ["a/b"] : [line],
      ),
    ],
  ] as const)("%s: %f", (_, sureness, lines) => expect(detect(...lines)).toBe(sureness));

  it.each([
    "M  a",
    " M a",
    "A  a",
    "D  a",
    "R  a",
    "C  a",
    "U  a",
    "T  a",
    "?? a",
    "!! a",
    "MM a",
    "M\ta",
    "?\ta",
    "\tmodified:   a b",
    "\ta",
  ])("a line of git status: %j", (line) => {
    expect(mixed(4, () => line, 2)).toBe(0.85);
    expect(mixed(3, () => line, 1)).toBe(0);
    expect(mixed(4, () => line, 3)).toBe(0);
  });
  it.each([
    "   a",
    "X  a",
    "MX a",
    "M  a  b",
    "M a  b c",
    "\t\ta b",
    "\t a b",
    "X\ta b",
    "M\t",
    "M  ",
  ])("not of git status: %j", (line) => expect(mixed(6, () => line, 0)).not.toBe(0.85));

  it.each(["{a/b", "<a/b", '"a/b', "#a/b", "a/b,c,d", "a/b:1", "a/b::c d", "a=b/c", "a;b/c"])(
    "of another kind: %s",
    (line) => expect(mixed(9, () => line, 0)).toBe(0),
  );
  it.each(["a/b,c", "a/:b", "a/b:c", "a:1/b", "a/b::c"])("a path all the same: %s", (line) =>
    expect(mixed(9, () => line, 0)).toBe(0.9),
  );
});
