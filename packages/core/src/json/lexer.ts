/**
 * Reads JSON into offsets: `JSON.parse` would lose number text, duplicate keys, key order and `__proto__`.
 *
 * Follows RFC 8259 to the letter (no comments, no trailing commas, no raw control characters in strings), so that
 * what is accepted here is accepted by every reader. Iterative and linear. One trap: offsets are into the text that
 * was handed in, so a decoded string that is JSON again has to be parsed as its own source.
 */
import { finish, joinInSteps, STEP_CHARACTERS } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import type { JsonMember, JsonNode, JsonString } from "./node.ts";

/** Deeper values are left alone: every walker behind the lexer may recurse this far and no further. */
export const maxDepth = 256;

/** What stands at an offset: a value, or why there is none. */
export type Scan =
  | { readonly node: JsonNode }
  /** `truncated`: everything up to the end of the text was well-formed, so more text could complete it. */
  | { readonly node: undefined; readonly at: number; readonly truncated: boolean };

/** The value that makes up the whole text, white space around it aside. */
export function parseJson(source: string): JsonNode | undefined {
  return finish(parseInSteps(source));
}

/** `parseJson`. */
export function* parseInSteps(source: string): Steps<JsonNode | undefined> {
  const scan = yield* scanInSteps(source, skipSpace(source, 0));
  if (scan.node === undefined) return undefined;
  return skipSpace(source, scan.node.end) === source.length ? scan.node : undefined;
}

/** The offset of the first character from `at` on that is not JSON white space. */
export function skipSpace(source: string, at: number): number {
  let i = at;
  for (; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
  }
  return i;
}

/** The offset behind the string whose opening quote stands at `at`; negative (`-offset - 1`) where it breaks off. */
function scanString(source: string, at: number): number {
  let i = at + 1;
  for (; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === 34) return i + 1;
    if (code < 32) return -i - 1;
    if (code !== 92) continue;
    i++;
    if (i >= source.length) break;
    const letter = source.charCodeAt(i);
    if (letter === 117) {
      for (let digit = 0; digit < 4; digit++) {
        i++;
        if (i >= source.length) return -source.length - 1;
        if (!isHex(source.charCodeAt(i))) return -i - 1;
      }
    } else if (!isEscape(letter)) return -i - 1;
  }
  return -source.length - 1;
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

/** One of `" \ / b f n r t`. */
function isEscape(code: number): boolean {
  return (
    code === 34 ||
    code === 92 ||
    code === 47 ||
    code === 98 ||
    code === 102 ||
    code === 110 ||
    code === 114 ||
    code === 116
  );
}

function skipDigits(source: string, at: number): number {
  let i = at;
  while (i < source.length) {
    const code = source.charCodeAt(i);
    if (code < 48 || code > 57) break;
    i++;
  }
  return i;
}

/** The offset behind the number that starts at `at`; negative (`-offset - 1`) where it is not a JSON number. */
export function scanNumber(source: string, at: number): number {
  let i = at;
  if (source.charCodeAt(i) === 45) i++;
  const whole = skipDigits(source, i);
  if (whole === i) return -i - 1;
  if (source.charCodeAt(i) === 48 && whole > i + 1) return -i - 2;
  i = whole;
  if (source.charCodeAt(i) === 46) {
    const fraction = skipDigits(source, i + 1);
    if (fraction === i + 1) return -fraction - 1;
    i = fraction;
  }
  const exponent = source.charCodeAt(i);
  if (exponent === 101 || exponent === 69) {
    i++;
    const sign = source.charCodeAt(i);
    if (sign === 43 || sign === 45) i++;
    const digits = skipDigits(source, i);
    if (digits === i) return -digits - 1;
    i = digits;
  }
  return i;
}

interface Frame {
  readonly start: number;
  readonly isArray: boolean;
  /** Where its items or members begin among those of all open containers. */
  readonly from: number;
  key: JsonString | undefined;
}

/** The value that starts at `start`, whatever follows it. */
export function scanValue(source: string, start: number): Scan {
  return finish(scanInSteps(source, start));
}

/** `scanValue`. */
export function* scanInSteps(source: string, start: number): Steps<Scan> {
  const stack: Frame[] = [];
  // What open containers have so far, cut out when they close: arrays that grow one by one would take several times the room.
  const items: JsonNode[] = [];
  const members: JsonMember[] = [];
  let itemCount = 0;
  let memberCount = 0;
  let frame: Frame | undefined;
  let i = start;
  let due = start + STEP_CHARACTERS;
  for (;;) {
    if (i >= due) {
      due = i + STEP_CHARACTERS;
      yield;
    }
    // A value is due at i, or (in a container just opened) its end.
    i = skipSpace(source, i);
    let node: JsonNode | undefined;
    const code = source.charCodeAt(i);
    if (frame !== undefined && !frame.isArray && frame.key === undefined) {
      // A key is due, or the end of an empty object.
      if (code === 125 && memberCount === frame.from) {
        node = { type: "object", start: frame.start, end: ++i, members: [] };
        frame = pop(stack);
      } else {
        if (code !== 34) return failed(source, i);
        const end = scanString(source, i);
        if (end < 0) return failed(source, -end - 1);
        frame.key = string(source, i, end);
        i = skipSpace(source, end);
        if (source.charCodeAt(i) !== 58) return failed(source, i);
        i++;
        continue;
      }
    } else if (code === 93 && frame?.isArray && itemCount === frame.from) {
      node = { type: "array", start: frame.start, end: ++i, items: [] };
      frame = pop(stack);
    } else if (code === 123 || code === 91) {
      if (stack.length >= maxDepth) return { node: undefined, at: i, truncated: false };
      const isArray = code === 91;
      frame = { start: i, isArray, from: isArray ? itemCount : memberCount, key: undefined };
      stack.push(frame);
      i++;
      continue;
    } else if (code === 34) {
      const end = scanString(source, i);
      if (end < 0) return failed(source, -end - 1);
      node = string(source, i, end);
      i = end;
    } else if (code === 45 || (code >= 48 && code <= 57)) {
      const end = scanNumber(source, i);
      if (end < 0) return failed(source, -end - 1);
      node = { type: "number", start: i, end };
      i = end;
    } else {
      const word = code === 116 ? "true" : code === 102 ? "false" : code === 110 ? "null" : "";
      if (word === "" || !source.startsWith(word, i)) {
        const rest = source.slice(i);
        const cut = word !== "" && rest.length < word.length && word.startsWith(rest);
        return failed(source, cut ? source.length : i);
      }
      node = { type: word === "null" ? "null" : "boolean", start: i, end: i + word.length };
      i = node.end;
    }
    // A value is complete: hand it to its container, and close what ends here.
    for (;;) {
      if (frame === undefined) return { node };
      const { start: opened, isArray, from } = frame;
      if (isArray) items[itemCount++] = node;
      else if (frame.key !== undefined) {
        members[memberCount++] = { key: frame.key, value: node };
        frame.key = undefined;
      }
      i = skipSpace(source, i);
      const next = source.charCodeAt(i);
      if (next === 44) {
        i++;
        if (isArray) {
          // `[1,]`: an array that has items must not end here.
          const after = skipSpace(source, i);
          if (source.charCodeAt(after) === 93) return failed(source, after);
        }
        break;
      }
      if (next === 93 && isArray) {
        node = { type: "array", start: opened, end: ++i, items: items.slice(from, itemCount) };
        itemCount = from;
      } else if (next === 125 && !isArray) {
        const own = members.slice(from, memberCount);
        node = { type: "object", start: opened, end: ++i, members: own };
        memberCount = from;
      } else return failed(source, i);
      frame = pop(stack);
    }
  }
}

/** Takes the innermost container off the stack and gives the one around it. */
function pop(stack: Frame[]): Frame | undefined {
  stack.pop();
  return stack[stack.length - 1];
}

function failed(source: string, at: number): Scan {
  return { node: undefined, at, truncated: at >= source.length };
}

function string(source: string, start: number, end: number): JsonString {
  for (let i = start + 1; i < end; i++) {
    if (source.charCodeAt(i) === 92) return { type: "string", start, end, escaped: true };
  }
  return { type: "string", start, end, escaped: false };
}

/** The text of a node as it stands in the source. */
export function lexeme(source: string, node: JsonNode): string {
  return source.slice(node.start, node.end);
}

/** The value of a string node. */
export function stringValue(source: string, node: JsonString): string {
  if (!node.escaped) return source.slice(node.start + 1, node.end - 1);
  return JSON.parse(source.slice(node.start, node.end)) as string;
}

/** A range of JSON text without the white space outside of strings. */
export function minifyText(source: string, start: number, end: number): string {
  return finish(minifyInSteps(source, start, end));
}

/** `minifyText`. */
export function* minifyInSteps(source: string, start: number, end: number): Steps<string> {
  const minifier = new Minifier(source, start);
  while (minifier.run(Math.min(minifier.at + STEP_CHARACTERS, end)) < end) yield;
  return yield* joinInSteps(minifier.finish(end));
}

class Minifier {
  /** What is read next. */
  at: number;
  readonly #source: string;
  readonly #out: string[] = [];
  #from: number;
  #inString = false;

  constructor(source: string, start: number) {
    this.#source = source;
    this.#from = start;
    this.at = start;
  }

  /** Reads up to an offset, or one character further, where that is escaped. */
  run(limit: number): number {
    const source = this.#source;
    const out = this.#out;
    let from = this.#from;
    let inString = this.#inString;
    let i = this.at;
    for (; i < limit; i++) {
      const code = source.charCodeAt(i);
      if (inString) {
        if (code === 92) i++;
        else if (code === 34) inString = false;
      } else if (code === 34) inString = true;
      else if (code === 32 || code === 10 || code === 13 || code === 9) {
        if (i > from) out.push(source.slice(from, i));
        from = i + 1;
      }
    }
    this.#from = from;
    this.#inString = inString;
    this.at = i;
    return i;
  }

  /** The pieces between the white space. */
  finish(end: number): readonly string[] {
    if (end > this.#from) this.#out.push(this.#source.slice(this.#from, end));
    return this.#out;
  }
}
