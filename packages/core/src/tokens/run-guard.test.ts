import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardRuns, longRuns, MAX_RUN, splitRuns } from "./run-guard.ts";

const sizes = { name: "sizes", count: (text: string) => text.length };

describe("splitRuns", () => {
  it("leaves text without long runs alone", () => {
    expect(splitRuns("one two\n".repeat(500))).toBeUndefined();
    expect(splitRuns(`${"-".repeat(80)}\n`.repeat(50))).toBeUndefined();
    expect(splitRuns("价格是三百元，今天发货。".repeat(200))).toBeUndefined();
    expect(splitRuns("0123456789abcdef".repeat(100))).toBeUndefined();
  });

  it("gives pieces that join to the text and hold no long run", () => {
    const run = fc
      .tuple(
        fc.constantFrom("a", "Ä", " ", "\n", "中", "😀", "!", "/\n", "\u0301", "\ud800", "7"),
        fc.nat(700),
      )
      .map(([unit, times]) => unit.repeat(times));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(run, fc.string({ unit: "binary" })), { maxLength: 8 }),
        (parts) => {
          const text = parts.join("");
          const pieces = splitRuns(text);
          if (pieces === undefined) return;
          expect(pieces.join("")).toBe(text);
          for (const piece of pieces) expect(longRuns(piece, MAX_RUN + 1)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("never cuts a surrogate pair", () => {
    const pieces = splitRuns(`x${"😀".repeat(1000)}`);
    for (const piece of pieces ?? []) expect(piece.isWellFormed()).toBe(true);
  });

  it("sees punctuation that newlines and slashes continue as one run", () => {
    expect(longRuns("/\n".repeat(400))).toEqual([[0, 800]]);
  });
});

describe("guardRuns", () => {
  it("hands the counter nothing longer than a piece", () => {
    let longest = 0;
    const counter = guardRuns({
      name: "watch",
      count(text) {
        longest = Math.max(longest, text.length);
        return sizes.count(text);
      },
    });
    expect(counter.count("z".repeat(100_000))).toBe(100_000);
    expect(longest).toBeLessThanOrEqual(MAX_RUN + 1);
  });
});
