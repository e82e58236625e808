/**
 * What the cells of a column start and end with: a folder, the quotes of a CSV. No word, number or date is cut in two.
 */
import { isCut } from "../shared/edges.ts";
import { cost } from "../shared/text-cost.ts";

export interface Ends {
  readonly start: string;
  readonly end: string;
}

const NONE: Ends = { start: "", end: "" };
/** One row in so many may be odd. */
export const ODD_SHARE = 30;
/** Roughly the tokens of a row that is written verbatim. */
const VERBATIM_COST = 40;

/** Only what is punctuation, such as quotes: dates and paths stay whole. */
export function sharedSigns(cells: readonly string[]): Ends {
  const { start, end } = sharedEnds(cells);
  return { start: isSigns(start) ? start : "", end: isSigns(end) ? end : "" };
}

function isSigns(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isAlnum(text.charCodeAt(at))) return false;
  return true;
}

/** What all cells start and end with, or all but a few: the total below a list of paths is written verbatim. */
export function chooseEnds(cells: readonly string[], counts: readonly number[]): Ends {
  const strict = sharedEnds(cells);
  if (strict.start !== "" || strict.end !== "" || cells.length < ODD_SHARE) return strict;
  const step = cells.length / 8;
  const likely = sharedEnds([1, 2, 3, 4, 5, 6, 7].map((at) => cells[Math.floor(at * step)] ?? ""));
  let odd = 0;
  let rows = 0;
  for (const [at, cell] of cells.entries()) {
    rows += counts[at] ?? 0;
    if (!hasEnds(cell, likely)) odd += counts[at] ?? 0;
  }
  const saved = (rows - odd) * (cost(likely.start) + cost(likely.end));
  return odd * ODD_SHARE <= rows && saved > odd * VERBATIM_COST ? likely : NONE;
}

export function hasEnds(cell: string, { start, end }: Ends): boolean {
  return cell.length >= start.length + end.length && cell.startsWith(start) && cell.endsWith(end);
}

/** What all cells start and end with, cut where a word or number ends. */
function sharedEnds(cells: readonly string[]): Ends {
  if (cells.length < 2) return NONE;
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
  // Behind the common start cells differ, so that each of them says whether a word is cut there.
  while (start > 0 && !cells.every((cell) => isCut(cell, start))) start--;
  end = Math.min(end, shortest - start);
  while (end > 0 && !cells.every((cell) => isCut(cell, cell.length - end))) end--;
  const shared = { start: first.slice(0, start), end: first.slice(first.length - end) };
  return {
    start: shared.start.trim() === "" ? "" : shared.start,
    end: shared.end.trim() === "" ? "" : shared.end,
  };
}

function isAlnum(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code >= 128;
}
