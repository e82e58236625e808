/**
 * Columns that runs of tabs align: `dpkg --get-selections`, /etc/services, tables in the comments of configuration files.
 *
 * A cell begins at a stop, every eighth character. A long cell pushes the next one to a later stop with a single tab.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table, tabsTo } from "./layout.ts";
import { namesOf } from "./names.ts";
import { MIN_ROWS, SAMPLE, settle } from "./settle.ts";

const TAB = "\t";
/** A place where fewer lines have a cell is no column. */
const MIN_SHARE = 0.1;
const MAX_COLUMNS = 32;

/** Columns at tab stops, where most of some lines have runs of tabs. */
export function* parseTabs(lines: readonly string[]): Steps<Table | undefined> {
  const sample = lines.filter((line) => line.includes(TAB)).slice(0, SAMPLE);
  const padded = sample.filter((line) => line.includes(TAB + TAB)).length;
  if (sample.length < MIN_ROWS || padded * 4 < sample.length) return undefined;
  const counts = new Map<number, number>();
  for (const line of sample)
    for (const { at } of cellsAt(line)) counts.set(at, (counts.get(at) ?? 0) + 1);
  yield;
  const stops = [...counts]
    .filter(([, count]) => count >= sample.length * MIN_SHARE)
    .map(([at]) => at)
    .sort((a, b) => a - b);
  if (stops.length < 2 || stops.length > MAX_COLUMNS) return undefined;
  const rows = yield* mapTexts(lines, (line) => rowOf(line, stops));
  const names = namesOf(rows, stops.length);
  return yield* settle(lines, {
    layout: "tabs",
    ...names,
    notes: stops.map((at) => `@${at}`),
    rows,
  });
}

/** The cells of a line and where they stand on a screen. */
function cellsAt(line: string): readonly { readonly at: number; readonly text: string }[] {
  const cells: { at: number; text: string }[] = [];
  let place = 0;
  for (const text of line.split(TAB)) {
    if (text !== "") cells.push({ at: place, text });
    place = tabsTo(place + text.length);
  }
  return cells;
}

function rowOf(line: string, stops: readonly number[]): readonly string[] | undefined {
  if (!line.includes(TAB) || line.length > MAX_WIDTH) return undefined;
  const row = stops.map(() => "");
  let next = 0;
  const cells = cellsAt(line);
  // A line with one cell is indented, no row.
  if (cells.length < 2) return undefined;
  for (const { at, text } of cells) {
    // What a long cell pushed stands behind its stop, but before the next one.
    let column = stops.findLastIndex((stop) => stop <= at);
    if (stops[column] !== at && column < next) column = next;
    if (column < next || column >= stops.length) return undefined;
    row[column] = text;
    next = column + 1;
  }
  return row;
}
