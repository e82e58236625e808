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
    ["", 0],
  ])("of %j is %d", (sample, confidence) => {
    expect(detectDocument(sample)).toBe(confidence);
  });
});
