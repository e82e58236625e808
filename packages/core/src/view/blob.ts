/**
 * Stretches of a text that say nothing to a reader: encoded bytes, runs of one character, minified code, vectors of numbers. What each
 * is, and how much of it, says all that a reader needs.
 */
import { Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";

export interface Blob {
  readonly start: number;
  readonly end: number;
  /** `PNG image in base64 (18.2 kB)`: on one line, without commas and square brackets. */
  readonly what: string;
  /** Characters at its beginning that say what it is, and are worth showing. */
  readonly head: number;
}

/** Shorter ones are worth their tokens: keys, signatures, hashes. */
const MIN_CHARACTERS = 256;
/** Lines of wrapped base64 are this long at least; so many of them are a blob. */
const MIN_WRAPPED_LINE = 56;
const MAX_WRAPPED_LINE = 160;
/** Lines of code this long were not written by hand. */
const MIN_MINIFIED = 1_500;
/** Numbers in a row. */
const MIN_NUMBERS = 48;
/** Characters that are looked at to tell what a stretch is. */
const LOOKED_AT = 600;

/** The beginnings of files, in base64. */
const MAGIC: readonly (readonly [start: string, what: string])[] = [
  ["iVBORw0KGgo", "PNG image"],
  ["/9j/", "JPEG image"],
  ["R0lGOD", "GIF image"],
  ["UklGR", "RIFF file"],
  ["PHN2Zy", "SVG image"],
  ["PD94bWwg", "XML"],
  ["JVBERi0", "PDF"],
  ["UEsDB", "ZIP file"],
  ["H4sI", "gzip file"],
  ["KLUv/", "zstd file"],
  ["/Td6WFo", "xz file"],
  ["Qlpo", "bzip2 file"],
  ["d09GMg", "WOFF2 font"],
  ["d09GRg", "WOFF font"],
  ["AGFzbQ", "WebAssembly"],
  ["f0VMR", "ELF file"],
  ["U1FMaXRl", "SQLite file"],
  ["MII", "certificate or key"],
];

/**
 * Whether a text begins with encoded bytes, and which.
 *
 * @param length of the whole, of which `head` is the beginning
 * @param padding how many `=` stand at its end
 */
export function encodedBytes(
  head: string,
  length: number,
  padding: number = 0,
): Pick<Blob, "what" | "head"> | undefined {
  if (length < MIN_CHARACTERS) return undefined;
  if (head.startsWith("data:")) {
    const comma = head.indexOf(",");
    if (comma < 0 || comma > 100) return undefined;
    const [type = "", ...parameters] = head.slice("data:".length, comma).split(";");
    const isBase64 = parameters.includes("base64");
    const size = isBase64 ? bytesOf(length - comma - 1, padding) : length - comma - 1;
    return { what: `data URI of ${type || "text"} (${sizeOf(size)})`, head: comma + 1 };
  }
  const kind = alphabetOf(head.slice(0, LOOKED_AT));
  if (kind === undefined) return undefined;
  if (kind === "hexadecimal") return { what: `hexadecimal (${sizeOf(length / 2)})`, head: 16 };
  const type = MAGIC.find(([start]) => head.startsWith(start))?.[1];
  const name = type === undefined ? "base64" : `${type} in base64`;
  return { what: `${name} (${sizeOf(bytesOf(length, padding))})`, head: 16 };
}

/**
 * What the beginning of a run of characters is written in, where that is no words. Paths and slugs are lower case with many separators;
 * encoded bytes mix cases and digits.
 *
 * @param leastDigits how many digits hexadecimal has at least, to be told from letters. @default 1
 */
export function alphabetOf(
  text: string,
  leastDigits: number = 1,
): "hexadecimal" | "base64" | undefined {
  let digits = 0;
  let uppers = 0;
  let others = 0;
  let hex = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      digits++;
      hex++;
    } else if (code >= 97 && code <= 122) {
      if (code <= 102) hex++;
    } else if (code >= 65 && code <= 90) {
      uppers++;
      if (code <= 70) hex++;
    } else if (isSign(code) || (code === 46 && at > 10)) others++;
    else return undefined;
  }
  if (hex === text.length) return digits >= leastDigits ? "hexadecimal" : undefined;
  const isMixed = uppers >= text.length / 10 && digits >= text.length / 40;
  return isMixed && others <= text.length / 8 ? "base64" : undefined;
}

/** The blobs of a text, in order; they do not overlap. */
export function* findBlobs(text: string): Steps<readonly Blob[]> {
  const meter = new Meter();
  const found: Blob[] = [];
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf("\n", at);
    const end = line < 0 ? text.length : line;
    const wrapped = wrappedAt(text, at, end);
    const next = wrapped?.end ?? end;
    if (wrapped !== undefined) found.push(wrapped);
    else if (end - at >= MIN_CHARACTERS) yield* inLine(text, at, end, found, meter);
    if (meter.isDue(next - at + 8)) yield;
    at = next + 1;
  }
  return found;
}

/** Base64 that is wrapped into lines, as mail and keys are. */
function wrappedAt(text: string, start: number, end: number): Blob | undefined {
  const width = end - start;
  if (width < MIN_WRAPPED_LINE || width > MAX_WRAPPED_LINE || !isEncodedLine(text, start, end))
    return undefined;
  let last = end;
  let lines = 1;
  for (let at = end + 1; at < text.length; ) {
    const line = text.indexOf("\n", at);
    const stop = line < 0 ? text.length : line;
    if (stop - at > width || stop === at || !isEncodedLine(text, at, stop)) break;
    last = stop;
    lines++;
    // A shorter line is the last one.
    if (stop - at < width) break;
    at = stop + 1;
  }
  const length = last - start;
  if (length < 4 * MIN_CHARACTERS) return undefined;
  const first = text.slice(start, Math.min(last, start + LOOKED_AT)).replaceAll("\n", "");
  const padding = paddingBefore(text, last);
  const known = encodedBytes(first, length - (lines - 1), padding);
  return known && { ...known, start, end: last };
}

function isEncodedLine(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isEncoded(text.charCodeAt(at))) return false;
  return true;
}

function* inLine(
  text: string,
  start: number,
  end: number,
  found: Blob[],
  meter: Meter,
): Steps<void> {
  const before = found.length;
  for (let at = start; at < end; ) {
    const stretch =
      repeatedAt(text, at, end) ?? encodedAt(text, at, end) ?? numbersAt(text, at, end);
    if (stretch?.what !== undefined) found.push(stretch);
    const next = stretch?.end ?? at + 1;
    if (meter.isDue(next - at)) yield;
    at = Math.max(at + 1, next);
  }
  if (found.length > before || end - start < MIN_MINIFIED) return;
  const code = minified(text, start, end);
  if (code !== undefined) found.push(code);
}

/** How far something reaches that is no blob. */
interface Stretch {
  readonly end: number;
  readonly what?: undefined;
}

/** `=====…` */
function repeatedAt(text: string, start: number, end: number): Blob | undefined {
  const code = text.charCodeAt(start);
  if (text.charCodeAt(start + 1) !== code || text.charCodeAt(start + 2) !== code) return undefined;
  let at = start + 3;
  while (at < end && text.charCodeAt(at) === code) at++;
  if (at - start < MIN_CHARACTERS || code >= 0xd800) return undefined;
  const shown = code === 32 ? "blank" : code === 9 ? "tab" : text.charAt(start);
  return { start, end: at, what: `${shown} ×${at - start}`, head: 8 };
}

/** A word of encoded bytes; where it is none, how far it reaches. */
function encodedAt(text: string, start: number, end: number): Blob | Stretch | undefined {
  const isUri = text.startsWith("data:", start);
  let at = start;
  if (isUri) while (at < end && !"\"'`<>)\\ \t".includes(text.charAt(at))) at++;
  else while (at < end && isEncoded(text.charCodeAt(at))) at++;
  if (at - start < MIN_CHARACTERS) return at > start ? { end: at } : undefined;
  const padding = paddingBefore(text, at);
  const known = encodedBytes(
    text.slice(start, Math.min(at, start + LOOKED_AT)),
    at - start,
    padding,
  );
  return known ? { ...known, start, end: at } : { end: at };
}

const NUMBER = /[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/iy;

/** `[0.0123,-0.4,…]`: a vector. */
function numbersAt(text: string, start: number, end: number): Blob | Stretch | undefined {
  if (text.charCodeAt(start) !== 91) return undefined;
  let count = 0;
  let fractions = 0;
  let at = start + 1;
  while (at < end) {
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 44) at++;
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text)?.[0];
    if (number === undefined || at + number.length > end) break;
    count++;
    if (number.includes(".")) fractions++;
    at += number.length;
  }
  if (count < MIN_NUMBERS || fractions * 2 < count || text.charCodeAt(at) !== 93)
    return count > 0 ? { end: at } : undefined;
  return { start, end: at + 1, what: `list of ${count} numbers`, head: 24 };
}

/** A long line of code without blanks around its signs. */
function minified(text: string, start: number, end: number): Blob | undefined {
  const head = text.slice(start, Math.min(end, start + 4 * LOOKED_AT));
  let signs = 0;
  let blanks = 0;
  for (let at = 0; at < head.length; at++) {
    const character = head.charAt(at);
    if (character === " ") blanks++;
    else if (";{}(),=:!&|?".includes(character)) signs++;
  }
  const functions = head.match(/\bfunction\b|=>|\breturn\b|\bvar\b|\bconst\b/g)?.length ?? 0;
  const rules = head.match(/[\w-]:[^;{}"]{1,60}[;}]/g)?.length ?? 0;
  if (signs < head.length / 12 || blanks > head.length / 8) return undefined;
  const name = functions > 5 ? "JavaScript" : rules > 15 ? "CSS" : undefined;
  return name && { start, end, what: `minified ${name} (${sizeOf(end - start)})`, head: 80 };
}

/** Letters, digits, `+`, `/`, `=`, `-`, `_`, `.`. */
function isEncoded(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    isSign(code) ||
    code === 46
  );
}

function isSign(code: number): boolean {
  return code === 43 || code === 47 || code === 61 || code === 45 || code === 95;
}

/** How many `=` stand before an offset: two at most. */
function paddingBefore(text: string, end: number): number {
  if (text.charCodeAt(end - 1) !== 61) return 0;
  return text.charCodeAt(end - 2) === 61 ? 2 : 1;
}

/** Of base64. */
function bytesOf(length: number, padding: number): number {
  return Math.floor((length - padding) * 0.75);
}

function sizeOf(bytes: number): string {
  return bytes < 1_024 ? `${Math.floor(bytes)} bytes` : `${(bytes / 1_024).toFixed(1)} kB`;
}
