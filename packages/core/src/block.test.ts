/** Report rows and totals, exactly; results that are remembered. */
import { describe, expect, it } from "vitest";
import { audited, type Decision, finish, type PlacedBlock, unchanged } from "./block.ts";
import { parseRef, refOf, refScope } from "./ccr/ref.ts";
import { totalsOf } from "./result.ts";
import { resultCache } from "./result-cache.ts";
import type { Form } from "./types/runner.ts";

const ref = refOf("text", refScope("default"));
const placed: PlacedBlock = { message: 3, block: { id: "b", role: "tool", text: "text" } };
const named: PlacedBlock = { ...placed, block: { ...placed.block, toolName: "read" } };
const omitted = [{ unit: "lines", count: 1, total: 2 }];
const form: Form = {
  kind: "log",
  compressor: "logs",
  text: "t",
  tokens: 3,
  lossless: true,
  omitted: [],
};
const lossless: Decision = { text: "m\nt", form, tokensBefore: 9, tokensAfter: 4 };
const view: Decision = { ...lossless, form: { ...form, lossless: false, omitted }, ref };
const place = { message: 3, block: "b", role: "tool" };

describe("a report row", () => {
  it("of an unchanged block says why, and how many tokens it has", () => {
    const row = {
      ...place,
      outcome: "declined",
      reason: "no",
      tokensBefore: 9,
      tokensAfter: 9,
      milliseconds: 5,
    };
    const decision = unchanged("declined", "no", 9);
    expect(finish(placed, decision, 5)).toEqual({ row });
    expect(finish(named, decision, 5)).toEqual({ row: { ...row, toolName: "read" } });
    expect(finish(placed, { ...decision, carriesMarker: true }, 5)).toEqual({
      row: { ...row, carriesMarker: true },
    });
  });

  it("of a changed block says by whom, from and to how many tokens", () => {
    const row = {
      ...place,
      outcome: "compressed",
      reason: "lossless",
      kind: "log",
      compressor: "logs",
      lossless: true,
      tokensBefore: 9,
      tokensAfter: 4,
      milliseconds: 5,
    };
    expect(finish(placed, lossless, 5)).toEqual({ row, text: "m\nt" });
    expect(finish(named, view, 5)).toEqual({
      row: {
        ...row,
        toolName: "read",
        reason: "shortened, original kept",
        lossless: false,
        omitted,
        ref,
      },
      text: "m\nt",
    });
  });

  it("in audit mode says what would have been", () => {
    for (const [decision, what] of [
      [lossless, "lossless"],
      [view, "shortened"],
    ] as const)
      expect(audited(placed, decision, 5)).toEqual({
        row: {
          ...place,
          outcome: "protected",
          reason: `audit: logs would give 4 tokens, ${what}`,
          tokensBefore: 9,
          tokensAfter: 9,
          milliseconds: 5,
        },
        projectedTokens: 4,
      });
    const same = unchanged("declined", "no", 9);
    expect(audited(placed, same, 5)).toEqual(finish(placed, same, 5));
  });

  it("names a ref that can be read", () => {
    expect(parseRef(String(finish(placed, view, 5).row.ref))).toBe(ref);
  });
});

it("totals are differences and shares, and no tokens save nothing", () => {
  expect(totalsOf(8, 6)).toEqual({
    tokensBefore: 8,
    tokensAfter: 6,
    tokensSaved: 2,
    savings: 0.25,
  });
  expect(totalsOf(0, 0)).toEqual({ tokensBefore: 0, tokensAfter: 0, tokensSaved: 0, savings: 0 });
  expect(totalsOf(1, 0).savings).toBe(1);
});

describe("remembered results", () => {
  it("are those of the text and the parameters, the last one set", () => {
    const cache = resultCache<number>(1_000);
    cache.set("a", "p", 1, 10);
    cache.set("a", "q", 2, 10);
    cache.set("a", "p", 3, 10);
    expect([
      cache.get("a", "p"),
      cache.get("a", "q"),
      cache.get("a", "r"),
      cache.get("b", "p"),
    ]).toEqual([3, 2, undefined, undefined]);
  });

  it("cost two bytes a character of the text once, and what each result says", () => {
    const cache = resultCache<number>(100);
    cache.set("a".repeat(10), "p", 1, 30);
    cache.set("a".repeat(10), "q", 2, 20);
    // 70 bytes so far: 30 more fit, and a larger result in place of another does not.
    cache.set("b", "p", 3, 28);
    expect(cache.get("a".repeat(10), "p")).toBe(1);
    cache.set("b", "p", 4, 29);
    expect(cache.get("a".repeat(10), "q")).toBeUndefined();
    expect(cache.get("b", "p")).toBe(4);
  });

  it("do not add up where one takes the place of another", () => {
    const cache = resultCache<number>(100);
    for (let n = 0; n < 9; n++) cache.set("a", "p", n, 98);
    expect(cache.get("a", "p")).toBe(8);
    cache.set("a", "p", 9, 99);
    expect(cache.get("a", "p")).toBeUndefined();
    resultCache<number>(0).set("a", "p", 1, 1);
  });
});
