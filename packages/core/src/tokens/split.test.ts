import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asciiClass,
  CASELESS,
  classAt,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  OTHER,
  SPACE,
  UPPER,
} from "./character-class.ts";
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

  it.each([
    ["spaces", ["a b", " a", "  a", "   ", "a  ", " \t a", "\t\t", "\u00a0\u00a0x", " \u00a0x"]],
    ["newlines", ["\n", "\n\na", " \n a", "a \n\n  b", "\r\n\r\n", "\n \n \n x", " \r", "\n  "]],
    [
      "signs",
      ["!!", " !!", "  !!", "!\n\n", "!/\n/", "//a", "!a", "!!a", " !a", "!1", "…\n", "-\r/x"],
    ],
    ["digits", ["1", "12", "123", "1234", "1234567", "a1b22", "١٢٣٤", "½⅓¼⅕", "𝟏𝟐𝟑𝟒"]],
    [
      "cases",
      ["abC", "ABc", "ABC", "aBcD", "ǅa", "Aʰb", "AB中CD", "中A", "A中", "ʰʰA", "HTTPServer"],
    ],
    [
      "marks",
      [
        "\u0301",
        "\u0301a",
        "\u0301A",
        "\u0301AB",
        "a\u0301b",
        "A\u0301B",
        "\u0301\u0301",
        "!\u0301",
      ],
    ],
    [
      "contractions",
      [
        "a's",
        "a'S",
        "a't",
        "a'm",
        "a'd",
        "a'll",
        "a'LL",
        "a'lL",
        "a've",
        "a're",
        "a'x",
        "a'l",
        "a'v",
      ]
        .concat(["a'r", "a'ver", "'s", "'sa", "''s", "1's", "'", "a'", "'ll", "'re", "'ve", "A'SB"])
        .concat(["a'la", "a'ea", "a'el", "a'ee", "!'s", " 's", "\u0301's", "'\u017f", "x'llama"]),
    ],
    [
      "surrogates",
      ["\ud800a", "a\udc00", "😀a", "😀😀", " 😀", "𝐀𝐚", "!\ud83d", "\ud83d!", "\ud800\n"],
    ],
  ])("cuts %s as the published expression", (_kind, samples) => {
    for (const sample of samples)
      for (const around of [sample, `x${sample}`, `${sample}x`, `${sample} `, ` ${sample}\n`])
        expect([around, pieces(split, around)]).toEqual([around, around.match(expression) ?? []]);
  });
});

describe("classAt", () => {
  const classes: readonly (readonly [RegExp, number])[] = [
    [/^[\p{Lu}\p{Lt}]$/u, UPPER],
    [/^\p{Ll}$/u, LOWER],
    [/^[\p{Lm}\p{Lo}]$/u, CASELESS],
    [/^\p{M}$/u, MARK],
    [/^\p{N}$/u, NUMBER],
    [/^[\r\n]$/u, SPACE | NEWLINE],
    [/^\s$/u, SPACE],
  ];
  const classOf = (character: string): number =>
    classes.find(([pattern]) => pattern.test(character))?.[1] ?? OTHER;

  it("gives the class that Unicode gives, for every kind of character", () => {
    // All of the first planes' beginnings, then samples: each block of 256 is filled by itself.
    for (let point = 0; point <= 0x10_ffff; point += point < 0x3_100 ? 1 : 61) {
      const character = String.fromCodePoint(point);
      const found = classAt(`a${character}b`, 1);
      if (found !== classOf(character)) expect([point, found]).toEqual([point, classOf(character)]);
    }
    for (let code = 0; code < 128; code++)
      expect(asciiClass[code]).toBe(classOf(String.fromCharCode(code)));
    expect(asciiClass).toHaveLength(128);
  });

  it("takes half a pair for a sign", () => {
    for (const text of ["\ud800", "\ud83dx", "\udc00", "\udfff\ud800"])
      expect(classAt(text, 0)).toBe(OTHER);
    expect(classAt("𝐀", 0)).toBe(UPPER);
  });
});
