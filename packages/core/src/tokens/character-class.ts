/**
 * The Unicode classes tokenizers split by, as one table lookup per character.
 *
 * The table of the basic plane is built on the first character beyond ASCII; other planes are remembered code point by
 * code point. Both come from the engine's own `\p{…}`, so that they agree with every regex-based tokenizer beside us.
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
export const asciiClass: Uint8Array = table(128);

let basicPlane: Uint8Array | undefined;
const otherPlanes = new Map<number, number>();

/** Class of the code point that starts at `index`. A lone surrogate is `OTHER`. */
export function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 128) return asciiClass[code] ?? OTHER;
  if ((code & 0xfc00) === 0xd800) {
    const point = text.codePointAt(index) ?? code;
    if (point > 0xffff) return otherPlaneClass(point);
  }
  basicPlane ??= table(65_536);
  return basicPlane[code] ?? OTHER;
}

function table(size: number): Uint8Array {
  const classes = new Uint8Array(size).fill(OTHER);
  let text = "";
  for (let code = 0; code < size; code++) {
    // A surrogate between others would pair up and shift what the regex sees.
    text += (code & 0xf800) === 0xd800 ? "!" : String.fromCharCode(code);
  }
  for (const [pattern, value] of CLASSES) {
    for (const match of text.matchAll(pattern)) classes[match.index] = value;
  }
  return classes;
}

function otherPlaneClass(point: number): number {
  const known = otherPlanes.get(point);
  if (known !== undefined) return known;
  const text = String.fromCodePoint(point);
  const value = CLASSES.find(([pattern]) => text.search(pattern) === 0)?.[1] ?? OTHER;
  // Bounded: a hostile text could otherwise leave a million entries behind.
  if (otherPlanes.size < 65_536) otherPlanes.set(point, value);
  return value;
}
