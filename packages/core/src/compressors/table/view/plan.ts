/**
 * Which rows and which cells of a sheet a view shows.
 *
 * All rows with their main columns come first: cells that say little for their tokens go in all rows before a row goes. Where that
 * is still too much, the rows that stand out or are asked for stay, with the names of all others if they fit, and the head of the
 * table.
 */
import type { Steps } from "../../../types/compressor.ts";
import { compareQuantities } from "../../../view/quantity.ts";
import { mapInSteps } from "../../shared/in-steps.ts";
import { type Column, cellCost } from "./column.ts";
import { failing, hasExtremes, traits } from "./traits.ts";

export interface Plan {
  /** Characters of a cell that stay, a column each; 0 leaves the column out. */
  readonly cuts: readonly number[];
  /** Rows that are shown, ascending; `undefined` where all are. */
  readonly shown: readonly number[] | undefined;
  /** Rows of which all cells are shown. */
  readonly whole: ReadonlySet<number>;
  /** The column whose values stand for the rows that are not shown. */
  readonly names: number | undefined;
}

/** Everything of a cell that stays in a row which is shown whole. */
export const WHOLE_CELL = 400;
const ALL: number = Number.MAX_SAFE_INTEGER;
/** Characters of prose that stay, from much to little. */
const HEADS: readonly number[] = [80, 48, 28];
/** Characters of prose in the rows that are chosen. */
const CHOSEN_HEAD = 160;
/** Characters. Longer hashes and signatures say nothing even in the rows that are chosen. */
const LONG_OPAQUE = 40;
/** Rows at the start and at the end, where nothing in particular asks for more. */
const HEAD = 8;
const TAIL = 2;
/** Share of the room for the head of a table: more of it where the rows stand in an order. */
const HEAD_SHARE = 0.25;
const SORTED_HEAD_SHARE = 0.5;
/** Rows are in order where one in so many steps goes the other way. */
const IN_ORDER = 8;
/** A column with so many values can be counted. */
const FEW = 12;
/** Tokens of a gap between rows: `… 120-144`. */
const GAP = 5;

/**
 * @param room Tokens for the rows
 * @param ratio Tokens a unit of estimated cost
 * @param asked Rows the question asks for, best first
 */
export function* planRows(
  columns: readonly Column[],
  asked: readonly number[],
  room: number,
  ratio: number,
): Steps<Plan> {
  const total = columns[0]?.values.length ?? 0;
  const costs = new Costs(columns, ratio);
  const askedRows = new Set(asked);
  for (const cuts of levels(columns)) {
    yield;
    let tokens = 0;
    for (const [at, cut] of cuts.entries()) tokens += yield* costs.column(at, cut);
    const extra = asked.reduce((sum, row) => sum + costs.row(row, () => WHOLE_CELL), 0);
    if (tokens + extra <= room)
      return { cuts, shown: undefined, whole: askedRows, names: undefined };
  }
  const isTold = columns.some((column) => column.role !== "opaque" && tellsRows(column));
  const cuts = columns.map(({ role, length }) => {
    const isGone = role === "derived" || (role === "opaque" && length > LONG_OPAQUE && isTold);
    return isGone ? 0 : role === "prose" ? CHOSEN_HEAD : ALL;
  });
  const cutAt = (at: number): number => cuts[at] ?? ALL;
  const chosen = new Set<number>();
  let left = room;
  const take = (rows: Iterable<number>, most: number, cut = cutAt): void => {
    let free = Math.min(left, most);
    for (const row of rows) {
      if (chosen.has(row)) continue;
      const tokens = costs.row(row, cut) + GAP;
      if (tokens > free) break;
      chosen.add(row);
      left -= tokens;
      free -= tokens;
    }
  };
  take(asked, left, () => WHOLE_CELL);
  take(yield* failing(columns), left);
  for (const group of yield* traits(columns)) take(group, left);
  const all = Array.from({ length: total }, (_, row) => row);
  take(all.slice(0, HEAD), left);
  take(all.slice(-TAIL), left);
  yield;
  const names = columns.findIndex(({ isName }) => isName);
  const listed = names < 0 ? Number.POSITIVE_INFINITY : yield* costs.column(names, ALL);
  const isListed = listed <= left;
  // A table in an order is read from its top; of another one a page is shown, and what is largest.
  if (!isListed && columns.some(isInOrder)) take(all, SORTED_HEAD_SHARE * room);
  else if (!isListed) {
    const measure = columns.find(hasExtremes);
    if (measure) take(yield* largestFirst(measure), HEAD_SHARE * room);
    take(all, HEAD_SHARE * room * (measure ? 0.5 : 1));
  }
  const shown = yield* mapInSteps(
    [...chosen].sort((a, b) => a - b),
    (row) => row,
  );
  return { cuts, shown, whole: askedRows, names: isListed ? names : undefined };
}

/** Rows by what a column measures, the largest first. */
function* largestFirst({ measured }: Column): Steps<readonly number[]> {
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

/** Whether nearly all rows stand in the order of what the column measures: their head is the top of a list. */
function isInOrder(column: Column): boolean {
  if (!hasExtremes(column)) return false;
  const quantities = column.measured?.quantities ?? [];
  let up = 0;
  let down = 0;
  for (let row = 1; row < quantities.length; row++) {
    const [above, here] = [quantities[row - 1], quantities[row]];
    const order = above && here ? compareQuantities(above, here) : 0;
    if (order < 0) up++;
    else if (order > 0) down++;
  }
  return Math.min(up, down) * IN_ORDER <= up + down && up + down >= 2;
}

/** What stays of the cells of each column, from everything to the name and one more column. */
function* levels(columns: readonly Column[]): Generator<readonly number[]> {
  let cuts: readonly number[] = columns.map(() => ALL);
  yield cuts;
  for (const role of ["opaque", "derived"] as const) {
    const others = columns.filter((column) => column.role !== role && column.role !== "opaque");
    // Where nothing else tells the rows apart, the hashes do.
    if (others.length === columns.length || !others.some(tellsRows)) continue;
    cuts = cuts.map((cut, at) => (columns[at]?.role === role ? 0 : cut));
    if (cuts.some((cut) => cut > 0)) yield cuts;
  }
  if (columns.some(({ role }) => role === "prose"))
    for (const head of HEADS) {
      cuts = cuts.map((cut, at) => (columns[at]?.role === "prose" ? head : cut));
      yield cuts;
    }
  const name = columns.findIndex(({ isName }) => isName);
  if (name < 0) return;
  // The longest go first, and of two the one further to the right: what a table is about stands on its left.
  const longest = columns
    .map((column, at) => ({ at, weight: weightOf(column) * (0.3 + at / columns.length) }))
    .filter(({ at }) => at !== name && (cuts[at] ?? 0) > 0)
    .filter(({ at }) => !isUsual(columns[at] as Column))
    .sort((a, b) => b.weight - a.weight || b.at - a.at);
  for (const { at } of longest.slice(0, -1)) {
    cuts = cuts.with(at, 0);
    yield cuts;
  }
}

/** Whether a row can be told by this column alone, or nearly so. */
function tellsRows({ counts, values }: Column): boolean {
  return counts.size * 10 >= values.length * 9;
}

/** Whether nearly all rows have the same value: it is said once. */
function isUsual({ counts, values }: Column): boolean {
  for (const count of counts.values()) if (count * 10 >= values.length * 9) return true;
  return false;
}

/** A few values that come back cost little, and they can be counted. */
function weightOf({ length, counts }: Column): number {
  return Math.min(length, HEADS.at(-1) ?? 0) * (counts.size <= FEW ? 0.5 : 1);
}

/** Estimated tokens of cells, each column and length once. */
class Costs {
  readonly #columns: readonly Column[];
  readonly #ratio: number;
  readonly #known = new Map<string, number>();

  constructor(columns: readonly Column[], ratio: number) {
    this.#columns = columns;
    this.#ratio = ratio;
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

  row(row: number, cutOf: (at: number) => number): number {
    let tokens = 0;
    for (const [at, { values }] of this.#columns.entries())
      tokens += cellCost(values[row] ?? "", cutOf(at));
    return tokens * this.#ratio;
  }
}
