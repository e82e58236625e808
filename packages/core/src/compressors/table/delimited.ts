/**
 * CSV, TSV and their kin, and lines of a fixed number of words.
 *
 * Trap: a cell keeps its quotes. Taking them off would need a note for every cell that did not need them.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import type { Table } from "./layout.ts";
import { blank, namesOf, settle } from "./settle.ts";

/** Wider rows are data of another kind. */
const MAX_COLUMNS = 256;

/** Comma, tab, semicolon or bar, with quotes as in RFC 4180. Cells keep their quotes. */
export function* parseDelimited(lines: readonly string[]): Steps<Table | undefined> {
  const sample = lines.slice(0, 60).filter((line) => line !== "");
  let best: { delimiter: string; width: number; share: number } | undefined;
  for (const delimiter of [",", "\t", ";", "|", ":", " "]) {
    const counts = new Map<number, number>();
    for (const line of sample) {
      const width = splitFields(line, delimiter).length;
      counts.set(width, (counts.get(width) ?? 0) + 1);
    }
    const [width, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
    const share = count / Math.max(1, sample.length);
    const least = delimiter === " " ? 0.6 : 0.8;
    if (width < 2 || width > MAX_COLUMNS || share < least) continue;
    // Words and clock times have spaces and colons too.
    if (delimiter === ":" && (width < 4 || share < 0.95)) continue;
    if (delimiter === " " && (width > 12 || reach(counts, width) < 0.95)) continue;
    if (delimiter === " " && sample.some((line) => line.includes("  ") || line.includes("\t"))) {
      continue;
    }
    if (!best || share * Math.min(width, 6) > best.share * Math.min(best.width, 6)) {
      best = { delimiter, width, share };
    }
  }
  if (!best) return undefined;
  const { delimiter, width } = best;
  if (delimiter === "\t" && width === 2) {
    const table = yield* parseWordsAndTab(lines, sample);
    if (table) return table;
  }
  const rows = yield* mapTexts(lines, (line) => {
    const cells = line === "" ? [] : splitFields(line, delimiter);
    // The last of a few words may be several.
    if (delimiter === " " && cells.length > width) {
      return [...cells.slice(0, width - 1), cells.slice(width - 1).join(" ")];
    }
    return cells.length === width ? cells : undefined;
  });
  const layout = `csv ${delimiter === "\t" ? "tab" : delimiter === " " ? "space" : delimiter}`;
  return yield* settle(lines, { layout, ...namesOf(rows, width), notes: blank(width), rows });
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
