/**
 * Where something turns in rows that have an order: a series shifts its level, a group ends, time begins or ends; and whether
 * the order itself is a ranking.
 */
import type { Steps } from "../../../types/compressor.ts";
import { type Column, type Table, valueClasses } from "./columns.ts";
import {
  distances,
  hasDistances,
  isMonotone,
  isTime,
  medianOf,
  numberEnds,
  numbersOf,
  sortInSteps,
  timeEnds,
} from "./numbers.ts";

/** Shifts of level told apart in one column. */
const MAX_SHIFTS = 3;

/** Turning rows of a table, most telling first. */
export function* turningRows(table: Table): Steps<readonly number[]> {
  const turns = new Set<number>();
  for (const column of table.columns) {
    for (const row of groupEnds(table, column)) turns.add(row);
    yield;
  }
  for (const column of table.columns) {
    for (const row of yield* changePoints(table, column)) turns.add(row);
    yield;
  }
  for (const row of newestAndOldest(table)) turns.add(row);
  return [...turns];
}

/** A column that falls from row to row (stars, size, newest first), or fractions that fall from block to block (relevance). */
export function isRanking(table: Table, column: Column): boolean {
  if (column.repeated) return false;
  const numbers = numbersOf(table, column);
  if (numbers === undefined) return areFallingTimes(table, column);
  if (numbers.values.length < 0.9 * table.items.length) return false;
  const { values } = numbers;
  if (isFalling(values, (a, b) => a - b)) return true;
  if (!hasDistances(numbers)) return false;
  if (values.every((value) => Number.isInteger(value))) return false;
  const blocks = Math.min(6, Math.floor(values.length / 3));
  if (blocks < 3) return false;
  let previous = Number.POSITIVE_INFINITY;
  for (let block = 0; block < blocks; block++) {
    const from = Math.floor((block * values.length) / blocks);
    const to = Math.floor(((block + 1) * values.length) / blocks);
    let sum = 0;
    for (let at = from; at < to; at++) sum += values[at] ?? 0;
    const mean = sum / (to - from);
    if (mean >= previous) return false;
    previous = mean;
  }
  return true;
}

/** Fewer different values are groups. */
const MIN_FALLING = 6;

/** Whether no value is above the one before it, and several are below. */
function isFalling<Value>(
  values: readonly Value[],
  compare: (a: Value, b: Value) => number,
): boolean {
  let steps = 0;
  for (let at = 1; at < values.length; at++) {
    const step = compare(values[at] as Value, values[at - 1] as Value);
    if (step > 0) return false;
    if (step < 0) steps++;
  }
  return steps >= MIN_FALLING;
}

/** Times that sort as text, the newest first. */
function areFallingTimes({ source, items }: Table, { nodes }: Column): boolean {
  if (nodes.length < 0.9 * items.length) return false;
  const texts: string[] = [];
  for (const { type, start, end } of nodes) {
    if (type === "null") continue;
    if (type !== "string" || !isTime(source, start + 1, end - 1)) return false;
    const text = source.slice(start + 1, end - 1);
    if (texts.length > 0 && text > (texts[texts.length - 1] ?? "")) return false;
    texts.push(text);
  }
  return isFalling(texts, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** In a column sorted by group: the last row of each group, where the newest of its kind tends to stand. */
function groupEnds(table: Table, column: Column): readonly number[] {
  if (column.repeated) return [];
  const values = valueClasses(table.source, column, 24);
  if (values === undefined || values.length < 3) return [];
  const labels = new Map<number, number>();
  for (let each = 0; each < values.length; each++)
    for (const row of values[each]?.rows ?? []) labels.set(row, each);
  let runs = 0;
  let previous: number | undefined;
  const ends: number[] = [];
  for (let row = 0; row < table.items.length; row++) {
    const label = labels.get(row);
    if (label === previous) continue;
    runs++;
    if (row > 0) ends.push(row - 1);
    previous = label;
  }
  return runs <= 2.5 * values.length && runs < table.items.length / 3
    ? ends.reverse().slice(0, 24)
    : [];
}

/** Where the level of a series shifts by more than its noise. */
function* changePoints(table: Table, column: Column): Steps<readonly number[]> {
  const numbers = column.repeated ? undefined : numbersOf(table, column);
  if (numbers === undefined || numbers.values.length < 20 || isMonotone(numbers.values)) return [];
  if (!hasDistances(numbers)) return [];
  const { values, rows } = numbers;
  const size = Math.max(5, Math.min(50, values.length >> 4));
  const series = new Float64Array(values);
  yield;
  const sorted = yield* sortInSteps(series.slice());
  const middle = medianOf(sorted);
  const steps = new Float64Array(values.length - 1);
  for (let at = 1; at < values.length; at++)
    steps[at - 1] = Math.abs((values[at] ?? 0) - (values[at - 1] ?? 0));
  yield;
  yield* sortInSteps(steps);
  // Noise from step to step, so that a shifted half does not count as noise.
  const noise = medianOf(steps) || ((sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0)) / 20;
  if (noise === 0) return [];
  const deviations = distances(series, middle);
  yield;
  const spread = Math.max(noise, 1.4826 * medianOf(yield* sortInSteps(deviations)));
  const low = middle - 4 * spread;
  const high = middle + 4 * spread;
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at++) {
    sums[at + 1] = (sums[at] ?? 0) + Math.min(high, Math.max(low, values[at] ?? 0));
  }
  yield;
  const shiftAt = (at: number): number => {
    const before = ((sums[at] ?? 0) - (sums[at - size] ?? 0)) / size;
    const after = ((sums[at + size] ?? 0) - (sums[at] ?? 0)) / size;
    return Math.abs(after - before);
  };
  // The largest shift, then the largest that is not beside one chosen before.
  const chosen: number[] = [];
  while (chosen.length < MAX_SHIFTS) {
    let largest = 2.5 * noise;
    let best: number | undefined;
    for (let at = size; at + size <= values.length; at++) {
      const shift = shiftAt(at);
      if (shift <= largest || chosen.some((other) => Math.abs(other - at) <= size)) continue;
      largest = shift;
      best = at;
    }
    if (best === undefined) break;
    chosen.push(best);
    yield;
  }
  return chosen.map((at) => rows[at] ?? 0);
}

/** The ends of the first column of times: "published last" need not stand last. */
function newestAndOldest(table: Table): readonly number[] {
  for (const column of table.columns) {
    const ends = column.repeated ? undefined : timeEnds(table, column);
    if (ends?.[0] === undefined || ends[1] === undefined) continue;
    return [ends[1], ends[0]];
  }
  return [];
}

/** Rows with the largest and smallest number or time of a column, for the few columns where that says something. */
export function extremes(table: Table): readonly number[] {
  const out: number[] = [];
  let columns = 0;
  for (const column of table.columns) {
    if (columns === 6) break;
    if (column.repeated) continue;
    const numbers = numbersOf(table, column);
    const ends = numbers === undefined ? timeEnds(table, column) : numberEnds(numbers);
    const [least, most] = ends ?? [undefined, undefined];
    if (least === undefined || most === undefined) continue;
    columns++;
    out.push(most, least);
  }
  return out;
}
