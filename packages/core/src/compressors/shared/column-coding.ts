/**
 * Chooses how the cells of a column are written: as they are, once for all, as a copy of another column, without what they share,
 * or under letters. The cheapest by an estimate of tokens wins.
 *
 * Trap: asking the real tokenizer for each choice would take longer than everything else, so `cost` estimates.
 */
import {
  chooseEnds,
  type Ends,
  endsCost,
  frequentEnds,
  hasEnds,
  ODD_SHARE,
} from "./column-ends.ts";
import { freeNames, learnPhrases, MIN_CELLS } from "./phrases.ts";
import { cost } from "./text-cost.ts";

/** What may be said once. Rows that stand alone (a selection) must not point at the row above. */
export interface ColumnOptions {
  /** `"` for the cell above. @default true */
  readonly ditto?: boolean;
  /** Letters for long values. @default true */
  readonly aliases?: boolean;
  /** Shared starts and ends with letters or digits, such as the year of all dates. @default true */
  readonly ends?: boolean;
  /** Prefers to name what deviates (`failed=1`) even where printing the column is as cheap. @default false */
  readonly byName?: boolean;
}

/** How one column is written. */
export interface Coding {
  readonly name: string;
  readonly note: string;
  /** The value of cells a row does not mention. */
  readonly usual?: string;
  /** Index of the column whose cell is meant where a row does not mention this one. */
  readonly copy?: number;
  readonly start: string;
  readonly end: string;
  /** Words that stand for values or phrases. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Letters behind a row for cells that deviate: the value, or `undefined` for a cell written whole, without the shared ends. */
  readonly marks: ReadonlyMap<string, string | undefined>;
  /** A space ends a cell; one that has spaces, or nothing, stands in quotes. */
  readonly word: boolean;
}

/** One column of cells: its distinct values, and for each row the index of its value. */
export interface Cells {
  readonly values: readonly string[];
  readonly costs: readonly number[];
  readonly ids: Uint32Array;
}

/** So many columns to the left are compared with a column; wide tables would cost quadratic time. */
const MAX_LOOKBACK = 24;
export const LETTERS: readonly string[] = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
];

/** Whether rows leave the column out. */
export function isSilent(coding: Coding | undefined): boolean {
  return coding !== undefined && (coding.usual !== undefined || coding.copy !== undefined);
}

export function chooseCoding(
  name: string,
  note: string,
  index: number,
  columns: readonly Cells[],
  usualRows: readonly number[],
  letters: readonly string[],
  options: ColumnOptions,
): Coding {
  const { values, costs, ids } = columns[index] as Cells;
  const counts = new Uint32Array(values.length);
  // How often a value stands right below itself.
  const again = new Uint32Array(values.length);
  let repeats = 0;
  for (let at = 0; at < usualRows.length; at++) {
    const id = ids[usualRows[at] ?? 0] ?? 0;
    counts[id] = (counts[id] ?? 0) + 1;
    if (options.ditto && at > 0 && ids[usualRows[at - 1] ?? 0] === id) {
      repeats++;
      again[id] = (again[id] ?? 0) + 1;
    }
  }
  const seen: number[] = [];
  let usual = 0;
  for (let id = 0; id < values.length; id++) {
    if ((counts[id] ?? 0) > 0) seen.push(id);
    if ((counts[id] ?? 0) > (counts[usual] ?? 0)) usual = id;
  }
  const rows = usualRows.length;
  const isLast = index === columns.length - 1;
  const none: Coding = {
    name,
    note,
    start: "",
    end: "",
    aliases: new Map(),
    marks: new Map(),
    word: false,
  };
  const printed = seen.map((id) => (counts[id] ?? 0) - (again[id] ?? 0));
  const cells = seen.map((id) => values[id] ?? "");
  /** Cells between shared ends, their separators, and what deviates. */
  const plain = (
    ends: Ends,
    given: Ends,
    whole: string | undefined,
  ): { coding: Coding; cost: number } => {
    const shared = endsCost(ends.start, given.start) + endsCost(ends.end, given.end);
    const inners: string[] = [];
    let total = shared + repeats;
    for (const [at, cell] of cells.entries()) {
      const fits = hasEnds(cell, ends);
      const often = printed[at] ?? 0;
      inners.push(fits ? cell.slice(ends.start.length, cell.length - ends.end.length) : cell);
      total += often * ((costs[seen[at] ?? 0] ?? 0) - (fits ? shared : 0));
      if (!fits && whole !== undefined) total += often * MARK_COST;
    }
    const separators = separate(inners, printed, isLast);
    const marks = new Map<string, string | undefined>(
      whole === undefined ? [] : [[whole, undefined]],
    );
    const word = separators.word;
    const coding = { ...none, ...ends, marks, word };
    return { coding, cost: total + (isLast ? 0 : separators.cost) };
  };
  const ends = chooseEnds(seen, values, counts, options);
  const strict = plain(ends, ends, undefined);
  let best = strict.coding;
  let bestCost = strict.cost;
  if (rows < 2) return best;

  const free = options.aliases === false ? [] : letters;
  if (free[0] !== undefined && options.ends !== false && rows >= MIN_CELLS) {
    const most = plain(frequentEnds(cells, printed, ends), ends, free[0]);
    if (most.coding.start + most.coding.end !== best.start + best.end && most.cost + 4 < bestCost) {
      best = most.coding;
      bestCost = most.cost;
    }
  }
  if (free.length > 0 && !isDense(costs, seen) && seen.length * 4 > rows) {
    const phrased = withPhrases(best, cells, printed, values);
    if (phrased) return phrased;
  }
  const nameCost = 3 + cost(name);
  const often = counts[usual] ?? 0;
  const freeMarks = options.byName ? [] : free;
  const silent = markDeviations(
    seen.filter((id) => id !== usual).map((id) => [id, counts[id] ?? 0]),
    columns[index] as Cells,
    nameCost,
    freeMarks,
  );
  if (
    often * 5 > rows * 2 &&
    (1 + silent.cost < bestCost || (options.byName && often * 4 > rows * 3))
  ) {
    best = { ...none, usual: values[usual] ?? "", marks: silent.marks };
    bestCost = 1 + silent.cost;
  }
  for (let other = Math.max(0, index - MAX_LOOKBACK); other < index; other++) {
    const there = columns[other] as Cells;
    let copied = 2;
    const differs = new Map<number, number>();
    // A column is hardly ever a copy; a short look at its start usually settles it.
    for (let at = 0; at < rows && copied < bestCost; at++) {
      const row = usualRows[at] ?? 0;
      const id = ids[row] ?? 0;
      if (values[id] !== there.values[there.ids[row] ?? 0]) {
        copied += nameCost + (costs[id] ?? 0);
        differs.set(id, (differs.get(id) ?? 0) + 1);
      }
      if (at === 63 && copied > 32 * nameCost) copied = bestCost;
    }
    if (copied < bestCost) {
      const { marks, cost: marked } = markDeviations(
        [...differs],
        columns[index] as Cells,
        nameCost,
        freeMarks,
      );
      best = { ...none, copy: other, marks };
      bestCost = Math.min(copied, 2 + marked);
    }
  }
  if (options.aliases === false || bestCost < rows || seen.length === rows) return best;

  const aliased = chooseAliases(seen, columns[index] as Cells, counts);
  const others = seen.filter((id) => !aliased.has(id));
  const separators = separate(
    others.map((id) => values[id] ?? ""),
    others.map((id) => (counts[id] ?? 0) - (again[id] ?? 0)),
    isLast,
  );
  let aliasCost = isLast ? 0 : separators.word ? separators.cost : rows;
  for (const id of aliased.keys()) aliasCost += 3 + (costs[id] ?? 0) + (counts[id] ?? 0);
  for (const id of others) {
    aliasCost += (costs[id] ?? 0) * ((counts[id] ?? 0) - (again[id] ?? 0)) + (again[id] ?? 0);
  }
  if (aliasCost >= bestCost * 0.95) return best;
  const aliases = new Map([...aliased].map(([id, letter]) => [letter, values[id] ?? ""]));
  return { ...none, aliases, word: separators.word };
}

/** How cells end: before a space, those with spaces in quotes, or before a bar. */
function separate(
  inners: readonly string[],
  printed: readonly number[],
  isLast: boolean,
): { word: boolean; cost: number } {
  let rows = 0;
  let quoted = 0;
  for (const [at, inner] of inners.entries()) {
    const count = printed[at] ?? 0;
    rows += count;
    if (isBareWord(inner)) continue;
    if (!isQuotable(inner)) return { word: false, cost: rows + sum(printed, at + 1) };
    quoted += count * (inner === "" ? 1 : 2);
  }
  if (isLast) return { word: quoted === 0, cost: 0 };
  return quoted < rows ? { word: true, cost: quoted } : { word: false, cost: rows };
}

function sum(numbers: readonly number[], from: number): number {
  let total = 0;
  for (let at = from; at < numbers.length; at++) total += numbers[at] ?? 0;
  return total;
}

/** Letters for what deviates often; the others are named. */
function markDeviations(
  deviations: readonly (readonly [id: number, count: number])[],
  { values, costs }: Cells,
  nameCost: number,
  letters: readonly string[],
): { marks: ReadonlyMap<string, string>; cost: number } {
  const marks = new Map<string, string>();
  let total = 0;
  const sorted = [...deviations].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  for (const [id, count] of sorted) {
    const named = count * (nameCost + (costs[id] ?? 0));
    const marked = count * MARK_COST + 4 + (costs[id] ?? 0);
    const letter = letters[marks.size];
    const pays = letter !== undefined && marks.size < MAX_MARKS && named - marked >= MIN_SAVED;
    if (pays) marks.set(letter, values[id] ?? "");
    total += pays ? marked : named;
  }
  return { marks, cost: total };
}

/** Values of few tokens have no phrases. */
function isDense(costs: readonly number[], seen: readonly number[]): boolean {
  let total = 0;
  for (const id of seen) total += costs[id] ?? 0;
  return total < 3 * seen.length;
}

/** The same coding with names for phrases, when there are some that pay. */
function withPhrases(
  coding: Coding,
  cells: readonly string[],
  printed: readonly number[],
  values: readonly string[],
): Coding | undefined {
  const inner = (cell: string): string =>
    hasEnds(cell, coding) ? cell.slice(coding.start.length, cell.length - coding.end.length) : cell;
  let spaced = 0;
  for (const cell of cells) if (cell.includes(" ")) spaced++;
  if (spaced * 2 < cells.length) return undefined;
  const phrases = learnPhrases(cells.map(inner), printed, values.map(inner));
  if (phrases.size === 0) return undefined;
  return {
    ...coding,
    word: false,
    aliases: new Map([...phrases].map(([text, name]) => [name, text])),
  };
}

/** More letters for one column are hard to keep apart. */
const MAX_MARKS = 8;
/** A letter that saves less is not worth looking up. */
const MIN_SAVED = 6;
/** Roughly what one mark at the end of a row costs. */
const MARK_COST = 1.5;

/** Without the few rows (titles, odd ones) whose cells would cost all others their cheap separator. */
export function usualRows(columns: readonly Cells[], rows: number): readonly number[] {
  const odd = new Uint8Array(rows);
  for (const { values, ids } of columns) {
    const words = values.map(isWord);
    if (words.every((yes) => yes)) continue;
    let wordless = 0;
    for (const id of ids) if (!words[id]) wordless++;
    if (wordless * ODD_SHARE > rows) continue;
    for (let row = 0; row < rows; row++) if (!words[ids[row] ?? 0]) odd[row] = 1;
  }
  const usual: number[] = [];
  for (let row = 0; row < rows; row++) if (odd[row] === 0) usual.push(row);
  return usual.length * 2 > rows ? usual : Array.from({ length: rows }, (_, row) => row);
}

/** A space can end a cell that has none. */
export function isWord(cell: string): boolean {
  return cell !== "" && !cell.includes(" ");
}

/** A word that nobody takes for a quoted cell or for the cell above. */
export function isBareWord(cell: string): boolean {
  if (!isWord(cell)) return false;
  return cell[0] !== '"' || (cell.length > 2 && cell.endsWith('"'));
}

/** What can stand in quotes before a space: nothing at all, or several words. */
export function isQuotable(cell: string): boolean {
  if (cell === "") return true;
  return cell.includes(" ") && !cell.includes('"') && cell[0] !== " " && cell[0] !== "/";
}

/** Names for the values that save most. */
function chooseAliases(
  seen: readonly number[],
  { values, costs }: Cells,
  counts: Uint32Array,
): ReadonlyMap<number, string> {
  const worth: { id: number; saved: number }[] = [];
  for (const id of seen) {
    const count = counts[id] ?? 0;
    const saved = (count - 1) * (costs[id] ?? 0) - count - 3;
    if (saved > 0 && values[id] !== "") worth.push({ id, saved });
  }
  worth.sort((a, b) => b.saved - a.saved || a.id - b.id);
  const names = freeNames(values, LETTERS);
  return new Map(worth.slice(0, names.length).map(({ id }, at) => [id, names[at] ?? ""]));
}
