/**
 * Chooses how the cells of a column are written: as they are, once for all, as a copy of another column, without what they share,
 * or under letters. The cheapest by an estimate of tokens wins.
 *
 * Trap: asking the real tokenizer for each choice would take longer than everything else, so `cost` estimates.
 */

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
  readonly aliases: ReadonlyMap<string, string>;
  /** No cell has a space, so that a space ends it. */
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
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Roughly the tokens of a cell: words, groups of three digits, runs of signs. */
export function cost(text: string): number {
  let tokens = 0;
  let run = 0;
  let kind = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const here =
      code >= 48 && code <= 57
        ? 1
        : (code | 32) >= 97 && (code | 32) <= 122
          ? 2
          : code === 32
            ? 3
            : 4;
    if (here !== kind || (here === 1 && run === 3) || (here === 2 && run === 8)) {
      if (here !== 3) tokens++;
      kind = here;
      run = 0;
    }
    run++;
  }
  return tokens;
}

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
  options: ColumnOptions,
): Coding {
  const { values, costs, ids } = columns[index] as Cells;
  const counts = new Uint32Array(values.length);
  // How often a value stands right below itself.
  const again = new Uint32Array(values.length);
  let repeats = 0;
  let repeatCost = 0;
  let total = 0;
  for (let at = 0; at < usualRows.length; at++) {
    const id = ids[usualRows[at] ?? 0] ?? 0;
    counts[id] = (counts[id] ?? 0) + 1;
    total += costs[id] ?? 0;
    if (options.ditto && at > 0 && ids[usualRows[at - 1] ?? 0] === id) {
      repeats++;
      again[id] = (again[id] ?? 0) + 1;
      repeatCost += costs[id] ?? 0;
    }
  }
  const seen: number[] = [];
  let usual = 0;
  for (let id = 0; id < values.length; id++) {
    if ((counts[id] ?? 0) > 0) seen.push(id);
    if ((counts[id] ?? 0) > (counts[usual] ?? 0)) usual = id;
  }
  const rows = usualRows.length;
  const cells = seen.map((id) => values[id] ?? "");
  const { start, end } = chooseEnds(seen, values, counts, options);
  const none: Coding = { name, note, start: "", end: "", aliases: new Map(), word: false };
  const fitting = cells.filter((cell) => hasEnds(cell, start, end));
  const word = fitting.every((cell) => isWord(cell.slice(start.length, cell.length - end.length)));
  let best: Coding = { ...none, start, end, word };
  const shared = cost(start) + cost(end);
  let bestCost =
    shared + (word ? 0 : rows) + repeats + total - repeatCost - shared * (rows - repeats);
  if (rows < 2) return best;

  const nameCost = 3 + cost(name);
  const often = counts[usual] ?? 0;
  const unusual = 1 + total - often * (costs[usual] ?? 0) + nameCost * (rows - often);
  if (often * 2 > rows && (unusual < bestCost || (options.byName && often * 4 > rows * 3))) {
    best = { ...none, usual: values[usual] ?? "" };
    bestCost = unusual;
  }
  for (let other = Math.max(0, index - MAX_LOOKBACK); other < index; other++) {
    const there = columns[other] as Cells;
    let copied = 2;
    // A column is hardly ever a copy; a short look at its start usually settles it.
    for (let at = 0; at < rows && copied < bestCost; at++) {
      const row = usualRows[at] ?? 0;
      const id = ids[row] ?? 0;
      if (values[id] !== there.values[there.ids[row] ?? 0]) copied += nameCost + (costs[id] ?? 0);
      if (at === 63 && copied > 32 * nameCost) copied = bestCost;
    }
    if (copied < bestCost) {
      best = { ...none, copy: other };
      bestCost = copied;
    }
  }
  if (options.aliases === false || bestCost < rows || seen.length === rows) return best;

  const aliased = chooseAliases(seen, columns[index] as Cells, counts);
  const others = seen.filter((id) => !aliased.has(id));
  const aliasWord = others.every((id) => isWord(values[id] ?? ""));
  let aliasCost = aliasWord ? 0 : rows;
  for (const id of aliased.keys()) aliasCost += 3 + (costs[id] ?? 0) + (counts[id] ?? 0);
  for (const id of others) {
    aliasCost += (costs[id] ?? 0) * ((counts[id] ?? 0) - (again[id] ?? 0)) + (again[id] ?? 0);
  }
  if (aliasCost >= bestCost * 0.9) return best;
  const aliases = new Map([...aliased].map(([id, letter]) => [letter, values[id] ?? ""]));
  return { ...none, aliases, word: aliasWord };
}

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

/** Letters for the values that save most. */
function chooseAliases(
  seen: readonly number[],
  { values, costs }: Cells,
  counts: Uint32Array,
): ReadonlyMap<number, string> {
  const worth: { id: number; saved: number }[] = [];
  for (const id of seen) {
    const count = counts[id] ?? 0;
    const saved = (count - 1) * (costs[id] ?? 0) - count - 3;
    if (saved > 0) worth.push({ id, saved });
  }
  worth.sort((a, b) => b.saved - a.saved || a.id - b.id);
  const used = new Set(values.filter((value) => value.length === 1));
  const letters = [...LETTERS].filter((letter) => !used.has(letter));
  return new Map(worth.slice(0, letters.length).map(({ id }, at) => [id, letters[at] ?? ""]));
}

/** Only what is punctuation, such as quotes: dates and paths stay whole. */
function signs({ start, end }: { start: string; end: string }): { start: string; end: string } {
  const isSign = (text: string): boolean => {
    for (let at = 0; at < text.length; at++) if (isAlnum(text.charCodeAt(at))) return false;
    return true;
  };
  return { start: isSign(start) ? start : "", end: isSign(end) ? end : "" };
}

/** What all cells start and end with, or all but a few: the total below a list of paths is written verbatim. */
function chooseEnds(
  seen: readonly number[],
  values: readonly string[],
  counts: Uint32Array,
  options: ColumnOptions,
): { start: string; end: string } {
  const cells = seen.map((id) => values[id] ?? "");
  const strict = sharedEnds(cells);
  if (options.ends === false) return signs(strict);
  if (strict.start !== "" || strict.end !== "" || cells.length < ODD_SHARE) return strict;
  const step = cells.length / 8;
  const likely = sharedEnds([1, 2, 3, 4, 5, 6, 7].map((at) => cells[Math.floor(at * step)] ?? ""));
  let odd = 0;
  let rows = 0;
  for (const id of seen) {
    rows += counts[id] ?? 0;
    if (!hasEnds(values[id] ?? "", likely.start, likely.end)) odd += counts[id] ?? 0;
  }
  const saved = (rows - odd) * (cost(likely.start) + cost(likely.end));
  return odd * ODD_SHARE <= rows && saved > odd * VERBATIM_COST ? likely : { start: "", end: "" };
}

function hasEnds(cell: string, start: string, end: string): boolean {
  return cell.length >= start.length + end.length && cell.startsWith(start) && cell.endsWith(end);
}

/** One row in so many may be odd. */
const ODD_SHARE = 30;
/** Roughly what a row costs that is written verbatim. */
const VERBATIM_COST = 40;

/** What all cells start and end with, cut where a word or number ends. */
function sharedEnds(cells: readonly string[]): { start: string; end: string } {
  const first = cells[0] ?? "";
  let start = first.length;
  let end = first.length;
  let shortest = first.length;
  for (const cell of cells) {
    shortest = Math.min(shortest, cell.length);
    let at = 0;
    while (at < start && at < cell.length && cell[at] === first[at]) at++;
    start = at;
    at = 0;
    while (
      at < end &&
      at < cell.length &&
      cell[cell.length - 1 - at] === first[first.length - 1 - at]
    )
      at++;
    end = at;
  }
  if (cells.length < 2) return { start: "", end: "" };
  while (start > 0 && isAlnum(first.charCodeAt(start - 1))) start--;
  while (end > 0 && isAlnum(first.charCodeAt(first.length - end))) end--;
  if (start + end > shortest) end = Math.max(0, shortest - start);
  while (end > 0 && isAlnum(first.charCodeAt(first.length - end))) end--;
  const shared = { start: first.slice(0, start), end: first.slice(first.length - end) };
  return {
    start: shared.start.trim() === "" ? "" : shared.start,
    end: end === 0 || shared.end.trim() === "" ? "" : shared.end,
  };
}

function isAlnum(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code >= 128;
}
