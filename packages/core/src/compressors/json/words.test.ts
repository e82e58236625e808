// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation looks like this
/** The small parts of the encoder: what may stand bare, layouts, escapes, orders of keys, estimates. */
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { Containers } from "./containers.ts";
import { escapeText, findEscapeStyle, readStyle, unescapeText, writeStyle } from "./escape.ts";
import { estimateTokens } from "./estimate.ts";
import { guessLayout, isLayout, layOut } from "./layout.ts";
import { inOrder, printOrder } from "./order.ts";
import type { RowPlan } from "./rule.ts";
import type { Column } from "./table.ts";
import { isBare, isName, isScalar, nameOf, writeString } from "./text.ts";

describe("isName", () => {
  it.each(["a", "Z", "_", "$", "a1", "a-b", "a_b$", "x".repeat(80)])("%j is a name", (text) => {
    expect(isName(text)).toBe(true);
    expect(nameOf(`"${text}"`)).toBe(text);
  });

  it.each([
    ..."1 -a 0 .a a.b a:b é aé @a [ ` { a{ a[ a@ a` a/".split(" "),
    "",
    "a b",
    "x".repeat(81),
  ])("%j is no name", (text) => {
    expect(isName(text)).toBe(false);
    expect(nameOf(`"${text}"`)).toBe(`"${text}"`);
  });

  it("is nothing of nothing", () => {
    expect(nameOf(undefined)).toBe("");
  });
});

describe("isBare", () => {
  it.each([
    "a",
    "two words",
    "https://example.com/a?b=c&d#e",
    "a=b",
    "a@b",
    "50%",
    "é",
    "…",
    "01",
    "1.",
    "1a",
    "-",
    "truex",
    "a/{b}",
    "a b{c}",
    "1{c}",
    "/{}",
    "x".repeat(2_000),
    "$",
    "$a",
    "a $",
    "/{a{b}}",
    "'",
    "|",
    ":",
    "*",
  ])("%j may stand bare", (text) => {
    expect(isBare(text)).toBe(true);
    expect(writeString(`"${text}"`)).toBe(text);
  });

  it.each([
    "",
    " a",
    "a ",
    "{a}",
    "=a",
    "@1",
    "%x",
    'a"b',
    "a(b",
    "a)b",
    "a,b",
    "a;b",
    "a[b",
    "a\\nb",
    "a]b",
    "T{a}",
    "a-b{c}",
    "/${a}",
    "a/{b",
    "a}",
    "/}{",
    "/{a}}",
    "true",
    "false",
    "null",
    "0",
    "-1",
    "1.5e+3",
    "x".repeat(2_001),
  ])("%j may not", (text) => {
    expect(isBare(text)).toBe(false);
    expect(writeString(`"${text}"`)).toBe(`"${text}"`);
  });
});

it.each([
  ["true", true],
  ["false", true],
  ["null", true],
  ["0", true],
  ["-0", true],
  ["9.5", true],
  ["1e5", true],
  ["", false],
  ["True", false],
  ["nul", false],
  ["01", false],
  ["1.", false],
  ["-", false],
  ["+1", false],
  [".5", false],
  ["1x", false],
  ["/1", false],
  [":1", false],
])("isScalar of %j is %s", (text, is) => {
  expect(isScalar(text)).toBe(is);
});

describe("layouts", () => {
  const value = { a: [1, { b: 'x,y: {z} " \\' }], c: [], d: {}, e: [[2]], f: null };
  const json = JSON.stringify(value);

  it.each([
    ["json", json],
    ["json2", JSON.stringify(value, null, 2)],
    ["json4", JSON.stringify(value, null, 4)],
    ["json_", '{"a": [1, {"b": "x,y: {z} \\" \\\\"}], "c": [], "d": {}, "e": [[2]], "f": null}'],
  ] as const)("%s is put back", (layout, text) => {
    expect(finish(layOut(json, layout))).toBe(text);
    expect(guessLayout(text)).toBe(layout);
    expect(isLayout(layout)).toBe(true);
  });

  it.each([
    ["[]", "json"],
    ["[1]", "json"],
    ["[1, 2]", "json_"],
    ['{"a": 1}', "json_"],
    ['{"a":1}', "json"],
    ["[\n  1\n]", "json2"],
    ["[\n    1\n]", "json4"],
    ["[\n 1\n]", "json2"],
    ["[\n   1\n]", "json2"],
  ])("the layout of %j looks like %s", (text, layout) => {
    expect(guessLayout(text)).toBe(layout);
  });

  it("have four names", () => {
    for (const word of ["", "json1", "JSON", "json3", "jsonx"]) expect(isLayout(word)).toBe(false);
  });
});

describe("escape styles", () => {
  const styleOf = (text: string): string | undefined => {
    const style = finish(findEscapeStyle(`/é${text}/é`, 2, text.length + 2));
    return style && writeStyle(style);
  };

  it.each([
    ['["a"]', undefined],
    ['["a\\nb\\"\\\\"]', undefined],
    ['["\\/"]', "/"],
    ['["\\/","/"]', undefined],
    ['["/","\\/"]', undefined],
    ['["\\u00e9"]', "u"],
    ['["\\u00E9"]', "U"],
    // Both spellings, or a character that stands as it is: not everywhere.
    ['["\\u00e9\\u00E8"]', undefined],
    ['["\\u00e9é"]', undefined],
    ['["\\u00e9\\u0080"]', "u"],
    ['["\\u00e9\u0080"]', undefined],
    ['["\\u00e9\u007f"]', "u"],
    // Digits tell nothing about letters: lower case.
    ['["\\u2028"]', "u"],
    // What JSON has to escape, or may, tells nothing.
    ['["\\u001f"]', undefined],
    ['["\\u001F\\u00e9"]', "u"],
    ['["\\u007f"]', undefined],
    ['["\\u0080"]', "u"],
    ['["\\ud83d\\ude00"]', "u"],
    ['["\\uD83D\\uDE00\\/"]', "/U"],
    ['["\\u00e9\\/é"]', "/"],
    ['["\\u00e9\\/ /"]', "u"],
    ['["\\\\/"]', undefined],
    ['["\\\\u00e9"]', undefined],
    ['["\\\\\\/"]', "/"],
  ])("of %s is %s", (text, style) => {
    expect(styleOf(text)).toBe(style);
  });

  it("looks between its bounds", () => {
    expect(finish(findEscapeStyle('"\\/" "a"', 5, 8))).toBeUndefined();
    expect(finish(findEscapeStyle('"a" "\\/"', 0, 3))).toBeUndefined();
    expect(finish(findEscapeStyle('"\\/"/', 0, 4))).toMatchObject({ slash: true });
    expect(finish(findEscapeStyle('/"\\/"', 1, 5))).toMatchObject({ slash: true });
  });

  it.each([
    ["/", '["a\\/b\\n\\u00e9"]', '["a/b\\n\\u00e9"]'],
    ["u", '["a\\/\\u00e9\\u2028\\n"]', '["a\\/é\u2028\\n"]'],
    ["/u", '["\\/\\u00e9\\/"]', '["/é/"]'],
    ["U", '["\\u00C9x"]', '["Éx"]'],
    ["u", '["\\u007f\\u0080\\u001f"]', '["\\u007f\u0080\\u001f"]'],
    ["u", '["\\ud83d\\ude00"]', '["😀"]'],
    ["u", '["\\ud83d"]', '["\\ud83d"]'],
    ["u", '["\\ude00\\ud83d"]', '["\\ude00\\ud83d"]'],
    ["u", '["\\ud83d\\u00e9"]', '["\\ud83dé"]'],
    ["u", '["\\ud83dx\\ude00"]', '["\\ud83dx\\ude00"]'],
    ["u", '["\\ud83d\\ud83d\\ude00"]', '["\\ud83d😀"]'],
    ["u", '["\\udbff\\udfff\\ud800\\udc00"]', '["\u{10ffff}\u{10000}"]'],
    ["u", '["\\ue000\\ud7ff"]', '["\ue000\ud7ff"]'],
    ["/", '["\\\\/"]', '["\\\\/"]'],
    ["u", '["\\\\u00e9"]', '["\\\\u00e9"]'],
    ["u", "[]", "[]"],
  ])("%s: %s is written %s", (style, escaped, plain) => {
    expect(finish(unescapeText(escaped, readStyle(style)))).toBe(plain);
  });

  it.each([
    ["/", "a/b é", "a\\/b é"],
    ["u", "a/b é", "a/b \\u00e9"],
    ["U", "é\u2028Ī", "\\u00E9\\u2028\\u012A"],
    ["/u", "/é/", "\\/\\u00e9\\/"],
    ["u", "\u007f\u0080", "\u007f\\u0080"],
    ["u", "😀", "\\ud83d\\ude00"],
    ["", "/é", "/é"],
  ])("%s: %s is escaped %s", (style, plain, escaped) => {
    expect(finish(escapeText(plain, readStyle(style)))).toBe(escaped);
  });

  it.each(["", "/", "u", "U", "/u", "/U"])("%j is one word", (word) => {
    expect(writeStyle(readStyle(word))).toBe(word);
  });
});

describe("the order of keys", () => {
  /** `c`: a cell, `f`: a fixed field. */
  const orderOf = (kinds: string): string | undefined => {
    const columns = [...kinds].map((kind, index) => ({ kind, index }) as unknown as Column);
    const cells = columns.filter((_, index) => kinds[index] === "c");
    return printOrder({ table: { columns }, cells } as unknown as RowPlan);
  };

  it.each([
    ["", undefined],
    ["c", undefined],
    ["cc", undefined],
    ["ccf", undefined],
    ["f", undefined],
    ["ff", undefined],
    ["fc", "011"],
    ["cfc", "111"],
    ["cfcf", "1111"],
    ["fffccf", "0321"],
    [`f${"c".repeat(9)}`, "019"],
    [`f${"c".repeat(10)}`, "01901"],
    [`f${"c".repeat(19)}`, "0190901"],
    [`${"c".repeat(18)}fc`, "90911"],
  ])("of %s is %s", (kinds, order) => {
    expect(orderOf(kinds)).toBe(order);
    const fields = [...kinds].map((kind, at) => `${kind}${at}`);
    const cells = fields.filter((field) => field.startsWith("c"));
    const fixed = fields.filter((field) => field.startsWith("f"));
    expect(inOrder(cells, fixed, order)).toEqual(fields);
  });
});

describe("the encoder's estimate", () => {
  it.each([
    ["", 0],
    ["a", 1],
    ["abcdefgh", 1],
    ["abcdefghi", 2],
    ["abcdefghijk", 2],
    ["abcdefghijkl", 3],
    ["1", 1],
    ["123", 1],
    ["1234", 2],
    ["1234567", 3],
    [",", 0.8],
    [" ", 0],
    ["  ", 1],
    ["---", 1],
    ["----", 2],
    ["A", 1],
    ["Abcdefgh", 1],
    ["Abcdefghi", 2],
    ["Abcdefghijkl", 3],
    ["AB", 1],
    ["ABC", 2],
    ["ABCde", 2],
    ["ABCdef", 3],
    ["é", 1],
    ["éé", 2],
    ["ééé", 2],
    ["éééé", 3],
    ["a b", 2],
    ["a, b", 3],
    ["a,b", 2.8],
    ["aB", 2],
    ["a1", 2],
    ["1a", 2],
    ["azAZ09", 1 + 1 + 1],
    ["@[`{/:", 2],
    ["\u007f", 0.8],
    ["\u0080", 1],
  ])("of %j is %d", (text, tokens) => {
    expect(estimateTokens(text)).toBeCloseTo(tokens, 10);
  });

  it("looks at 256 characters, and scales what they take", () => {
    expect(estimateTokens("a,".repeat(128))).toBeCloseTo(128 * 1.8, 8);
    expect(estimateTokens(`${"a,".repeat(128)}----`)).toBeCloseTo((128 * 1.8 * 260) / 256, 8);
  });
});

describe("containers", () => {
  const item = (id: number, items: readonly { id: number }[] = [], shape?: { id: number }) => ({
    id,
    items,
    shape,
  });

  it("are found by what they are made of", () => {
    const shapes = [{ id: 0 }, { id: 1 }];
    const [a, b] = [item(1), item(2)];
    const containers = new Containers<ReturnType<typeof item>>();
    const ab = item(3, [a, b]);
    const object = item(4, [a, b], shapes[0]);
    for (const each of [ab, object]) containers.add(each);
    expect(containers.find([a, b], undefined)).toBe(ab);
    expect(containers.find([a, b], shapes[0])).toBe(object);
    for (const [items, shape] of [
      [[b, a], undefined],
      [[a], undefined],
      [[a, b, a], undefined],
      [[a, b], shapes[1]],
      [[], undefined],
    ] as const)
      expect(containers.find(items, shape)).toBeUndefined();
  });

  it("are found among thousands", () => {
    const leaves = Array.from({ length: 200 }, (_, id) => item(id));
    const pairs = leaves.flatMap((left, at) =>
      leaves.slice(0, 50).map((right, other) => item(1_000 + at * 50 + other, [left, right])),
    );
    const containers = new Containers<ReturnType<typeof item>>();
    const missed = pairs.filter((pair) => {
      const wasThere = containers.find(pair.items, undefined) !== undefined;
      containers.add(pair);
      return wasThere;
    });
    expect(missed).toEqual([]);
    expect(pairs.filter((pair) => containers.find(pair.items, undefined) !== pair)).toEqual([]);
  });
});
