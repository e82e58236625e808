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
    "\ud800",
    "\udfff",
    "a\ud800b",
    "\ud800\ud800\ud800",
    "!\udc00?",
    "é\ud83d",
    "\ufffd",
    "\ufffd\ufffd",
    "\ufeff",
    "\ufeff\ufeffx",
    "\u007f\u0080\u07ff\u0800\uffff",
    "\u{10000}\u{10ffff}",
    "\u0000\u0001",
    "ÿĀ߿ࠀ",
    "ḀẀ",
    "𝐀𝐁𝐂",
    "naïve café Ærøskøbing",
    "日本語のテキスト",
    "Привет, мир",
  ])("counts %j as js-tiktoken does", (sample) => {
    expect(counter.count(sample)).toBe(expected(sample));
    expect(counter.count(`x ${sample} y`)).toBe(expected(`x ${sample} y`));
  });

  // The scan ends and the heap begins at 96 bytes.
  it.each([1, 2, 3, 31, 32, 47, 48, 49, 95, 96, 97, 98, 200])(
    "counts a piece of %i characters as js-tiktoken does",
    (length) => {
      for (const unit of ["qzx", "aé", "q", "ж中", "loremipsum"]) {
        const sample = unit.repeat(length).slice(0, length);
        expect(counter.count(sample)).toBe(expected(sample));
      }
    },
  );

  it.each([
    ["as long as can be", "qz".repeat(MAX_PIECE / 2), []],
    ["letters", "qwertyuiop".repeat(620), [MAX_PIECE, 2 * MAX_PIECE, 3 * MAX_PIECE]],
    ["one letter too many", "ab".repeat(MAX_PIECE / 2 + 1).slice(1), [MAX_PIECE]],
    ["pairs of surrogates", "𝐚".repeat(MAX_PIECE), [MAX_PIECE]],
    ["pairs that a cut would part", `y${"𝐚".repeat(3_000)}`, [MAX_PIECE + 1, 2 * MAX_PIECE + 1]],
  ] as const)("counts a piece that is too long in parts: %s", (_name, sample, cuts) => {
    let sum = 0;
    let from = 0;
    for (const cut of [...cuts, sample.length]) {
      sum += counter.count(sample.slice(from, cut));
      from = cut;
    }
    expect(counter.count(sample)).toBe(sum);
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
