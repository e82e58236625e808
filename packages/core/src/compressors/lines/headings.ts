/**
 * Lines in a row that begin alike, under a heading that gives their beginning once.
 *
 * A beginning ends where a word ends (`shared/edges.ts`): a folder, a part of a dotted name, a key. No identifier is cut in two.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { isCut } from "../shared/edges.ts";
import { cost } from "../shared/text-cost.ts";

/** What is printed for a stretch of lines: a heading, or a line of which the beginning is left to the headings above it. */
export interface Placed {
  /** Headings that it stands under. */
  readonly depth: number;
  /** The text of the heading, or what is left of the line. */
  readonly text: string;
  readonly isHeading: boolean;
}

export const MAX_DEPTH = 6;
/** Tokens that a heading costs, besides its text. */
const HEADING_COST = 3;
/** A heading that saves fewer tokens is not worth reading. */
const MIN_SAVING = 5;
const LEAST_LINES = 3;
/** Characters. Beginnings are looked for in so much of a line. */
const MAX_START = 200;
/** How often a stretch is looked at again, word by word. */
const MAX_LEVEL = 16;

/** A stretch of lines of which the first `offset` characters stand in headings. */
interface Open {
  readonly to: number;
  readonly offset: number;
  /** What all of them share ends here. */
  readonly same: number;
  readonly depth: number;
  readonly level: number;
  at: number;
}

/** Lines with the headings that are worth it. */
export function* placeUnderHeadings(lines: readonly string[]): Steps<readonly Placed[]> {
  const meter = new Meter();
  const placed: Placed[] = [];
  const open: Open[] = [{ at: 0, to: lines.length, offset: 0, same: 0, depth: 0, level: 0 }];
  for (let range = open.pop(); range; range = open.pop()) {
    const { to, offset, same, depth, level } = range;
    while (range.at < to) {
      const from = range.at;
      const line = lines[from] ?? "";
      if (meter.isDue(line.length + LINE_WORK)) yield;
      const deeper = depth < MAX_DEPTH && level < MAX_LEVEL;
      const end = deeper ? yield* runOf(lines, from, to, same) : from + 1;
      if (end - from < LEAST_LINES) {
        placed.push({ depth, text: line.slice(offset), isHeading: false });
        range.at = from + 1;
        continue;
      }
      const common = commonStart(lines, from, end, same);
      const text = line.slice(offset, common);
      const saving = (end - from - 1) * cost(text) - HEADING_COST;
      const isWorth = common > offset && text.trim().length > 2 && saving >= MIN_SAVING;
      if (isWorth) placed.push({ depth, text, isHeading: true });
      range.at = end;
      open.push(range, {
        at: from,
        to: end,
        offset: isWorth ? common : offset,
        same: Math.max(common, same + 1),
        depth: isWorth ? depth + 1 : depth,
        level: level + 1,
      });
      break;
    }
  }
  return placed;
}

/** The end of the run of lines that have the next word of the first one in common. */
function* runOf(lines: readonly string[], from: number, to: number, offset: number): Steps<number> {
  const first = lines[from] ?? "";
  const stop = wordEnd(first, offset);
  if (stop < 0) return from + 1;
  const meter = new Meter();
  const word = first.slice(offset, stop);
  let end = from + 1;
  while (end < to) {
    const line = lines[end] ?? "";
    if (line.length <= stop || !line.startsWith(word, offset) || !isCut(line, stop)) break;
    end++;
    if (meter.isDue(LINE_WORK)) yield;
  }
  return end;
}

/** Where the first word from an offset on ends, with the sign behind it; -1 where it is the rest of the line. */
function wordEnd(line: string, offset: number): number {
  let at = offset;
  while (line.charCodeAt(at) <= 32) at++;
  const limit = Math.min(line.length, offset + MAX_START);
  for (at++; at < limit; at++) if (isCut(line, at) && line.charCodeAt(at) > 32) return at;
  return -1;
}

/** The longest beginning that all of some lines share and that leaves something of each. */
function commonStart(lines: readonly string[], from: number, end: number, offset: number): number {
  const first = lines[from] ?? "";
  let stop = Math.min(first.length - 1, offset + MAX_START);
  for (let at = from + 1; at < end && stop > offset; at++) {
    const line = lines[at] ?? "";
    stop = Math.min(stop, line.length - 1);
    let same = offset;
    while (same < stop && line.charCodeAt(same) === first.charCodeAt(same)) same++;
    stop = same;
  }
  while (stop > offset && !isCutInAll(lines, from, end, stop)) stop--;
  return stop;
}

function isCutInAll(lines: readonly string[], from: number, end: number, stop: number): boolean {
  for (let at = from; at < end; at++) if (!isCut(lines[at] ?? "", stop)) return false;
  return true;
}
