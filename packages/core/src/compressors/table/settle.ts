/**
 * What all readers of tables share: the check that each row comes back as it was, and names for the columns.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { type LineSpan, renderer, renderHeader, type Table, type TableRow } from "./layout.ts";

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
}

/** Keeps what the renderer gives back, and makes names that can be told apart. */
export function* settle(lines: readonly string[], guess: Guess): Steps<Table | undefined> {
  const { layout, notes } = guess;
  const named = guess.headerLine !== undefined || layout === "pairs";
  const usable = named && new Set(guess.names).size === guess.names.length;
  const names =
    usable && guess.names.every((name) => name !== "")
      ? guess.names
      : guess.names.map((_, at) => `c${at + 1}`);
  const render = renderer(layout, notes, names);
  if (!render) return undefined;
  const header = names === guess.names ? renderHeader(layout, notes, names) : undefined;
  const headers: LineSpan[] = [];
  if (header && guess.headerLine !== undefined) {
    // Tools repeat their header, for each page or for each table.
    for (let line = guess.headerLine; line < lines.length; line++) {
      if (lines[line] !== header[0]) continue;
      if (!header.every((text, offset) => text === lines[line + offset])) continue;
      headers.push({ line, lines: header.length });
      line += header.length - 1;
    }
  }
  const heading = new Set(headers.map(({ line }) => line));
  const filled = lines.reduce((sum, line) => sum + (line === "" ? 0 : 1), 0);
  const checked = yield* mapTexts(lines, (line, at) => {
    const cells = guess.rows[at];
    if (!cells || heading.has(at) || render(cells) !== line) return undefined;
    return cells;
  });
  const rows: TableRow[] = [];
  for (const [line, cells] of checked.entries()) if (cells) rows.push({ line, lines: 1, cells });
  if (rows.length < MIN_ROWS || rows.length < filled / 2) return undefined;
  return { layout, notes, names, named: names === guess.names, headers, rows };
}
/** The first row's cells when they read as names, and its line. */
export function namesOf(
  rows: readonly (readonly string[] | undefined)[],
  width: number,
): { names: readonly string[]; headerLine: number | undefined } {
  const first = rows.findIndex((cells) => cells !== undefined);
  const cells = rows[first] ?? [];
  const good = cells.length === width && cells.every((cell) => NAME.test(cell));
  if (good && new Set(cells).size === cells.length) return { names: cells, headerLine: first };
  return { names: Array.from({ length: width }, () => ""), headerLine: undefined };
}

/** Starts with a letter or sign and holds no value-like punctuation. */
const NAME = /^"?[A-Za-z_%#][A-Za-z0-9_ %()/.#-]{0,40}"?$/;

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
