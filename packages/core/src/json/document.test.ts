import { describe, expect, it } from "vitest";
import { detectDocument, readDocument } from "./document.ts";

describe("a JSON document", () => {
  it("is one value", () => {
    const document = readDocument('  {"a":1}\n');
    expect(document).toMatchObject({ lines: false, before: "", after: "" });
    expect(document?.root.type).toBe("object");
  });

  it("is several values on lines of their own", () => {
    const document = readDocument('{"a":1}\n{"a":2}\r\n\n[3]\n');
    expect(document).toMatchObject({ lines: true, before: "", after: "" });
    expect(document?.root.type === "array" && document.root.items.length).toBe(3);
  });

  it("keeps the prose around it byte for byte", () => {
    const document = readDocument('Found 2 results:\r\n[{"a":1},{"a":2}]\n\nDone in 3 ms.\n');
    expect(document).toMatchObject({
      before: "Found 2 results:\r\n",
      after: "\n\nDone in 3 ms.\n",
    });
  });

  it("starts behind a colon of the introduction", () => {
    expect(readDocument('Result: {"a":1}')).toMatchObject({ before: "Result: ", after: "" });
  });

  it("is a string whose text is JSON", () => {
    const text = JSON.stringify(JSON.stringify({ a: [1, 2] }));
    expect(readDocument(text)?.root.type).toBe("string");
    expect(detectDocument(text)).toBe(1);
    expect(detectDocument(text.slice(0, -4))).toBe(1);
    expect(readDocument(`${text} and more`)).toBeUndefined();
  });

  it.each([
    "",
    "null",
    "12",
    '"text"',
    "[INFO] started",
    "{ not json }",
    "no json at all",
    '["\ud800"]',
    `${"[".repeat(300)}${"]".repeat(300)}`,
  ])("is not %j", (text) => {
    expect(readDocument(text)).toBeUndefined();
  });
});

describe("where a document starts and ends", () => {
  const pictureOf = (text: string): unknown => {
    const document = readDocument(text);
    if (document === undefined) return undefined;
    const { root, lines, before, after } = document;
    const values = lines && root.type === "array" ? root.items : [root];
    return [before, ...values.map(({ start, end }) => text.slice(start, end)), after];
  };

  it.each([
    ["[1]", ["", "[1]", ""]],
    [" [1] ", ["", "[1]", ""]],
    ["[1]\n[2]", ["", "[1]", "[2]", ""]],
    ["[1]\n\n {}\n[2]\n", ["", "[1]", "{}", "[2]", ""]],
    // On one line there is one value, and the rest is text.
    ["[1] [2]", ["", "[1]", " [2]"]],
    ["[1]\n2", ["", "[1]", "\n2"]],
    ["[1]\n[2", ["", "[1]", "\n[2"]],
    ["[1]\n[2]\n[3", ["", "[1]", "[2]", "\n[3"]],
    ["[1] x", ["", "[1]", " x"]],
    ["a: [1]", ["a: ", "[1]", ""]],
    ["a:[1]", undefined],
    ["a [1]", undefined],
    ["a:\n[1]\nb", ["a:\n", "[1]", "\nb"]],
    ["a:  \n\t{}", ["a:  \n\t", "{}", ""]],
    ["12\n[1]", ["12\n", "[1]", ""]],
    // The first that is JSON counts.
    ["[x]\n[1]", ["[x]\n", "[1]", ""]],
    ["a: [x]\nb: {}\n[1]", ["a: [x]\nb: ", "{}", "[1]", ""]],
    ["[a]\n[b]\n[c]\n[1]", ["[a]\n[b]\n[c]\n", "[1]", ""]],
    ["[a]\n[b]\n[c]\n[d]\n[1]", undefined],
    ["x\n[a]\n[b]\n[c]\n[1]", ["x\n[a]\n[b]\n[c]\n", "[1]", ""]],
    ["x\n[a]\n[b]\n[c]\n[d]\n[1]", undefined],
    ["x: \n[a]\n[b]\n[c]\n[1]", ["x: \n[a]\n[b]\n[c]\n", "[1]", ""]],
    ["true\n", undefined],
    ["[true\n", undefined],
    ['"[1]"', undefined],
    ['"[\\"a\\"]"\n', ["", '"[\\"a\\"]"', ""]],
    ['"{\\"a\\":1}" x', undefined],
  ])("%j", (text, picture) => {
    expect(pictureOf(text)).toEqual(picture);
  });

  it.each([
    ['{\\"a\\":1}', true],
    ['[\\"a\\"]', true],
    ['[{\\"a\\":1}]', true],
    ["[[1]]", true],
    ["{\\n}", true],
    ["[\\n1]", true],
    ["[1]", false],
    ["{}", false],
    ['x{\\"a\\":1}', false],
    ["{\\t}", false],
  ])("a string that holds %s is a document: %s", (inside, is) => {
    expect(readDocument(`"${inside}"`) !== undefined).toBe(is);
  });

  it("stands at most 2,000 characters from the top", () => {
    const at = (length: number): unknown => readDocument(`${"x".repeat(length)}\n[1]`);
    expect(at(1_999)).toBeDefined();
    expect(at(2_000)).toBeUndefined();
    const behind = (length: number): unknown => readDocument(`[a${"x".repeat(length)}\n[1]`);
    expect(behind(1_998)).toBeDefined();
    expect(behind(1_999)).toBeUndefined();
    expect(readDocument(`  ${"x".repeat(1_999)}\n[1]`)).toBeDefined();
    expect(readDocument(`${"x".repeat(1_999)}: [1]`)).toBeDefined();
    expect(readDocument(`${"x".repeat(2_000)}: [1]`)).toBeUndefined();
  });
});

describe("detection", () => {
  it.each([
    ['{"a": [1, 2', 1],
    ['[{"id": 1, "name": "x"},\n{"id": 2,', 1],
    ['{"a":1}\n{"a":2}\n', 1],
    ['Found 3 results:\n[{"a": 1}, ', 0.9],
    ["[12:01:33] GET /index.html", 0],
    ["[INFO] Scanning for projects...", 0],
    ["[link](https://example.com)", 0],
    ["plain text: nothing here", 0],
    ["const a = [1, 2, 3];", 0],
    ["{{ template }}", 0],
    ["{}", 1],
    ["{", 0],
    ["[", 0],
    ['{"', 1],
    ["[]", 1],
    ["[{", 1],
    ["[[", 1],
    ['["', 1],
    ["[ [", 1],
    ["[1", 0],
    ["[1,", 1],
    ["[404]", 0],
    ["[4,5]", 1],
    [`[${"1".repeat(398)},`, 1],
    [`[${"1".repeat(399)},`, 0],
    ["[true", 0],
    ["[true,", 1],
    ['{"a":1} and more text than the JSON has', 0],
    ['{"a":1} short', 0.85],
    ['{"a":1}1234567', 0.85],
    ['{"a":1}12345678', 0],
    ['{"a":1}{"b"', 1],
    ['{"a":1}[', 0.85],
    ['a: {"a":1}{', 0.9],
    ['a: {"a":1}', 0.9],
    ['a: {"a"', 0.9],
    ['  {"a"', 1],
    ['[x]\n{"a"', 0.9],
    ['a: {"a":1}x', 0.85],
    ["12", 0],
    ["12\n34", 0],
    ['"{\\"a', 1],
    ['"{\\"a\\":1}"', 1],
    ['"{\\"a\\":1}" x', 0],
    ['"text', 0],
    ["[1,2] x: [3]", 0],
    ["", 0],
  ])("of %j is %d", (sample, confidence) => {
    expect(detectDocument(sample)).toBe(confidence);
  });
});
