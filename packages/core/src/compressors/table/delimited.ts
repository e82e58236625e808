/**
 * CSV, TSV and their kin, and lines of a fixed number of words.
 *
 * Trap: a cell keeps its quotes. Taking them off would need a note for every cell that did not need them.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import type { Table } from "./layout.ts";
import { namesOf } from "./names.ts";
import { isOpen, readRecords } from "./records.ts";
import { blank, MIN_ROWS, settle } from "./settle.ts";

/** Lines that are looked at to choose a delimiter. */
const LOOKED = 60;
/** Wider rows are data of another kind. */
const MAX_COLUMNS = 256;

/** How the cells of most lines are separated. */
interface Choice {
  readonly delimiter: string;
  readonly width: number;
  /** Lines that have so many cells, or none too many where cells at the end may be missing. */
  readonly share: number;
  /** Cells at the end of a line may be missing. */
  readonly isShort: boolean;
}

/** Comma, tab, semicolon or bar, with quotes as in RFC 4180. Cells keep their quotes. */
export function* parseDelimited(lines: readonly string[]): Steps<Table | undefined> {
  const sample = lines.slice(0, LOOKED).filter((line) => line !== "");
  let best: Choice | undefined;
  for (const delimiter of [",", "\t", ";", "|", ":", " "]) {
    const choice = chooseWidth(sample, delimiter);
    if (!choice) continue;
    if (!best || worth(choice) > worth(best)) best = choice;
  }
  if (!best) return undefined;
  const { delimiter, width, isShort } = best;
  if (delimiter === "\t" && width === 2) {
    const table = yield* parseWordsAndTab(lines, sample);
    if (table) return table;
  }
  const split = (line: string): readonly string[] => {
    const cells = splitFields(line, delimiter);
    // The last of a few words may be several.
    if (delimiter === " " && cells.length > width)
      return [...cells.slice(0, width - 1), cells.slice(width - 1).join(" ")];
    if (isShort) while (cells.length < width) cells.push("");
    return cells;
  };
  const isWidth = (cells: number): boolean => cells === width;
  const mayBreak = delimiter !== " " && delimiter !== ":";
  const { rows, tall } = yield* readRecords(lines, split, isWidth, mayBreak);
  const sign = delimiter === "\t" ? "tab" : delimiter === " " ? "space" : delimiter;
  const layout = `${isShort ? "short" : "csv"} ${sign}`;
  return yield* settle(lines, { layout, ...namesOf(rows, width), notes: blank(width), rows, tall });
}

function worth({ share, width }: Choice): number {
  return share * Math.min(width, 6);
}

/** The width that most lines have with this delimiter. */
function chooseWidth(sample: readonly string[], delimiter: string): Choice | undefined {
  const widths = sample.map((line) => splitFields(line, delimiter).length);
  let counts = countOf(widths);
  let [width, share] = usual(counts);
  if (share < 0.8 && sample.some(isOpen)) {
    // What stands within a record of several lines says nothing about its width.
    let open = false;
    const closed = widths.filter((_, at) => {
      const inside = open;
      if (isOpen(sample[at] ?? "")) open = !open;
      return !inside && !open;
    });
    counts = countOf(closed);
    [width, share] = usual(counts);
    if (closed.length < MIN_ROWS) return undefined;
  }
  const head = splitFields(sample[0] ?? "", delimiter).length;
  const isShort = share < 0.8 && isHeadOfShort(counts, head, delimiter);
  if (isShort && head <= MAX_COLUMNS) return { delimiter, width: head, share: 0.9, isShort };
  const least = delimiter === " " ? 0.6 : 0.8;
  if (width < 2 || width > MAX_COLUMNS || share < least) return undefined;
  // A sign at the end of each line separates nothing, nor does one at the start.
  if (width === 2 && sample.every((line) => line.indexOf(delimiter) >= line.length - 1))
    return undefined;
  if (width === 2 && sample.every((line) => line.indexOf(delimiter) <= 0)) return undefined;
  // Words and clock times have spaces and colons too.
  if (delimiter === ":" && (width < 4 || share < 0.95)) return undefined;
  if (delimiter === " " && (width > 12 || reach(counts, width) < 0.95)) return undefined;
  if (delimiter === " " && sample.some((line) => line.includes("  ") || line.includes("\t")))
    return undefined;
  return { delimiter, width, share, isShort: false };
}

function countOf(values: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The most frequent value, and its share. */
function usual(counts: ReadonlyMap<number, number>): [value: number, share: number] {
  let sum = 0;
  let [best, most] = [1, 0];
  for (const [value, count] of counts) {
    sum += count;
    if (count > most) [best, most] = [value, count];
  }
  return [best, most / Math.max(1, sum)];
}

/** Whether the first line names more columns than most lines fill, and none has more: exports that leave off empty cells. */
function isHeadOfShort(
  counts: ReadonlyMap<number, number>,
  head: number,
  delimiter: string,
): boolean {
  if (head < 4 || !",;\t|".includes(delimiter)) return false;
  for (const width of counts.keys()) if (width > head || width * 2 < head) return false;
  return true;
}

/** The share of lines with at least so many fields. */
function reach(counts: ReadonlyMap<number, number>, width: number): number {
  let all = 0;
  let enough = 0;
  for (const [fields, count] of counts) {
    all += count;
    if (fields >= width) enough += count;
  }
  return enough / Math.max(1, all);
}

/** `100644 blob 1f2e3d\tsrc/a.ts` (git ls-tree): the same number of words, a tab, and the rest. */
function* parseWordsAndTab(
  lines: readonly string[],
  sample: readonly string[],
): Steps<Table | undefined> {
  const wordsOf = (line: string): readonly string[] => line.slice(0, line.indexOf("\t")).split(" ");
  const width = wordsOf(sample[0] ?? "").length;
  if (width < 2 || width > 12) return undefined;
  const fits = sample.filter((line) => {
    const words = wordsOf(line);
    return words.length === width && !words.includes("");
  });
  if (fits.length < sample.length * 0.95) return undefined;
  const rows = yield* mapTexts(lines, (line) => {
    const tab = line.indexOf("\t");
    const words = tab === -1 ? [] : wordsOf(line);
    return words.length === width ? [...words, line.slice(tab + 1)] : undefined;
  });
  return yield* settle(lines, {
    layout: "words",
    ...namesOf(rows, width + 1),
    notes: blank(width + 1),
    rows,
  });
}

/** Splits at the delimiter outside quotes; a quote counts only where a field starts. */
export function splitFields(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let start = 0;
  while (start <= line.length) {
    let from = start;
    if (line[start] === '"') {
      let close = line.indexOf('"', start + 1);
      while (close !== -1 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
      const after = close === -1 ? undefined : line[close + 1];
      if (close !== -1 && (after === undefined || after === delimiter || after === "\r"))
        from = close + 1;
    }
    const at = line.indexOf(delimiter, from);
    const end = at === -1 ? line.length : at;
    fields.push(line.slice(start, end));
    if (at === -1) break;
    start = end + 1;
  }
  return fields;
}
