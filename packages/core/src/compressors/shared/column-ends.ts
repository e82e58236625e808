/**
 * What the cells of a column start and end with: the year of all dates, the quotes of a CSV, `:amd64` behind most names.
 *
 * Trap: ends are cut where a word or number ends, or `1.20` and `1.25` would share `1.2`.
 */
import type { ColumnOptions } from "./column-coding.ts";
import { cost } from "./text-cost.ts";

export interface Ends {
  readonly start: string;
  readonly end: string;
}

/** Only what is punctuation, such as quotes: dates and paths stay whole. */
function signs({ start, end }: Ends): Ends {
  const isSign = (text: string): boolean => {
    for (let at = 0; at < text.length; at++) if (isAlnum(text.charCodeAt(at))) return false;
    return true;
  };
  return { start: isSign(start) ? start : "", end: isSign(end) ? end : "" };
}

/** What all cells start and end with, or all but a few: the total below a list of paths is written verbatim. */
export function chooseEnds(
  seen: readonly number[],
  values: readonly string[],
  counts: Uint32Array,
  options: ColumnOptions,
): Ends {
  const cells = seen.map((id) => values[id] ?? "");
  const strict = sharedEnds(cells);
  if (options.ends === false) return signs(strict);
  if (strict.start !== "" || strict.end !== "" || cells.length < ODD_SHARE) return strict;
  const step = cells.length / 8;
  const likely = sharedEnds([1, 2, 3, 4, 5, 6, 7].map((at) => cells[Math.floor(at * step)] ?? ""));
  let odd = 0;
  let rows = 0;
  for (const id of seen) {
    rows += counts[id] ?? 0;
    if (!hasEnds(values[id] ?? "", likely)) odd += counts[id] ?? 0;
  }
  const saved = (rows - odd) * (cost(likely.start) + cost(likely.end));
  return odd * ODD_SHARE <= rows && saved > odd * VERBATIM_COST ? likely : { start: "", end: "" };
}

export function hasEnds(cell: string, { start, end }: Ends): boolean {
  return cell.length >= start.length + end.length && cell.startsWith(start) && cell.endsWith(end);
}

/** One row in so many may be odd. */
export const ODD_SHARE = 30;
/** Roughly what a row costs that is written verbatim. */
const VERBATIM_COST = 40;

/** What all cells start and end with, cut where a word or number ends. */
function sharedEnds(cells: readonly string[]): Ends {
  const first = cells[0] ?? "";
  let start = first.length;
  let end = first.length;
  let shortest = first.length;
  for (const cell of cells) {
    shortest = Math.min(shortest, cell.length);
    let at = 0;
    while (at < start && at < cell.length && cell[at] === first[at]) at++;
    start = at;
    at = 0;
    while (
      at < end &&
      at < cell.length &&
      cell[cell.length - 1 - at] === first[first.length - 1 - at]
    )
      at++;
    end = at;
  }
  if (cells.length < 2) return { start: "", end: "" };
  while (start > 0 && isAlnum(first.charCodeAt(start - 1))) start--;
  while (end > 0 && isAlnum(first.charCodeAt(first.length - end))) end--;
  if (start + end > shortest) end = Math.max(0, shortest - start);
  while (end > 0 && isAlnum(first.charCodeAt(first.length - end))) end--;
  const shared = { start: first.slice(0, start), end: first.slice(first.length - end) };
  return {
    start: shared.start.trim() === "" ? "" : shared.start,
    end: end === 0 || shared.end.trim() === "" ? "" : shared.end,
  };
}

function isAlnum(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code >= 128;
}

/** Tokens of a shared text; signs next to one that is shared anyway are tokens of their own. */
export function endsCost(text: string, given: string): number {
  if (given === "" || text === given) return cost(text);
  if (text.endsWith(given)) return cost(text.slice(0, -given.length)) + cost(given);
  if (text.startsWith(given)) return cost(text.slice(given.length)) + cost(given);
  return cost(text);
}

const MAX_CELLS = 100;
const MAX_END = 40;
const MAX_CUTS = 2;

/** The end and the start that save most where not all cells have them; what all of them have stays. */
export function frequentEnds(
  cells: readonly string[],
  printed: readonly number[],
  strict: Ends,
): Ends {
  const ends = new Map<string, number>();
  const starts = new Map<string, number>();
  const step = Math.max(1, cells.length / MAX_CELLS);
  let rows = 0;
  for (let place = 0; place < cells.length; place += step) {
    const at = Math.floor(place);
    const cell = cells[at] ?? "";
    const count = printed[at] ?? 0;
    rows += count;
    let cuts = 0;
    for (let from = cell.length - 1; from > 0 && cuts < MAX_CUTS; from--) {
      if (cell.length - from > MAX_END) break;
      if (isAlnum(cell.charCodeAt(from)) || isAlnum(cell.charCodeAt(from - 1)) === false) continue;
      cuts++;
      const end = cell.slice(from);
      ends.set(end, (ends.get(end) ?? 0) + count);
    }
    cuts = 0;
    for (let to = 1; to < cell.length && to <= MAX_END && cuts < MAX_CUTS; to++) {
      if (isAlnum(cell.charCodeAt(to - 1)) || !isAlnum(cell.charCodeAt(to))) continue;
      cuts++;
      const start = cell.slice(0, to);
      starts.set(start, (starts.get(start) ?? 0) + count);
    }
  }
  const pick = (found: ReadonlyMap<string, number>, given: string): string => {
    let best = given;
    let bestSaved = rows * cost(given);
    for (const [text, count] of found) {
      if (count * 2 < rows || text.trim() === "") continue;
      const saved = count * endsCost(text, given) - 1.5 * (rows - count);
      if (saved > bestSaved) {
        best = text;
        bestSaved = saved;
      }
    }
    return best;
  };
  return { start: pick(starts, strict.start), end: pick(ends, strict.end) };
}
