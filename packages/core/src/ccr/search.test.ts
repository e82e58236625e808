/** What a question finds in an original: exact labels and slices. */
import { describe, expect, it } from "vitest";
import { readDocument } from "../json/document.ts";
import { selectByQuery } from "./search.ts";

const found = (text: string, query: string, limit = 20): readonly (readonly [string, string])[] =>
  selectByQuery(text, readDocument(text), query, limit).spans.map(({ label, start, end }) => [
    label,
    text.slice(start, end),
  ]);
const numbered = (count: number, at: Readonly<Record<number, string>>): string =>
  Array.from({ length: count }, (_, n) => at[n + 1] ?? "quiet").join("\n");

describe("in lines", () => {
  it("shows two lines on each side of a hit, as far as there are any", () => {
    const text = numbered(9, { 5: "needle" });
    expect(found(text, "needle")).toEqual([
      ["line 3 to line 7", "quiet\nquiet\nneedle\nquiet\nquiet\n"],
    ]);
    expect(found(numbered(9, { 1: "needle" }), "needle")).toEqual([
      ["line 1 to line 3", "needle\nquiet\nquiet\n"],
    ]);
    expect(found(numbered(9, { 2: "needle" }), "needle")[0]?.[0]).toBe("line 1 to line 4");
    expect(found(numbered(9, { 9: "needle" }), "needle")).toEqual([
      ["line 7 to line 9", "quiet\nquiet\nneedle"],
    ]);
    expect(found("needle", "needle")).toEqual([["line 1", "needle"]]);
  });

  it("shows no line twice", () => {
    const labels = (at: Readonly<Record<number, string>>): string[] =>
      found(numbered(12, at), "needle").map(([label]) => label);
    expect(labels({ 4: "needle", 5: "needle" })).toEqual(["line 2 to line 6"]);
    expect(labels({ 4: "needle", 7: "needle" })).toEqual(["line 2 to line 6", "line 7 to line 9"]);
    expect(labels({ 3: "needle", 8: "needle" })).toEqual(["line 1 to line 5", "line 6 to line 10"]);
  });

  it("takes the best hits first, and of as good ones the first", () => {
    const text = numbered(20, { 3: "disk", 10: "disk full error", 17: "disk" });
    expect(found(text, "disk full error", 1).map(([label]) => label)).toEqual([
      "line 8 to line 12",
    ]);
    expect(found(text, "disk full error", 2).map(([label]) => label)).toEqual([
      "line 8 to line 12",
      "line 1 to line 5",
    ]);
  });

  it("finds what is asked for literally inside words and signs, from two characters on", () => {
    const text = numbered(9, { 5: "x=a1b2c3d4;" });
    expect(found(text, "1b2c").map(([label]) => label)).toEqual(["line 3 to line 7"]);
    expect(found(text, "=a").map(([label]) => label)).toEqual(["line 3 to line 7"]);
    expect(found(text, " =a ").map(([label]) => label)).toEqual(["line 3 to line 7"]);
    expect(found(text, "=")).toEqual([]);
  });

  it("looks at a line of more than 2,000 characters in windows of that size", () => {
    const labels = (line: string): string[] =>
      found(`first\n${line}\nlast`, "needle").map(([label]) => label);
    // With its line break a line of 1,999 characters has 2,000.
    expect(labels(`${"x ".repeat(996)}needle1`)).toEqual(["line 1 to line 3"]);
    const [window] = found(`first\n${"x ".repeat(1_500)}needle\nlast`, "needle", 1);
    expect(window?.[0]).toBe("line 1 to line 3");
    const long = `${"x".repeat(2_000)}needle${"y".repeat(4_000)}`;
    expect(found(long, "needle", 1)[0]?.[0]).toBe(
      "line 1, from character 0 to line 1, from character 6000",
    );
  });

  it("does not answer to the number of a line", () => {
    expect(found(numbered(9, {}), "line 7")).toEqual([]);
  });

  it("cuts windows between characters", () => {
    const long = `${"x".repeat(1_999)}😀${"needle ".repeat(900)}`;
    const spans = selectByQuery(long, undefined, "needle", 1).spans;
    for (const { start, end } of spans) expect(long.slice(start, end).isWellFormed()).toBe(true);
    const ends = selectByQuery(long, undefined, "😀", 1).spans[0];
    expect(long.slice(ends?.start, ends?.end)).toContain("😀");
  });

  it("says how many hits there are, and what there is where there is none", () => {
    const text = numbered(30, { 5: "needle", 15: "needle", 25: "needle" });
    expect(selectByQuery(text, undefined, "needle", 2)).toMatchObject({
      unit: "matches",
      total: 3,
    });
    expect(selectByQuery(text, undefined, "absent", 2)).toEqual({
      spans: [],
      unit: "matches",
      total: 30,
      note: 'Nothing matches "absent". The original has 30 lines.',
    });
  });
});

describe("in JSON", () => {
  const people = (count: number, more: object = {}): string =>
    JSON.stringify(
      Array.from({ length: count }, (_, id) => ({
        id,
        name: `person ${id}`,
        note: "n".repeat(40),
        ...more,
      })),
    );

  it("finds records by what they hold and by their place", () => {
    const text = people(60);
    expect(found(text, "person 41", 1)).toEqual([
      ["row 41", `{"id":41,"name":"person 41","note":"${"n".repeat(40)}"}`],
    ]);
    expect(
      found(JSON.stringify({ hits: JSON.parse(text) }), "hit 33", 1).map(([label]) => label),
    ).toEqual(["hits[33]"]);
  });

  it("serves a small value whole, and a member with its name", () => {
    expect(found('{"a":"needle"}', "needle")).toEqual([["the whole value", '{"a":"needle"}']]);
    const text = JSON.stringify({ deep: { leaf: "needle", pad: "p".repeat(1_600) } });
    expect(found(text, "needle", 1)).toEqual([["deep.leaf", '"leaf":"needle"']]);
  });

  it("takes a row apart above 8,000 characters, and anything else above 1,500", () => {
    const row = (pad: number): string => JSON.stringify([{ a: "needle", pad: "p".repeat(pad) }]);
    // The array itself has two more.
    const rest = row(0).length - 2;
    expect(found(row(8_000 - rest), "needle", 1).map(([label]) => label)).toEqual(["row 0"]);
    expect(found(row(8_001 - rest), "needle", 1).map(([label]) => label)).toEqual(["row 0.a"]);
    const object = (pad: number): string => JSON.stringify({ a: "needle", pad: "p".repeat(pad) });
    expect(found(object(1_500 - object(0).length), "needle", 1).map(([label]) => label)).toEqual([
      "the whole value",
    ]);
    expect(found(object(1_501 - object(0).length), "needle", 1).map(([label]) => label)).toEqual([
      "a",
    ]);
  });

  it("finds what is escaped in the source by what it says", () => {
    const text = JSON.stringify(
      Array.from({ length: 60 }, (_, n) => ({ n, path: `C:\\dir${n}\\"x"`, pad: "p".repeat(30) })),
    );
    expect(found(text, 'C:\\dir17\\"x"', 1).map(([label]) => label)).toEqual(["row 17"]);
  });

  it("says what is at the top where nothing matches", () => {
    const { note } = selectByQuery('{"a":1}', readDocument('{"a":1}'), "absent", 5);
    expect(note).toBe('Nothing matches "absent". Its top-level keys: a.');
  });
});
