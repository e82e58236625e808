import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { jsonOf, readingOf } from "../../../test/structured.ts";
import type { SourceNode } from "./node.ts";

const read = (text: string) => jsonOf("yaml", text);

describe("YAML", () => {
  it("is maps, lists and scalars by the core schema", () => {
    const text = `
name: shop
port: 8080
ratio: 1.50
octal: 0o17
debug: True
none: ~
empty:
quoted: "8080"
single: 'it''s'
date: 2026-05-01
list:
- 1
- - a
  - {b: c, d: [e, "f"]}
`;
    expect(read(text)).toEqual({
      name: "shop",
      port: 8080,
      ratio: 1.5,
      octal: "0o17",
      debug: true,
      none: null,
      empty: null,
      quoted: "8080",
      single: "it's",
      date: "2026-05-01",
      list: [1, ["a", { b: "c", d: ["e", "f"] }]],
    });
  });

  it("folds and keeps lines as it should", () => {
    expect(read("a: |\n  x\n   y\nb: >-\n  x\n  y\nc: x\n  y\nd: 'x\n\n  y'\n")).toEqual({
      a: "x\n y\n",
      b: "x y",
      c: "x y",
      d: "x\ny",
    });
  });

  it("shows anchors, aliases and tags, and resolves none", () => {
    expect(read("a: &x 1\nb: *x\nc: &m\n  k: v\nd: !Ref e\nf: !Join\n- 1\n")).toEqual({
      a: "&x 1",
      b: "*x",
      c: { "&": "&m", k: "v" },
      d: "!Ref e",
      f: { "&": "!Join", "-": [1] },
    });
  });

  it("has several documents, and comments with their lines", () => {
    const reading = readingOf("yaml", "# top\na: 1 # one\n---\nb: 2\n# end\n");
    expect(jsonOf("yaml", "# top\na: 1 # one\n---\nb: 2\n# end\n")).toEqual([{ a: 1 }, { b: 2 }]);
    // What stands above the first value is shown as it is.
    expect(reading?.asides).toEqual([
      { line: 2, text: "# one" },
      { line: 5, text: "# end" },
    ]);
    expect(reading?.several).toBe(true);
  });

  it("knows on which lines a value stands", () => {
    const lines = (node: SourceNode | undefined) => [node?.firstLine, node?.lastLine];
    const root = readingOf(
      "yaml",
      "a: 1\nb:\n  - x: |\n      1\n      2\n    y: 3\n  - z\nc: {\n  d: e\n}\n",
    )?.root;
    const entries = root?.type === "map" ? root.entries.map(({ value }) => value) : [];
    expect(entries.map(lines)).toEqual([
      [1, 1],
      [2, 7],
      [8, 10],
    ]);
    const list = entries[1];
    expect(list?.type === "list" && list.items.map(lines)).toEqual([
      [3, 6],
      [7, 7],
    ]);
  });

  it.each([
    ["a: [1, 2", "a list that does not end"],
    ["a: [1 2: 3, ]]", "a bracket too many"],
    ["a: 'x", "a quote that does not end"],
    ["a: *\n", "an alias without a name"],
    ["a:\n  b: 1\n c: 2\n", "a wrong indentation"],
    ["just words\nand more\n", "text alone"],
    ["a:\n  b: 1\n  wor", "a key that is cut in two"],
    ["a: 1\n... [truncated]\n", "words behind the end of a document"],
    ["a: 1\n---\nb: 2\n}\n", "a bracket from nowhere"],
    ["? {a: 1}\n: b\n", "a map as a key"],
    [`a: ${"[".repeat(300)}${"]".repeat(300)}`, "too deep"],
  ])("%j is not read: %s", (text) => {
    const value = read(text);
    expect(typeof value === "string" || value === undefined).toBe(true);
  });

  it("says what the parser's own values say", () => {
    const scalar = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("a: b", "- x", "line\nline", "#", "'", '"', " x", "1.0", "~", "true"),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: "small" }, scalar, tie("list"), tie("map")),
      list: fc.array(tie("tree"), { maxLength: 4 }),
      map: fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), tie("tree"), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), tree, { minKeys: 1 }),
        fc.boolean(),
        (value, flow) => {
          const text = stringify(value, { collectionStyle: flow ? "flow" : "any", lineWidth: 40 });
          const expected = parseAllDocuments(text).map((each) => each.toJS());
          fc.pre(
            text.isWellFormed() &&
              !Object.keys(value).includes("__proto__") &&
              !text.includes("__proto__"),
          );
          const got = read(text);
          expect(JSON.stringify(sorted(got))).toBe(JSON.stringify(sorted(expected[0])));
        },
      ),
    );
  });
});

/** Keys in one order; numbers that JSON writes otherwise aside. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null)
    return typeof value === "number" ? Number(value) : value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]): [string, unknown] => [key, sorted(each)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
