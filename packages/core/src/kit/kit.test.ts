import { describe, expect, it } from "vitest";
import { argsOf, isRecord, jsonOf } from "./json.ts";
import { sumUsage } from "./usage.ts";

describe("parsed JSON", () => {
  it("is a record where it is an object and no array", () => {
    for (const record of [{}, { a: 1 }]) expect(isRecord(record)).toBe(true);
    for (const other of [null, undefined, [], "text", 5, () => {}])
      expect(isRecord(other)).toBe(false);
  });

  it("has a text, unless it cannot have one", () => {
    const cycle: Record<string, unknown> = {};
    Object.assign(cycle, { cycle });
    expect(jsonOf({ a: [1] })).toBe('{"a":[1]}');
    for (const none of [cycle, 5n, undefined, () => {}]) {
      expect(jsonOf(none)).toBeUndefined();
      expect(argsOf(none)).toEqual({});
    }
    expect(argsOf("{}")).toEqual({ args: '"{}"' });
  });
});

describe("the usage of two rounds", () => {
  it.each([
    [1, 2, 3],
    [
      { a: 1, b: { c: 2 } },
      { a: 3, b: { c: 4, d: 5 } },
      { a: 4, b: { c: 6, d: 5 } },
    ],
    [{ a: 1, only: 2 }, { a: 3 }, { a: 4, only: 2 }],
    [{ a: "x" }, { a: "y" }, { a: "y" }],
    [{ a: 1 }, { a: null }, { a: 1 }],
    [{ a: null }, { a: 2 }, { a: 2 }],
    [{ a: 1 }, { a: "y" }, { a: "y" }],
    [undefined, { a: 1 }, { a: 1 }],
    [{ a: 1 }, undefined, { a: 1 }],
    [[1], [2], [2]],
  ])("%j and %j is %j", (earlier, later, sum) => {
    expect(sumUsage(earlier, later)).toEqual(sum);
  });

  it("is added up to a depth of 16, and the later one's below", () => {
    const nested = (depth: number, value: unknown): unknown =>
      depth === 0 ? value : { in: nested(depth - 1, value) };
    expect(sumUsage(nested(16, 1), nested(16, 2))).toEqual(nested(16, 3));
    expect(sumUsage(nested(17, 1), nested(17, 2))).toEqual(nested(17, 2));
  });
});
