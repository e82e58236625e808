import { describe, expect, it } from "vitest";
import { parseJson } from "../../../json/lexer.ts";
import type { JsonArray, JsonObject, JsonString } from "../../../json/node.ts";
import { finish } from "../../../steps.ts";
import { readColumns } from "./columns.ts";
import { isMap, isMonotonous, isProse, startsLikeJson } from "./kinds.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));
const entries = (values: readonly unknown[]): object =>
  Object.fromEntries(values.map((value, at) => [`k${at}`, value]));

describe("isMap", () => {
  const mapOf = (values: readonly unknown[]): boolean => {
    const source = JSON.stringify(entries(values));
    return isMap(source, parseJson(source) as JsonObject);
  };
  const record = (at: number): object => ({ id: at, name: `n${at}` });

  it.each([
    ["eight records", times(8, record), false],
    ["nine records", times(9, record), true],
    ["nine records of other keys", times(9, (at) => ({ [`a${at}`]: 1, [`b${at}`]: 2 })), false],
    ["nine numbers", times(9, (at) => at), false],
    ["24 numbers", times(24, (at) => at), false],
    ["25 numbers", times(25, (at) => at), true],
    ["25 strings", times(25, String), true],
    ["25 arrays", times(25, (at) => [at]), true],
    ["25 objects", times(25, record), true],
    ["25 words of JSON", times(25, (at) => at % 2 === 0), false],
    ["nine tenths of one kind", [...times(27, String), 1, 2, 3], true],
    ["fewer of one kind", [...times(26, String), 1, 2, 3, null], false],
    ["200 of all kinds", times(200, (at) => (at % 2 ? at : String(at))), false],
    ["201 of all kinds", times(201, (at) => (at % 2 ? at : String(at))), true],
    ["18 records of 20", [...times(18, record), 1, 2], true],
    ["17 records of 20", [...times(17, record), 1, 2, 3], false],
    // Of ten keys, seven stand in at least half of the records.
    ["records that share seven tenths of their keys", times(10, (at) => shared(at, 7)), true],
    ["records that share less", times(10, (at) => shared(at, 6)), false],
    ["keys that half of the records have", times(10, (at) => (at < 5 ? { a: 1 } : { b: 1 })), true],
    ["keys that fewer have", times(10, (at) => ({ [`x${at % 3}`]: 1 })), false],
  ] as const)("of %s", (_name, values, map) => {
    expect(mapOf(values)).toBe(map);
  });

  function shared(at: number, count: number): object {
    const keys = times(10, (key) => (key < count ? `s${key}` : `own${at}_${key}`));
    return Object.fromEntries(keys.map((key) => [key, 1]));
  }
});

describe("isMonotonous", () => {
  const of = (value: unknown): boolean => {
    const source = JSON.stringify(value);
    return isMonotonous(source, parseJson(source) as JsonArray);
  };
  const line = (at: number): string => `GET /orders/${at} 200`;

  it.each([
    ["19 lines of one shape", times(19, line), false],
    ["20 lines of one shape", times(20, line), true],
    ["two shapes", [...times(20, line), "done"], true],
    ["three shapes", [...times(20, line), "done", "and off"], false],
    [
      "three shapes that differ in their first letter",
      times(30, (at) => `${"abc".charAt(at % 3)} is`),
      false,
    ],
    [
      "three shapes that differ in their last",
      times(30, (at) => `is ${"abc".charAt(at % 3)}`),
      false,
    ],
    ["a number among them", [...times(20, line), 7], false],
    ["an object", Object.fromEntries(times(30, (at) => [`k${at}`, line(at)])), false],
  ])("of %s", (_name, value, monotonous) => {
    expect(of(value)).toBe(monotonous);
  });
});

describe("isProse", () => {
  const of = (rows: readonly unknown[]): boolean => {
    const source = JSON.stringify(rows);
    return isProse(finish(readColumns(source, (parseJson(source) as JsonArray).items)));
  };
  /** A text of so many characters between its quotes. */
  const text = (length: number, words = "word "): string =>
    words.repeat(Math.ceil(length / words.length)).slice(0, length);

  it.each([
    ["long texts", [text(600), text(700)], true],
    ["texts of 500 characters, quotes and all", [text(498), text(498)], false],
    ["texts of a character more", [text(498), text(499)], true],
    ["texts of 300 characters beside longer ones", [text(298), text(298), text(3_000)], true],
    ["a text of 300 among few", [text(298), text(1_300)], true],
    ["texts without a space at their head", [text(900, `${"x".repeat(60)} `)], false],
    ["texts whose first space is just seen", [text(900, `${"x".repeat(58)} `)], true],
    ["long texts that are seven tenths", [{ a: text(698), b: text(298, "abc") }], false],
    ["long texts that are a little more", [{ a: text(699), b: text(297, "abc") }], true],
    ["numbers", times(50, (at) => at), false],
    ["lists of long texts", [{ a: [text(600), text(600)] }], true],
  ] as const)("of %s", (_name, rows, prose) => {
    expect(of(rows)).toBe(prose);
  });
});

describe("startsLikeJson", () => {
  it.each([
    ["{}", true],
    ["[]", true],
    ['{"a":1}', true],
    ["[1]", true],
    ["{]", false],
    ["[}", false],
    ["{", false],
    ["x{}", false],
    ["{}x", false],
    ["", false],
    ["[1] ", false],
  ])("of %j is %s", (value, like) => {
    const source = JSON.stringify(value);
    expect(startsLikeJson(source, parseJson(source) as JsonString)).toBe(like);
  });
});
