/** What rows and columns cost, by an estimate. */
import type { Steps } from "../../../types/compressor.ts";
import { type Column, cellCost } from "./column.ts";

/** Estimated tokens of cells, each column and length once. */
export class Costs {
  readonly #columns: readonly Column[];
  readonly #ratio: number;
  /** What is said once for a column. */
  readonly #usual: readonly (string | undefined)[];
  readonly #known = new Map<string, number>();

  constructor(columns: readonly Column[], ratio: number) {
    this.#columns = columns;
    this.#ratio = ratio;
    this.#usual = columns.map(usualOf);
  }

  /** Of all cells of a column; what most rows have is said once. */
  *column(at: number, cut: number): Steps<number> {
    const key = `${at} ${cut}`;
    const old = this.#known.get(key);
    if (old !== undefined) return old;
    let tokens = 0;
    const column = this.#columns[at] as Column;
    if (cut > 0 && !isUsual(column))
      for (const [value, count] of column.counts) tokens += cellCost(value, cut) * count;
    this.#known.set(key, tokens * this.#ratio);
    yield;
    return tokens * this.#ratio;
  }

  row(row: number, cuts: readonly number[]): number {
    let tokens = 0;
    for (const [at, { values }] of this.#columns.entries()) {
      const value = values[row] ?? "";
      if (value !== this.#usual[at]) tokens += cellCost(value, cuts[at] ?? 0);
    }
    return tokens * this.#ratio;
  }
}

/** Whether nearly all rows have the same value: it is said once. */
export function isUsual(column: Column): boolean {
  return usualOf(column) !== undefined;
}

function usualOf({ counts, values }: Column): string | undefined {
  for (const [value, count] of counts) if (count * 10 >= values.length * 9) return value;
  return undefined;
}
