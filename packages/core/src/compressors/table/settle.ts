/**
 * What all readers of tables share: the check that each row comes back as it was, and names for the columns.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { renderer, renderHeader, type Table } from "./layout.ts";

/** Lines that decide between layouts. */
export const SAMPLE = 200;
/** Fewer rows are not worth a header. */
export const MIN_ROWS = 4;

/** Keeps what the renderer gives back, and makes names that can be told apart. */
export function* settle(lines: readonly string[], table: Table): Steps<Table | undefined> {
  const { layout, notes } = table;
  const named = table.headerLine !== undefined || layout === "pairs";
  const usable = named && new Set(table.names).size === table.names.length;
  const names =
    usable && table.names.every((name) => name !== "")
      ? table.names
      : table.names.map((_, at) => `c${at + 1}`);
  const render = renderer(layout, notes, names);
  if (!render) return undefined;
  let headerLine = names === table.names ? table.headerLine : undefined;
  if (headerLine !== undefined) {
    const header = renderHeader(layout, notes, names);
    const at = headerLine;
    if (!header?.every((line, offset) => line === lines[at + offset])) headerLine = undefined;
  }
  let count = 0;
  const filled = lines.reduce((sum, line) => sum + (line === "" ? 0 : 1), 0);
  const rows = yield* mapTexts(lines, (line, at) => {
    const cells = table.rows[at];
    if (!cells || at === headerLine || render(cells) !== line) return undefined;
    count++;
    return cells;
  });
  return count >= MIN_ROWS && count >= filled / 2
    ? { layout, notes, names, headerLine, rows }
    : undefined;
}

/** How many lines are rows. */
export function countRows(table: Table): number {
  let count = 0;
  for (const cells of table.rows) if (cells) count++;
  return count;
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
