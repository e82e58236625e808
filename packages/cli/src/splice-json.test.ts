import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spliceJson } from "./splice-json.ts";

describe("spliceJson", () => {
  it("changes the replaced strings and no other byte", () => {
    const source = `[ {"role": "tool", "n": 1.0, "big": 12345678901234567890,
      "content": "old\\u0020text", "2": 1e400, "1": "\\/"} ]`;
    const before = JSON.parse(source);
    const after = [{ ...before[0], content: 'new "text"\n' }];
    expect(spliceJson(source, before, after)).toBe(
      source.replace('"old\\u0020text"', '"new \\"text\\"\\n"'),
    );
  });

  it("returns the source itself when nothing changed", () => {
    const source = ' {"a": [1, {"b": "x"}], "__proto__": {"c": "y"}} ';
    const value = JSON.parse(source);
    expect(spliceJson(source, value, value)).toBe(source);
  });

  it("gives what JSON.stringify would, for any document and any changed strings", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat({ max: 3 }), (source, nth) => {
        const before = JSON.parse(source);
        let seen = 0;
        const after = JSON.parse(source, (_, value) =>
          typeof value === "string" && seen++ % 4 === nth ? `${value} changed "\n` : value,
        );
        const spliced = spliceJson(source, before, after);
        expect(spliced).toBeDefined();
        expect(JSON.parse(spliced ?? "")).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves the duplicate that JSON.parse ignores alone", () => {
    const source = '{"a":"first","a":"second"}';
    expect(spliceJson(source, { a: "second" }, { a: "third" })).toBe('{"a":"first","a":"third"}');
  });

  it.each([
    [{ a: "x" }, { a: 1 }],
    [{ a: "x" }, { a: "x", b: "y" }],
    [{ a: "x" }, { b: "x" }],
    [{ a: { b: "x" } }, { a: "x" }],
    [{ a: 1 }, { a: 2 }],
    [["x"], { 0: "x" }],
  ])("refuses %j to %j: that is more than strings", (before, after) => {
    expect(spliceJson(JSON.stringify(before), before, after)).toBeUndefined();
  });

  it("takes any depth", () => {
    const depth = 100_000;
    const source = `${"[".repeat(depth)}"x"${"]".repeat(depth)}`;
    const value = JSON.parse(source);
    expect(spliceJson(source, value, value)).toBe(source);
  });
});
