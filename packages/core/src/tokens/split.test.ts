import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Splitter, splitCl100k, splitO200k } from "./split.ts";

// The published expressions (openai/tiktoken, `openai_public.py`) in JavaScript's syntax.
const CONTRACTION = "'(?:[sS]|[dD]|[mM]|[tT]|[lL][lL]|[vV][eE]|[rR][eE])";
const O200K = new RegExp(
  [
    `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?:${CONTRACTION})?`,
    `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?:${CONTRACTION})?`,
    "\\p{N}{1,3}",
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
    "\\s*[\\r\\n]+",
    "\\s+(?!\\S)",
    "\\s+",
  ].join("|"),
  "gu",
);
const CL100K = new RegExp(
  [
    CONTRACTION,
    "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+",
    "\\p{N}{1,3}",
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*",
    "\\s*[\\r\\n]+",
    "\\s+(?!\\S)",
    "\\s+",
  ].join("|"),
  "gu",
);

function pieces(split: Splitter, text: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = split(text, start);
    found.push(text.slice(start, end));
    start = end;
  }
  return found;
}

/** Few characters of each class, so that every neighbourhood comes up often. */
const text = fc
  .array(
    fc.constantFrom(..."aBsL中ǅʰ\u03011½'/!\u200d \t\n\r\u00a0\ud83d", "😀", "𝐀", "'s", "'LL"),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

describe.each([
  ["o200k_base", splitO200k, O200K],
  ["cl100k_base", splitCl100k, CL100K],
] as const)("splitter of %s", (_name, split, expression) => {
  it("gives the pieces of the published expression", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (sample) => {
        expect(pieces(split, sample)).toEqual(sample.match(expression) ?? []);
      }),
      { numRuns: 5000 },
    );
  });
});
