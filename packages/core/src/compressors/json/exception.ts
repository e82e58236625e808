/**
 * Rows in which a rule does not give what is there: they say `name=value` themselves.
 */
import { estimateTokens } from "./estimate.ts";
import type { Column } from "./table.ts";

/** Rows in which the rule does not give what is there. */
export type Except = ReadonlySet<number>;

/** How many rows are looked at before all of them are. */
export const sampleSize = 10;

export function costOfExceptions(column: Column, except: Except): number {
  let cost = 0;
  const name = estimateTokens(column.field) + column.group.depth * 2 + 2;
  for (const row of except) cost += name + (column.cells[row]?.cost ?? 0);
  // Many exceptions make rows hard to read: more than a quarter of them is never worth it.
  return except.size * 4 > column.table.size ? Number.POSITIVE_INFINITY : cost;
}
