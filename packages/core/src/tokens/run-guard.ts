/**
 * Keeps byte-pair tokenizers linear.
 *
 * A tokenizer first splits text into words, runs of spaces and runs of punctuation, then merges bytes inside each; that
 * merge is quadratic (100 k equal letters: seconds to minutes in every JavaScript library). So a run longer than
 * `MAX_RUN` units is cut into pieces that are counted one by one. Text without such a run is not touched: its count is
 * exact. A cut can add or lose a token each `MAX_RUN` units.
 *
 * Trap: punctuation may be followed by newlines and slashes inside ONE word of the tokenizer, so `/\n/\n/\n…` is a run
 * too, and so is a run of mixed spaces and newlines.
 */
import type { TokenCounter } from "../types/tokens.ts";
import { asciiClass, classAt, LETTER, MARK, NEWLINE, OTHER, SPACE } from "./character-class.ts";

const SLASH = 47;

/** UTF-16 units of a run that are counted as they are. */
export const MAX_RUN = 256;

/** A counter made safe on long runs. */
export function guardRuns(counter: TokenCounter): TokenCounter {
  return {
    name: counter.name,
    count(text) {
      const pieces = splitRuns(text);
      if (pieces === undefined) return counter.count(text);
      let tokens = 0;
      for (const piece of pieces) tokens += counter.count(piece);
      return tokens;
    },
  };
}

/** The text in pieces none of which holds a long run, or `undefined` when it has none and can be counted whole. */
export function splitRuns(text: string, maxRun: number = MAX_RUN): readonly string[] | undefined {
  let pieces: string[] | undefined;
  let done = 0;
  for (const [start, end] of longRuns(text, maxRun)) {
    pieces ??= [];
    if (start > done) pieces.push(text.slice(done, start));
    for (let at = start; at < end; ) {
      const cut = cutAt(text, at + maxRun, end);
      pieces.push(text.slice(at, cut));
      at = cut;
    }
    done = end;
  }
  if (pieces !== undefined && done < text.length) pieces.push(text.slice(done));
  return pieces;
}

/**
 * Start and end of every run longer than `maxRun` units.
 *
 * A run that is too long has no end among its first `maxRun` units. They are looked at from behind, so that of text in words only the
 * last few are, and no unit is looked at more than twice.
 */
export function longRuns(
  text: string,
  maxRun: number = MAX_RUN,
): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  for (let start = 0; start + maxRun < text.length; ) {
    let end = start + maxRun;
    while (end > start && !isEnd(text, end)) end--;
    if (end === start) {
      end = start + maxRun + 1;
      while (end < text.length && !isEnd(text, end)) end++;
      runs.push([start, end]);
    }
    start = end;
  }
  return runs;
}

/** Whether a run ends between the unit at an index and the one before it. */
function isEnd(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  const isHigh = (before & 0xfc00) === 0xd800;
  if (isHigh && (code & 0xfc00) === 0xdc00) return false;
  const kind = code < 128 ? (asciiClass[code] as number) : classAt(text, index);
  const group = continues(before < 128 ? (asciiClass[before] as number) : classBefore(text, index));
  // After a newline only a slash still belongs to the signs before it.
  return (kind & group) === 0 || (kind === OTHER && code !== SLASH && (group & SPACE) !== 0);
}

/** Class of the code point that ends before `index`. */
function classBefore(text: string, index: number): number {
  const isPair =
    (text.charCodeAt(index - 1) & 0xfc00) === 0xdc00 &&
    (text.charCodeAt(index - 2) & 0xfc00) === 0xd800;
  return classAt(text, index - (isPair ? 2 : 1));
}

/** Classes that can stand in one word after a character of this class. */
function continues(kind: number): number {
  if ((kind & LETTER) !== 0) return LETTER | MARK;
  if (kind === MARK) return LETTER | MARK | OTHER;
  if (kind === OTHER) return OTHER | MARK | NEWLINE;
  if ((kind & NEWLINE) !== 0) return SPACE | OTHER;
  if (kind === SPACE) return SPACE;
  return 0;
}

/** `at`, or one further when it would cut a surrogate pair; never beyond `end`. */
export function cutAt(text: string, at: number, end: number): number {
  if (at >= end) return end;
  const pair =
    (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return pair ? at + 1 : at;
}
