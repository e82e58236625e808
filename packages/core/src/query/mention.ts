/**
 * Lines that contain a word of the question as a part of a longer one: `libpython` in `libpython3.11.so`.
 *
 * Complements `query.ts`, which compares whole words. Names in listings and tables run words, versions and numbers together, and
 * people ask for the part they know. A word that many lines contain says nothing and is left out.
 */
import { Meter } from "../steps.ts";
import { LINE_WORK } from "../text/lines.ts";
import type { Steps } from "../types/compressor.ts";
import { parseQuery } from "./query.ts";

/** Work bound: so many words are looked for, the longest first. */
const MAX_WORDS = 12;
/** Shorter words are parts of too many others. */
const MIN_LENGTH = 4;

/** Indexes of lines, ascending; a word counts while at most `rare` lines contain it. */
export function* linesMentioning(
  query: string,
  lines: readonly string[],
  rare: number = Math.max(8, Math.floor(lines.length / 20)),
): Steps<readonly number[]> {
  const words = [...parseQuery(query).words.keys()]
    .filter((word) => word.length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .slice(0, MAX_WORDS);
  if (words.length === 0) return [];
  const meter = new Meter();
  const hits = words.map((): number[] => []);
  for (const [at, line] of lines.entries()) {
    const lower = line.toLowerCase();
    if (meter.isDue(line.length + LINE_WORK)) yield;
    for (const [index, word] of words.entries()) {
      const own = hits[index];
      if (own && own.length <= rare && lower.includes(word)) own.push(at);
    }
  }
  const found = new Set(hits.filter((own) => own.length <= rare).flat());
  return [...found].sort((a, b) => a - b);
}
