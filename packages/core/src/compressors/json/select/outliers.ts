/**
 * Rows whose numbers lie far off, by median and median deviation, so that the outliers themselves do not hide each other.
 *
 * One trap: sizes, durations and counts are long-tailed, and far off there means far off in orders of magnitude.
 */
import type { Steps } from "../../../types/compressor.ts";
import type { Numbers, Table } from "./columns.ts";
import { isMonotone, medianOf, numbersOf } from "./numbers.ts";

/** Robust z score from which a number is an outlier. */
const OUTLIER = 4;
/** Outlier rows per table. */
const MAX_OUTLIERS = 24;

/** Rows whose numbers lie far off, the farthest first, few per column. */
export function* outlierRows(table: Table): Steps<readonly number[]> {
  const out: { row: number; z: number }[] = [];
  for (const column of table.columns) {
    const numbers = numbersOf(table, column);
    if (numbers === undefined || isMonotone(numbers.values)) continue;
    for (const outlier of outliersOf(numbers)) out.push(outlier);
    yield;
  }
  out.sort((a, b) => b.z - a.z || a.row - b.row);
  return [...new Set(out.map((each) => each.row))].slice(0, MAX_OUTLIERS);
}

function outliersOf(numbers: Numbers): { row: number; z: number }[] {
  const linear = farOff(numbers, (value) => value);
  if (linear.length <= Math.max(3, 0.02 * numbers.values.length)) return linear.slice(0, 8);
  // Long-tailed (sizes, durations, counts): far off is what is far off in orders of magnitude.
  if (numbers.values.every((value) => value >= 0)) {
    return farOff(numbers, (value) => Math.log1p(value)).slice(0, 3);
  }
  return linear.slice(0, 2);
}

function farOff(numbers: Numbers, scale: (value: number) => number): { row: number; z: number }[] {
  const scaled = numbers.values.map(scale);
  const sorted = Float64Array.from(scaled).sort();
  const middle = medianOf(sorted);
  const deviations = Float64Array.from(scaled, (value) => Math.abs(value - middle)).sort();
  let spread = 1.4826 * medianOf(deviations);
  if (spread === 0) {
    // More than half of the values are equal: what differs is judged by how far the differing ones usually are.
    const differing = deviations.filter((each) => each > 0);
    if (differing.length === 0 || differing.length > 0.3 * scaled.length) return [];
    if (differing.length <= Math.max(2, 0.03 * scaled.length))
      spread = (differing[0] ?? 1) / (OUTLIER + 1);
    else spread = 1.4826 * medianOf(differing);
  }
  const out: { row: number; z: number }[] = [];
  for (let at = 0; at < scaled.length; at++) {
    const z = Math.abs((scaled[at] ?? 0) - middle) / spread;
    if (z > OUTLIER) out.push({ row: numbers.rows[at] ?? 0, z });
  }
  return out.sort((a, b) => b.z - a.z || a.row - b.row);
}
