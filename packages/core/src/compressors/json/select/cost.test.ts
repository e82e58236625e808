import { describe, expect, it } from "vitest";
import { parseJson } from "../../../json/lexer.ts";
import type { JsonNode } from "../../../json/node.ts";
import { finish } from "../../../steps.ts";
import { calibrate, measure, scalarCost, textCost } from "./cost.ts";

function parsed(source: string): JsonNode {
  const node = parseJson(source);
  if (node === undefined) throw new Error("not JSON");
  return node;
}

describe("textCost", () => {
  it.each([
    ["", 0],
    [" ", 0],
    ["a", 1],
    ["z", 1],
    ["A", 1],
    ["Z", 1],
    ["aZ", 1 + 1 / 9],
    ["abcdefghij", 2],
    ["1", 1],
    ["123", 1],
    ["1234", 2],
    ["09", 1],
    ["1234567", 3],
    ["/", 0.6],
    [":", 0.6],
    ["@[`{", 4 * 0.6],
    ["\u007f", 0.6],
    ["\u0080", 0.7],
    ["éé", 1.4],
    ["中文字", 2.1],
    ["a b", 2],
    ["a1", 2],
    ["1a", 2],
    ["a,b", 2.6],
    ["a--b", 3.2],
    ["a  b", 2],
    ["é1a", 2.7],
    ["deadbeef01", 1 + 7 / 9 + 1],
  ])("of %j is %d", (text, cost) => {
    expect(textCost(`<${text}>`, 1, text.length + 1)).toBeCloseTo(cost, 10);
  });

  it("looks at 4,096 characters and scales what they take", () => {
    expect(textCost("a,".repeat(2048), 0, 4096)).toBeCloseTo(2048 * 1.6, 8);
    expect(textCost(`${"a,".repeat(2048)}${"-".repeat(4096)}`, 0, 8192)).toBeCloseTo(
      2 * 2048 * 1.6,
    );
    expect(textCost(`x${"a,".repeat(2048)}--`, 1, 4099)).toBeCloseTo((2048 * 1.6 * 4098) / 4096);
  });
});

describe("scalarCost", () => {
  it.each([
    ["null", 1.5],
    ["true", 1.5],
    ["false", 1.5],
    ["1", 2],
    ["-1234", 1 + 0.6 + 2],
    ['""', 1],
    ['"a"', 2],
    ['"a b,c"', 1 + 3.6],
  ])("of %s is %d", (source, cost) => {
    expect(scalarCost(source, parsed(source))).toBeCloseTo(cost, 10);
  });
});

describe("measure", () => {
  const costOf = (source: string): number => {
    const root = parsed(source);
    return finish(measure(source, root))(root);
  };

  it.each([
    ["[]", 1],
    ["{}", 1],
    ["[1]", 1 + 2],
    ["[1,2]", 1 + 2 + 2],
    ['{"a":1}', 1 + 2 + 2],
    ['{"a b":1}', 1 + 3 + 2],
    ['[{"a":1}]', 1 + (1 + 2 + 2)],
    ['[{"a":1},{"a":1}]', 1 + 2 * (1 + 2 + 2)],
    // The keys of rows stand in a header.
    ['[{"a":1},{"a":1},{"a":1}]', 1 + 3 * (1 + 2)],
    ['[{"a":{"b":1}},2,3]', 1 + (1 + (1 + 2 + 2)) + 2 + 2],
    ['{"a":[[1],[1],[1]]}', 1 + 2 + (1 + 3 * 3)],
    ["[null,true]", 1 + 3],
  ])("of %s is %d", (source, cost) => {
    expect(costOf(source)).toBeCloseTo(cost, 10);
  });

  it("knows every array and object of a tree, and measures scalars as they are", () => {
    const source = '{"a":[1,{"b":[2]}],"c":"xy"}';
    const root = parsed(source);
    const cost = finish(measure(source, root));
    if (root.type !== "object") throw new Error("no object");
    const [a, c] = root.members.map(({ value }) => value);
    expect(a && cost(a)).toBeCloseTo(1 + 2 + (1 + 2 + 3));
    expect(c && cost(c)).toBeCloseTo(2 + 1 / 9);
    expect(cost(root)).toBeCloseTo(1 + 2 + 9 + 2 + (2 + 1 / 9));
    expect(cost(parsed("[1]"))).toBe(0);
  });
});

describe("calibrate", () => {
  const seen: string[] = [];
  const counter = (tokens: (text: string) => number) => ({
    name: "watch",
    count(text: string): number {
      seen.push(text);
      return tokens(text);
    },
  });
  const factorOf = (source: string, tokens: (text: string) => number): number => {
    seen.length = 0;
    return calibrate(source, parsed(source), counter(tokens));
  };

  it("is 1 where there is too little to tell", () => {
    // Each "a" is estimated as 2 tokens.
    expect(factorOf(JSON.stringify(Array(9).fill("a")), () => 40)).toBe(1);
    expect(factorOf(JSON.stringify(Array(10).fill("a")), () => 40)).toBe(2);
    expect(seen).toEqual(['"a",'.repeat(10)]);
  });

  it("lies between a half and three", () => {
    const source = JSON.stringify(Array(10).fill("a"));
    for (const [tokens, factor] of [
      [5, 0.5],
      [10, 0.5],
      [12, 0.6],
      [60, 3],
      [90, 3],
    ] as const)
      expect(factorOf(source, () => tokens)).toBeCloseTo(factor, 10);
  });

  it("looks at about twelve items of a long array, at 60 members of an object", () => {
    factorOf(JSON.stringify(Array.from({ length: 48 }, (_, at) => `v${at}`)), () => 1);
    expect(seen[0]).toBe(Array.from({ length: 12 }, (_, at) => `"v${at * 4}",`).join(""));
    factorOf(JSON.stringify(Array.from({ length: 25 }, (_, at) => `v${at}`)), () => 1);
    expect(seen[0]?.split(",").length).toBe(13 + 1);
    factorOf(
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`k${at}`, `v${at}`])),
      ),
      () => 1,
    );
    expect(seen[0]).toBe(Array.from({ length: 60 }, (_, at) => `"v${at}",`).join(""));
  });

  it("looks at 300 leaves, at 400 characters of each, and at 6,000 in all", () => {
    const nested = Array.from({ length: 12 }, () =>
      Array.from({ length: 12 }, () => ["a", "b", "c"]),
    );
    factorOf(JSON.stringify(nested), () => 1);
    expect(seen[0]?.split(",").length).toBe(300 + 1);
    factorOf(JSON.stringify(["x".repeat(1_000), "y".repeat(300)]), () => 1);
    expect(seen[0]).toBe(`"${"x".repeat(399)},"${"y".repeat(300)}",`);
    factorOf(JSON.stringify(Array(20).fill("z".repeat(998))), () => 1);
    expect(seen[0]?.length).toBe(15 * 401);
    factorOf(JSON.stringify(Array(12).fill("z".repeat(1_000)).concat("a")), () => 1);
    expect(seen[0]?.length).toBeLessThan(6_000);
  });
});
