/**
 * The exact shape of a line: constant text around values, nothing lost.
 *
 * For the lossless form. Values are runs without white space that hold a digit or inner dots, split at slashes and colons,
 * which brings out what is equal within them; in the word shape every word is a value. A scanner finds the spans of the values, and a hash of the rest says which lines are alike, so that no
 * string is made for lines that stay alone.
 */

/** Longer lines are rarely alike, and their shapes are not worth the work. */
export const MAX_SHAPED = 2_000;

/** Spans of values in a line: `at[2n]` to `at[2n + 1]`. Reused from line to line. */
export interface Spans {
  readonly at: Int32Array;
  count: number;
}

export function makeSpans(): Spans {
  return { at: new Int32Array(MAX_SHAPED * 2 + 2), count: 0 };
}

const SPACE = 1;
const SEPARATOR = 2;
/** Splits values, but for the colon of a clock time. */
const JOINT = 3;
const DIGIT = 4;
const LETTER = 5;
const BACKSLASH = 6;
const DOT = 7;

const KINDS: Uint8Array = kinds();

function kinds(): Uint8Array {
  const table = new Uint8Array(65_536);
  for (let code = 0; code <= 32; code++) table[code] = SPACE;
  for (const char of "[](){}<>\"'`,;|=\u001b") table[char.charCodeAt(0)] = SEPARATOR;
  for (const char of "/:@?&#") table[char.charCodeAt(0)] = JOINT;
  for (let code = 48; code <= 57; code++) table[code] = DIGIT;
  for (let code = 65; code <= 90; code++) table[code] = LETTER;
  for (let code = 97; code <= 122; code++) table[code] = LETTER;
  table[92] = BACKSLASH;
  table[46] = DOT;
  return table;
}

function kindAt(line: string, at: number): number {
  return at >= 0 && at < line.length ? (KINDS[line.charCodeAt(at)] ?? 0) : SPACE;
}

/** Finds the values of a line, split at `/ : @ ? & #`. */
export function findValues(line: string, spans: Spans): void {
  spans.count = 0;
  const { length } = line;
  let at = 0;
  // Where the quote closes that was opened last.
  let closing = -1;
  while (at < length) {
    const code = line.charCodeAt(at);
    const kind = KINDS[code] as number;
    if (code === 27) {
      at = escapeEnd(line, at);
      continue;
    }
    if (kind === SPACE || kind === JOINT) {
      at++;
      continue;
    }
    if (kind === SEPARATOR) {
      const end = code === 34 && at !== closing ? line.indexOf('"', at + 1) : -1;
      if (end > 0 && isSentence(line, at + 1, end)) {
        add(spans, at + 1, end);
        at = end + 1;
      } else {
        closing = end;
        at++;
      }
      continue;
    }
    const start = at;
    let value = false;
    for (; at < length; at++) {
      const here = KINDS[line.charCodeAt(at)] as number;
      if (here === LETTER) continue;
      if (here <= SEPARATOR && here > 0) break;
      if (here === JOINT && !isInClock(line, at)) break;
      if (here === DIGIT || here === BACKSLASH) value = true;
      else if (
        here === DOT &&
        !value &&
        kindAt(line, at - 1) === LETTER &&
        kindAt(line, at + 1) === LETTER
      )
        value = true;
    }
    value ||= isInside(line, start - 1) || isInside(line, at);
    if (value && at > start) add(spans, start, at);
  }
}

/** Makes every word a value; colour codes stay outside. */
export function findWords(line: string, spans: Spans): void {
  spans.count = 0;
  let at = 0;
  while (at < line.length) {
    while (at < line.length && line.charCodeAt(at) <= 32)
      at = line.charCodeAt(at) === 27 ? escapeEnd(line, at) : at + 1;
    const start = at;
    while (at < line.length && line.charCodeAt(at) > 32) at++;
    if (at > start) add(spans, start, at);
  }
}

function add(spans: Spans, start: number, end: number): void {
  spans.at[spans.count * 2] = start;
  spans.at[spans.count * 2 + 1] = end;
  spans.count++;
}

/** A text in quotes with three spaces or more is one value: a user agent, a message. */
function isSentence(line: string, start: number, end: number): boolean {
  let spaces = 0;
  for (let at = start; at < end; at++)
    if (line.charCodeAt(at) === 32 && ++spaces === 3) return true;
  return false;
}

/** Behind a colour code: it is no value. */
function escapeEnd(line: string, start: number): number {
  let at = start + 1;
  if (line[at] === "[") at++;
  while (kindAt(line, at) === DIGIT || line[at] === ";") at++;
  return kindAt(line, at) === LETTER ? at + 1 : at;
}

/** The colon of a clock time: two digits stand before it and behind it. */
function isInClock(line: string, at: number): boolean {
  const isDigit = (place: number): boolean => kindAt(line, place) === DIGIT;
  return (
    line.charCodeAt(at) === 58 &&
    isDigit(at - 1) &&
    isDigit(at - 2) &&
    !isDigit(at - 3) &&
    isDigit(at + 1) &&
    isDigit(at + 2) &&
    !isDigit(at + 3)
  );
}

/** A slash or `@`, or a colon with something behind it: between those even a plain word is a value. */
function isInside(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code === 47 || code === 64 || (code === 58 && line.charCodeAt(at + 1) > 32);
}

/** A 53-bit hash of the constants and the number of values. Lines of one shape have one hash. */
export function hashShape(line: string, { at, count }: Spans): number {
  let a = 0x811c9dc5;
  let b = count;
  let from = 0;
  for (let n = 0; n <= count; n++) {
    const to = n < count ? (at[n * 2] ?? 0) : line.length;
    for (let i = from; i < to; i++) {
      const code = line.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13);
    }
    a = Math.imul(a ^ 0x10001, 0x01000193);
    b = Math.imul(b ^ 0x10001, 0xc2b2ae35);
    from = n < count ? (at[n * 2 + 1] ?? 0) : line.length;
  }
  return combine(a, b);
}

/** A hash of the n-th word. */
export function hashWord(line: string, { at, count }: Spans, n: number): number {
  let a = 0x811c9dc5;
  let b = n;
  if (n < count) {
    for (let i = at[n * 2] ?? 0; i < (at[n * 2 + 1] ?? 0); i++) {
      const code = line.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13);
    }
  }
  return combine(a, b);
}

function combine(a: number, b: number): number {
  return (a >>> 0) * 0x200000 + (b >>> 11);
}

/** Folds hashes into one. */
export function mix(...hashes: readonly number[]): number {
  let a = 17;
  let b = 31;
  for (const hash of hashes) {
    a = Math.imul(a ^ (hash | 0), 0x01000193);
    b = Math.imul(b + ((hash / 0x200000) | 0), 0x85ebca6b) ^ (b >>> 13);
  }
  return combine(a, b);
}

/** Spans of many lines, so that the values of a line are found once. */
export class SpanList {
  #at = new Int32Array(8_192);
  /** Where the spans of each line begin, and where those of the last one end. */
  readonly #starts: number[] = [0];

  add({ at, count }: Spans): void {
    const start = this.#starts[this.#starts.length - 1] ?? 0;
    const end = start + count * 2;
    if (end > this.#at.length) {
      const longer = new Int32Array(Math.max(end, this.#at.length * 2));
      longer.set(this.#at);
      this.#at = longer;
    }
    for (let n = 0; n < count * 2; n++) this.#at[start + n] = at[n] ?? 0;
    this.#starts.push(end);
  }

  /** The values of the n-th line. */
  valuesOf(n: number, line: string): readonly string[] {
    const start = this.#starts[n] ?? 0;
    const count = ((this.#starts[n + 1] ?? start) - start) / 2;
    const values: string[] = new Array(count);
    for (let value = 0; value < count; value++) {
      const at = start + value * 2;
      values[value] = line.slice(this.#at[at], this.#at[at + 1]);
    }
    return values;
  }
}

/** The text around the values: one piece more than there are values. */
export function constantsOf(line: string, { at, count }: Spans): readonly string[] {
  const constants: string[] = [];
  let from = 0;
  for (let n = 0; n < count; n++) {
    constants.push(line.slice(from, at[n * 2]));
    from = at[n * 2 + 1] ?? 0;
  }
  constants.push(line.slice(from));
  return constants;
}
