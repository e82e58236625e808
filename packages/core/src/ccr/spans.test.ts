/** Exact spans, labels and notes: what a model is told of an original is true to the character. */
import { describe, expect, it } from "vitest";
import { type JsonDocument, readDocument } from "../json/document.ts";
import {
  lineStarts,
  type Selection,
  selectLines,
  selectPath,
  selectRows,
  topLevel,
} from "./spans.ts";

const documentOf = (text: string): JsonDocument => {
  const document = readDocument(text);
  if (!document) throw new Error("not JSON");
  return document;
};
/** Labels and the texts they stand for. */
const cuts = (text: string, { spans }: Selection): readonly (readonly [string, string])[] =>
  spans.map(({ label, start, end }) => [label, text.slice(start, end)]);

describe("lineStarts", () => {
  it.each<[string, number[]]>([
    ["", [0, 0]],
    ["a", [0, 1]],
    ["a\n", [0, 2]],
    ["a\nb", [0, 2, 3]],
    ["\n\nb\n", [0, 1, 2, 4]],
    ["a\r\nb", [0, 3, 4]],
  ])("of %j", (text, starts) => {
    expect(lineStarts(text)).toEqual(starts);
  });
});

describe("selectLines", () => {
  const text = "one\ntwo\nthree\nfour\nfive";
  it.each<[lines: string, limit: number, cuts: (readonly [string, string])[]]>([
    ["1", 9, [["lines 1 of 5", "one\n"]]],
    ["5", 9, [["lines 5 of 5", "five"]]],
    ["2-3", 9, [["lines 2-3 of 5", "two\nthree\n"]]],
    [
      "1,3-",
      9,
      [
        ["lines 1 of 5", "one\n"],
        ["lines 3-5 of 5", "three\nfour\nfive"],
      ],
    ],
    [
      "1,3-",
      3,
      [
        ["lines 1 of 5", "one\n"],
        ["lines 3-4 of 5", "three\nfour\n"],
      ],
    ],
    [
      "1,3-",
      2,
      [
        ["lines 1 of 5", "one\n"],
        ["lines 3 of 5", "three\n"],
      ],
    ],
    ["1,3-", 1, [["lines 1 of 5", "one\n"]]],
    ["1-2,4", 2, [["lines 1-2 of 5", "one\ntwo\n"]]],
  ])("%j, at most %i", (lines, limit, expected) => {
    const selection = selectLines(text, lines, limit);
    expect(cuts(text, selection)).toEqual(expected);
    expect(selection).toMatchObject({ unit: "lines", total: 5 });
    expect(selection.note).toBeUndefined();
  });

  it.each([
    ["six", 'Cannot read lines "six": write "120-180,201".'],
    ["6-9", "No such lines: the original has lines 1-5."],
  ])("says of %j what is wrong", (lines, note) => {
    expect(selectLines(text, lines, 9)).toEqual({ spans: [], unit: "lines", total: 5, note });
  });
});

describe("selectRows", () => {
  const text = '{"few":[1,2],"data":{"items":[ {"a":1} , 22, "three", [4]]},"none":[],"text":"x"}';
  it.each<
    [path: string | undefined, rows: string, limit: number, cuts: (readonly [string, string])[]]
  >([
    [undefined, "0", 9, [["rows 0 of 4 of data.items", '{"a":1}']]],
    [undefined, "1-2", 9, [["rows 1-2 of 4 of data.items", '22, "three"']]],
    [
      undefined,
      "3,0",
      9,
      [
        ["rows 0 of 4 of data.items", '{"a":1}'],
        ["rows 3 of 4 of data.items", "[4]"],
      ],
    ],
    [
      undefined,
      "0,2-",
      2,
      [
        ["rows 0 of 4 of data.items", '{"a":1}'],
        ["rows 2 of 4 of data.items", '"three"'],
      ],
    ],
    [undefined, "0-1,3", 2, [["rows 0-1 of 4 of data.items", '{"a":1} , 22']]],
    ["few", "1", 9, [["rows 1 of 2 of few", "2"]]],
    ["data.items[3]", "0", 9, [["rows 0 of 1 of data.items[3]", "4"]]],
  ])("at %s, %j, at most %i", (path, rows, limit, expected) => {
    const selection = selectRows(documentOf(text), path, rows, limit);
    expect(cuts(text, selection)).toEqual(expected);
    expect(selection.unit).toBe("rows");
  });

  it("names no place for the rows of the whole value", () => {
    expect(cuts("[7,8]", selectRows(documentOf("[7,8]"), undefined, "1", 9))).toEqual([
      ["rows 1 of 2", "8"],
    ]);
  });

  it.each<[path: string | undefined, rows: string, total: number, note: string]>([
    ["text", "0", 0, "There is no array at text."],
    ["gone", "0", 0, "There is no array at gone."],
    [undefined, "x", 4, 'Cannot read rows "x": write "0-19,57".'],
    [undefined, "4", 4, "No such rows: the array has rows 0-3."],
  ])("at %s, %j: says what is wrong", (path, rows, total, note) => {
    const selection = selectRows(documentOf(text), path, rows, 9);
    expect(selection).toEqual({ spans: [], unit: "rows", total, note });
  });

  it("says that there is no array", () => {
    expect(selectRows(documentOf('{"a":1}'), undefined, "0", 9).note).toBe(
      "The original has no JSON array.",
    );
  });

  it("takes the longest array, the last of two as long, and none inside other arrays", () => {
    const most = (json: string): string | undefined =>
      selectRows(documentOf(json), undefined, "0", 1).spans[0]?.label;
    expect(most('{"a":[1,2,3],"b":[1,2]}')).toBe("rows 0 of 3 of a");
    expect(most('{"a":[1,2],"b":[1,2,3]}')).toBe("rows 0 of 3 of b");
    expect(most('{"a":[1,2],"b":[3,4]}')).toBe("rows 0 of 2 of b");
    expect(most("[[1,2,3],[4]]")).toBe("rows 0 of 2");
    expect(most('{"a":{"b":{"c":[1]}}}')).toBe("rows 0 of 1 of a.b.c");
  });
});

describe("selectPath", () => {
  const text = '{"a":{"b c":[10,{"d.e":"x"}],"$":1},"dup":1,"dup":2,"0":"zero"}';
  it.each<[path: string, label: string, value: string]>([
    ["a.$", "a.$", "1"],
    ["$.a.$", "a.$", "1"],
    ['a["b c"][0]', "a.b c[0]", "10"],
    ["a['b c'].0", "a.b c[0]", "10"],
    ['$["a"]["b c"][1]["d.e"]', "a.b c[1].d.e", '"x"'],
    ["a.b c[1]", "a.b c[1]", '{"d.e":"x"}'],
    // The last of two members of one name counts, as for every reader of JSON.
    ["dup", "dup", "2"],
    ["0", "0", '"zero"'],
    ["$", "the whole value", text],
    ["", "the whole value", text],
  ])("%j is %s", (path, label, value) => {
    const selection = selectPath(documentOf(text), path);
    expect(cuts(text, selection)).toEqual([[label, value]]);
    expect(selection).toMatchObject({ unit: "characters", total: text.length });
  });

  it("takes what a path without a closing bracket says to be a name", () => {
    const odd = '{"a":{"[\\"b":1,"\\"b":2,".[\\"b":3}}';
    expect(cuts(odd, selectPath(documentOf(odd), 'a["b'))).toEqual([['a.["b', "1"]]);
    expect(cuts(odd, selectPath(documentOf(odd), "a['b"))).toEqual([]);
  });

  it.each(["a.c", "a.b c[2]", "a.b c[x]", "a.b c.-1", "a.$.e", 'a["b c"', "a.b c[:]"])(
    "says that there is nothing at %j",
    (path) => {
      const selection = selectPath(documentOf(text), path);
      expect(selection).toEqual({
        spans: [],
        unit: "characters",
        total: text.length,
        note: `There is nothing at ${path}. Its top-level keys: a, dup, dup, 0.`,
      });
    },
  );
});

describe("topLevel", () => {
  it.each([
    ["[1,2]", "The original is an array of 2 rows."],
    ['{"a":1,"b":2}', "Its top-level keys: a, b."],
    ["{}", "Its top-level keys: ."],
  ])("of %s", (text, words) => {
    expect(topLevel(documentOf(text))).toBe(words);
  });

  it("names 40 keys, each of 40 characters at most", () => {
    const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `k${n}`);
    const of = (names: readonly string[]): string =>
      topLevel(documentOf(JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])))));
    expect(of(keys(40))).toBe(`Its top-level keys: ${keys(40).join(", ")}.`);
    expect(of(keys(41))).toBe(`Its top-level keys: ${keys(40).join(", ")}, ….`);
    expect(of(["x".repeat(40), "y".repeat(41)])).toBe(
      `Its top-level keys: ${"x".repeat(40)}, ${"y".repeat(39)}….`,
    );
  });
});
