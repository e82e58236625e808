/** In which order the rows of a table stand, and who stands on top of it. */
import type { Steps } from "../../../types/compressor.ts";
import { compareQuantities, type Quantity } from "../../../view/quantity.ts";
import { indexesInSteps } from "../../shared/in-steps.ts";
import type { Column } from "./column.ts";
import { hasExtremes } from "./traits.ts";

/** A value is shared where one row in so many has it. */
const SHARED = 20;
/** Rows are in order where so many of the steps between them go the same way. */
const IN_ORDER = 0.85;

/** Rows by what a column measures, the largest first. */
export function* largestFirst({ measured }: Column): Steps<readonly number[]> {
  const quantities = measured?.quantities ?? [];
  const rows: number[] = [];
  for (const [row, quantity] of quantities.entries()) if (quantity) rows.push(row);
  yield;
  rows.sort((a, b) => {
    const [x, y] = [quantities[a], quantities[b]];
    return (x && y ? compareQuantities(y, x) : 0) || a - b;
  });
  yield;
  return rows;
}

/** Rows of which the value is shared by few, then the others, each in the order of the text. */
export function* rareFirst({ values, counts }: Column): Steps<readonly number[]> {
  const isShared = (value: string): boolean => (counts.get(value) ?? 0) * SHARED >= values.length;
  const rare = yield* indexesInSteps(values, (value) => !isShared(value));
  const shared = yield* indexesInSteps(values, isShared);
  return [...rare, ...shared];
}

/** Whether a list by this column has a top: few rows are equal in it. */
export function isRanked(column: Column): boolean {
  if (column.measured?.kind === "version") return false;
  return hasExtremes(column) && column.counts.size * 4 >= column.values.length;
}

/** Whether the rows stand in the order of what the column measures, but for a few: their head is the top of a list. */
export function isInOrder(column: Column): boolean {
  if (!hasExtremes(column)) return false;
  const quantities = column.measured?.quantities ?? [];
  const ups = stepsUp(quantities, 1);
  // A list that begins anew with each folder is in order only from near.
  const far = stepsUp(quantities, Math.ceil(quantities.length / 5));
  return (ups >= IN_ORDER && far === 1) || (ups <= 1 - IN_ORDER && far === 0);
}

/** The share of steps over so many rows that go up, of those that go up or down. */
function stepsUp(quantities: readonly (Quantity | undefined)[], stride: number): number {
  let up = 0;
  let down = 0;
  for (let row = stride; row < quantities.length; row += stride) {
    const [above, here] = [quantities[row - stride], quantities[row]];
    const order = above && here ? compareQuantities(above, here) : 0;
    if (order < 0) up++;
    else if (order > 0) down++;
  }
  return up + down === 0 ? 0.5 : up / (up + down);
}
