import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  lexeme,
  maxDepth,
  minifyText,
  parseJson,
  scanNumber,
  scanValue,
  skipSpace,
  stringValue,
} from "./lexer.ts";
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

  it.each([
    ["{}", "object 0-2"],
    [" [] ", "array 1-3"],
    ['{"a":1}', 'object 0-7 "a" 1-4 number 5-6'],
    ['[ "a" , -1.5e+3 ]', "array 0-17 string 2-5 number 8-15"],
    ["[true,false,null]", "array 0-17 boolean 1-5 boolean 6-11 null 12-16"],
    ['["\\n","b"]', "array 0-10 string* 1-5 string 6-9"],
    ['{"a":{"b":[{}]}}', 'object 0-16 "a" 1-4 object 5-15 "b" 6-9 array 10-14 object 11-13'],
    ["[[1,[2]],3]", "array 0-11 array 1-8 number 2-3 array 4-7 number 5-6 number 9-10"],
    ['{"a":[],"b":{}}', 'object 0-15 "a" 1-4 array 5-7 "b" 8-11 object 12-14'],
  ])("gives the offsets of %s", (source, picture) => {
    const node = parseJson(source);
    expect(node && pictureOf(source, node)).toBe(picture);
  });

  it.each([
    ["", 0, true],
    [" ", 1, true],
    ["x", 0, false],
    ["[", 1, true],
    ["[1", 2, true],
    ["[1,", 3, true],
    ["[1 2]", 3, false],
    ["[1,]", 3, false],
    ["[1, ]", 4, false],
    ["[,1]", 1, false],
    ["[1}", 2, false],
    ["{1:2}", 1, false],
    ["{", 1, true],
    ['{"a"', 4, true],
    ['{"a" ', 5, true],
    ['{"a" 1}', 5, false],
    ['{"a":', 5, true],
    ['{"a":1', 6, true],
    ['{"a":1,', 7, true],
    ['{"a":1,}', 7, false],
    ['{"a":1]', 6, false],
    ['{"a":1 "b":2}', 7, false],
    ['"a', 2, true],
    ['"a\\', 3, true],
    ['"a\\u', 4, true],
    ['"a\\u00', 6, true],
    ['"\\u00e9', 7, true],
    ['"\\u00eg"', 6, false],
    ['"\\u/000"', 3, false],
    ['"\\u:000"', 3, false],
    ['"\\u@000"', 3, false],
    ['"\\uG000"', 3, false],
    ['"\\u`000"', 3, false],
    ['"\\ug000"', 3, false],
    ['"\\x"', 2, false],
    ['"a\nb"', 2, false],
    ['"a\u001fb"', 2, false],
    ["t", 1, true],
    ["tru", 3, true],
    ["trux", 0, false],
    ["tr ", 0, false],
    ["f", 1, true],
    ["nul", 3, true],
    ["nulL", 0, false],
    ["-", 1, true],
    ["-x", 1, false],
    ["01", 1, false],
    ["-01", 2, false],
    ["00", 1, false],
    ["1.", 2, true],
    ["1.x", 2, false],
    ["1e", 2, true],
    ["1e+", 3, true],
    ["1e+x", 3, false],
    ["1E-", 3, true],
    ["+1", 0, false],
    [".5", 0, false],
  ])("stops in %j at %i; cut off: %s", (text, at, truncated) => {
    expect(scanValue(text, 0)).toEqual({ node: undefined, at, truncated });
    // The same behind other text.
    expect(scanValue(`[]${text}`, 2)).toEqual({ node: undefined, at: at + 2, truncated });
  });

  it("stops at what is nested too deep, which more text would not help", () => {
    const deep = "[".repeat(maxDepth + 1);
    expect(scanValue(deep, 0)).toEqual({ node: undefined, at: maxDepth, truncated: false });
    expect(scanValue("[".repeat(maxDepth), 0)).toMatchObject({ truncated: true });
  });

  it.each([
    ["0", 1],
    ["-0", 2],
    ["10", 2],
    ["9.09", 4],
    ["1e5", 3],
    ["1E+05", 5],
    ["-1.5e-3x", 7],
    ["1.5.2", 3],
    ["1-2", 1],
    ["12,", 2],
    ["1/", 1],
    ["1:", 1],
  ])("ends the number of %s at %i", (text, end) => {
    expect(scanNumber(text, 0)).toBe(end);
    expect(scanNumber(`x${text}`, 1)).toBe(end + 1);
  });

  it("reads a value wherever it stands, whatever follows it", () => {
    const scan = scanValue("xx [1] yy", 3);
    expect(scan.node).toMatchObject({ type: "array", start: 3, end: 6 });
    expect(parseJson("[1] x")).toBeUndefined();
    expect(parseJson(" \t\r\n[1]\n")).toMatchObject({ start: 4, end: 7 });
    expect(parseJson("\u00a0[1]")).toBeUndefined();
    expect(skipSpace("a \t\r\n b", 1)).toBe(6);
    expect(skipSpace("a  ", 1)).toBe(3);
    expect(skipSpace("ab", 1)).toBe(1);
  });

  it.each([
    ['{ "a b" : [ 1 , "c \\" d" ] }', '{"a b":[1,"c \\" d"]}'],
    ["[1,\t2\r\n]", "[1,2]"],
    ['"a\\\\" ', '"a\\\\"'],
    ["12", "12"],
    ["  ", ""],
    ["", ""],
  ])("takes the white space out of %j", (text, minified) => {
    expect(minifyText(text, 0, text.length)).toBe(minified);
    expect(minifyText(`  ${text}  `, 2, text.length + 2)).toBe(minified);
  });

  it("takes the white space out of a long text as of a short one", () => {
    const text = `[${'"a \\" b" , '.repeat(9_000)}"\\\\"]`;
    expect(minifyText(text, 0, text.length)).toBe(`[${'"a \\" b",'.repeat(9_000)}"\\\\"]`);
  });
});

/** Type and offsets of a node and of all in it; strings with escapes have a star. */
function pictureOf(source: string, node: JsonNode): string {
  const star = node.type === "string" && node.escaped ? "*" : "";
  const own = `${node.type}${star} ${node.start}-${node.end}`;
  if (node.type === "array")
    return [own, ...node.items.map((item) => pictureOf(source, item))].join(" ");
  if (node.type !== "object") return own;
  const members = node.members.map(
    ({ key, value }) =>
      `${lexeme(source, key)} ${key.start}-${key.end} ${pictureOf(source, value)}`,
  );
  return [own, ...members].join(" ");
}
