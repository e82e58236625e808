/** Which parts of an original a request names. Spans are offsets, so what is served is the original's own characters. */
import { quoted } from "./clip.ts";
import { parseRanges, printRange, type Range } from "./ranges.ts";

/** A slice of the original and how to name it. */
export interface Span {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** What the offsets count in, where that is the text of a string of the original. @default the original */
  readonly source?: string;
  /** Stands in front of the slice, on its line, instead of the label above it. */
  readonly name?: string;
  /** Ends of the matches in it, ascending. @default one, at the end of the span */
  readonly hits?: readonly number[];
}

/** Spans, or why there are none, for the model to read. */
export interface Selection {
  readonly spans: readonly Span[];
  /** What `shown` and `total` count. */
  readonly unit: "characters" | "lines" | "rows" | "matches";
  /** Units the original (or the array at `path`) has; how many match. */
  readonly total: number;
  readonly note?: string;
  /** What all spans are, above the first. */
  readonly title?: string;
  /** Of `matches`: the most a page has. @default all that fit */
  readonly perPage?: number;
  /** Spans of weaker matches behind the `total` ones: served from an offset on only. */
  readonly weaker?: { readonly from: number; readonly count: number; readonly why: string };
  /** What `count: true` answers. @default `total` and `unit` */
  readonly counted?: string;
}

/** Offsets at which lines start, and the length of the text at the end. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (
    let at = text.indexOf("\n");
    at >= 0 && at + 1 < text.length;
    at = text.indexOf("\n", at + 1)
  )
    starts.push(at + 1);
  starts.push(text.length);
  return starts;
}

/** The 1-based number of the line in which an offset is. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** Lines by 1-based numbers. @param of the string they are in, where that is not the original */
export function selectLines(
  text: string,
  lines: string,
  limit: number,
  of?: { readonly place: string },
): Selection {
  const starts = lineStarts(text);
  const total = starts.length - 1;
  const ranges = parseRanges(lines, 1, total);
  const whose = of ? `the text at ${of.place}` : "the original";
  if (!ranges)
    return none("lines", total, `Cannot read lines ${quoted(lines)}: write "120-180,201".`);
  if (ranges.length === 0)
    return none("lines", total, `No such lines: ${whose} has lines 1-${total}.`);
  const spans = taken(ranges, limit).map(({ from, to }) => ({
    label: `lines ${printRange({ from, to })} of ${total}${of ? ` of ${of.place}` : ""}`,
    start: starts[from - 1] ?? 0,
    end: starts[to] ?? text.length,
    ...(of ? { source: text } : {}),
  }));
  return { spans, unit: "lines", total, counted: units(sizeOf(ranges), "line") };
}

/** The first `limit` numbers of some ranges. */
export function taken(ranges: readonly Range[], limit: number): readonly Range[] {
  const own: Range[] = [];
  let left = limit;
  for (const { from, to } of ranges) {
    if (left <= 0) break;
    const last = Math.min(to, from + left - 1);
    left -= last - from + 1;
    own.push({ from, to: last });
  }
  return own;
}

/** How many numbers there are in some ranges. */
export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** `1 row`, `12 rows`. */
export function units(count: number, unit: string): string {
  if (count === 1) return `1 ${unit}`;
  return unit.endsWith("h") ? `${count} ${unit}es` : `${count} ${unit}s`;
}

export function none(unit: Selection["unit"], total: number, note: string): Selection {
  return { spans: [], unit, total, note, counted: `0: ${note}` };
}
