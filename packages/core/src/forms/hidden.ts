/**
 * How much of what lines of trouble say a view hides: the words of these lines that it has nowhere.
 *
 * Words, because a view may write a line anew: in columns, with what all lines share said once.
 */
import { speaksOfError } from "../error-lines.ts";
import { Meter } from "../steps.ts";
import { LINE_WORK } from "../text/lines.ts";
import type { Steps } from "../types/compressor.ts";

const WORD = /[\p{L}\p{N}_]{3,}/gu;
const DIGIT = /\p{N}/u;

/** The words of the lines that speak of an error. Those with a digit are names of one thing: ids, hashes, hosts. */
export function* wordsOfTrouble(lines: readonly string[]): Steps<ReadonlySet<string>> {
  const meter = new Meter();
  const words = new Set<string>();
  for (const line of lines) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    if (speaksOfError(line)) for (const word of wordsIn(line)) words.add(word);
  }
  return words;
}

/** How many of the words stand nowhere in a view. */
export function* countHidden(words: ReadonlySet<string>, view: string): Steps<number> {
  const meter = new Meter();
  const hidden = new Set(words);
  for (const line of view.split("\n")) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    for (const word of wordsIn(line)) hidden.delete(word);
  }
  return hidden.size;
}

function wordsIn(line: string): readonly string[] {
  return (line.match(WORD) ?? []).filter((word) => !DIGIT.test(word));
}
