/**
 * Which rows of a table stay when it is too large, and what is said about the others.
 *
 * Kept: the first and last rows, rows with a value that reads as a failure, rows the question matches, rare values of columns with few
 * values, rows where two columns differ that are nearly always equal, numeric extremes, then rows at even distances.
 *
 * Trap: "error" in most rows says nothing. A signal that a quarter of the rows has is not a signal.
 */

import { firstInOrder } from "../../query/first-in-order.ts";
import { linesMentioning } from "../../query/mention.ts";
import { rankInSteps } from "../../query/query.ts";
import { Meter } from "../../steps.ts";
import type { ShortenContext, Steps } from "../../types/compressor.ts";
import { everyInSteps, indexesInSteps, mapTexts } from "../shared/in-steps.ts";
import { cost } from "../shared/text-cost.ts";

export type Row = readonly string[];

/** Rows shown when nothing in particular asks for more. */
const MAX_EVEN = 40;
const MAX_SIGNAL = 40;
const MAX_MATCHES = 16;
/** To look at one cell takes as long as reading about so many characters. */
const CELL_WORK = 16;

/** Indexes of the rows that stay, ascending. */
export function* selectRows(
  rows: readonly Row[],
  lines: readonly string[],
  context: ShortenContext,
): Steps<readonly number[]> {
  const kept = new Set<number>();
  const keep = (indexes: readonly number[], limit: number): void => {
    for (const at of indexes.slice(0, limit)) kept.add(at);
  };
  keep(
    [0, 1, 2, rows.length - 2, rows.length - 1].filter((at) => at >= 0),
    5,
  );
  keep(yield* matching(lines, context.query), MAX_MATCHES);
  if (context.query !== undefined) keep(yield* linesMentioning(context.query, lines), MAX_SIGNAL);
  const fails = yield* mapTexts(lines, (_, at) => rows[at]?.some(isFailure) === true);
  const failing = yield* indexesInSteps(fails, (yes) => yes);
  if (failing.length * 4 <= rows.length) keep(spread(failing, MAX_SIGNAL), MAX_SIGNAL);
  let tokens = 0;
  for (const at of kept) tokens += rowCost(rows[at]);
  // The fewer rows have a trait, the more it says; beyond twice the budget the common ones go.
  for (const group of yield* traits(rows)) {
    if (tokens > 2 * context.budgetTokens) break;
    for (const at of group) {
      if (!kept.has(at)) tokens += rowCost(rows[at]);
      kept.add(at);
    }
  }
  const step = Math.max(1, Math.floor(rows.length / MAX_EVEN));
  for (let at = 0; at < rows.length && kept.size < MAX_EVEN + 5; at += step) {
    if (kept.has(at)) continue;
    tokens += rowCost(rows[at]);
    if (tokens > context.budgetTokens) break;
    kept.add(at);
  }
  return [...kept].sort((a, b) => a - b);
}

/** `status: Running 40, Pending 2` for columns with few values, over the rows that are left out. */
export function* summarize(
  rows: readonly Row[],
  names: readonly string[],
  kept: ReadonlySet<number>,
): Steps<string> {
  const meter = new Meter();
  const parts: string[] = [];
  for (const [column, name] of names.entries()) {
    const counts = new Map<string, number>();
    for (const [at, row] of rows.entries()) {
      if (kept.has(at)) continue;
      if (meter.isDue(CELL_WORK)) yield;
      const cell = row[column] ?? "";
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
      if (counts.size > 8) break;
    }
    if (counts.size < 2 || counts.size > 8 || parts.length >= 4) continue;
    const values = [...counts].sort((a, b) => b[1] - a[1]);
    if (values.some(([value]) => value.length > 60)) continue;
    const words = values.map(([value, count]) => `${value === "" ? '""' : value} ${count}`);
    parts.push(`${name}: ${words.join(", ")}`);
  }
  return parts.join("; ");
}

/** Rows that stand out in one column, rarest trait first. */
function* traits(rows: readonly Row[]): Steps<readonly (readonly number[])[]> {
  const width = rows[0]?.length ?? 0;
  const groups: (readonly number[])[] = [];
  for (let column = 0; column < width; column++) {
    groups.push(spread(yield* rareValues(rows, column), MAX_SIGNAL));
    groups.push(yield* extremes(rows, column));
    groups.push(yield* broken(rows, column));
  }
  return groups.filter((group) => group.length > 0).sort((a, b) => a.length - b.length);
}

function rowCost(row: Row | undefined): number {
  return (row ?? []).reduce((sum, cell) => sum + cost(cell), 2);
}

function* matching(lines: readonly string[], query: string | undefined): Steps<readonly number[]> {
  if (query === undefined) return [];
  const scores = yield* rankInSteps(query, lines);
  const found = yield* indexesInSteps(lines, (_, at) => (scores[at] ?? 0) > 0);
  const byScore = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b;
  const best = yield* firstInOrder(found, MAX_MATCHES, byScore);
  const floor = 0.3 * (scores[best[0] ?? -1] ?? 0);
  return best.filter((at) => (scores[at] ?? 0) >= floor);
}

function* rareValues(rows: readonly Row[], column: number): Steps<readonly number[]> {
  const meter = new Meter();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const cell = row[column] ?? "";
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    if (counts.size > 40) return [];
    if (meter.isDue(CELL_WORK)) yield;
  }
  const rare = Math.max(1, Math.floor(rows.length / 50));
  if (counts.size < 2 || ![...counts.values()].some((count) => count > rare * 4)) return [];
  return yield* indexesInSteps(rows, (row) => (counts.get(row[column] ?? "") ?? 0) <= rare);
}

/** Rows where this column differs from an earlier one that it otherwise repeats. */
function* broken(rows: readonly Row[], column: number): Steps<readonly number[]> {
  for (let other = Math.max(0, column - 24); other < column; other++) {
    const differ: number[] = [];
    const few = yield* everyInSteps(rows, (row, at) => {
      if (row[other] !== row[column]) differ.push(at);
      return differ.length * 8 <= rows.length;
    });
    if (few && differ.length > 0) return spread(differ, MAX_SIGNAL / 2);
  }
  return [];
}

/** Where a number stands. */
interface Place {
  readonly at: number;
  readonly value: number;
}

/** The largest and smallest number of a numeric column, and what is far from the median. */
function* extremes(rows: readonly Row[], column: number): Steps<readonly number[]> {
  const meter = new Meter();
  const places: Place[] = [];
  for (const [at, row] of rows.entries()) {
    const value = toNumber(row[column] ?? "");
    if (value !== undefined) places.push({ at, value });
    if (meter.isDue(CELL_WORK)) yield;
    // Text in more than a tenth of the rows: no column of numbers.
    if ((at + 1 - places.length) * 10 > rows.length) return [];
  }
  if (places.length < 8) return [];
  const upwards = (a: Place, b: Place): number => a.value - b.value || a.at - b.at;
  const [low] = yield* firstInOrder(places, 1, upwards);
  const [high, next] = yield* firstInOrder(places, 2, (a, b) => upwards(b, a));
  const values = Float64Array.from(places, ({ value }) => value);
  yield;
  values.sort();
  const median = values[values.length >> 1] ?? 0;
  const spreadOf = Math.max(
    (values[Math.floor(values.length * 0.9)] ?? 0) - median,
    median - (values[Math.floor(values.length * 0.1)] ?? 0),
  );
  return [high, next, low]
    .filter((each) => each !== undefined)
    .filter(({ value }) => Math.abs(value - median) > 2 * spreadOf || value === high?.value)
    .map(({ at }) => at);
}

/** `12`, `-1.5`, `87%`, `1.2G`: the unit is left out, since a column has one unit or is ranked wrongly without harm. */
function toNumber(cell: string): number | undefined {
  if (cell === "" || cell.length > 24) return undefined;
  const match = /^-?\d{1,18}(?:\.\d{1,9})?/.exec(cell);
  if (!match || cell.length - match[0].length > 3) return undefined;
  return Number(match[0]);
}

const FAILURES: ReadonlySet<string> = new Set(
  (
    "error errors fail failed failing failure fatal critical crash crashed crashloopbackoff imagepullbackoff errimagepull evicted " +
    "oomkilled killed denied refused rejected invalid timeout unhealthy notready unreachable restarting exited dead degraded down " +
    "offline unknown panic abort aborted broken corrupt expired blocked stuck zombie"
  ).split(" "),
);

/** Whether a short value is, or a longer one starts with, a word of failure. Long texts mention failures without being one. */
export function isFailure(cell: string): boolean {
  if (cell.length === 0 || cell.length > 80) return false;
  let word = "";
  let words = 0;
  for (let at = 0; at <= cell.length && words < 4; at++) {
    const code = at < cell.length ? cell.charCodeAt(at) | 32 : 0;
    if (code >= 97 && code <= 122) word += String.fromCharCode(code);
    else if (word !== "") {
      if (FAILURES.has(word)) return true;
      word = "";
      words++;
    }
  }
  return false;
}

function spread(indexes: readonly number[], limit: number): readonly number[] {
  if (indexes.length <= limit) return indexes;
  return Array.from(
    { length: limit },
    (_, at) => indexes[Math.floor((at * indexes.length) / limit)] ?? 0,
  );
}
