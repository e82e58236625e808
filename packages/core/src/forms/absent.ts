/**
 * What a view says last: which words of trouble do not occur in the original. A reader of a shortened text asks that first, and
 * would have to come back for it.
 */
import type { Steps } from "../types/compressor.ts";

const WORDS: readonly string[] = [
  "error",
  "fail",
  "exception",
  "fatal",
  "panic",
  "denied",
  "refused",
  "timeout",
  "killed",
  "warn",
  "deprecated",
];
/** Shorter texts are read as a whole. */
const MIN_LINES = 20;
const WINDOW = 65_536;
/** At least the longest word but one character: a word may stand across two windows. */
const OVERLAP = 16;

/** `… nowhere in the original, in capitals or not: fatal, panic`; `undefined` where each of the words occurs, or the text is short. */
export function* absentWords(text: string): Steps<string | undefined> {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && lines < MIN_LINES; at = text.indexOf("\n", at + 1))
    lines++;
  if (lines < MIN_LINES) return undefined;
  let left = WORDS;
  for (let start = 0; start < text.length && left.length > 0; start += WINDOW - OVERLAP) {
    const piece = text.slice(start, start + WINDOW).toLowerCase();
    left = left.filter((word) => !piece.includes(word));
    yield;
  }
  if (left.length === 0) return undefined;
  return `… nowhere in the original, in capitals or not: ${left.join(", ")}`;
}
