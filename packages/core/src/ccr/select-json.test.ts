/** Exact spans, labels and notes of rows and paths: what a model is told of JSON in an original is true to the character. */
import { describe, expect, it } from "vitest";
import { selectPath, selectRows, topLevel } from "./select-json.ts";
import type { Selection } from "./spans.ts";
import { readOriginal } from "./values.ts";

/** Labels and the texts they stand for. */
const cuts = (text: string, { spans }: Selection): readonly (readonly [string, string])[] =>
  spans.map(({ label, start, end, source = text }) => [label, source.slice(start, end)]);

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
    const selection = selectRows(readOriginal(text), path, rows, limit);
    expect(cuts(text, selection)).toEqual(expected);
    expect(selection.unit).toBe("rows");
  });

  it("names no place for the rows of the whole value", () => {
    expect(cuts("[7,8]", selectRows(readOriginal("[7,8]"), undefined, "1", 9))).toEqual([
      ["rows 1 of 2", "8"],
    ]);
  });

  it.each<[path: string | undefined, rows: string, total: number, note: string]>([
    ["text", "0", 0, "There is no array at text. It is a text: ask for its lines."],
    ["gone", "0", 0, "There is nothing at gone. Its top-level keys: few, data, none, text."],
    [undefined, "x", 4, 'Cannot read rows "x": write "0-19,57".'],
    [undefined, "4", 4, "No such rows: the array has rows 0-3."],
  ])("at %s, %j: says what is wrong", (path, rows, total, note) => {
    const selection = selectRows(readOriginal(text), path, rows, 9);
    expect(selection).toMatchObject({ spans: [], unit: "rows", total, note });
  });

  it("says that there is no array", () => {
    expect(selectRows(readOriginal('{"a":1}'), undefined, "0", 9).note).toBe(
      "The original has no JSON array.",
    );
  });

  it("takes the longest array, the last of two as long, and none inside other arrays", () => {
    const most = (json: string): string | undefined =>
      selectRows(readOriginal(json), undefined, "0", 1).spans[0]?.label;
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
    const selection = selectPath(readOriginal(text), path);
    expect(cuts(text, selection)).toEqual([[label, value]]);
    expect(selection).toMatchObject({ unit: "characters", total: text.length });
  });

  it("takes what a path without a closing bracket says to be a name", () => {
    const odd = '{"a":{"[\\"b":1,"\\"b":2,".[\\"b":3}}';
    expect(cuts(odd, selectPath(readOriginal(odd), 'a["b'))).toEqual([['a.["b', "1"]]);
    expect(cuts(odd, selectPath(readOriginal(odd), "a['b"))).toEqual([]);
  });

  it.each(["a.c", "a.b c[2]", "a.b c[x]", "a.b c.-1", "a.$.e", 'a["b c"', "a.b c[:]"])(
    "says that there is nothing at %j",
    (path) => {
      const selection = selectPath(readOriginal(text), path);
      expect(selection).toMatchObject({
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
    expect(topLevel(readOriginal(text))).toBe(words);
  });

  it("names 40 keys, each of 40 characters at most", () => {
    const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `k${n}`);
    const of = (names: readonly string[]): string =>
      topLevel(readOriginal(JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])))));
    expect(of(keys(40))).toBe(`Its top-level keys: ${keys(40).join(", ")}.`);
    expect(of(keys(41))).toBe(`Its top-level keys: ${keys(40).join(", ")}, ….`);
    expect(of(["x".repeat(40), "y".repeat(41)])).toBe(
      `Its top-level keys: ${"x".repeat(40)}, ${"y".repeat(39)}….`,
    );
  });
});
