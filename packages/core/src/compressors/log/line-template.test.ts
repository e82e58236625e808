import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import {
  buildShape,
  countValues,
  fillTemplate,
  parseTemplate,
  printTemplate,
} from "./line-template.ts";

/** The printed template of rows and its columns. */
function shapeOf(
  constants: readonly string[],
  rows: readonly (readonly string[])[],
): { readonly text: string; readonly columns: readonly (readonly string[])[] } | undefined {
  const shape = finish(buildShape(constants, rows));
  return shape && { text: printTemplate(shape), columns: shape.columns };
}

describe("buildShape", () => {
  it.each([
    [
      "values, a slash before them aside",
      ["GET ", " took ", " ms"],
      [
        ["/a", "1"],
        ["/b", "2"],
      ],
      "GET /{} took {} ms",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "what is equal in all rows",
      ["GET ", " ", ""],
      [
        ["/a", "1"],
        ["/a", "2"],
      ],
      "GET /a {}",
      [["1", "2"]],
    ],
    [
      "common starts and ends up to a joint",
      ["see ", ""],
      [["/lib/a.ts"], ["/lib/b.ts"]],
      "see /lib/{}.ts",
      [["a", "b"]],
    ],
    ["no start within a word", ["", " x"], [["abc"], ["abd"]], "{} x", [["abc", "abd"]]],
    [
      "an end that overlaps with the start once only",
      ["", ""],
      [["a/a"], ["a/b/a"]],
      "a/{}a",
      [["", "b/"]],
    ],
    [
      "a value that repeats an earlier one",
      ["", " and ", ""],
      [
        ["k1", "k1"],
        ["m2", "m2"],
        ["n3", "n3"],
        ["o4", "o4"],
      ],
      "{} and {1}",
      [["k1", "m2", "n3", "o4"]],
    ],
    [
      "a value that goes on behind an earlier one",
      ["", " ", ""],
      [
        ["k1", "k1/x"],
        ["m2", "m2/y"],
        ["n3", "n3/z"],
        ["o4", "o4/v"],
      ],
      "{} {1}/{}",
      [
        ["k1", "m2", "n3", "o4"],
        ["x", "y", "z", "v"],
      ],
    ],
    [
      "three rows are too few to repeat",
      ["", " ", ""],
      [
        ["k1", "k1"],
        ["m2", "m2"],
        ["n3", "n3"],
      ],
      "{} {}",
      [
        ["k1", "m2", "n3"],
        ["k1", "m2", "n3"],
      ],
    ],
    [
      "a value of one character is not repeated",
      ["", " ", ""],
      [
        ["1", "1"],
        ["2", "2"],
        ["3", "3"],
        ["4", "4"],
      ],
      "{} {}",
      [
        ["1", "2", "3", "4"],
        ["1", "2", "3", "4"],
      ],
    ],
  ] as const)("%s", (_, constants, rows, text, columns) => {
    expect(shapeOf(constants, rows)).toEqual({ text, columns });
  });

  it("is nothing for lines that are all the same, and where text would read like a slot", () => {
    expect(shapeOf(["a ", " b"], [["1"], ["1"]])).toBeUndefined();
    expect(shapeOf(["a{} ", " b"], [["1"], ["2"]])).toBeUndefined();
    expect(shapeOf(["a{12} ", " b"], [["1"], ["2"]])).toBeUndefined();
    expect(shapeOf(["a{x} ", " b"], [["1"], ["2"]])?.text).toBe("a{x} {} b");
  });

  it("looks back six columns at most", () => {
    const rows = ["k1", "m2", "n3", "o4"].map((value, at) => [
      value,
      ...Array.from({ length: 6 }, (_, column) => `${column}${at}${column}`),
      value,
    ]);
    const constants = Array.from({ length: 9 }, () => " ");
    expect(shapeOf(constants, rows)?.text).not.toContain("{1}");
    const nearer = rows.map((row) => row.filter((_, column) => column !== 1));
    expect(shapeOf(constants.slice(1), nearer)?.text).toContain("{1}");
  });
});

describe("templates", () => {
  it.each([
    ["GET {} took {} ms", ["GET ", " took ", " ms"], [0, 0]],
    ["{}{1}", ["", "", ""], [0, 1]],
    ["{12}x", ["", "x"], [12]],
    ["{x} {", ["{x} {"], []],
    ["{{}}", ["{", "}"], [0]],
    ["", [""], []],
  ])("%s", (text, texts, slots) => {
    const template = parseTemplate(text);
    expect(template).toEqual({ texts, slots });
    expect(printTemplate(template)).toBe(text);
    expect(countValues(template)).toBe(slots.filter((slot) => slot === 0).length);
  });

  it("is filled with values, each as often as the template says", () => {
    const template = parseTemplate("a {} b {2} c {} d {1}");
    expect(fillTemplate(template, ["x", "y"])).toBe("a x b y c y d x");
    expect(fillTemplate(template, ["x"])).toBeUndefined();
    expect(fillTemplate(parseTemplate("{} {3}"), ["x", "y"])).toBeUndefined();
  });
});
