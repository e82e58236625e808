/**
 * The numbers and times of a column, as far as statistics need them. Nothing shown is ever computed from these values.
 */
import type { JsonNode } from "../../../json/node.ts";
import { finish, Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { measure } from "../../../view/measure.ts";
import { quantityOf } from "../../../view/quantity.ts";
import type { Column, Numbers, Table } from "./columns.ts";

/** The numbers of a mostly numeric column. */
export function numbersOf(table: Table, column: Column): Numbers | undefined {
  if (table.numbers.has(column)) return table.numbers.get(column);
  const numbers = finish(readColumn(table, column));
  table.numbers.set(column, numbers);
  return numbers;
}

/** Reads the numbers of all columns, for `numbersOf` to find. */
export function* readNumbers(table: Table): Steps<void> {
  for (const column of table.columns) table.numbers.set(column, yield* readColumn(table, column));
}

function* readColumn(table: Table, column: Column): Steps<Numbers | undefined> {
  const meter = new Meter();
  const first = column.nodes.find(({ type }) => type !== "null");
  if (first === undefined || column.nodes.length < 6) return undefined;
  if (first.type === "string" && column.nodes.every(({ type }) => type !== "number"))
    return yield* readMeasures(table, column, first);
  const values: number[] = [];
  const rows: number[] = [];
  let others = 0;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at] as JsonNode;
    const row = column.rows[at] as number;
    if (meter.isDue(8)) yield;
    if (node.type !== "number") {
      if (node.type !== "null" && ++others > column.nodes.length / 5) return undefined;
      continue;
    }
    const value = Number(table.source.slice(node.start, Math.min(node.end, node.start + 400)));
    if (!Number.isFinite(value)) continue;
    values.push(value);
    rows.push(row);
  }
  return values.length < 6 ? undefined : { kind: "number", values, rows };
}

/** Longer strings measure nothing. */
const MAX_MEASURE = 42;

/** Sizes, durations, versions and the like, by what they measure. Times that sort as text are read as text. */
function* readMeasures(
  { source }: Table,
  column: Column,
  first: JsonNode,
): Steps<Numbers | undefined> {
  const meter = new Meter();
  if (isTime(source, first.start + 1, first.end - 1)) return undefined;
  if (first.end - first.start > MAX_MEASURE) return undefined;
  if (quantityOf(source.slice(first.start + 1, first.end - 1)) === undefined) return undefined;
  const texts: string[] = [];
  const places: number[] = [];
  for (const [at, { type, start, end }] of column.nodes.entries()) {
    if (meter.isDue(8)) yield;
    if (type !== "string") continue;
    if (end - start > MAX_MEASURE) return undefined;
    texts.push(source.slice(start + 1, end - 1));
    places.push(column.rows[at] ?? 0);
  }
  yield;
  const measured = measure(texts);
  if (measured === undefined || measured.count < 0.8 * column.nodes.length) return undefined;
  const values: number[] = [];
  const rows: number[] = [];
  for (const [at, quantity] of measured.quantities.entries()) {
    if (meter.isDue(8)) yield;
    if (quantity === undefined) continue;
    values.push(quantity.parts === undefined ? quantity.value : versionNumber(quantity.parts));
    rows.push(places[at] ?? 0);
  }
  return values.length < 6 ? undefined : { kind: measured.kind, values, rows };
}

/** A version as one number, for the order of versions. */
function versionNumber(parts: readonly number[]): number {
  let number = 0;
  for (let at = 0; at < 3; at++) number = number * 100_000 + Math.min(parts[at] ?? 0, 99_999);
  return number;
}

/** Whether numbers have distances: an outlier among versions or times is none. */
export function hasDistances({ kind }: Numbers): boolean {
  return kind !== "version" && kind !== "time";
}

/** Counters, ids and times that only grow (or only fall) have ends, not outliers. */
export function isMonotone(values: readonly number[]): boolean {
  let up = 0;
  let down = 0;
  for (let at = 1; at < values.length; at++) {
    const step = (values[at] ?? 0) - (values[at - 1] ?? 0);
    if (step > 0) up++;
    else if (step < 0) down++;
  }
  const steps = values.length - 1;
  return (up >= 0.6 * steps && down <= 0.05 * steps) || (down >= 0.6 * steps && up <= 0.05 * steps);
}

/** Numbers that are sorted in one go: about two milliseconds. */
const SORTED_NUMBERS = 16_384;

/** Sorts in place, ascending. */
export function* sortInSteps(values: Float64Array): Steps<Float64Array> {
  if (values.length <= SORTED_NUMBERS) return values.sort();
  for (let from = 0; from < values.length; from += SORTED_NUMBERS) {
    values.subarray(from, from + SORTED_NUMBERS).sort();
    yield;
  }
  const meter = new Meter();
  let sorted = values;
  let merged: Float64Array = new Float64Array(values.length);
  for (let width = SORTED_NUMBERS; width < values.length; width *= 2) {
    for (let from = 0; from < values.length; from += 2 * width) {
      const middle = Math.min(from + width, values.length);
      const end = Math.min(middle + width, values.length);
      let left = from;
      let right = middle;
      for (let at = from; at < end; at++) {
        const isLeft =
          right >= end || (left < middle && (sorted[left] ?? 0) <= (sorted[right] ?? 0));
        merged[at] = sorted[isLeft ? left++ : right++] ?? 0;
        if (meter.isDue(1)) yield;
      }
    }
    [sorted, merged] = [merged, sorted];
  }
  if (sorted !== values) values.set(sorted);
  return values;
}

/** How far each number is from another. */
export function distances(values: ArrayLike<number>, from: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let at = 0; at < out.length; at++) out[at] = Math.abs((values[at] ?? 0) - from);
  return out;
}

export function medianOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] ?? 0)
    : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

export function numberEnds({
  values,
  rows,
}: Numbers): readonly [number | undefined, number | undefined] | undefined {
  if (isMonotone(values)) return undefined;
  let least = 0;
  let most = 0;
  for (let at = 1; at < values.length; at++) {
    if ((values[at] ?? 0) < (values[least] ?? 0)) least = at;
    if ((values[at] ?? 0) > (values[most] ?? 0)) most = at;
  }
  return [rows[least], rows[most]];
}

/** ISO dates and times sort as text. */
export function timeEnds(
  { source }: Table,
  column: Column,
): readonly [number | undefined, number | undefined] | undefined {
  let least: Stamp | undefined;
  let most: Stamp | undefined;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at] as JsonNode;
    const row = column.rows[at] as number;
    if (node.type === "null") continue;
    if (node.type !== "string" || !isTime(source, node.start + 1, node.end - 1)) return undefined;
    const text = source.slice(node.start + 1, node.end - 1);
    if (least === undefined || text < least.text) least = { text, row };
    if (most === undefined || text > most.text) most = { text, row };
  }
  return [least?.row, most?.row];
}

interface Stamp {
  readonly text: string;
  readonly row: number;
}

/** `2024-01-15…`: as much as has to be looked at to compare as text. */
export function isTime(source: string, start: number, end: number): boolean {
  if (end - start < 10 || end - start > 40) return false;
  for (let at = 0; at < 10; at++) {
    const code = source.charCodeAt(start + at);
    if (at === 4 || at === 7 ? code !== 45 : code < 48 || code > 57) return false;
  }
  return true;
}
