/** Exact tests of what a table is made of: cells, layouts, headers, and how sure it is one. */
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { splitFields } from "./delimited.ts";
import { detectTable } from "./detect.ts";
import { chooseEnds, hasEnds, sharedSigns } from "./ends.ts";
import { printHeader, quoteName, readHeader } from "./header.ts";
import { padRuled, renderer, renderHeader } from "./layout.ts";
import { namesOf } from "./names.ts";
import { parseTable } from "./parse.ts";
import { trimSpaces } from "./settle.ts";

const times = <Made>(count: number, make: (at: number) => Made): readonly Made[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Layout, names and notes, as a line. */
function parsed(lines: readonly string[]): string | undefined {
  const table = finish(parseTable(lines));
  if (!table) return undefined;
  return `${table.layout} | ${table.names} | ${table.notes.join(" ")} | header ${table.headers[0]?.line}, ${table.rows.length} rows`;
}

describe("splitFields", () => {
  it.each([
    ["a,b", ",", ["a", "b"]],
    ["a,", ",", ["a", ""]],
    ["", ",", [""]],
    ['"a,b",c', ",", ['"a,b"', "c"]],
    ['"a""b,c",d', ",", ['"a""b,c"', "d"]],
    ['"a,b', ",", ['"a', "b"]],
    ['"a"x,b', ",", ['"a"x', "b"]],
    ['"a"x,"b,c"', ",", ['"a"x', '"b,c"']],
    ['a"b,c"', ",", ['a"b', 'c"']],
    ['"a,b"\r', ",", ['"a,b"\r']],
    ['"a,b"', ",", ['"a,b"']],
    ['x,""', ",", ["x", '""']],
    ["a\tb", "\t", ["a", "b"]],
  ])("%j at %j", (line, delimiter, fields) => expect(splitFields(line, delimiter)).toEqual(fields));
});

describe("layouts", () => {
  const texts: readonly (readonly [string, readonly string[]])[] = [
    ["commas", ["a,b,c", ...times(4, (at) => `${at},x,y`)]],
    ["commas, without names", times(5, (at) => `${at},x,y`)],
    ["commas, with the same name twice", ["a,a,c", ...times(4, (at) => `${at},x,y`)]],
    ["tabs", ["a\tb\tc", ...times(4, (at) => `${at}\tx\ty`)]],
    ["semicolons", ["a;b", ...times(4, (at) => `${at};x`)]],
    ["bars", ["a|b", ...times(4, (at) => `${at}|x`)]],
    ["colons", ["a:b:c:d", ...times(4, (at) => `${at}:x:y:z`)]],
    ["three colons", ["a:b:c", ...times(4, (at) => `${at}:x:y`)]],
    ["spaces", ["a b c", ...times(4, (at) => `${at} x y`)]],
    ["spaces and a sentence", ["a b c", ...times(4, (at) => `${at} x y`), "5 x y and more"]],
    ["two spaces", ["a b c", ...times(4, (at) => `${at}  x y`)]],
    ["words and a tab", times(5, (at) => `100644 blob ${at}f\tsrc/a b.ts`)],
    ["one word and a tab", times(5, (at) => `${at}\tsrc/a b.ts`)],
    [
      "psql",
      [" id | name ", "----+------", "  1 | a", "  2 | b", "  3 | c", "  4 | d", "(4 rows)"],
    ],
    [
      "markdown",
      ["| id | name |", "|----|------|", "| 1 | a |", "| 2 | b |", "| 3 | c |", "| 4 | d |"],
    ],
    [
      "markdown, with a column that has no name",
      ["| id |  |", "|----|--|", "| 1 | a |", "| 2 | b |", "| 3 | c |", "| 4 | d |"],
    ],
    [
      "markdown without a rule",
      ["| id | name |", "| 1 | a |", "| 2 | b |", "| 3 | c |", "| 4 | d |"],
    ],
    ["a rule of two dashes", ["id | n", "-|-", "1 | a", "2 | b", "3 | c", "4 | d"]],
    ["a rule of dashes only", ["id | n", "------", "1 | a", "2 | b", "3 | c", "4 | d"]],
    [
      "a title that runs across",
      ["a title of words", ...times(24, (at) => `i${at % 10}   n${at % 10}   x`)],
    ],
    [
      "padded markdown",
      [
        "| id | name |",
        "|:---|-----:|",
        "| 1  | a    |",
        "| 22 | bb   |",
        "| 3  | c    |",
        "| 4  | d    |",
      ],
    ],
    ["box", ["id │ name", "───┼─────", " 1 │ a   ", " 2 │ b   ", " 3 │ c   ", " 4 │ d   "]],
    [
      "aligned",
      [
        "ID   NAME   SIZE",
        ...times(8, (at) => `i${at}   n${at}     ${String(at * 37).padStart(4)}`),
      ],
    ],
    [
      "aligned, under a title",
      [
        "total 12",
        ...times(30, (at) => `i${at % 10}   n${at % 10}     ${String(at * 37).padStart(4)}`),
      ],
    ],
    ["pairs", times(5, (at) => `cmd_${at}:calls=${at},usec=2,x.y-z=3`)],
    ["pairs without a head", times(5, (at) => `calls=${at},usec=2,x=3`)],
    ["pairs between spaces", times(5, (at) => `calls=${at} usec=2 x=3`)],
    ["two pairs", times(5, (at) => `cmd_${at}:calls=${at},usec=2`)],
    ["pairs of other keys", times(5, (at) => `cmd_${at}:calls=${at},usec${at}=2,c=3`)],
    ["three rows", ["a,b,c", "1,x,y", "2,x,y"]],
    ["prose", times(6, (at) => `It is said, ${"again and ".repeat(at)}again.`)],
  ];

  it("are learnt from the lines", async () => {
    const learnt = texts.map(([name, lines]) => `${name}: ${parsed(lines)}`);
    await expect(`${learnt.join("\n")}\n`).toMatchFileSnapshot("./pictures/layouts.txt");
  });

  it.each([
    ["a", "@<5", " a   "],
    ["abcd", "@<5", " abcd"],
    ["abcde", "@<5", " abcde"],
    ["a", "@>5", "   a "],
    ["abcde", "@>5", "abcde "],
    ["a", "@-", " a "],
    ["a", "@_", " a"],
    ["a", "@.", "a"],
  ])("%s with %s is %j", (cell, note, text) => expect(padRuled(cell, note)).toBe(text));

  it.each([
    ["csv ,", ["", ""], ["x", "y"], "x,y"],
    ["csv tab", ["", ""], ["x", "y"], "x\ty"],
    ["csv space", ["", ""], ["x", "y"], "x y"],
    ["words", ["", "", ""], ["x", "y", "z"], "x y\tz"],
    ["psql 5", ["@<4", "@_"], ["x", "y"], " x  | y"],
    ["bars ||", ["@-", "@-"], ["x", "y"], "| x | y |"],
    ["bars │", ["@.", "@>4"], ["x", "y"], "x│  y "],
    ["fixed", ["@0", "@4"], ["x", "y"], "x   y"],
    ["fixed 9", ["@0", "@>6"], ["x", "yy"], "x   yy   "],
    ["fixed", ["@0", "@>3", "@5"], ["x", "", "y"], "x    y"],
    ["pairs", ["@0", "@58", "@44"], ["a", "1", "2"], "a:b=1,c=2"],
    ["pairs", ["@0", "@0", "@44"], ["a", "1", "2"], "ab=1,c=2"],
  ])("%s writes a row", (layout, notes, cells, line) => {
    expect(renderer(layout, notes, ["a", "b", "c"])?.(cells)).toBe(line);
  });

  it.each<[string, readonly string[]]>([
    ["csv", [""]],
    ["other ,", [""]],
    ["psql 5", ["<4"]],
    ["psql 5", ["@<4001"]],
    ["psql 5", ["@<x"]],
    ["fixed", ["@x"]],
    ["fixed", ["@4001"]],
    ["fixed", ["@-1"]],
    ["fixed x", ["@1"]],
    ["fixed 4001", ["@1"]],
    ["fixed -1", ["@1"]],
    ["fixed 1.5", ["@1"]],
  ])("%s with %j is none", (layout, notes) =>
    expect(renderer(layout, notes, ["a"])).toBeUndefined(),
  );

  it("may be four thousand characters wide", () => {
    expect(renderer("fixed 4000", ["@4000"], ["a"])).toBeDefined();
    expect(renderHeader("psql 4000", ["@<4000", "@_"], ["a", "b"])?.[1]?.length).toBe(8_001);
    expect(renderHeader("psql 4001", ["@<4", "@_"], ["a", "b"])).toBeUndefined();
    expect(renderHeader("psql x", ["@<4", "@_"], ["a", "b"])).toBeUndefined();
    expect(renderHeader("psql 6", ["@<4", "@_"], ["a", "b"])).toEqual([
      " a  |  b   ",
      "----+------",
    ]);
    expect(renderHeader("csv ,", ["", ""], ["a", "b"])).toEqual(["a,b"]);
  });
});

describe("headers", () => {
  const plain = { note: "", start: "", end: "", word: false };
  it.each([
    [
      "a|b c",
      [
        { ...plain, name: "a" },
        { ...plain, name: "b", word: true },
        { ...plain, name: "c", word: true },
      ],
    ],
    [
      'a@12|"b c"@>3',
      [
        { ...plain, name: "a", note: "@12" },
        { ...plain, name: "b c", note: "@>3", word: true },
      ],
    ],
    [
      'a="x" b',
      [
        { ...plain, name: "a", constant: "x", word: true },
        { ...plain, name: "b", word: true },
      ],
    ],
    [
      'a="x"*|b=*".ts" c="("*")"',
      [
        { ...plain, name: "a", start: "x" },
        { ...plain, name: "b", end: ".ts", word: true },
        { ...plain, name: "c", start: "(", end: ")", word: true },
      ],
    ],
  ])("%s", (text, codings) => expect(readHeader(text)).toEqual(codings));

  it.each([
    ["a=x", "a constant, or a * between shared ends"],
    ['a="x"y', "a constant, or a * between shared ends"],
    ['a="x', "a closing quote"],
    ['"a', "a closing quote"],
    ['a="\\q"', "a text in quotes"],
    ["a=*b", "a text in quotes"],
  ])("%s: expected %s", (text, message) => expect(() => readHeader(text)).toThrow(message));

  it("print what they read", () => {
    const text = 'a@12|"b c"@>3 c="x\\"y" d="("*")"|e=*".ts"';
    expect(printHeader(readHeader(text))).toBe(text);
  });

  it.each(["a b", "a|b", "a=b", "a{b", "a}b", "a*b", 'a"b', "a@b", "a,b", "a;b", "a\\b", ""])(
    "%j stands in quotes",
    (name) => expect(quoteName(name)).toBe(JSON.stringify(name)),
  );
  it.each(["a", "a-b", "a.b", "a(b)", "é"])("%s does not", (name) =>
    expect(quoteName(name)).toBe(name),
  );
});

describe("names of columns", () => {
  it.each(["a", "A_1", "%cpu", "#", "_x", "a b(c)/d.e#-", "a:b", '"a"', `a${"b".repeat(40)}`])(
    "%s",
    (name) => expect(namesOf([[name, "x1"]], 2)).toEqual({ names: [name, "x1"], headerLine: 0 }),
  );
  it.each(["1a", "", "a,b", `a${"b".repeat(41)}`, "x1"])("not %j", (name) =>
    expect(namesOf([undefined, [name, "x1"]], 2)).toEqual({
      names: ["", ""],
      headerLine: undefined,
    }),
  );

  it.each([
    ["  a b ", 0, undefined, "a b"],
    ["  a  ", 2, 3, "a"],
    ["    ", 1, 3, ""],
    ["a", 0, 9, "a"],
    ["\ta ", 0, undefined, "\ta"],
  ])("%j from %i to %s without spaces: %j", (text, from, to, trimmed) =>
    expect(trimSpaces(text, from, to)).toBe(trimmed),
  );
});

describe("what cells share", () => {
  const ones = (count: number) => times(count, () => 1);
  it.each([
    [["src/a.ts", "src/b.ts"], { start: "src/", end: ".ts" }],
    [['"a"', '"b"'], { start: '"', end: '"' }],
    [["abc", "abd"], { start: "", end: "" }],
    [["src/a"], { start: "", end: "" }],
    [["a/", "a/"], { start: "a/", end: "" }],
    [[" a", " b"], { start: "", end: "" }],
    [["10:05", "10:06"], { start: "", end: "" }],
  ])("%j: %j", (cells, ends) => expect(chooseEnds(cells, ones(cells.length))).toEqual(ends));

  it("all of them, or all but one in thirty", () => {
    const cells = (odd: number, count: number) =>
      times(count, (at) => (at < odd ? `${at}` : `src/lib/part${at}/x.ts`));
    expect(chooseEnds(cells(1, 30), ones(30))).toEqual({ start: "src/lib/", end: "/x.ts" });
    expect(chooseEnds(cells(1, 29), ones(29))).toEqual({ start: "", end: "" });
    expect(chooseEnds(cells(2, 59), ones(59))).toEqual({ start: "", end: "" });
    expect(chooseEnds(cells(2, 60), ones(60))).toEqual({ start: "src/lib/", end: "/x.ts" });
  });

  it("signs only, where that is asked for", () => {
    expect(sharedSigns(['"src/a"', '"src/b"'])).toEqual({ start: "", end: '"' });
    expect(sharedSigns(["(a)", "(b)"])).toEqual({ start: "(", end: ")" });
    expect(sharedSigns(["é/a", "é/b"])).toEqual({ start: "", end: "" });
  });

  it.each([
    ["src/a.ts", true],
    ["src/.ts", true],
    ["src.ts", false],
    ["src/a.js", false],
    ["lib/a.ts", false],
  ])("%s has them: %s", (cell, expected) =>
    expect(hasEnds(cell, { start: "src/", end: ".ts" })).toBe(expected),
  );
});

describe("how sure a table is", () => {
  const csv = (
    count: number,
    row: (at: number) => string = (at) => `${at},x,y`,
  ): readonly string[] => ["a,b,c", ...times(count, row)];
  it.each<[string, number, readonly string[]]>([
    ["a csv", 0.97, csv(20)],
    ["three lines", 0, csv(2)],
    ["a csv with nine of ten rows", 0.97, [...csv(18), "x"]],
    ["a csv with fewer", 0, [...csv(17), "x", "y", "z"]],
    ["a csv, indented", 0, csv(20, (at) => ` ${at},x,y`)],
    [
      "sentences with commas",
      0,
      times(8, (at) => `it is said of ${at} that it goes on, and on and on and on and on and on`),
    ],
    ["two columns with names", 0.97, ["a,b", ...times(20, (at) => `${at},x`)]],
    ["two columns without", 0, times(6, (at) => `${at},x`)],
    ["two columns of another kind", 0.85, times(6, (at) => `${at};x`)],
    ["psql", 0.98, [" id | n ", "----+---", ...times(4, (at) => `  ${at} | a`), "(4 rows)"]],
    ["bars", 0.98, ["| id | n |", "|----|---|", ...times(4, (at) => `| ${at} | a |`)]],
    ["pairs", 0.7, times(6, (at) => `cmd_${at}:calls=${at},usec=2,c=3`)],
    ["a log in pairs", 0, times(6, (at) => `ts=${at} level=info msg=x`)],
    ["words and a tab", 0.85, times(6, (at) => `100644 blob ${at}f\tsrc/a b.ts`)],
    ["aligned", 0.97, ["ID   NAME", ...times(8, (at) => `i${at}   n${at}`)]],
    ["words in columns", 0.7, ["a b c", ...times(9, (at) => `${at} x y`)]],
    ["six rows of words", 0, ["a b c", ...times(6, (at) => `${at} x y`)]],
    ["two words, one of them a number", 0.7, ["a b", ...times(9, (at) => `${at} x`)]],
    ["words without a column", 0, times(9, (at) => `w${at} ${"abcdefghi"[at]}x ${at}`)],
    ["hits", 0, times(9, (at) => `a.ts:${at}: x y`)],
    ["stamped words", 0, times(9, (at) => `10:00:0${at} x y`)],
    ["bullets", 0, times(9, (at) => `- x${at % 2} y`)],
    ["numbered items", 0, times(9, (at) => `${at + 1}. x y`)],
    ["JSON", 0, times(9, (at) => `{"a": ${at}, "b": 1}`)],
    [
      "requests, one a line",
      0,
      times(12, (at) => `tool http GET 200 https://a.example/p${at % 4} ${at}ms`),
    ],
    ["words with times", 0, times(12, (at) => `a${at % 3} - 10:00:${10 + at} GET 200 ${at}`)],
    ["names behind bare colons", 0, times(12, (at) => `key_${at}:${at * 7}`)],
    [
      "a release note",
      0,
      [
        "Release Notes",
        "=====",
        ...times(9, (at) => `  - The option --x${at} of the tool is documented.`),
      ],
    ],
    [
      "a header file",
      0,
      [
        "#include <a.h>",
        ...times(9, (at) => `#define A_${at}\t\t${at}`),
        ...times(9, (at) => `\tint\t\tx${at}\t/* y */`),
      ],
    ],
    [
      "words under a title of two words",
      0,
      ["# Architecture", ...times(12, (at) => `${"ab cd ef gh".slice(0, 2 + (at % 9))} and so on`)],
    ],
    ["code", 0, times(9, (at) => `f(${at}, x, y);`)],
  ])("%s: %f", (_, sureness, lines) => expect(detectTable(`${lines.join("\n")}\n`)).toBe(sureness));

  it.each(["{x", "<x", "}", '"a": 1', "x{", "x;", "x(", "def f():", "x =>"])(
    "three of ten lines like %s are too many",
    (line) => {
      expect(detectTable([...csv(20), ...times(9, () => line)].join("\n"))).toBe(0);
    },
  );

  const days = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun".split(
    " ",
  );
  const levels = "TRACE DEBUG INFO NOTICE WARN WARNING ERROR FATAL CRITICAL info".split(" ");
  it.each(["[x]", "2024-05-01", "2024/05/01", "2024.05.01", "1:02:03", ...days, ...levels])(
    "lines that start with %s are a log",
    (start) => {
      expect(detectTable(times(9, (at) => `${start} x ${at}`).join("\n"))).toBe(0);
      if (!start.includes(":"))
        expect(detectTable(times(9, (at) => `q${start} x ${at}`).join("\n"))).toBe(0.5);
    },
  );
});
