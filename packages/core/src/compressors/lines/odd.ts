/** Lines that differ from all others of their kind where those are the same: `errors 41` among `errors 0`. */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";

/** Lines of a kind that can tell what is usual. */
const LEAST_LINES = 6;
/** So many of them have the usual word. */
const USUAL = 0.85;
const MAX_WORDS = 24;
/** Characters. Longer lines are not compared. */
const MAX_LINE = 400;

/** @param kinds For each line what it looks like, -1 where it has nothing. */
export function* oddLines(lines: readonly string[], kinds: Int32Array): Steps<readonly number[]> {
  const meter = new Meter();
  const words = yield* mapTexts(lines, (line) =>
    line.length <= MAX_LINE ? line.trim().split(/[\s,;:=|()[\]]+/, MAX_WORDS) : [],
  );
  /** For each kind, and each place in its lines, how often each word stands there. */
  const counts = new Map<string, Map<string, number>>();
  const keyOf = (at: number, place: number): string => `${kinds[at]} ${words[at]?.length} ${place}`;
  for (let at = 0; at < lines.length; at++) {
    if ((kinds[at] ?? -1) < 0) continue;
    for (const [place, word] of (words[at] ?? []).entries()) {
      const key = keyOf(at, place);
      let own = counts.get(key);
      if (own === undefined) {
        own = new Map();
        counts.set(key, own);
      }
      // Places of ever new words have no usual one.
      if (own.size <= MAX_DIFFERENT || own.has(word)) own.set(word, (own.get(word) ?? 0) + 1);
    }
    if (meter.isDue(LINE_WORK * 4)) yield;
  }
  const usual = new Map<string, string>();
  for (const [key, own] of counts) {
    if (meter.isDue(own.size * LINE_WORK)) yield;
    if (own.size < 2 || own.size > MAX_DIFFERENT) continue;
    let total = 0;
    let best = "";
    for (const [word, count] of own) {
      total += count;
      if (count > (own.get(best) ?? 0)) best = word;
    }
    if (total >= LEAST_LINES && (own.get(best) ?? 0) >= total * USUAL) usual.set(key, best);
  }
  const odd: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (meter.isDue(LINE_WORK)) yield;
    const own = words[at] ?? [];
    if ((kinds[at] ?? -1) < 0) continue;
    const differs = own.some((word, place) => {
      const expected = usual.get(keyOf(at, place));
      return expected !== undefined && expected !== word;
    });
    if (differs) odd.push(at);
  }
  return odd;
}

const MAX_DIFFERENT = 40;
