/**
 * The Unicode classes tokenizers split by, as one table lookup per character.
 *
 * A page of 256 code points is filled on first use from the engine's own `\p{…}`, so that it agrees with every regex-based
 * tokenizer beside us.
 */

/** Upper and title case letters. */
export const UPPER = 1;
/** Lower case letters. */
export const LOWER = 2;
/** Letters without case, modifiers and marks: they continue both an upper and a lower run. */
export const CASELESS = 4;
export const MARK = 8;
export const NUMBER = 16;
export const SPACE = 32;
/** Carriage return and line feed, together with `SPACE`. */
export const NEWLINE = 64;
/** Everything else: punctuation, symbols, controls, lone surrogates, unassigned. */
export const OTHER = 128;

export const LETTER = 7;

const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[\p{Lu}\p{Lt}]/gu, UPPER],
  [/\p{Ll}/gu, LOWER],
  [/[\p{Lm}\p{Lo}]/gu, CASELESS],
  [/\p{M}/gu, MARK],
  [/\p{N}/gu, NUMBER],
  [/[^\S\r\n]/gu, SPACE],
  [/[\r\n]/gu, SPACE | NEWLINE],
];

/** Class of every UTF-16 unit below 128; `asciiClass[code]`. */
export const asciiClass: Uint8Array = page(0).subarray(0, 128);

const pages: (Uint8Array | undefined)[] = [];

/** Class of the code point that starts at `index`. A lone surrogate is `OTHER`. */
export function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  const point = (code & 0xfc00) === 0xd800 ? (text.codePointAt(index) as number) : code;
  const number = point >> 8;
  pages[number] ??= page(number);
  return (pages[number] as Uint8Array)[point & 255] as number;
}

/** Classes of the 256 code points `number * 256` and on. */
function page(number: number): Uint8Array {
  const classes = new Uint8Array(256).fill(OTHER);
  if (number >= 0xd8 && number <= 0xdf) return classes;
  let text = "";
  for (let low = 0; low < 256; low++) text += String.fromCodePoint(number * 256 + low);
  const units = text.length / 256;
  for (const [pattern, value] of CLASSES) {
    for (const match of text.matchAll(pattern)) classes[match.index / units] = value;
  }
  return classes;
}
