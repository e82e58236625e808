/**
 * Which rows and which cells of a sheet a view shows.
 *
 * All rows with their main columns come first: cells that say little for their tokens go in all rows before a row goes. Where that
 * is still too much, the rows that stand out or are asked for stay, with the names of all others if they fit, and the head of the
 * table.
 */
import type { Steps } from "../../../types/compressor.ts";
import { type Column, isPairs } from "./column.ts";
import { Costs, isUsual } from "./costs.ts";
import { isInOrder, isRanked, largestFirst, rareFirst } from "./order.ts";
import { failing, traits } from "./traits.ts";

export interface Plan {
  /** Characters of a cell that stay in a usual row, a column each; 0 leaves the column out. */
  readonly cuts: readonly number[];
  /** The same for rows that show more. */
  readonly more: ReadonlyMap<number, readonly number[]>;
  /** Rows that are shown, ascending; `undefined` where all are. */
  readonly shown: readonly number[] | undefined;
  /** Tokens of the rows, by the estimate that chose them. */
  readonly estimated: number;
  /** The columns whose values stand for the rows that are not shown: their name, and what else there is room for. */
  readonly listed: readonly number[];
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
/** Share of the room for the head of a table: more of it where rows have names to ask for, or stand in an order. */
const HEAD_SHARE = 0.7;
const NAMED_HEAD_SHARE = 0.9;
const SORTED_HEAD_SHARE = 0.9;
/** Share of the room for the names of all rows and what stands behind them. */
const LIST_SHARE = 0.9;
/** Characters. Columns that are longer on average are not listed behind names. */
const LISTED_LENGTH = 24;
/** Columns with words and numbers that may go before rows do. */
const MOST_GONE = 0.6;
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
  const costs = new Costs(columns, ratio);
  const everything = columns.map(() => WHOLE_CELL);
  const groups = [yield* failing(columns), ...(yield* traits(columns))];
  const odd = cutsUpTo(columns, LONG_OPAQUE, CHOSEN_HEAD);
  for (const cuts of levels(columns)) {
    yield;
    let tokens = 0;
    for (const [at, cut] of cuts.entries()) tokens += yield* costs.column(at, cut);
    const more = new Map<number, readonly number[]>();
    const showMore = (row: number, own: readonly number[]): boolean => {
      if (more.has(row)) return true;
      const extra = costs.row(row, own);
      if (tokens + extra > room) return false;
      tokens += extra;
      more.set(row, own);
      return true;
    };
    if (tokens > room || !asked.every((row) => showMore(row, everything))) continue;
    if (cuts.some((cut, at) => cut < (odd[at] ?? 0)))
      for (const group of groups) group.every((row) => showMore(row, odd));
    return { cuts, more, shown: undefined, estimated: tokens, listed: [] };
  }
  return yield* chooseRows(columns, asked, groups, room, costs);
}

/** Some of the rows: what is asked for, what stands out, and then the head of the table. */
function* chooseRows(
  columns: readonly Column[],
  asked: readonly number[],
  groups: readonly (readonly number[])[],
  room: number,
  costs: Costs,
): Steps<Plan> {
  const total = columns[0]?.values.length ?? 0;
  const everything = columns.map(() => WHOLE_CELL);
  const odd = cutsUpTo(columns, LONG_OPAQUE, CHOSEN_HEAD);
  const usual = cutsUpTo(columns, 0, HEADS[0] ?? 0);
  const more = new Map<number, readonly number[]>();
  const chosen = new Set<number>();
  let left = room;
  const take = (rows: Iterable<number>, most: number, cuts: readonly number[]): void => {
    let free = Math.min(left, most);
    for (const row of rows) {
      if (chosen.has(row)) continue;
      const isNext = chosen.has(row - 1) || row === 0;
      const tokens = costs.row(row, cuts) + (isNext ? 0 : GAP);
      if (tokens > free) break;
      chosen.add(row);
      if (cuts !== usual) more.set(row, cuts);
      left -= tokens;
      free -= tokens;
    }
  };
  take(asked, left, everything);
  const [failures = [], ...standingOut] = groups;
  take(failures, left, odd);
  // Each row is named, where that leaves room: who asks for one finds it, and what it is about.
  const list = yield* listOf(columns, left * LIST_SHARE, costs);
  left -= list.tokens;
  for (const group of standingOut) take(group, left, odd);
  const all = Array.from({ length: total }, (_, row) => row);
  take(all.slice(0, HEAD), left, usual);
  take(all.slice(-TAIL), left, usual);
  yield;
  // Of names and values any may be the one that matters, and least of all one that many share. A table in an order is read from
  // its top; of another one a page is shown, and what is largest.
  if (isPairs(columns)) take(yield* rareFirst(columns[1] as Column), left, usual);
  else if (columns.some(isInOrder)) take(all, SORTED_HEAD_SHARE * room, usual);
  else {
    const share = columns.some(({ isName }) => isName) ? NAMED_HEAD_SHARE : HEAD_SHARE;
    const measure = columns.find(isRanked);
    if (measure) take(yield* largestFirst(measure), (share / 2) * room, usual);
    take(all, (measure ? share / 2 : share) * room, usual);
  }
  // A row costs no more than to say that it is left out.
  for (let row = 1; row < total - 1; row++)
    if (!chosen.has(row) && chosen.has(row - 1) && chosen.has(row + 1))
      if (costs.row(row, usual) <= GAP) chosen.add(row);
  yield;
  const shown = [...chosen].sort((a, b) => a - b);
  const estimated = shown.reduce((sum, row) => sum + costs.row(row, more.get(row) ?? usual), 0);
  return { cuts: usual, more, shown, estimated, listed: list.columns };
}

/** The name of each row with the columns that find room behind it, from the left; none where the names alone find none. */
function* listOf(
  columns: readonly Column[],
  room: number,
  costs: Costs,
): Steps<{ readonly columns: readonly number[]; readonly tokens: number }> {
  const names = columns.findIndex(({ isName }) => isName);
  const listed = [names];
  let tokens = names < 0 ? Number.POSITIVE_INFINITY : yield* costs.column(names, ALL);
  if (tokens > room) return { columns: [], tokens: 0 };
  for (const [at, column] of columns.entries()) {
    if (at === names || column.role !== "plain" || isUsual(column)) continue;
    if ((column.counts.get("") ?? 0) * 2 > column.values.length) continue;
    if (column.length > LISTED_LENGTH || !(yield* isOfLine(column))) continue;
    const own = yield* costs.column(at, ALL);
    if (tokens + own > room) continue;
    tokens += own;
    listed.push(at);
  }
  return { columns: listed, tokens };
}

/** Whether each value can stand in a list. */
function* isOfLine({ counts }: Column): Steps<boolean> {
  yield;
  for (const value of counts.keys()) if (/[\r\n;|]/.test(value)) return false;
  return true;
}

/** Everything but URLs that follow from other cells, longer hashes where something else tells the rows apart, and the rest of prose. */
function cutsUpTo(columns: readonly Column[], opaque: number, prose: number): readonly number[] {
  const isTold = columns.some((column) => column.role !== "opaque" && tellsRows(column));
  return columns.map(({ role, length }) => {
    // Rows that stand out show what may be the exception to a rule.
    const isDerived = role === "derived" && (opaque === 0 || length > opaque);
    const isGone = isDerived || (role === "opaque" && length > opaque && isTold);
    return isGone ? 0 : role === "prose" ? prose : ALL;
  });
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
  const key = columns.findIndex(({ isName }) => isName);
  if (key < 0) return;
  // The longest go first, and of two the one further to the right: what a table is about stands on its left.
  const longest = columns
    .map((column, at) => ({ at, weight: weightOf(column) * (0.3 + at / columns.length) }))
    .filter(({ at }) => at !== key && (cuts[at] ?? 0) > 0)
    .filter(({ at }) => !isUsual(columns[at] as Column))
    .sort((a, b) => b.weight - a.weight || b.at - a.at);
  // More of what a table is about has to stay than goes.
  let plain = Math.floor(
    longest.filter(({ at }) => columns[at]?.role === "plain").length * MOST_GONE,
  );
  for (const { at } of longest.slice(0, -1)) {
    if (columns[at]?.role === "plain" && plain-- <= 0) return;
    cuts = cuts.with(at, 0);
    yield cuts;
  }
}

/** Whether a row can be told by this column alone, or nearly so. */
function tellsRows({ counts, values }: Column): boolean {
  return counts.size * 10 >= values.length * 9;
}

/** A few values that come back cost little, and they can be counted. */
function weightOf({ length, counts }: Column): number {
  return Math.min(length, HEADS.at(-1) ?? 0) * (counts.size <= FEW ? 0.5 : 1);
}
