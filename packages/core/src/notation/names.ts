/**
 * Names: `@1=text` on a line of its own, then `@1` wherever that text stands.
 *
 * An encoder writes with names from `freeNames` and hands definitions and texts to `settleNames`, which spells names out
 * that are used less than twice and numbers the others in the order of their first use. Definitions hold no names.
 * One trap: a name must not be followed by a digit, or it would read as another one.
 */
import { finish, joinInSteps, Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { NotationError } from "./error.ts";

/** A name and the text it stands for. */
export interface Definition {
  /** `@1`, `@2`, … */
  readonly name: string;
  readonly text: string;
}

/** To find and replace a name takes as long as reading so many characters. */
const NAME_CHARACTERS = 32;

/** Texts of fewer tokens than this get no name. */
export const MIN_NAMED_TOKENS = 4;

/** A supply of `@1`, `@2`, … without the spellings that stand in the original text already. */
export function freeNames(original: string): () => string {
  const taken = new Set<number>();
  for (let at = original.indexOf("@"); at !== -1; at = original.indexOf("@", at + 1)) {
    // `@12` also takes `@1`, which is its beginning. No form has names of more than five digits, or with a zero in front.
    let number = 0;
    for (let place = at + 1; place < at + 6; place++) {
      const digit = original.charCodeAt(place) - 48;
      if (!(digit >= 0 && digit <= 9) || (number === 0 && digit === 0)) break;
      number = number * 10 + digit;
      taken.add(number);
    }
  }
  let next = 0;
  return () => {
    do next++;
    while (taken.has(next));
    return `@${next}`;
  };
}

/**
 * Drops names that are used less than twice and numbers the rest in the order of their first use.
 *
 * @param definitions - Provisional names, from `freeNames(original)`; their texts hold no names.
 * @param texts - Everything that is printed and uses them, in printing order.
 * @param free - A fresh `freeNames(original)`.
 */
export function* settleNames(
  definitions: readonly Definition[],
  texts: readonly string[],
  free: () => string,
): Steps<{ readonly definitions: readonly Definition[]; readonly texts: readonly string[] }> {
  if (definitions.length === 0) return { definitions, texts };
  const known = new Map(definitions.map(({ name, text }) => [name, text]));
  const uses = new Map<string, number>();
  const meter = new Meter();
  for (const text of texts) {
    for (let at = nextName(text, known, 0); at !== -1; at = nextName(text, known, at + 1)) {
      const name = text.slice(at, nameEnd(text, at));
      uses.set(name, (uses.get(name) ?? 0) + 1);
      if (meter.isDue(NAME_CHARACTERS)) yield;
    }
  }
  const replacements = new Map<string, string>();
  const settled: Definition[] = [];
  for (const [name, count] of uses) {
    const text = known.get(name) as string;
    if (count < 2) replacements.set(name, text);
    else {
      const number = free();
      settled.push({ name: number, text });
      replacements.set(name, number);
    }
  }
  const replaced: string[] = [];
  for (const text of texts) replaced.push(yield* replaceInSteps(text, replacements));
  return { definitions: settled, texts: replaced };
}

/** `@1=text`; the text is one line. */
export function printDefinition({ name, text }: Definition): string {
  return `${name}=${text}`;
}

/** Reads a line that `printDefinition` wrote; `undefined` for any other line. */
export function readDefinition(line: string): Definition | undefined {
  if (line.charCodeAt(0) !== 64) return undefined;
  const end = nameEnd(line, 0);
  if (end === 1 || line.charCodeAt(end) !== 61) return undefined;
  return { name: line.slice(0, end), text: line.slice(end + 1) };
}

/** No document we encode spells out to more characters than this. */
const MAX_SPELLED_LENGTH = 1 << 26;

/**
 * Replaces names by the texts they stand for. Spellings that nothing defines are plain text.
 *
 * @throws NotationError - The result would be longer than any document that is encoded.
 */
export function replaceNames(text: string, known: ReadonlyMap<string, string>): string {
  return known.size === 0 || !text.includes("@") ? text : finish(replaceInSteps(text, known));
}

/** `replaceNames`. */
export function* replaceInSteps(text: string, known: ReadonlyMap<string, string>): Steps<string> {
  if (known.size === 0) return text;
  const meter = new Meter();
  const out: string[] = [];
  let length = 0;
  let from = 0;
  for (let at = nextName(text, known, 0); at !== -1; at = nextName(text, known, at + 1)) {
    const name = text.slice(at, nameEnd(text, at));
    const long = known.get(name) as string;
    out.push(text.slice(from, at), long);
    length += at - from + long.length;
    if (length > MAX_SPELLED_LENGTH) throw new NotationError("names that stand for less text");
    from = at + name.length;
    if (meter.isDue(NAME_CHARACTERS)) yield;
  }
  out.push(text.slice(from));
  return yield* joinInSteps(out);
}

/** Where the next known name stands, from an offset on; -1 where there is none. */
function nextName(text: string, known: ReadonlyMap<string, string>, from: number): number {
  let at = text.indexOf("@", from);
  while (at !== -1 && !known.has(text.slice(at, nameEnd(text, at)))) at = text.indexOf("@", at + 1);
  return at;
}

/** Where the digits behind an `@` end. */
function nameEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end;
}
