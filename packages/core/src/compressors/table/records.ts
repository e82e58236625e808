/**
 * CSV records: one a line, or several lines where a cell in quotes holds line breaks.
 *
 * Trap: an inch sign is a quote too. Lines are put together only where that gives a record of the right width with all its line breaks
 * in quotes, and tries are counted, since each could look at many lines.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

/** A longer record is a stray quote. */
const MAX_RECORD_LINES = 500;
const QUOTE = 34;

export interface Records {
  /** For each line the cells of the record that begins there. */
  readonly rows: readonly (readonly string[] | undefined)[];
  /** Records that take more than one line, by the first of them, and how many they take. */
  readonly tall: ReadonlyMap<number, number>;
}

/** The records of some lines. @param isWidth - Whether a record may have so many cells. @param mayBreak - Whether cells may have line breaks. */
export function* readRecords(
  lines: readonly string[],
  split: (record: string) => readonly string[],
  isWidth: (cells: number) => boolean,
  mayBreak: boolean,
): Steps<Records> {
  const meter = new Meter();
  const rows: (readonly string[] | undefined)[] = new Array(lines.length).fill(undefined);
  const tall = new Map<number, number>();
  let tries = 2 * lines.length + MAX_RECORD_LINES;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (meter.isDue(line.length + LINE_WORK)) yield;
    if (line === "") continue;
    if (mayBreak && isOpen(line) && tries > 0) {
      const end = closingLine(lines, at);
      tries -= (end ?? at + MAX_RECORD_LINES) - at;
      const cells = end === undefined ? [] : split(lines.slice(at, end + 1).join("\n"));
      if (end !== undefined && isWidth(cells.length) && cells.every(isWhole)) {
        rows[at] = cells;
        tall.set(at, end + 1 - at);
        at = end;
        continue;
      }
    }
    const cells = split(line);
    if (isWidth(cells.length)) rows[at] = cells;
  }
  return { rows, tall };
}

/** Whether a line has an odd number of quotes: one of them opens what the line does not close. */
export function isOpen(line: string): boolean {
  let quotes = 0;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}

function closingLine(lines: readonly string[], open: number): number | undefined {
  const last = Math.min(lines.length - 1, open + MAX_RECORD_LINES);
  for (let at = open + 1; at <= last; at++) if (isOpen(lines[at] ?? "")) return at;
  return undefined;
}

function isWhole(cell: string): boolean {
  return cell.charCodeAt(0) === QUOTE || !cell.includes("\n");
}
