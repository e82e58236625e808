import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexeme, maxDepth, parseJson, scanValue, stringValue } from "./lexer.ts";
import type { JsonNode } from "./node.ts";

/** What `JSON.parse` makes of the same text, by way of our nodes. */
function toValue(source: string, node: JsonNode): unknown {
  if (node.type === "array") return node.items.map((item) => toValue(source, item));
  if (node.type === "object") {
    const entries = node.members.map(
      (member) => [stringValue(source, member.key), toValue(source, member.value)] as const,
    );
    return Object.fromEntries(entries);
  }
  return JSON.parse(lexeme(source, node));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the JSON lexer", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 3 }), (text, indent) => {
        const source = JSON.stringify(JSON.parse(text), null, indent);
        const node = parseJson(source);
        expect(node && toValue(source, node)).toEqual(JSON.parse(source));
      }),
      { numRuns: 1000 },
    );
  });

  it("accepts exactly what JSON.parse accepts", () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\ 01-+.eE'.split(""),
      ..."true false null tru \n \t \u0000 \u00e9 a \\u00e9 \\u12 \\x 01 1. .5 1e 1e5 -".split(" "),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        expect(parseJson(text) !== undefined).toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("keeps duplicate, integer-like and prototype keys in their order", () => {
    const source = '{"b":1,"2":2,"1":3,"__proto__":4,"b":5}';
    const node = parseJson(source);
    const keys = node?.type === "object" ? node.members.map(({ key }) => lexeme(source, key)) : [];
    expect(keys).toEqual(['"b"', '"2"', '"1"', '"__proto__"', '"b"']);
  });

  it("stops at its depth limit, however deep the text is", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(parseJson(nested(maxDepth))).toBeDefined();
    expect(parseJson(nested(maxDepth + 1))).toBeUndefined();
    expect(parseJson("[".repeat(1_000_000))).toBeUndefined();
    expect(parseJson('{"a":'.repeat(1_000_000))).toBeUndefined();
  });

  it.each([
    ['{"a":[1,2,', true],
    ['{"a":"b', true],
    ['{"a":tr', true],
    ['{"a":tx', false],
    ["[1,]", false],
    ['{"a" 1}', false],
    ["[01]", false],
  ])("tells a cut text from a wrong one: %s", (text, truncated) => {
    const scan = scanValue(text, 0);
    expect(scan.node === undefined && scan.truncated).toBe(truncated);
  });
});
