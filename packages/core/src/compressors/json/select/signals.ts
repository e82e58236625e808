/**
 * Which rows say something the others do not: failures, rare values, rare structure, outliers, turning points.
 *
 * Judged by value statistics alone, never by key names. All thresholds are relative to the rows at hand and robust
 * (median and MAD; frequency gaps instead of frequencies), so that a column of noise yields nothing.
 */
import type { Steps } from "../../../types/compressor.ts";
import type { Table } from "./columns.ts";
import { failureRows } from "./failures.ts";
import { outlierRows } from "./outliers.ts";
import { rareRows } from "./rare.ts";
import { shapes } from "./shapes.ts";
import { extremes, isRanking, turningRows } from "./turns.ts";

export interface Signals {
  /** Rows that must stay, most telling first. */
  readonly must: readonly number[];
  /** How many of them, at the beginning, are failures. */
  readonly failures: number;
  /** Rows where something turns: the level of a series shifts, a group ends, time begins or ends. */
  readonly turns: readonly number[];
  /** Rows worth showing when there is room, best first. */
  readonly should: readonly number[];
  /** How many shapes of rows there are (templates of their strings). */
  readonly shapes: number;
  /** Best rows first, as search results come: the top says more than a sample. */
  readonly ranked: boolean;
}

/** Reads the signals of a table. `affordable`: tokens that failure rows may take before they are shown by example. */
export function* findSignals(table: Table, affordable: number): Steps<Signals> {
  const must = new Set<number>(yield* failureRows(table, affordable));
  const failures = must.size;
  const count = table.items.length;
  if (count >= 6) {
    for (const row of yield* rareRows(table, must)) must.add(row);
    for (const row of yield* outlierRows(table)) must.add(row);
  }
  const byShape = yield* shapes(table);
  const ranked = table.columns.some((column) => isRanking(table, column));
  yield;
  const should = ranked ? topRows(count) : [...new Set([...extremes(table), ...byShape])];
  const turns = yield* turningRows(table);
  return {
    must: [...must],
    failures,
    turns: turns.filter((row) => !must.has(row)),
    should: should.filter((row) => !must.has(row)),
    shapes: byShape.length,
    ranked,
  };
}

function topRows(count: number): readonly number[] {
  return Array.from({ length: Math.min(count, 12) }, (_, row) => row);
}
