/**
 * Which rows say something the others do not: failures, rare values, rare structure, outliers, turning points.
 *
 * Judged by value statistics alone, never by key names. All thresholds are relative to the rows at hand and robust
 * (median and MAD; frequency gaps instead of frequencies), so that a column of noise yields nothing.
 */

import {
  type Column,
  type Numbers,
  type Table,
  templateClasses,
  textOf,
  typeClasses,
  type ValueClass,
  valueClasses,
} from "./columns.ts";
import { errorLevel } from "./error-like.ts";
import { templateHash, templateOf } from "./template.ts";

export interface Signals {
  /** Rows that must stay, most telling first. */
  readonly must: readonly number[];
  /** Rows where something turns: the level of a series shifts, a group ends, time begins or ends. */
  readonly turns: readonly number[];
  /** Rows worth showing when there is room, best first. */
  readonly should: readonly number[];
  /** How many shapes of rows there are (templates of their strings). */
  readonly shapes: number;
  /** Best rows first, as search results come: the top says more than a sample. */
  readonly ranked: boolean;
}

/** More failure rows than this are shown by example. */
const MAX_ERRORS = 60;
/** A failure is the exception up to this share of the rows; beyond it is the rule. */
const EXCEPTION = 0.2;
/** So few are worth their tokens whatever they are. */
const FEW = 5;
/** Rows kept for being rare, per table. */
const MAX_RARE = 24;
/** Rows kept per rare value. */
const PER_VALUE = 5;
/** Values told apart per column. */
const MAX_CLASSES = 64;
/** Robust z score from which a number is an outlier. */
const OUTLIER = 4;

/** Reads the signals of a table. `affordable`: tokens that failure rows may take before they are shown by example. */
export function findSignals(table: Table, affordable: number): Signals {
  const errors = errorRows(table);
  const kept = limitErrors(table, errors, affordable);
  const must = new Set<number>(kept);
  const count = table.items.length;
  if (count >= 6) {
    const rare: { row: number; weight: number }[] = [];
    for (const column of table.columns) rareRows(table, column, rare);
    rare.sort((a, b) => a.weight - b.weight || a.row - b.row);
    let room = MAX_RARE;
    for (const { row } of rare) {
      if (room === 0) break;
      if (must.has(row)) continue;
      must.add(row);
      room--;
    }
    for (const row of outlierRows(table)) must.add(row);
  }
  const byShape = shapes(table);
  const ranked = table.columns.some((column) => isRanking(table, column));
  const turns = new Set<number>();
  for (const column of table.columns) for (const row of groupEnds(table, column)) turns.add(row);
  for (const column of table.columns) for (const row of changePoints(table, column)) turns.add(row);
  for (const row of newestAndOldest(table)) turns.add(row);
  const should = ranked ? topRows(count) : [...new Set([...extremes(table), ...byShape])];
  return {
    must: [...must],
    turns: [...turns].filter((row) => !must.has(row)),
    should: should.filter((row) => !must.has(row)),
    shapes: byShape.length,
    ranked,
  };
}

/** Failure rows and how sure that is. */
function errorRows(table: Table): Map<number, number> {
  const found = new Map<number, number>();
  const known = new Map<string, number>();
  for (const column of table.columns) {
    for (let at = 0; at < column.nodes.length; at++) {
      const node = column.nodes[at];
      const row = column.rows[at];
      if (node?.type !== "string" || row === undefined || node.end - node.start < 5) continue;
      const text = textOf(table.source, node);
      let level = known.get(text);
      if (level === undefined) {
        level = errorLevel(text);
        if (known.size < 4000) known.set(text, level);
      }
      if (level > (found.get(row) ?? 0)) found.set(row, level);
    }
  }
  return found;
}

/**
 * All failure rows while they are the exception; else the first and last of each kind, rare kinds first. Where some rows
 * are failures by status, others that only mention one (warnings, mostly) are shown by example.
 */
function limitErrors(
  table: Table,
  errors: ReadonlyMap<number, number>,
  affordable: number,
): readonly number[] {
  const rows = [...errors.keys()].sort((a, b) => a - b);
  const sure = rows.filter((row) => errors.get(row) === 2);
  const mentions = rows.filter((row) => errors.get(row) !== 2);
  if (sure.length === 0)
    return fits(table, mentions, affordable) ? mentions : perTemplate(table, mentions, 2);
  const failures = fits(table, sure, affordable) ? sure : perTemplate(table, sure, 2);
  return [...failures, ...(mentions.length <= FEW ? mentions : perTemplate(table, mentions, 1))];
}

/** Whether all of these rows may stay: cheap, or the exception and not too dear. */
function fits(table: Table, rows: readonly number[], affordable: number): boolean {
  let cost = 0;
  for (const row of rows) cost += table.costs[row] ?? 0;
  const exceptional = rows.length <= Math.max(3, EXCEPTION * table.items.length);
  return (
    rows.length <= MAX_ERRORS && (cost <= affordable || (exceptional && cost <= 4 * affordable))
  );
}

/** The first (and last) row of each template of the wordiest column, rare templates first. */
function perTemplate(table: Table, rows: readonly number[], each: 1 | 2): readonly number[] {
  const column = wordiest(table);
  const wanted = new Set(rows);
  const groups = new Map<string, number[]>();
  const place = (name: string, row: number): void => {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else if (group[group.length - 1] !== row) group.push(row);
  };
  if (column === undefined) for (const row of rows) place("", row);
  else {
    for (let at = 0; at < column.nodes.length; at++) {
      const node = column.nodes[at];
      const row = column.rows[at];
      if (node === undefined || row === undefined || !wanted.has(row)) continue;
      place(node.type === "string" ? templateOf(textOf(table.source, node)) : node.type, row);
    }
  }
  const order = [...groups.values()].sort(
    (a, b) => a.length - b.length || (a[0] ?? 0) - (b[0] ?? 0),
  );
  const out: number[] = [];
  for (const group of order.slice(0, MAX_ERRORS / 2)) {
    const first = group[0];
    const last = group[group.length - 1];
    if (first !== undefined) out.push(first);
    if (each === 2 && last !== undefined && last !== first) out.push(last);
  }
  return out;
}

/** The column whose strings have the most words: the message of a log, the title of an issue. */
function wordiest(table: Table): Column | undefined {
  let best: Column | undefined;
  let most = 1.5;
  for (const column of table.columns) {
    if (column.repeated && table.columns.length > 1) continue;
    let words = 0;
    let seen = 0;
    const step = Math.max(1, Math.floor(column.nodes.length / 64));
    for (let at = 0; at < column.nodes.length; at += step) {
      const node = column.nodes[at];
      if (node === undefined) continue;
      seen++;
      if (node.type === "string")
        words += Math.min(30, textOf(table.source, node).split(" ").length);
    }
    const mean =
      seen === 0 ? 0 : (words / seen) * Math.min(1, column.nodes.length / table.items.length);
    if (mean > most) {
      most = mean;
      best = column;
    }
  }
  return best;
}

interface Weighted {
  row: number;
  weight: number;
}

/** Rows whose value, template, type or presence stands apart from a clear majority. */
function rareRows(table: Table, column: Column, out: Weighted[]): void {
  const count = table.items.length;
  for (const { rows } of rareClasses(presence(table, column), count)) push(out, rows);
  for (const { rows } of rareClasses(signs(table, column), count)) push(out, rows);
  const types = typeClasses(column);
  if (types.length > 1)
    for (const { rows } of rareClasses(types, column.nodes.length)) push(out, rows);
  const values = valueClasses(table.source, column, MAX_CLASSES);
  if (values !== undefined) {
    for (const { rows } of rareClasses(values, column.nodes.length)) push(out, rows);
    if (values.length <= 2) return;
  }
  const templates = templateClasses(table.source, column, MAX_CLASSES);
  if (templates !== undefined && templates.length > 1) {
    for (const { rows } of rareClasses(templates, column.nodes.length)) push(out, rows);
  }
}

function push(out: Weighted[], rows: readonly number[]): void {
  for (let at = 0; at < rows.length && at < PER_VALUE; at++) {
    const row = rows[at];
    if (row !== undefined) out.push({ row, weight: rows.length });
  }
}

/**
 * Rows by the sign of their number: one negative stock level among hundreds is no outlier, but it is odd. Zero has a sign of
 * its own only where no other number comes near it.
 */
function signs(table: Table, column: Column): readonly ValueClass[] {
  const numbers = numbersOf(table, column);
  if (numbers === undefined) return [];
  const { values } = numbers;
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) if (value !== 0) least = Math.min(least, Math.abs(value));
  const apart = least > medianOf(Float64Array.from(values, Math.abs).sort()) / 4;
  const found = new Map<number, number[]>();
  for (let at = 0; at < values.length; at++) {
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
export function rareClasses(classes: readonly ValueClass[], total: number): readonly ValueClass[] {
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

/** Rows whose numbers lie far off, the farthest first, few per column. */
function outlierRows(table: Table): readonly number[] {
  const out: { row: number; z: number }[] = [];
  for (const column of table.columns) {
    const numbers = numbersOf(table, column);
    if (numbers === undefined || isMonotone(numbers.values)) continue;
    out.push(...outliersOf(numbers));
  }
  out.sort((a, b) => b.z - a.z || a.row - b.row);
  return [...new Set(out.map((each) => each.row))].slice(0, MAX_RARE);
}

/** The numbers of a mostly numeric column. */
export function numbersOf(table: Table, column: Column): Numbers | undefined {
  if (table.numbers.has(column)) return table.numbers.get(column);
  const numbers = readNumbers(table, column);
  table.numbers.set(column, numbers);
  return numbers;
}

function readNumbers(table: Table, column: Column): Numbers | undefined {
  const first = column.nodes[0];
  if (first === undefined || column.nodes.length < 6) return undefined;
  const values: number[] = [];
  const rows: number[] = [];
  let others = 0;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at];
    const row = column.rows[at];
    if (node === undefined || row === undefined) continue;
    if (node.type !== "number") {
      if (node.type !== "null" && ++others > column.nodes.length / 5) return undefined;
      continue;
    }
    const value = Number(table.source.slice(node.start, Math.min(node.end, node.start + 400)));
    if (!Number.isFinite(value)) continue;
    values.push(value);
    rows.push(row);
  }
  return values.length < 6 ? undefined : { values, rows };
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

function medianOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] ?? 0)
    : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

function topRows(count: number): readonly number[] {
  return Array.from({ length: Math.min(count, 12) }, (_, row) => row);
}

/** A fractional column that falls from block to block: relevance, similarity, score. */
function isRanking(table: Table, column: Column): boolean {
  const numbers = column.repeated ? undefined : numbersOf(table, column);
  if (numbers === undefined || numbers.values.length < 0.9 * table.items.length) return false;
  const { values } = numbers;
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
export function changePoints(table: Table, column: Column): readonly number[] {
  const numbers = column.repeated ? undefined : numbersOf(table, column);
  if (numbers === undefined || numbers.values.length < 20 || isMonotone(numbers.values)) return [];
  const { values, rows } = numbers;
  const size = Math.max(5, Math.min(50, values.length >> 4));
  const sorted = Float64Array.from(values).sort();
  const middle = medianOf(sorted);
  const steps = Float64Array.from(values.slice(1), (value, at) =>
    Math.abs(value - (values[at] ?? 0)),
  ).sort();
  // Noise from step to step, so that a shifted half does not count as noise.
  const noise = medianOf(steps) || ((sorted[sorted.length - 1] ?? 0) - (sorted[0] ?? 0)) / 20;
  if (noise === 0) return [];
  const spread = Math.max(
    noise,
    1.4826 * medianOf(Float64Array.from(values, (value) => Math.abs(value - middle)).sort()),
  );
  const low = middle - 4 * spread;
  const high = middle + 4 * spread;
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at++) {
    sums[at + 1] = (sums[at] ?? 0) + Math.min(high, Math.max(low, values[at] ?? 0));
  }
  const shifts: { at: number; size: number }[] = [];
  for (let at = size; at + size <= values.length; at++) {
    const before = ((sums[at] ?? 0) - (sums[at - size] ?? 0)) / size;
    const after = ((sums[at + size] ?? 0) - (sums[at] ?? 0)) / size;
    const shift = Math.abs(after - before);
    if (shift > 2.5 * noise) shifts.push({ at, size: shift });
  }
  shifts.sort((a, b) => b.size - a.size || a.at - b.at);
  const chosen: number[] = [];
  for (const { at } of shifts) {
    if (chosen.length === 3) break;
    if (chosen.every((other) => Math.abs(other - at) > size)) chosen.push(at);
  }
  return chosen.map((at) => rows[at] ?? 0);
}

/** Rows with the largest and smallest number or time of a column, for the few columns where that says something. */
function extremes(table: Table): readonly number[] {
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

/** The ends of the first column of times: "published last" need not stand last. */
function newestAndOldest(table: Table): readonly number[] {
  for (const column of table.columns) {
    const ends = column.repeated ? undefined : timeEnds(table, column);
    if (ends?.[0] === undefined || ends[1] === undefined) continue;
    return [ends[1], ends[0]];
  }
  return [];
}

function numberEnds({
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
function timeEnds(
  { source }: Table,
  column: Column,
): readonly [number | undefined, number | undefined] | undefined {
  let least: Stamp | undefined;
  let most: Stamp | undefined;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at];
    const row = column.rows[at];
    if (node === undefined || row === undefined || node.type === "null") continue;
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

/** One row of each shape, the commonest shape first: a shape is the templates of the short strings of a row. */
function shapes(table: Table): readonly number[] {
  const hashes = new Int32Array(table.items.length);
  for (let id = 0; id < table.columns.length; id++) {
    const column = table.columns[id];
    if (column === undefined || column.repeated) continue;
    for (let at = 0; at < column.nodes.length; at++) {
      const node = column.nodes[at];
      const row = column.rows[at];
      if (node === undefined || row === undefined) continue;
      const hash =
        node.type === "string"
          ? templateHash(table.source, node.start + 1, node.end - 1)
          : TYPE_HASH[node.type];
      hashes[row] = (Math.imul(hashes[row] ?? 0, 31) + hash + id) | 0;
    }
  }
  const groups = new Map<number, { first: number; count: number }>();
  for (let row = 0; row < hashes.length; row++) {
    const group = groups.get(hashes[row] ?? 0);
    if (group === undefined) groups.set(hashes[row] ?? 0, { first: row, count: 1 });
    else group.count++;
  }
  const repeated = [...groups.values()].filter((group) => group.count > 1);
  const single = [...groups.values()]
    .filter((group) => group.count === 1)
    .map((group) => group.first);
  repeated.sort((a, b) => b.count - a.count || a.first - b.first);
  return [...repeated.map((group) => group.first), ...spread(single)];
}

/** The same numbers, in an order whose every beginning is spread over the whole: a few of many are a fair sample. */
function spread(rows: readonly number[]): readonly number[] {
  const stride = Math.max(1, Math.floor(rows.length / 16));
  const out: number[] = [];
  for (let offset = 0; offset < stride; offset++) {
    for (let at = offset; at < rows.length; at += stride) out.push(rows[at] ?? 0);
  }
  return out;
}

const TYPE_HASH = { number: 11, boolean: 13, null: 17, array: 19, object: 23 } as const;
