/**
 * Splits lines of one shape where a value comes back so often that it is cheaper as part of a shape of its own: one shape for
 * each HTTP status, each level, each component.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { cost } from "../shared/text-cost.ts";

/** Fewer lines are no shape. */
const LEAST_ROWS = 3;
/** So many columns are looked at, and so often a group is split again. */
const MAX_COLUMNS = 32;
const MAX_DEPTH = 6;
/** A look at one value takes as long as reading about so many characters. */
const ROW_WORK = 8;

interface Group {
  readonly lines: readonly number[];
  readonly depth: number;
}

/**
 * Groups rows by values that they share.
 *
 * @param definition - Tokens of one more shape.
 * @returns Indexes of rows, ascending in each group.
 */
export function* splitRows(
  rows: readonly (readonly string[])[],
  definition: number,
): Steps<readonly (readonly number[])[]> {
  const groups: (readonly number[])[] = [];
  const open: Group[] = [{ lines: rows.map((_, row) => row), depth: 0 }];
  for (let group = open.pop(); group; group = open.pop()) {
    const { lines, depth } = group;
    const best = depth < MAX_DEPTH ? yield* bestColumn(rows, lines, definition) : undefined;
    if (best === undefined) {
      groups.push(lines);
      continue;
    }
    const rest: number[] = [];
    const parts = new Map<string, number[]>([...best.values].map((value) => [value, []]));
    const meter = new Meter();
    for (const line of lines) {
      (parts.get(rows[line]?.[best.column] ?? "") ?? rest).push(line);
      if (meter.isDue(ROW_WORK)) yield;
    }
    for (const part of parts.values()) open.push({ lines: part, depth: depth + 1 });
    if (rest.length > 0) open.push({ lines: rest, depth: depth + 1 });
  }
  return groups;
}

/** The column that saves most, with the values that deserve a shape. */
function* bestColumn(
  rows: readonly (readonly string[])[],
  lines: readonly number[],
  definition: number,
): Steps<{ column: number; values: readonly string[] } | undefined> {
  if (lines.length < 2 * LEAST_ROWS) return undefined;
  const columns = Math.min(rows[lines[0] ?? 0]?.length ?? 0, MAX_COLUMNS);
  let best: { column: number; values: readonly string[] } | undefined;
  let most = 0;
  for (let column = 0; column < columns; column++) {
    const gains = yield* gainsOf(rows, lines, column);
    if (gains === undefined || gains.size < 2) continue;
    const values: string[] = [];
    let total = 0;
    for (const [value, { count, gain }] of gains) {
      if (count < LEAST_ROWS || gain <= definition) continue;
      values.push(value);
      total += gain - definition;
    }
    if (values.length === gains.size) total += definition;
    if (total > most) {
      best = { column, values };
      most = total;
    }
  }
  return best;
}

interface Gain {
  readonly each: number;
  count: number;
  /** Tokens that rows with this value need no more. */
  gain: number;
}

/** What the values of a column cost; `undefined` where hardly any comes back. */
function* gainsOf(
  rows: readonly (readonly string[])[],
  lines: readonly number[],
  column: number,
): Steps<ReadonlyMap<string, Gain> | undefined> {
  const gains = new Map<string, Gain>();
  const meter = new Meter();
  let above: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const value = rows[lines[at] ?? 0]?.[column] ?? "";
    let known = gains.get(value);
    if (known === undefined) {
      if (gains.size > 16 + at / 4) return undefined;
      known = { each: valueCost(value), count: 0, gain: 0 };
      gains.set(value, known);
    }
    known.count++;
    known.gain += value === above ? 1 : known.each;
    above = value;
    if (meter.isDue(ROW_WORK)) yield;
  }
  return gains;
}

/** A space before a number is a token of its own. */
function valueCost(value: string): number {
  const first = value.charCodeAt(0);
  return Math.max(1, cost(value)) + (first >= 48 && first <= 57 ? 1 : 0);
}
