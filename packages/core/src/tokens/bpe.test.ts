import fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import { describe, expect, it } from "vitest";
import { loadBpe, MAX_PIECE } from "./bpe.ts";

/** Text that reaches every alternative of the splitters: cases, marks, scripts, signs, spaces, contractions. */
const fragment = fc.oneof(
  fc.constantFrom(
    ..."aZé中क़ाǅʰ١५½_-/.'’\"{}[]:,;=#@|\\\t\n\r \u00a0\u0301\u200d\u2028\u3000\ufeff\0\ud83d\ude00",
  ),
  fc.constantFrom(
    "'s",
    "'LL",
    "'ve",
    "'x",
    "\r\n",
    "\n\n",
    "   ",
    "  x",
    "\u0301A",
    "ABC中D",
    "😀",
    "👩‍👩‍👧",
    "🇩🇪",
  ),
  fc.constantFrom(
    "<|endoftext|>",
    "<|im_start|>",
    "HTTPServer",
    "camelCase",
    "1234567",
    "0x1F",
    "//\n/",
    "…",
    "---",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.stringMatching(/^[a-z]{1,12}$/),
);
const text = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(""));

describe.each([
  ["o200k_base", o200k],
  ["cl100k_base", cl100k],
] as const)("%s", async (encoding, ranks) => {
  const oracle = new Tiktoken(ranks);
  const counter = await loadBpe(encoding);
  const expected = (sample: string): number => oracle.encode(sample, [], []).length;

  it("counts as js-tiktoken does", () => {
    fc.assert(
      fc.property(text, (sample) => {
        expect(counter.count(sample)).toBe(expected(sample));
      }),
      { numRuns: 1000 },
    );
  });

  it("counts text that looks like a special token as text", () => {
    expect(counter.count("<|endoftext|>")).toBe(expected("<|endoftext|>"));
    expect(counter.count("<|endoftext|>")).toBeGreaterThan(1);
  });

  it("counts a leading byte order mark", () => {
    expect(counter.count("\ufeffabc")).toBe(expected("\ufeffabc"));
  });

  it("merges pieces with the heap as with the scan", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-dé]{97,200}$/), (sample) => {
        expect(counter.count(sample)).toBe(expected(sample));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ["letters", "a"],
    ["capitals", "Q"],
    ["spaces", " "],
    ["newlines", "\n"],
    ["Chinese", "中"],
    ["emoji", "😀"],
    ["combining marks", "\u0301"],
    ["signs", "!"],
    ["slashes and newlines", "/\n"],
    ["lone surrogates", "\ud800"],
  ])("takes a million %s", (_name, unit) => {
    const runOf = (units: number): number => counter.count(unit.repeat(units));
    const million = runOf(1_000_000 / unit.length);
    expect(million).toBeGreaterThan(0);
    // A part of a run costs what the run costs, but for the cuts.
    const part = runOf((20 * MAX_PIECE) / unit.length);
    expect(million / part / (1_000_000 / (20 * MAX_PIECE))).toBeCloseTo(1, 1);
  });
});
