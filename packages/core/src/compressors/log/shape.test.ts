import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import {
  constantsOf,
  findValues,
  findWords,
  hashShape,
  hashWord,
  makeSpans,
  mix,
  SpanList,
  type Spans,
} from "./shape.ts";
import { splitRows } from "./split.ts";

/** The line with its values in `‹…›`. */
function marked(line: string, find: (line: string, spans: Spans) => void): string {
  const spans = makeSpans();
  find(line, spans);
  const list = new SpanList();
  list.add(spans);
  const values = list.valuesOf(0, line);
  const constants = constantsOf(line, spans);
  return constants.map((text, at) => text + (at < values.length ? `‹${values[at]}›` : "")).join("");
}

describe("findValues", () => {
  it.each([
    "took ‹12› ms",
    "‹v1.2.3-rc› done",
    "no values here",
    "‹worker-1›",
    "at ‹a.b.c› end.",
    "end. Next",
    "a..b",
    "‹1.5s›",
    "key=‹7›,other=x",
    "[‹3›/‹4›]",
    "(‹12›)",
    "{‹12›}",
    "<‹12›>",
    "'‹12›'",
    "`‹12›`",
    "a;‹1›|‹2›",
    "/‹usr›/‹lib›/‹x›",
    "‹src›/‹a.ts›:‹3›:‹5›",
    "‹user›@‹host›",
    "see: x",
    "‹see›:‹x›",
    "a?‹b1›&c#‹d2›",
    "‹10:05:03› ok",
    "‹x›:‹1234›:‹5›",
    "‹100›:‹05:03›",
    "‹C›:‹\\x›",
    'say "a b" ‹1›',
    'say "‹a b c d›" ‹1›',
    'say "a b c" ‹1›',
    'say "open ‹1› b c d',
    '"‹k1›" "‹a b c d›"',
    "\u001b[31mred\u001b[0m ‹1›",
    "\u001b[1;31mred ‹1›",
    "\u001b7x",
    "\u001b[31m‹1›\u001b[0m",
    "\u001b[12",
    "‹é1› ü",
    "ééé",
    "",
  ])("%s", (expected) => {
    const line = expected.replace(/[‹›]/g, "");
    expect(marked(line, findValues)).toBe(expected);
  });
});

describe("findWords", () => {
  it.each(["‹one› ‹two›  ‹three›", " ‹x›\t‹y› ", "\u001b[31m‹red› ‹x›", "", "  "])(
    "%j",
    (expected) => {
      const line = expected.replace(/[‹›]/g, "");
      expect(marked(line, findWords)).toBe(expected);
    },
  );

  it("leaves colour codes outside", () => {
    expect(marked("\u001b[31mred\u001b[0m x", findWords)).toBe("\u001b[31m‹red›\u001b[0m ‹x›");
  });
});

describe("hashes", () => {
  const hash = (line: string): number => {
    const spans = makeSpans();
    findValues(line, spans);
    return hashShape(line, spans);
  };

  it("are equal for lines that differ in values only", () => {
    expect(hash("GET /a took 12 ms")).toBe(hash("GET /b took 7 ms"));
  });

  it.each([
    ["GET /a took 12 ms", "PUT /a took 12 ms"],
    ["GET /a took 12 ms", "GET /a took 12 s"],
    ["x 1", "1 x"],
    ["a 1 b", "a b 1"],
    ["1 a", "1  a"],
    ["1 2", "1 2 3"],
    ["a", "b"],
  ])("%s and %s differ", (one, other) => expect(hash(one)).not.toBe(hash(other)));

  it("tell words apart by text and place", () => {
    const line = "one two one";
    const spans = makeSpans();
    findWords(line, spans);
    const [first, second, third, none] = [0, 1, 2, 3].map((n) => hashWord(line, spans, n));
    expect(new Set([first, second, third, none]).size).toBe(4);
    expect(mix(first ?? 0, second ?? 0)).not.toBe(mix(second ?? 0, first ?? 0));
    expect(mix(1)).not.toBe(mix(0x200000));
    expect(Number.isSafeInteger(mix(first ?? 0, third ?? 0))).toBe(true);
  });

  it("keep spans of many lines", () => {
    const list = new SpanList();
    const lines = Array.from({ length: 3_000 }, (_, at) => `a ${at} b ${at * 2}`);
    const spans = makeSpans();
    for (const line of lines) {
      findValues(line, spans);
      list.add(spans);
    }
    expect(lines.map((line, at) => list.valuesOf(at, line))).toEqual(
      lines.map((_, at) => [`${at}`, `${at * 2}`]),
    );
  });
});

describe("splitRows", () => {
  const split = (rows: readonly (readonly string[])[], definition: number) =>
    finish(splitRows(rows, definition)).map((group) => group.join(" "));
  const rowsOf = (count: number, value: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => [`${at}`, value(at)]);
  const kind = (at: number): string => (at % 2 === 0 ? "ConnectionOpened" : "ConnectionClosed");

  it("makes a group of each value that comes back", () => {
    expect(split(rowsOf(12, kind), 4)).toEqual(["1 3 5 7 9 11", "0 2 4 6 8 10"]);
  });

  it("leaves values together that save less than a definition costs", () => {
    expect(split(rowsOf(12, kind), 12)).toEqual(["0 1 2 3 4 5 6 7 8 9 10 11"]);
    expect(split(rowsOf(12, kind), 11)).toHaveLength(2);
  });

  it("needs six rows, and three of a value", () => {
    expect(split(rowsOf(5, kind), 1)).toHaveLength(1);
    expect(split(rowsOf(6, kind), 1)).toHaveLength(2);
    const rare = (at: number): string =>
      at < 2 ? "a-b-c-d-e-f" : at < 5 ? "g-h-i-j-k-l" : `x${at}`;
    expect(split(rowsOf(12, rare), 1).sort()).toEqual(["0 1 5 6 7 8 9 10 11", "2 3 4"]);
  });

  it("looks at thirty-two columns", () => {
    const wide = (column: number) =>
      Array.from({ length: 12 }, (_, at) =>
        Array.from({ length: 40 }, (_, place) => (place === column ? kind(at) : `${at}.${place}`)),
      );
    expect(split(wide(31), 4)).toHaveLength(2);
    expect(split(wide(32), 4)).toHaveLength(1);
  });

  it("gives a column up where hardly a value comes back", () => {
    const values = (distinct: number) => (at: number) => (at < distinct ? `v-${at}` : kind(at));
    expect(split(rowsOf(60, values(16)), 4).length).toBeGreaterThan(1);
    expect(split(rowsOf(60, values(30)), 4)).toHaveLength(1);
  });

  it("splits a group again by another column", () => {
    const rows = Array.from({ length: 24 }, (_, at) => [
      kind(at),
      at % 3 === 0 ? "GET /a/b" : "PUT /c/d",
      `${at}`,
    ]);
    expect(split(rows, 2)).toHaveLength(4);
  });
});
