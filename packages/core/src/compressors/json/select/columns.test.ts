import { describe, expect, it } from "vitest";
import { columnOf, tableOf, tableOfSource } from "../../../../test/json-table.ts";
import { parseJson } from "../../../json/lexer.ts";
import { templateClasses, textOf, typeClasses, valueClasses } from "./columns.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Each column as `path: value@row …`; a column of which a row may hold several values is marked. */
function pictureOf(rows: readonly unknown[]): string[] {
  const { source, columns } = tableOf(rows);
  return columns.map(({ path, repeated, nodes, rows: at }) => {
    const values = nodes.map((node, each) => `${source.slice(node.start, node.end)}@${at[each]}`);
    return `${path}${repeated ? "*" : ""}: ${values.join(" ")}`;
  });
}

const inKeys = (levels: number, value: unknown): unknown =>
  levels === 0 ? value : { k: inKeys(levels - 1, value) };
const inLists = (levels: number, value: unknown): unknown =>
  levels === 0 ? value : [inLists(levels - 1, value)];
const pathOf = (levels: number): string => times(levels, () => "k").join(".");

describe("readColumns", () => {
  it.each([
    ["scalars", [1, "a", null], [': 1@0 "a"@1 null@2']],
    ["objects", [{ a: 1, b: 2 }, { b: 3 }], ["a: 1@0", "b: 2@0 3@1"]],
    ["objects in objects", [{ u: { n: 1 } }, { u: { n: 2, m: 3 } }], ["u.n: 1@0 2@1", "u.m: 3@1"]],
    ["lists in rows", [{ l: [1, 2] }, { l: [3] }], ["l[]*: 1@0 2@0 3@1"]],
    ["rows in rows", [{ l: [{ n: 1 }, { n: 2 }] }], ["l[].n*: 1@0 2@0"]],
    ["lists in lists", [{ l: [[1], [2]] }], ["l[][]*: 1@0 2@0"]],
    [
      "tuples",
      [
        [1, "a"],
        [2, "b"],
      ],
      ["[0]: 1@0 2@1", '[1]: "a"@0 "b"@1'],
    ],
    ["tuples of objects", [[{ a: 1 }], [{ a: 2 }]], ["[0].a: 1@0 2@1"]],
    ["tuples with lists", [[[7, 8]], [[9]]], ["[0][]*: 7@0 8@0 9@1"]],
    ["lists of several lengths", [[1, 2], [3]], ["[]*: 1@0 2@0 3@1"]],
    ["empty values", [{ a: {}, b: [] }, {}, []], ["a: {}@0", "b: []@0", ": {}@1 []@2"]],
    ["a value and an object", [{ a: 1 }, { a: { b: 2 } }], ["a: 1@0", "a.b: 2@1"]],
    ["keys twice", [{ a: 1 }, 5, { a: 2 }], ["a: 1@0 2@2", ": 5@1"]],
  ])("files %s", (_name, rows, picture) => {
    expect(pictureOf(rows)).toEqual(picture);
  });

  it("files what is deeper than twelve levels under its ancestor", () => {
    expect(pictureOf([inKeys(12, 1)])).toEqual([`${pathOf(12)}: 1@0`]);
    expect(pictureOf([inKeys(13, 1)])).toEqual([`${pathOf(12)}: {"k":1}@0`]);
    expect(pictureOf([inLists(13, 1), 5])).toEqual([`${"[]".repeat(12)}*: [1]@0`, ": 5@1"]);
  });

  it("takes at most 64 places for a tuple", () => {
    expect(pictureOf([times(64, () => 1)]).length).toBe(64);
    expect(pictureOf([times(65, () => 1)]).length).toBe(1);
    expect(pictureOf([[], []])).toEqual([": []@0 []@1"]);
    expect(pictureOf([[1], { a: 1 }])).toEqual(["[]*: 1@0", "a: 1@1"]);
  });

  it("files what is left under what stands above, past 400 columns", () => {
    const wide = Object.fromEntries(times(402, (at) => [`k${at}`, at]));
    const { columns } = tableOf([wide]);
    expect(columns.length).toBe(400);
    expect(columns[0]?.nodes.length).toBe(3);
    expect(tableOf([{ ...wide, k399: { deep: 1 } }]).columns[399]?.nodes.length).toBe(1);
  });

  it("costs each row what is not the same in all rows", () => {
    const table = tableOf([
      { id: 1, word: "a b", same: "constant words of every row" },
      { id: 1234, word: "abc", same: "constant words of every row" },
    ]);
    expect([...table.costs]).toEqual([2 + 3, 3 + 2 + 2 / 9]);
    expect([...tableOf([{ a: 1 }]).costs]).toEqual([2]);
    expect([...tableOf([{ a: 1, b: 1 }, { a: 1 }]).costs]).toEqual([2, 0]);
    expect([...tableOf([{ a: [1] }, { a: [1] }]).costs]).toEqual([2, 2]);
    expect([...tableOf([{ a: {} }, { a: [] }]).costs]).toEqual([1.4, 1.4]);
    expect([...tableOf([{ a: "ab" }, { a: "ac" }]).costs]).toEqual([2 + 1 / 9, 2 + 1 / 9]);
    expect([...tableOf([{ a: "a" }, { a: "ac" }]).costs]).toEqual([2, 2 + 1 / 9]);
  });
});

describe("classes of rows", () => {
  const table = tableOfSource(
    '[{"v":"a","l":[1,1]},{"v":"b","l":[1,2]},{"v":"a","l":[]},{"v":[]},{"v":{}},{"v":null},{"v":7}]',
  );
  const { source } = table;
  const v = columnOf(table, "v");

  it("by value, in the order of first sight", () => {
    expect(valueClasses(source, v, 6)).toEqual([
      { value: '"a"', rows: [0, 2], size: 2 },
      { value: '"b"', rows: [1], size: 1 },
      { value: "[]", rows: [3], size: 1 },
      { value: "{}", rows: [4], size: 1 },
      { value: "null", rows: [5], size: 1 },
      { value: "7", rows: [6], size: 1 },
    ]);
    expect(valueClasses(source, v, 5)).toBeUndefined();
  });

  it("count a row once that has a value twice", () => {
    expect(valueClasses(source, columnOf(table, "l[]"), 5)).toEqual([
      { value: "1", rows: [0, 1], size: 2 },
      { value: "2", rows: [1], size: 1 },
    ]);
  });

  it("by value, where values have at most 120 characters", () => {
    const long = (length: number): string => "x".repeat(length - 2);
    const ofLength = (length: number): unknown => {
      const rows = tableOf([{ a: long(length) }, { a: long(length) }]);
      return valueClasses(rows.source, columnOf(rows, "a"), 5)?.length;
    };
    expect([ofLength(120), ofLength(121)]).toEqual([1, undefined]);
    const deep = tableOf([inKeys(13, long(200))]);
    expect(valueClasses(deep.source, columnOf(deep, pathOf(12)), 5)?.[0]?.value).toBe("{}");
    const list = tableOf([inLists(13, long(200)), 1]);
    expect(valueClasses(list.source, columnOf(list, "[]".repeat(12)), 5)?.[0]?.value).toBe("[]");
  });

  it("by template", () => {
    const rows = tableOf(["job 1 done", "job 22 done", "job lost", 7, 8, null]);
    const classes = templateClasses(rows.source, columnOf(rows, ""), 9);
    expect(classes?.map(({ value, rows: at }) => [value, at])).toEqual([
      ["job # done", [0, 1]],
      ["job lost", [2]],
      ["number", [3, 4]],
      ["null", [5]],
    ]);
    expect(templateClasses(rows.source, columnOf(rows, ""), 3)).toBeUndefined();
  });

  it("by type", () => {
    expect(typeClasses(v).map(({ value, size }) => `${value} ${size}`)).toEqual([
      "string 3",
      "array 1",
      "object 1",
      "null 1",
      "number 1",
    ]);
  });
});

describe("textOf", () => {
  const of = (source: string): string => {
    const node = parseJson(source);
    return node === undefined ? "" : textOf(source, node);
  };

  it.each([
    ['"abc"', "abc"],
    ['"a\\nb\\u00e9"', "a\nbé"],
    ["12.50", "12.50"],
    ["true", "true"],
    ['{"a":1}', '{"a":1}'],
  ])("of %s is %j", (source, text) => {
    expect(of(source)).toBe(text);
  });

  it("is at most 1,000 characters of a string, 40 of anything else", () => {
    for (const length of [999, 1_000, 1_001]) {
      expect(of(`"${"x".repeat(length)}"`).length).toBe(Math.min(length, 1_000));
      expect(of(`"\\n${"x".repeat(length - 1)}"`).length).toBe(Math.min(length, 1_000));
    }
    expect(of("1".repeat(39)).length).toBe(39);
    expect(of("1".repeat(41)).length).toBe(40);
  });
});
