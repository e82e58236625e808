/**
 * Rows whose numbers lie far off, by median and median deviation, so that the outliers themselves do not hide each other.
 *
 * One trap: sizes, durations and counts are long-tailed, and far off there means far off in orders of magnitude.
 */
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { Numbers, Table } from "./columns.ts";
import {
  distances,
  hasDistances,
  isMonotone,
  medianOf,
  numbersOf,
  sortInSteps,
} from "./numbers.ts";

/** Robust z score from which a number is an outlier. */
const OUTLIER = 4;
/** Outlier rows per table. */
const MAX_OUTLIERS = 24;
/** Outlier rows per column. */
const PER_COLUMN = 8;

/** Rows whose numbers lie far off, the farthest first, few per column. */
export function* outlierRows(table: Table): Steps<readonly number[]> {
  const out: { row: number; z: number }[] = [];
  for (const column of table.columns) {
    const numbers = numbersOf(table, column);
    if (numbers === undefined || !hasDistances(numbers) || isMonotone(numbers.values)) continue;
    for (const outlier of yield* outliersOf(numbers)) out.push(outlier);
    yield;
  }
  out.sort((a, b) => b.z - a.z || a.row - b.row);
  return [...new Set(out.map((each) => each.row))].slice(0, MAX_OUTLIERS);
}

function* outliersOf(numbers: Numbers): Steps<readonly Outlier[]> {
  const linear = yield* farOff(numbers, (value) => value);
  if (linear.count <= Math.max(3, 0.02 * numbers.values.length)) return linear.farthest;
  // Long-tailed (sizes, durations, counts): far off is what is far off in orders of magnitude.
  if (numbers.values.every((value) => value >= 0)) {
    return (yield* farOff(numbers, (value) => Math.log1p(value))).farthest.slice(0, 3);
  }
  return linear.farthest.slice(0, 2);
}

interface Outlier {
  readonly row: number;
  readonly z: number;
}

interface FarOff {
  /** How many rows lie far off. */
  readonly count: number;
  /** The farthest of them, the farthest first. */
  readonly farthest: readonly Outlier[];
}

const NONE: FarOff = { count: 0, farthest: [] };

function* farOff(numbers: Numbers, scale: (value: number) => number): Steps<FarOff> {
  const meter = new Meter();
  const scaled = new Float64Array(numbers.values);
  for (let at = 0; at < scaled.length; at++) {
    scaled[at] = scale(scaled[at] ?? 0);
    if (meter.isDue(2)) yield;
  }
  const sorted = yield* sortInSteps(scaled.slice());
  const middle = medianOf(sorted);
  const deviations = distances(scaled, middle);
  yield;
  yield* sortInSteps(deviations);
  let spread = 1.4826 * medianOf(deviations);
  if (spread === 0) {
    // More than half of the values are equal: what differs is judged by how far the differing ones usually are.
    const differing = deviations.filter((each) => each > 0);
    if (differing.length === 0 || differing.length > 0.3 * scaled.length) return NONE;
    if (differing.length <= Math.max(2, 0.03 * scaled.length))
      spread = (differing[0] ?? 1) / (OUTLIER + 1);
    else spread = 1.4826 * medianOf(differing);
  }
  yield;
  let count = 0;
  const farthest: Outlier[] = [];
  for (let at = 0; at < scaled.length; at++) {
    const z = Math.abs((scaled[at] ?? 0) - middle) / spread;
    if (!(z > OUTLIER)) continue;
    count++;
    // Rows come in order: of those equally far off the first stays in front.
    let place = farthest.length;
    while (place > 0 && (farthest[place - 1]?.z ?? 0) < z) place--;
    if (place === PER_COLUMN) continue;
    farthest.splice(place, 0, { row: numbers.rows[at] ?? 0, z });
    if (farthest.length > PER_COLUMN) farthest.pop();
  }
  return { count, farthest };
}

/** Columns of which the rows at the ends are shown. */
const MAX_ENDED = 4;

/** For each column of numbers that do not just go up the row with the greatest, and the one with the least, where no two share it. */
export function* extremeRows(table: Table): Steps<readonly number[]> {
  const rows: number[] = [];
  let ended = 0;
  for (const column of table.columns) {
    if (ended === MAX_ENDED) break;
    const numbers = column.repeated ? undefined : numbersOf(table, column);
    if (numbers === undefined || !hasDistances(numbers) || isMonotone(numbers.values)) continue;
    const own = [1, -1].flatMap((sign) => endOf(numbers, sign) ?? []);
    yield;
    if (own.length > 0) ended++;
    rows.push(...own);
  }
  return rows;
}

/** The row with the greatest number, or the least; `undefined` where several have it. */
function endOf({ values, rows }: Numbers, sign: number): number | undefined {
  let best = 0;
  let isShared = false;
  for (let at = 1; at < values.length; at++) {
    const more = sign * ((values[at] ?? 0) - (values[best] ?? 0));
    if (more > 0) [best, isShared] = [at, false];
    else if (more === 0) isShared = true;
  }
  return isShared ? undefined : rows[best];
}
