/**
 * What all readers of tables share: the check that each row comes back as it was, and names for the columns.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { type LineSpan, renderer, type Table, type TableRow } from "./layout.ts";
import { isRule } from "./rule.ts";

/** Lines that decide between layouts. */
export const SAMPLE = 200;
/** Fewer rows are not worth a header. */
export const MIN_ROWS = 4;

/** A table that a reader believes in, before its rows are checked. */
export interface Guess {
  readonly layout: string;
  readonly names: readonly string[];
  readonly notes: readonly string[];
  /** The first line of the names. */
  readonly headerLine: number | undefined;
  /** For each line its cells, or `undefined` where it is no row. */
  readonly rows: readonly (readonly string[] | undefined)[];
  /** Rows that take more than one line, by the first of them, and how many they take. */
  readonly tall?: ReadonlyMap<number, number>;
}

/** Layouts that tell the names of their columns without a header. */
const OWN_NAMES: ReadonlySet<string> = new Set(["pairs", "list", "metrics"]);

/** Layouts whose cells are words, so that any line with as many words could be a row. */
const WORDY: ReadonlySet<string> = new Set(["fixed", "printf", "words"]);

/** Layouts whose cells are told by signs between them, however they are padded: psql ends a line where a cell ends in spaces. */
const BARRED: ReadonlySet<string> = new Set(["psql", "bars"]);

/** So many rows have the same word in a column that it is a part of what they say. */
const SAME = 0.95;
const CELL_WORK = 16;

/** Words of a line are no cells where none of those stands in it that all other rows have: `1 failed, 619 passed in 3.2s` below a list of tests. */
function* withoutSentences(
  rows: readonly (readonly string[] | undefined)[],
  width: number,
): Steps<readonly (readonly string[] | undefined)[]> {
  const meter = new Meter();
  const usual: [column: number, word: string][] = [];
  for (let column = 0; column < width; column++) {
    const counts = new Map<string, number>();
    let filled = 0;
    for (const row of rows) {
      if (row === undefined) continue;
      filled++;
      counts.set(row[column] ?? "", (counts.get(row[column] ?? "") ?? 0) + 1);
      if (meter.isDue(CELL_WORK)) yield;
    }
    for (const [word, count] of counts) if (count >= filled * SAME) usual.push([column, word]);
    yield;
  }
  if (usual.length < 2) return rows;
  yield;
  return rows.map((row) =>
    row && usual.every(([column, word]) => row[column] !== word) ? undefined : row,
  );
}

/** Keeps what the renderer gives back, and makes names that can be told apart. */
export function* settle(lines: readonly string[], own: Guess): Steps<Table | undefined> {
  const { layout, notes } = own;
  const [kind = ""] = layout.split(" ");
  const isOfWords = WORDY.has(kind) || layout === "csv space";
  const guess =
    isOfWords && own.headerLine === undefined
      ? { ...own, rows: yield* withoutSentences(own.rows, own.names.length) }
      : own;
  const named = guess.headerLine !== undefined || OWN_NAMES.has(kind);
  const names = named ? distinct(guess.names) : guess.names.map((_, at) => `c${at + 1}`);
  const render = renderer(layout, notes, names);
  if (!render) return undefined;
  const headers = headersOf(lines, guess);
  const heading = new Set<number>();
  for (const { line, lines: count } of headers)
    for (let at = line; at < line + count; at++) heading.add(at);
  // Comments stand among rows.
  const filled = lines.reduce(
    (sum, line) => sum + (line === "" || line.startsWith("# ") ? 0 : 1),
    0,
  );
  const checked = yield* mapTexts(lines, (line, at) => {
    const cells = guess.rows[at];
    const count = guess.tall?.get(at) ?? 1;
    const whole = count === 1 ? line : lines.slice(at, at + count).join("\n");
    // What stands above the names is a title, even where it looks like a row.
    if (!cells || heading.has(at) || at < (headers[0]?.line ?? 0) || render(cells) !== whole)
      return undefined;
    return cells;
  });
  const rows: TableRow[] = [];
  const loose: TableRow[] = [];
  let explained = 0;
  for (const [line, cells] of checked.entries()) {
    const read = guess.rows[line];
    const isBelow = !heading.has(line) && line > (headers[0]?.line ?? lines.length);
    if (!cells && read && isBelow && BARRED.has(kind) && !isRule(lines[line] ?? ""))
      loose.push({ line, lines: guess.tall?.get(line) ?? 1, cells: read });
    if (!cells) continue;
    const count = guess.tall?.get(line) ?? 1;
    explained += count;
    rows.push({ line, lines: count, cells });
  }
  if (rows.length < MIN_ROWS || explained < filled / 2) return undefined;
  const table = { layout, notes, names, named, headers, rows };
  return loose.length === 0 ? table : { ...table, loose };
}

/** Where the names stand, with the rules around them. Tools repeat them for each page. */
function headersOf(lines: readonly string[], guess: Guess): readonly LineSpan[] {
  const headers: LineSpan[] = [];
  const { headerLine, names, rows } = guess;
  if (headerLine === undefined) return headers;
  const text = lines[headerLine] ?? "";
  const areNames = (cells: readonly string[] | undefined): boolean =>
    cells?.every((cell, at) => cell === names[at] || names[at] === "") === true;
  for (let line = headerLine; line < lines.length; line++) {
    const count = guess.tall?.get(line) ?? 1;
    if (count > 1 || (lines[line] !== text && !areNames(rows[line]))) {
      // Nothing within a record of several lines is a header.
      line += count - 1;
      continue;
    }
    let [from, to] = [line, line + 1];
    if (from > 0 && isRule(lines[from - 1] ?? "")) from--;
    if (isRule(lines[to] ?? "")) to++;
    headers.push({ line: from, lines: to - from });
    line = to - 1;
  }
  return headers;
}

/** Names that can be told apart: `size`, `size_2`, and `c3` for a third column without one. */
function distinct(names: readonly string[]): readonly string[] {
  const known = new Set<string>();
  return names.map((name, at) => {
    const bare = unquoted(name.endsWith("\r") ? name.slice(0, -1) : name).trim();
    const base = bare === "" ? `c${at + 1}` : bare;
    let free = base;
    for (let count = 2; known.has(free); count++) free = `${base}_${count}`;
    known.add(free);
    return free;
  });
}

function unquoted(name: string): string {
  const first = name[0];
  const isQuoted = name.length > 1 && (first === '"' || first === "'") && name.endsWith(first);
  return isQuoted ? name.slice(1, -1) : name;
}

export function blank(width: number): readonly string[] {
  return Array.from({ length: width }, () => "");
}

/** Without the spaces at both ends; other white space stays. */
export function trimSpaces(text: string, from = 0, to: number = text.length): string {
  let start = from;
  let end = Math.min(to, text.length);
  while (start < end && text.charCodeAt(start) === 32) start++;
  while (end > start && text.charCodeAt(end - 1) === 32) end--;
  return start >= end ? "" : text.slice(start, end);
}

export function hasDigit(line: string): boolean {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}
