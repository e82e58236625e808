/** What a question finds in an original: exact labels and slices. */
import { describe, expect, it } from "vitest";
import { chunksOf } from "./chunks.ts";
import { selectByQuery } from "./search.ts";
import type { Selection } from "./spans.ts";
import { readOriginal } from "./values.ts";

const ask = (text: string, query: string): Selection =>
  selectByQuery(
    { original: text, chunks: chunksOf(readOriginal(text)), whole: true, perPage: 20 },
    query,
    "There is more.",
  );
const found = (text: string, query: string, limit = 20): readonly (readonly [string, string])[] =>
  ask(text, query)
    .spans.slice(0, limit)
    .map(({ label, start, end, source = text }) => [label, source.slice(start, end)]);
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

  it("serves what has the words of a question: all of them, else some, the best first", () => {
    const text = numbered(20, { 3: "disk", 10: "disk /a full: error", 17: "disk" });
    expect(found(text, "disk full error", 1).map(([label]) => label)).toEqual([
      "line 8 to line 12",
    ]);
    expect(ask(text, "disk full error")).toMatchObject({
      total: 1,
      note: 'Nothing has "disk full error" as it stands; these have all its words.',
    });
    expect(ask(text, "why is the disk full of zebras?").note).toBe(
      'Nothing has "why is the disk full of zebras?" as it stands; these have all its words that occur (nowhere: "zebra").',
    );
    const some = numbered(20, { 3: "disk", 10: "disk full", 17: "error" });
    expect(found(some, "disk full error").map(([label]) => label)).toEqual([
      "line 8 to line 12",
      "line 15 to line 19",
      "line 1 to line 5",
    ]);
    expect(ask(some, "disk full error")).toMatchObject({
      total: 3,
      note: 'Nothing has "disk full error" as it stands, and no part all its words; these have some, best first.',
    });
    const disks = Array.from({ length: 20 }, (_, n) => [n * 4 + 5, "disk"] as const);
    const weak = numbered(90, { ...Object.fromEntries(disks), 2: "disk full alpha", 3: "beta" });
    expect(ask(weak, "beta disk full alpha")).toMatchObject({
      total: 2,
      weaker: { from: 1, count: 20, why: "have fewer of its words" },
    });
  });

  it("finds what is asked for literally inside words and signs", () => {
    const text = numbered(9, { 5: "x=a1b2c3d4;" });
    expect(found(text, "1b2c").map(([label]) => label)).toEqual(["line 3 to line 7"]);
    expect(found(text, "=a").map(([label]) => label)).toEqual(["line 3 to line 7"]);
    expect(found(text, " =a ").map(([label]) => label)).toEqual(["line 3 to line 7"]);
    expect(found(text, "=").map(([label]) => label)).toEqual(["line 3 to line 7"]);
  });

  it("serves of a line of more than 2,000 characters what is around each match", () => {
    // With its line break a line of 1,999 characters has 2,000.
    const whole = `first\n${"x".repeat(1_993)}needle\nlast`;
    expect(found(whole, "needle")[0]?.[0]).toBe("line 1 to line 3");
    const long = `first\n${"x".repeat(2_000)}needle${"y".repeat(4_000)}needle\nlast`;
    expect(found(long, "needle")).toEqual([
      ["line 2, from character 1800", `${"x".repeat(200)}needle${"y".repeat(200)}`],
      ["line 2, from character 5806", `${"y".repeat(200)}needle\n`],
    ]);
    expect(ask(long, "needle").total).toBe(2);
    const near = `${"x".repeat(3_000)} needle needle ${"y".repeat(3_000)}`;
    expect(ask(near, "needle")).toMatchObject({ total: 2, spans: [{ hits: [3_007, 3_014] }] });
  });

  it("has fewer lines around hits when there are many", () => {
    const labels = (count: number): readonly string[] => {
      const at = Array.from({ length: count }, (_, n) => [n * 10 + 5, "needle"]);
      return found(numbered(300, Object.fromEntries(at)), "needle").map(([label]) => label);
    };
    expect(labels(5)[1]).toBe("line 13 to line 17");
    expect(labels(6)[1]).toBe("line 14 to line 16");
    expect(labels(20)[1]).toBe("line 14 to line 16");
    expect(labels(21)[1]).toBe("line 15");
  });

  it("does not answer to the number of a line", () => {
    expect(found(numbered(9, {}), "line 7")).toEqual([]);
  });

  it("cuts windows between characters", () => {
    const long = `${"x".repeat(1_999)}😀${"needle ".repeat(900)}`;
    const spans = ask(long, "needle").spans;
    for (const { start, end } of spans) expect(long.slice(start, end).isWellFormed()).toBe(true);
    const ends = ask(long, "😀").spans[0];
    expect(long.slice(ends?.start, ends?.end)).toContain("😀");
  });

  it("says how many hits there are, and what there is where there is none", () => {
    const text = numbered(30, { 5: "needle", 15: "needle", 25: "needle" });
    expect(ask(text, "needle")).toMatchObject({ unit: "matches", total: 3, perPage: 20 });
    expect(ask(text, "absent")).toMatchObject({
      spans: [],
      unit: "matches",
      total: 30,
      note: 'Nothing matches "absent". There is more.',
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
    expect(found(row(8_001 - rest), "needle", 1).map(([label]) => label)).toEqual(["[0].a"]);
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
});

describe("what is there is never denied", () => {
  it("finds it in upper and lower case, the way it is asked for first", () => {
    const text = numbered(90, { 20: "disk ERROR", 50: "disk error", 80: "Error!" });
    expect(found(text, "error").map(([label]) => label)).toEqual([
      "line 48 to line 52",
      "line 18 to line 22",
      "line 78 to line 82",
    ]);
    expect(found("İ Straße NEEDLE", "needle")).toEqual([["line 1", "İ Straße NEEDLE"]]);
  });

  it("serves words of their own, and says how many are inside longer ones", () => {
    const at = { 20: "item 25", 120: "item 250", 220: "item 251", 320: "item 2512" };
    const text = numbered(400, at);
    const { total, weaker, spans } = ask(text, "item 25");
    expect({ total, weaker }).toEqual({
      total: 1,
      weaker: { from: 1, count: 3, why: "have it inside a longer word" },
    });
    expect(spans.map(({ label }) => label).slice(0, 2)).toEqual([
      "line 18 to line 22",
      "line 118 to line 122",
    ]);
    expect(ask(text, "tem 25").total).toBe(4);
  });

  it("reads JSON's escapes, once and twice, on either side", () => {
    const inner = JSON.stringify({ say: 'a "quoted" word', path: "C:\\new", two: "one\ntwo é" });
    const twice = JSON.stringify({ deep: inner });
    const ascii = twice.replaceAll("é", "\\u00e9");
    for (const query of ['a "quoted" word', "C:\\new", "one\ntwo", "two é", '\\"say\\":', '"say":'])
      for (const text of [inner, twice, ascii, `log: ${ascii}`])
        expect(ask(text, query), `${query} in ${text}`).toMatchObject({ total: 1 });
  });

  it("finds it with other white space, over lines and records too", () => {
    const rows = Array.from({ length: 200 }, (_, id) => ({ id, state: id % 7 ? "ok" : "gone" }));
    const pretty = JSON.stringify(rows, null, 2);
    expect(found(pretty, '"id":15').map(([label]) => label)).toEqual(["row 15"]);
    expect(found(pretty, '{"id":14,"state":"gone"}').map(([label]) => label)).toEqual(["row 14"]);
    expect(found(pretty, '"ok"},{"id": 14')[0]?.[1]).toContain('"id": 14');
    const log = numbered(30, { 10: "web-1     Running", 20: "begin of", 21: "  a sentence" });
    expect(found(log, "web-1 running")[0]?.[1]).toContain("web-1     Running");
    expect(found(log, "begin of a sentence")).toEqual([
      ["line 20 to line 21", "begin of\n  a sentence\n"],
    ]);
    expect(found(log, "quiet\nbegin of\n  a")[0]?.[0]).toBe("line 19 to line 21");
  });

  it("finds a number in another spelling", () => {
    const text = numbered(30, { 10: "size=1234567 bytes", 20: "rate 0.50" });
    for (const query of ["1,234,567", "1234567.0", "1_234_567", "1.234567e6"])
      expect(found(text, query)[0]?.[1], query).toContain("size=");
    expect(found(text, "0.5")[0]?.[1]).toContain("rate");
    expect(found(text, "0.500")[0]?.[1]).toContain("rate");
    expect(found(numbered(30, { 10: "12,000 rows" }), "12000")[0]?.[1]).toContain("rows");
  });

  it("looks around a JSON value, into strings, and behind a cut", () => {
    const rows = Array.from({ length: 200 }, (_, id) => ({
      id,
      name: `row ${id}`,
      pad: "p".repeat(20),
    }));
    const json = JSON.stringify(rows);
    const wrapped = JSON.stringify({ content: [{ type: "text", text: json }] });
    const cut = `${json.slice(0, 9_000)}\n… [truncated]`;
    const output = JSON.stringify({ out: `${"filler\n".repeat(400)}needle\n` });
    for (const [text, query, label] of [
      [`Results:\n${json}\nlag 94 s`, "lag 94", "line 3"],
      [`Results:\n${json}\nlag 94 s`, "row 150", "row 150"],
      [`lag 94 s\n${json}`, "lag 94", "line 1"],
      [wrapped, "row 150", "content[0].text[150]"],
      [cut, "row 100", "row 100"],
      [cut, "truncated", "line 1 to line 2"],
      ['{"a":1}\n{"b":"broken\n{"c":3}', "broken", "line 2"],
      [output, "needle", "out line 399 to out line 401"],
    ] as const)
      expect(
        found(text, query).map(([own]) => own),
        query,
      ).toEqual([label]);
  });
});
