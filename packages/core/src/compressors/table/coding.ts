/**
 * Chooses how the cells of a column are written: as they are, once for all, or without what they share. The cheapest by an
 * estimate of tokens wins.
 *
 * Trap: asking the real tokenizer for each choice would take longer than everything else, so `cost` estimates.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { isStamp } from "../shared/stamp-tail.ts";
import { cost } from "../shared/text-cost.ts";
import { chooseEnds, type Ends, hasEnds, ODD_SHARE, sharedSigns } from "./ends.ts";

/** What may be said once. Rows that stand alone (a selection) must not point at the row above. */
export interface ColumnOptions {
  /** `^` for the cell above. @default true */
  readonly ditto?: boolean;
  /** Shared starts and ends with letters or digits, such as a folder. @default true */
  readonly ends?: boolean;
  /** Writes a line break in a cell as `\n`; else such a row is not written. @default false */
  readonly breaks?: boolean;
  /** Prefers exceptions (`;failed=1`) even where printing the column is as cheap. @default false */
  readonly byName?: boolean;
}

/** How one column is written. */
export interface Coding {
  readonly name: string;
  readonly note: string;
  /** The value in every row that does not give another; such a column is not printed. */
  readonly constant?: string;
  /** The column whose cell, between `start` and `end`, is the value in every row that does not give another. */
  readonly from?: string;
  /** Cells may be given by their end where the cell above has the same start. */
  readonly stamps?: boolean;
  /** What every printed cell starts and ends with. */
  readonly start: string;
  readonly end: string;
  /** A space ends a cell, and one that has spaces, or nothing, stands in quotes; else a bar ends it. */
  readonly word: boolean;
}

/** Whether rows print a cell of the column. */
export function isPrinted({ constant, from }: Coding): boolean {
  return constant === undefined && from === undefined;
}

/** To look one cell up takes as long as reading about so many characters. */
const CELL_WORK = 16;

/** One column of cells: its distinct values, and for each row the index of its value. */
export interface Cells {
  readonly values: readonly string[];
  readonly costs: readonly number[];
  readonly ids: Uint32Array;
}

export function* readCells(rows: readonly (readonly string[])[], index: number): Steps<Cells> {
  const meter = new Meter();
  const known = new Map<string, number>();
  const values: string[] = [];
  const ids = new Uint32Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const cell = rows[row]?.[index] ?? "";
    let id = known.get(cell);
    if (id === undefined) {
      id = values.length;
      known.set(cell, id);
      values.push(cell);
    }
    ids[row] = id;
    if (meter.isDue(CELL_WORK)) yield;
  }
  return { values, costs: yield* mapTexts(values, cellCost), ids };
}

/** A space and a number are two tokens. */
function cellCost(cell: string): number {
  const first = cell.charCodeAt(0);
  return cost(cell) + (first >= 48 && first <= 57 ? 1 : 0);
}

/** Chooses the coding of a column by its cells in the given rows. */
export function* chooseCoding(
  name: string,
  note: string,
  { values, costs, ids }: Cells,
  rows: readonly number[],
  isLast: boolean,
  options: ColumnOptions,
): Steps<{ readonly coding: Coding; readonly cost: number }> {
  const counts = new Uint32Array(values.length);
  // How often a value is printed: where it stands right below itself, a sign does.
  const printed = new Uint32Array(values.length);
  let repeats = 0;
  let above = -1;
  for (const row of rows) {
    const id = ids[row] ?? 0;
    counts[id] = (counts[id] ?? 0) + 1;
    if (options.ditto !== false && id === above) repeats++;
    else printed[id] = (printed[id] ?? 0) + 1;
    above = id;
  }
  yield;
  const seen = values.flatMap((_, id) => ((counts[id] ?? 0) > 0 ? [id] : []));
  const cells = seen.map((id) => values[id] ?? "");
  yield;
  const ends =
    options.ends === false
      ? sharedSigns(cells)
      : chooseEnds(
          cells,
          seen.map((id) => counts[id] ?? 0),
        );
  yield;
  const separator = separate(
    cells.map((cell) => (hasEnds(cell, ends) ? innerOf(cell, ends) : cell)),
    seen.map((id) => printed[id] ?? 0),
    isLast,
  );
  const stamps = options.ditto !== false && cells.length > 1 && cells.every(isStamp);
  const shown: Coding = { name, note, ...ends, word: separator.word, ...(stamps && { stamps }) };
  if (rows.length < 2) return { coding: shown, cost: 0 };
  yield;

  let usual = 0;
  for (const id of seen) if ((counts[id] ?? 0) > (counts[usual] ?? 0)) usual = id;
  const shared = cost(ends.start) + cost(ends.end);
  const exception = 3 + cost(name);
  let shownCost = separator.cost + repeats + shared;
  let constantCost = 1;
  for (const id of seen) {
    const each = costs[id] ?? 0;
    shownCost += (printed[id] ?? 0) * (each - shared);
    if (id !== usual) constantCost += (counts[id] ?? 0) * (exception + each);
  }
  const share = (counts[usual] ?? 0) / rows.length;
  if ((share > 0.4 && constantCost < shownCost) || (options.byName && share > 0.75)) {
    const constant = values[usual] ?? "";
    const coding = { name, note, constant, start: "", end: "", word: false };
    return { coding, cost: constantCost };
  }
  return { coding: shown, cost: shownCost };
}

/** Columns to the left that a column is compared with. */
const MAX_COMPARED = 24;
/** A column is made of another one where that is right in so many rows. */
const DERIVED_SHARE = 0.7;
/** Rows that are looked at first. */
const PROBES = 7;
/** A shorter cell within another one says little. */
const MIN_INNER = 3;

/** A coding by a column further left that the cells repeat, where it is cheaper than `cost`; `undefined` where there is none. */
export function* deriveCoding(
  columns: readonly Cells[],
  names: readonly string[],
  index: number,
  note: string,
  rows: readonly number[],
  costOfOwn: number,
): Steps<Coding | undefined> {
  const own = columns[index] as Cells;
  const name = names[index] ?? "";
  if (own.values.length < 2 || rows.length < PROBES) return undefined;
  for (let other = Math.max(0, index - MAX_COMPARED); other < index; other++) {
    const source = columns[other] as Cells;
    if (source.values.length < 2) continue;
    yield;
    const ends = endsAround(source, own, rows);
    if (!ends) continue;
    // The value that each value of the other column stands for here.
    const ids = new Map(own.values.map((value, id) => [value, id]));
    const expected = source.values.map((value) => ids.get(ends.start + value + ends.end));
    let right = 0;
    let spent = 2 + cost(names[other] ?? "") + cost(ends.start) + cost(ends.end);
    const exception = 3 + cost(name);
    for (const row of rows) {
      const id = own.ids[row] ?? 0;
      if (expected[source.ids[row] ?? 0] === id) right++;
      else spent += exception + (own.costs[id] ?? 0);
    }
    if (right >= rows.length * DERIVED_SHARE && spent < costOfOwn)
      return { name, note, from: names[other] ?? "", ...ends, word: false };
  }
  return undefined;
}

/** What stands before and behind the cells of one column in most cells of another. */
function endsAround(inner: Cells, outer: Cells, rows: readonly number[]): Ends | undefined {
  const found = new Map<string, { readonly ends: Ends; count: number }>();
  for (let probe = 0; probe < PROBES; probe++) {
    const row = rows[Math.floor((probe * rows.length) / PROBES)] ?? 0;
    const part = inner.values[inner.ids[row] ?? 0] ?? "";
    const whole = outer.values[outer.ids[row] ?? 0] ?? "";
    const at = part === whole ? 0 : part.length < MIN_INNER ? -1 : whole.indexOf(part);
    if (at < 0) continue;
    const ends = { start: whole.slice(0, at), end: whole.slice(at + part.length) };
    const key = JSON.stringify(ends);
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { ends, count: 1 });
  }
  for (const { ends, count } of found.values()) if (count * 2 > PROBES) return ends;
  return undefined;
}

/** A cell without what it shares with the others. */
export function innerOf(
  cell: string,
  { start, end }: { readonly start: string; readonly end: string },
): string {
  return cell.slice(start.length, cell.length - end.length);
}

/** How cells end: before a space, those with spaces in quotes, or before a bar. */
function separate(
  inners: readonly string[],
  printed: readonly number[],
  isLast: boolean,
): { word: boolean; cost: number } {
  let rows = 0;
  let quoted = 0;
  let quotable = true;
  for (const [at, inner] of inners.entries()) {
    const count = printed[at] ?? 0;
    rows += count;
    if (isBareWord(inner)) continue;
    if (!isQuotable(inner)) quotable = false;
    quoted += count * (inner === "" ? 1 : 2);
  }
  if (isLast) return { word: quotable && quoted === 0, cost: 0 };
  return quotable && quoted < rows ? { word: true, cost: quoted } : { word: false, cost: rows };
}

/** Without the few rows (titles, odd ones) whose cells would cost all others their cheap separator. */
export function* usualRows(columns: readonly Cells[], rows: number): Steps<readonly number[]> {
  const odd = new Uint8Array(rows);
  for (const { values, ids } of columns) {
    const words = values.map(isWord);
    yield;
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
function isWord(cell: string): boolean {
  return cell !== "" && !cell.includes(" ");
}

/** A word that nobody takes for a quoted cell. */
export function isBareWord(cell: string): boolean {
  return isWord(cell) && cell[0] !== '"';
}

/** What can stand in quotes before a space. */
export function isQuotable(cell: string): boolean {
  return !cell.includes('"');
}
