import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandPhrases, learnPhrases, MIN_CELLS, phraseWriter } from "./phrases.ts";

describe("learnPhrases", () => {
  it("takes the longest run that keeps coming back, and nothing that is rare", () => {
    const cells = Array.from(
      { length: 60 },
      (_, at) => `w${at} shared library for programs x${at}`,
    );
    expect([
      ...learnPhrases(
        cells,
        cells.map(() => 1),
        cells,
      ),
    ]).toEqual([["shared library for programs", "A"]]);
    const odd = cells.map((_, at) => `w${at} y${at * 7} z${at * 3}`);
    expect(
      learnPhrases(
        odd,
        odd.map(() => 1),
        odd,
      ).size,
    ).toBe(0);
  });

  it("leaves short columns alone", () => {
    const cells = Array.from({ length: MIN_CELLS - 1 }, () => "shared library for programs");
    expect(
      learnPhrases(
        cells,
        cells.map(() => 1),
        cells,
      ).size,
    ).toBe(0);
  });

  it("gives every cell back, whatever words it has", () => {
    const word = fc.constantFrom(
      "A",
      "B",
      "AA",
      "a",
      "",
      "the",
      "of",
      "maximum",
      "number",
      "(new)",
      "ü",
    );
    const cell = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
    let named = 0;
    fc.assert(
      fc.property(fc.array(cell, { minLength: MIN_CELLS, maxLength: 80 }), (cells) => {
        const phrases = learnPhrases(
          cells,
          cells.map(() => 1),
          cells,
        );
        const names = new Map([...phrases].map(([text, name]) => [name, text]));
        expect(names.size).toBe(phrases.size);
        const write = phraseWriter(phrases);
        for (const one of cells) expect(expandPhrases(write(one), names)).toBe(one);
        named += phrases.size;
      }),
      { numRuns: 200 },
    );
    expect(named).toBeGreaterThan(100);
  });
});
