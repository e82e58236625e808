/** JSON that breaks off in a list, and JSON lines of which some are broken: what is read of them, and that they come back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonCompressor } from "../compressors/json/json.ts";
import { finish } from "../steps.ts";
import type { Steps, View } from "../types/compressor.ts";
import { detectDocument, readDocument } from "./document.ts";
import { sameJson } from "./equal.ts";

const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const json = jsonCompressor();

/** The lossless forms of a text, each proven. */
function formsOf(text: string): readonly string[] {
  const forms =
    finish(json.encode(text, { counter }) as Steps<readonly string[] | undefined>) ?? [];
  for (const form of forms) {
    expect(finish(json.prove?.(text, form) as Steps<boolean>)).toBe(true);
    const decoded = json.decode(form);
    expect(decoded === undefined ? "not decoded" : sameJson(text, decoded)).toBe(true);
  }
  return forms;
}

const row = (at: number): object => ({
  id: at,
  name: `row ${at}`,
  state: at === 7 ? "failed" : "ok",
});
const rows = (count: number): object[] => Array.from({ length: count }, (_, at) => row(at));

/** Where a document of an object or array has its rows. */
function rowsOf(text: string): readonly string[] | undefined {
  const document = readDocument(text);
  if (document === undefined) return undefined;
  let node = document.root;
  while (node.type === "object") {
    const last = node.members.at(-1)?.value;
    if (last === undefined) return undefined;
    node = last;
  }
  return node.type === "array"
    ? node.items.map(({ start, end }) => text.slice(start, end))
    : undefined;
}

describe("an array that breaks off", () => {
  it.each<[string, string, string]>([
    ["in a row", '[{"a":1},{"a":2},{"a', ',{"a'],
    ["behind a row", '[{"a":1},{"a":2},{"a":3}', ',{"a":3}'],
    ["behind a comma", '[{"a":1},{"a":2},', ","],
    ["and says so", '[\n {"a":1},\n {"a":2},\n {"a"\n… 12', ',\n {"a"\n… 12'],
    ["in an answer", '{"total":9,"items":[{"a":1},{"a":2},{"a":[1', ',{"a":[1'],
    ["in a string with brackets", '[{"a":1},{"a":2},{"a":"]}[,', ',{"a":"]}[,'],
  ])("%s: the rest is text", (_name, text, after) => {
    expect(rowsOf(text)).toEqual(['{"a":1}', '{"a":2}']);
    expect(readDocument(text)?.after).toBe(after);
    expect(detectDocument(text)).toBeGreaterThan(0.5);
  });

  it.each([
    ["one row", '[{"a":1},{"a'],
    ["no list", '{"a":1,"b":2,"c":'],
    ["most of it is something else", `[{"a":1},{"a":2},{"a ${"and much more text ".repeat(9)}`],
    ["notes in brackets", "[a] and [b], and [c"],
  ])("is none: %s", (_name, text) => {
    expect(readDocument(text)?.open ?? 0).toBe(0);
  });

  it("comes back from its lossless form, wherever it breaks off", () => {
    const whole = JSON.stringify({ total: 40, list: { items: rows(40) } }, null, 1);
    for (let at = 300; at < whole.length; at += 37) formsOf(`${whole.slice(0, at)}\n[cut]`);
  });

  it("shows the cut below a view of its rows", () => {
    const text = `${JSON.stringify(rows(400)).slice(0, -20)}… 7 more rows`;
    const view = finish(json.shorten?.(text, { counter, budgetTokens: 200 }) as Steps<View>);
    expect(view.text).toContain("failed");
    expect(view.text).toMatch(/… \d+ of 399 rows omitted/);
    expect(view.text.endsWith("… 7 more rows")).toBe(true);
  });
});

describe("an object that breaks off", () => {
  const packages = (count: number): string =>
    JSON.stringify(
      {
        name: "shop",
        packages: Object.fromEntries(
          rows(count).map((each, at) => [
            `part-${at}`,
            { ...each, tags: { a: at, b: 2, c: [1, 2] } },
          ]),
        ),
      },
      null,
      2,
    );

  it("is read up to its last whole member", () => {
    const text = packages(40).slice(0, -140);
    const document = readDocument(text);
    expect(document?.open).toBe(2);
    expect(document?.after).toMatch(/^,\s*"part-39": \{/);
    expect(document?.source.slice(document.root.start, document.root.end)).toMatch(
      /"part-38": [^"]*"/,
    );
  });

  it("comes back from its lossless form, wherever it breaks off", () => {
    const whole = packages(30);
    let shorter = 0;
    for (let at = 300; at < whole.length; at += 41)
      for (const end of ["", "\n[cut]", "\n\n… 900 lines …\n"])
        shorter += formsOf(whole.slice(0, at) + end).length;
    expect(shorter).toBeGreaterThan(200);
  });

  it("keeps to a list where one holds most of the text", () => {
    const text = `{"kind":"List","items":${JSON.stringify(rows(40)).slice(0, -9)}`;
    expect(rowsOf(text)).toHaveLength(39);
  });

  it("shows the cut below a view", () => {
    const text = `${packages(200).slice(0, -200)}\n… 7 more`;
    const view = finish(json.shorten?.(text, { counter, budgetTokens: 300 }) as Steps<View>);
    expect(view.text).toContain("failed");
    expect(view.text.endsWith("… 7 more")).toBe(true);
  });
});

describe("JSON lines of which some are broken", () => {
  const lines = (broken: Readonly<Record<number, string>>): string =>
    rows(40)
      .map((each, at) => broken[at] ?? JSON.stringify(each))
      .join("\n");

  it("are rows like the others", () => {
    const text = lines({ 12: '{"id":12,"name":"cut off mid wri' });
    expect(rowsOf(text)?.length).toBe(40);
    expect(rowsOf(text)?.[12]).toBe('{"id":12,"name":"cut off mid wri');
    expect(readDocument(text)?.raw).toEqual([12]);
  });

  it("stay visible at their places", () => {
    const text = lines({ 12: '{"id":12,"name":"cut off mid wri' });
    const view = finish(json.shorten?.(text, { counter, budgetTokens: 60 }) as Steps<View>);
    expect(view.text).toMatch(/#12 .*cut off mid wri/);
  });

  it("come back byte for byte, whatever they are", () => {
    const broken = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom('{"a":', "[1,2", '  {"a" : 1,, }', '{"a":"\\"', "\t", '"text"', "{}{}"),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.integer({ min: 1, max: 38 }).map(String), broken, { maxKeys: 4 }),
        (odd) => {
          const text = lines(odd);
          const back = formsOf(text).map((form) => json.decode(form));
          for (const each of back) {
            for (const line of Object.values(odd)) {
              const isOneLine = !line.includes("\n") && line.trim() !== "";
              if (isOneLine && readDocument(line) === undefined && line.isWellFormed())
                expect(each?.split("\n")).toContain(line);
            }
          }
        },
      ),
    );
  });

  it.each([
    [
      "half of them broken",
      Object.fromEntries(Array.from({ length: 20 }, (_, at) => [2 * at + 1, "{"])),
    ],
    [
      "log lines between them",
      Object.fromEntries(Array.from({ length: 6 }, (_, at) => [6 * at + 1, `INFO ${at}`])),
    ],
  ])("are something else: %s", (_name, odd) => {
    expect(readDocument(lines(odd))?.raw ?? []).toEqual([]);
  });
});
