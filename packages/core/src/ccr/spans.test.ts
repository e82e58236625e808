/** Exact spans, labels and notes: what a model is told of an original is true to the character. */
import { describe, expect, it } from "vitest";
import { lineAt, lineStarts, type Selection, selectLines } from "./spans.ts";

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
    expect(selectLines(text, lines, 9)).toMatchObject({ spans: [], unit: "lines", total: 5, note });
  });
});

it("lineAt is the line an offset is in", () => {
  const starts = lineStarts("a\nbc\n\nd");
  expect([0, 1, 2, 4, 5, 6, 9].map((at) => lineAt(starts, at))).toEqual([1, 1, 2, 2, 3, 4, 4]);
});
