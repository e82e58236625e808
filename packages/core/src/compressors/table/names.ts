/**
 * Names of columns: the line that holds them, and which of its words stand over which column.
 *
 * Trap: the first line of a table without names reads like names where all cells are words. It is taken for them only where it differs
 * from what stands below: words over numbers, or a value that its column has nowhere else while others repeat.
 */
import { isRule } from "./rule.ts";

/** Starts with a letter or sign and holds no value-like punctuation. */
const NAME = /^["']?[\p{L}_%#<(?|[][\p{L}\p{N}_ %()/.#<>:?'|[\]+*-]{0,40}["']?$/u;
const LETTER = /[\p{L}#%]/u;
/** Lines that may stand above the names. */
const MAX_TITLES = 12;
/** Characters between a word and the next column: no name of it. */
const FAR = 4;
/** Words in a name; more are a sentence that stands over the table. */
const MAX_WORDS = 3;
/** Rows that are looked at to tell names from values. */
const LOOKED = 60;

/** So many names, and one of them may be a value. */
const MANY = 4;

type Cells = readonly string[];

/** Names and the line they stand on. */
interface Named {
  readonly names: readonly string[];
  readonly headerLine: number | undefined;
}

/** Where a column stands in most lines. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The first row's cells when they read as names, and its line. */
export function namesOf(rows: readonly (Cells | undefined)[], width: number): Named {
  const first = rows.findIndex((cells) => cells !== undefined);
  const cells = rows[first] ?? [];
  const below: Cells[] = [];
  for (let at = first + 1; at < rows.length && below.length < LOOKED; at++) {
    const row = rows[at];
    if (row && !isRuleRow(row)) below.push(row);
  }
  if (cells.length === width && !cells.includes("") && areNames(cells, below))
    return { names: withoutValues(cells), headerLine: first };
  return { names: Array.from({ length: width }, () => ""), headerLine: undefined };
}

/** The names in one of the first lines, by where its words stand. */
export function nameColumns(
  lines: readonly string[],
  rows: readonly (Cells | undefined)[],
  extents: readonly Extent[],
): Named {
  for (let at = 0; at < MAX_TITLES && at < lines.length; at++) {
    const names = namesAbove(lines[at] ?? "", extents);
    if (!names) continue;
    const below = rows.slice(at + 1, at + LOOKED).filter((row) => row && !isRuleRow(row));
    // A value of a row above is no name.
    const above = rows.slice(0, at);
    if (above.some((row) => row?.some((cell, column) => cell !== "" && cell === names[column])))
      continue;
    if (below.length > 0 && areNames(names, below as readonly Cells[]))
      return { names: withoutValues(names), headerLine: at };
  }
  return namesOf([], extents.length);
}

/** Several words that make no name: too many, or a number among them. */
function isPhrase(name: string): boolean {
  const words = name.split(" ");
  return (
    words.length > MAX_WORDS ||
    (words.length > 1 && words.some((word) => /^(?:0x)?\d+$/.test(word)))
  );
}

function withoutValues(names: readonly string[]): readonly string[] {
  return names.map((name) => (isName(name) ? name : ""));
}

/** Words over the columns they stand over; `undefined` where they do not fit. */
function namesAbove(line: string, extents: readonly Extent[]): readonly string[] | undefined {
  // `Dynamic section at offset 0x7dd8 contains 26 entries:` stands above a table, not over its columns.
  if (line.endsWith(":") && line.indexOf(":") === line.length - 1) return undefined;
  const wide = wordsOf(line, 2);
  const words = wide.length === extents.length ? wide : wordsOf(line, 1);
  if (words.length === extents.length) {
    const near = words.every((word, at) => distance(word, extents[at]) <= FAR);
    return near ? words.map(({ text }) => text) : undefined;
  }
  // A few columns may have no name, as `df` has none for what a long name pushed away.
  if (words.length + Math.max(1, extents.length / 5) < extents.length) return undefined;
  const names = extents.map(() => "");
  let far = 0;
  for (const word of words) {
    let best = 0;
    for (let at = 1; at < extents.length; at++)
      if (distance(word, extents[at]) < distance(word, extents[best])) best = at;
    if (distance(word, extents[best]) > FAR) far++;
    else names[best] = names[best] === "" ? word.text : `${names[best]} ${word.text}`;
  }
  // Words far from any column are a title, unless they are few: names of columns that are empty.
  if (far * 3 > words.length) return undefined;
  const named = names.filter((name) => name !== "").length;
  if (names.some(isPhrase)) return undefined;
  return named * 5 >= extents.length * 4 ? names : undefined;
}

interface Word extends Extent {
  readonly text: string;
}

/** How far a word is from standing over a column; below 0 where it does, the more it does so. */
function distance({ start, end }: Extent, column: Extent | undefined): number {
  if (!column) return Number.MAX_SAFE_INTEGER;
  if (start === column.start || end === column.end) return -1000;
  return Math.max(start, column.start) - Math.min(end, column.end);
}

/** Words that so many spaces separate. */
function wordsOf(line: string, spaces: number): readonly Word[] {
  const words: Word[] = [];
  const gap = " ".repeat(spaces);
  for (let start = 0; start < line.length; ) {
    if (line.charCodeAt(start) === 32) {
      start++;
      continue;
    }
    const space = line.indexOf(gap, start);
    const end = space === -1 ? endOfInk(line) : space;
    words.push({ start, end, text: line.slice(start, end) });
    start = end + spaces;
  }
  return words;
}

/** Where the spaces at the end of a line begin. */
function endOfInk(line: string): number {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 32) end--;
  return end;
}

/** Whether a cell reads as a name: letters more than digits, and no punctuation of values. */
export function isName(cell: string): boolean {
  if (!NAME.test(cell) || !LETTER.test(cell)) return false;
  let digits = 0;
  for (const char of cell) if (char >= "0" && char <= "9") digits++;
  return digits * 2 <= cell.length;
}

/** Whether cells read as the names of what stands below them. */
function areNames(cells: Cells, below: readonly Cells[]): boolean {
  const named = cells.filter((cell) => cell !== "");
  const odd = named.filter((cell) => !isName(cell)).length;
  // One of several may be a value: `sar` has the time there.
  if (named.length === 0 || odd > (named.length >= MANY && !named.some(hasDigitInName) ? 1 : 0))
    return false;
  if (isSetting(cells, below)) return false;
  if (below.length === 0) return new Set(named).size === named.length;
  // Tools repeat the line of names.
  const repeated = below.some((row) =>
    row.every((cell, at) => cell === cells[at] || !isName(cells[at] ?? "")),
  );
  let unlike = 0;
  let alike = 0;
  for (const [column, name] of cells.entries()) {
    if (name === "" || !isName(name)) continue;
    const values = below.map((row) => row[column] ?? "").filter((value) => value !== "");
    if (values.includes(name) && !repeated) {
      alike++;
      continue;
    }
    if (values.length === 0) continue;
    // `Name:` over `Umask:` is a name of its row.
    if (name.endsWith(":") && values.some(isLabel)) return false;
    const valued = values.filter(isValue).length;
    const repeats = new Set(values).size * 2 <= values.length;
    const cased = isShouted(name) && values.filter(isShouted).length * 2 < values.length;
    if (valued * 2 > values.length || repeats || cased) unlike++;
  }
  return unlike > odd && unlike >= 3 * alike;
}

/** `healthy: true`, and what stands over `modified:   src/a.ts`: of a label and its value neither is the name of a column. */
function isSetting(cells: Cells, below: readonly Cells[]): boolean {
  const [label = ""] = cells;
  if (cells.length !== 2) return false;
  const labels = below.filter(([first = ""]) => first.endsWith(":"));
  return (label.length > 1 && label.endsWith(":")) || labels.length * 2 > below.length;
}

/** Holds a digit, a path or a list: no name of a column would. */
function isValue(cell: string): boolean {
  return /[\d/@,;=]/.test(cell.slice(0, 40));
}

/** A name with a digit, as values have them. */
function hasDigitInName(cell: string): boolean {
  return isName(cell) && /\d/.test(cell);
}

function isLabel(cell: string): boolean {
  return cell.endsWith(":") && !isValue(cell);
}

function isShouted(text: string): boolean {
  return text !== text.toLowerCase() && text === text.toUpperCase();
}

function isRuleRow(cells: Cells): boolean {
  return cells.every((cell) => cell === "" || isRule(cell) || cell === "-") && cells.some(isRule);
}
