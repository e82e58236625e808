import { describe, expect, it } from "vitest";
import { sameJson } from "./equal.ts";

describe("sameJson", () => {
  it.each([
    ["[1,2]", "[1,2]", true],
    ["[1,2]", " [ 1 ,\t2\r\n] ", true],
    ["[1, 2]", "[1,2]", true],
    ["[12]", "[1 2]", false],
    ["[1 ,2]", "[1,2]", true],
    ["[true]", "[tru e]", false],
    ["[1.5]", "[1. 5]", false],
    ["[-5]", "[- 5]", false],
    ["[1e+5]", "[1e +5]", false],
    ["[1E5]", "[1 E5]", false],
    ["[1,2]", "[1,2,3]", false],
    ["[1,2]", "[1,3]", false],
    ["[1]", "[1.0]", false],
    ['["a b"]', '["a  b"]', false],
    ['["a b"]', '["ab"]', false],
    ['["a\\"b"]', '["a\\"b"]', true],
    ['["a\\" b"]', '["a\\"b"]', false],
    ['["a\\\\", "b"]', '["a\\\\","b"]', true],
    ['["\\n"]', '["\\t"]', false],
    ['["\\\\"]', '["\\\\" ]', true],
    ['{"a":1}', '{ "a" : 1 }', true],
    ['{"a":1,"b":2}', '{"b":2,"a":1}', false],
    ["[1]", "", false],
    ["[1]", "[1]x", false],
    ["A:\n[1]\nB", "A:\n[ 1 ]\nB", true],
    ["A:\n[1]\nB", "A:\n[1]\nC", false],
    ["A:\n[1]\nB", "a:\n[1]\nB", false],
    ["A:\n[1]\nB", "A:\n[1]", false],
    ["A: [1]", "A: [1] ", true],
    ["A:\n[1]\n[1", "A:\n[1", false],
    ["A: [1]]", "A: [1]", false],
    ["A: [1]]", "A: [1]]", true],
    ["A: [1]]", "A: [1]]]", false],
    ["[1]\n[2]", "[1][2]", true],
    ["{}\n[2]", "{} [2]", true],
    ["no json", "no json", true],
    ["no json", "no  json", false],
    ["[1]", "\u00a0[1]", false],
  ])("%j and %j: %s", (original, decoded, same) => {
    expect(sameJson(original, decoded)).toBe(same);
  });

  it("compares long texts to their ends", () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `{"id":${at}}`);
    const text = `[${rows.join(", ")}]`;
    expect(sameJson(text, text.replaceAll(" ", ""))).toBe(true);
    expect(sameJson(text, text.replace("19999", "19998"))).toBe(false);
    expect(sameJson(text, text.replace("10000", "1 000"))).toBe(false);
    expect(sameJson(text, `${text.slice(0, -1)},1]`)).toBe(false);
    expect(sameJson(text, text.slice(0, -13))).toBe(false);
  });
});
