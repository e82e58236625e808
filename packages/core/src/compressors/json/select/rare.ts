/**
 * Rows that differ from a clear majority: in a value, a template, a type, a sign, or in what they have at all.
 *
 * What counts is a gap in the frequencies, not a frequency: in a column of evenly spread or long-tailed values nothing is
 * rare. One trap: few rows make chance look rare, so below six rows nothing is.
 */
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import {
  type Column,
  type Table,
  templateClasses,
  typeClasses,
  type ValueClass,
  valueClasses,
} from "./columns.ts";
import { distances, hasDistances, medianOf, numbersOf, sortInSteps } from "./numbers.ts";
import { isWordy } from "./template.ts";

/** Rows kept for being rare, per table. */
const MAX_RARE = 24;
/** Rows kept per rare value. */
const PER_VALUE = 5;
/** So many rare classes in one column are still telling. */
const NOISE = 12;
/** Values told apart per column. */
const MAX_CLASSES = 64;

interface Weighted {
  readonly row: number;
  readonly weight: number;
}

/** The rarest rows of a table besides those already `kept`. */
export function* rareRows(table: Table, kept: ReadonlySet<number>): Steps<readonly number[]> {
  const found: Weighted[] = [];
  for (const column of table.columns) {
    yield* rareIn(table, column, found);
    yield;
  }
  found.sort((a, b) => a.weight - b.weight || a.row - b.row);
  const out = new Set<number>();
  for (const { row } of found) {
    if (out.size === MAX_RARE) break;
    if (!kept.has(row)) out.add(row);
  }
  return [...out];
}

/** Rows whose value, template, type or presence stands apart from a clear majority. */
function* rareIn(table: Table, column: Column, out: Weighted[]): Steps<void> {
  const count = table.items.length;
  collect(out, rareClasses(presence(table, column), count), 0);
  yield;
  collect(out, rareClasses(yield* signs(table, column), count), 0);
  yield;
  const total = column.nodes.length;
  collect(out, rareClasses(typeClasses(column), total), 0);
  yield;
  const values = valueClasses(table.source, column, MAX_CLASSES);
  if (values !== undefined) {
    collect(out, rareClasses(values, total), 0);
    if (values.length <= 2) return;
  }
  yield;
  const templates = templateClasses(table.source, column, MAX_CLASSES);
  if (templates === undefined || templates.length < 2) return;
  // Codes that are random (UUIDs, hashes) fold to almost nothing, and what is left of one that folds less is chance.
  const most = templates.reduce((a, b) => (b.size > a.size ? b : a));
  if (isWordy(most.value)) collect(out, rareClasses(templates, total), PER_VALUE);
}

/** Adds the rows of rare classes. `handicap`: how much surer others are. Many rare classes in one column are noise. */
function collect(out: Weighted[], classes: readonly ValueClass[], handicap: number): void {
  const kept = classes.length > NOISE ? classes.slice(0, NOISE / 2) : classes;
  for (const { rows } of kept) {
    for (const row of rows.slice(0, PER_VALUE)) out.push({ row, weight: rows.length + handicap });
  }
}

/**
 * Rows by the sign of their number: one negative stock level among hundreds is no outlier, but it is odd. Zero has a sign of
 * its own only where no other number comes near it.
 */
function* signs(table: Table, column: Column): Steps<readonly ValueClass[]> {
  const numbers = numbersOf(table, column);
  if (numbers === undefined || !hasDistances(numbers)) return [];
  const { values } = numbers;
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) if (value !== 0) least = Math.min(least, Math.abs(value));
  const sizes = yield* sortInSteps(distances(values, 0));
  const apart = least > medianOf(sizes) / 4;
  const found = new Map<number, number[]>();
  const meter = new Meter();
  for (let at = 0; at < values.length; at++) {
    if (meter.isDue(4)) yield;
    const value = values[at] ?? 0;
    const sign = value < 0 ? -1 : value === 0 && apart ? 0 : 1;
    const rows = found.get(sign) ?? [];
    rows.push(numbers.rows[at] ?? 0);
    found.set(sign, rows);
  }
  return [...found].map(([sign, rows]) => ({ value: `${sign}`, rows, size: rows.length }));
}

/** Rows with and without a column. */
function presence(table: Table, column: Column): readonly ValueClass[] {
  const count = table.items.length;
  const withIt: number[] = [];
  for (const row of column.rows) if (withIt[withIt.length - 1] !== row) withIt.push(row);
  if (withIt.length === count) return [];
  const without: number[] = [];
  if (count - withIt.length <= withIt.length) {
    let at = 0;
    for (let row = 0; row < count; row++) {
      if (withIt[at] === row) at++;
      else without.push(row);
    }
    return [
      { value: "with", rows: withIt, size: withIt.length },
      { value: "without", rows: without, size: without.length },
    ];
  }
  // Only the minority is listed; the majority needs a size, not names.
  return [
    { value: "with", rows: withIt, size: withIt.length },
    { value: "without", rows: [], size: count - withIt.length },
  ];
}

/**
 * Classes below a gap in the frequencies: together the classes at least five times as frequent hold four fifths of all.
 * In a column of evenly spread or long-tailed values there is no such gap.
 */
function rareClasses(classes: readonly ValueClass[], total: number): readonly ValueClass[] {
  if (classes.length < 2 || total < 6) return [];
  const most = Math.max(1, Math.floor(0.03 * total));
  const sizes = classes.map((each) => each.size);
  return classes.filter((each) => {
    const { size } = each;
    if (size > most) return false;
    let common = 0;
    for (const other of sizes) if (other >= 5 * size) common += other;
    return common >= 0.8 * total;
  });
}
