/**
 * Columns of single words that a format string padded: `%-17s %6lu %6lu` of /proc/slabinfo, `wc -l`, `vmstat`, `readelf -S`, `md5sum`.
 *
 * A word that is longer than its column pushes the rest of its line to the right, so that places say little, but what stands
 * between two words still does: so many spaces that the word before them fills its width, or that the word behind them does.
 *
 * Trap: single spaces between words are what prose has too. They are columns only up to the last place with padding, or where all lines
 * have as many words.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, type Table } from "./layout.ts";
import { type Extent, nameColumns } from "./names.ts";
import { hasDigit, MIN_ROWS, SAMPLE, settle } from "./settle.ts";

/** Lines with more words are not looked at. */
const MAX_COLUMNS = 64;
/** So many of the lines show that two words are padded. */
const MIN_PADDED = 0.05;
/** Lines at the top that may be anything. */
const MAX_TITLES = 4;
/** So many of the sampled lines follow the padding of a column. */
const MOST = 0.8;

/** Characters between the last name and the column it names. */
const NEAR = 4;

/** Where the words of a line stand. */
interface Words {
  readonly length: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The widths that two neighbours are padded to: `left` the one before, on its right; `right` the one behind, on its left. */
interface Padding {
  readonly left: number;
  readonly right: number;
}

const SINGLE_SPACE: Padding = { left: 0, right: 1 };

/** Columns of single words; the last one may be any text. */
export function* parsePrintf(lines: readonly string[]): Steps<Table | undefined> {
  const filled = lines.filter((line) => line !== "" && line.length <= MAX_WIDTH);
  if (filled.length < MIN_ROWS) return undefined;
  const sample = yield* mapTexts(spreadOver(belowTitles(filled), SAMPLE), wordsOf);
  const counts = sample.map(({ starts }) => starts.length).sort((a, b) => a - b);
  const least = counts[counts.length >> 4] ?? 0;
  const most = counts[counts.length - 1 - (counts.length >> 4)] ?? 0;
  if (least < 2 || least > MAX_COLUMNS) return undefined;
  const fitting = sample.filter(({ starts }) => starts.length >= least);
  const indent = modeOf(fitting.map(({ starts }) => starts[0] ?? 0));
  const first = learnFirst(fitting, indent.value);
  const paddings: Padding[] = [first];
  let padded = 0;
  for (let at = 1; at < least; at++) {
    yield;
    const learnt = learnPadding(fitting, at);
    if (learnt.share < MOST) break;
    if (learnt.padding !== SINGLE_SPACE) padded = at;
    paddings.push(learnt.padding);
  }
  const isExact = least === most && paddings.length === least;
  // Where nothing is padded, words are no columns, whatever stands above them.
  if (!isExact && padded === 0 && first.right === 0) return undefined;
  const named = namedWidth(filled, fitting, paddings);
  const width =
    isExact && named <= padded ? least : Math.max(padded + 1, Math.min(2, paddings.length), named);
  if (width < 2) return undefined;
  const notes = Array.from({ length: width }, (_, at) => {
    const left = at + 1 < width ? (paddings[at + 1]?.left ?? 0) : endPadding(fitting, width);
    const right = paddings[at]?.right ?? 1;
    return `@${left > 0 ? `<${left}` : ""}${right > (at === 0 ? 0 : 1) ? `>${right}` : ""}`;
  });
  const layout = first.left > 0 ? `printf ${first.left}` : "printf";
  const rows = yield* mapTexts(lines, (line) => cellsOf(line, width));
  const extents = Array.from({ length: width }, (_, at) => extentOf(fitting, at, width));
  return yield* settle(lines, { layout, ...nameColumns(lines, rows, extents), notes, rows });
}

/** Without the lines at the top that have no digit, where those below them have some. */
function belowTitles(lines: readonly string[]): readonly string[] {
  let titles = 0;
  while (titles < MAX_TITLES && !hasDigit(lines[titles] ?? "0")) titles++;
  const below = lines.slice(titles);
  return below.length >= MIN_ROWS && below.slice(0, SAMPLE).every(hasDigit) ? below : lines;
}

/** How many columns the line of names says there are, where each of its words stands over one. */
function namedWidth(
  lines: readonly string[],
  sample: readonly Words[],
  paddings: readonly Padding[],
): number {
  for (const line of lines.slice(0, MAX_TITLES)) {
    const { starts, ends } = wordsOf(line);
    const width = starts.length;
    if (width > paddings.length || hasDigit(line)) continue;
    const over = starts.filter((start, at) => {
      const column = extentOf(sample, at, width);
      return start === column.start || ends[at] === column.end;
    });
    // All words behind the last name are its column.
    const { start } = extentOf(sample, width - 1, width);
    const isNear = Math.abs((starts[width - 1] ?? 0) - start) <= NEAR;
    if (isNear && over.length * 5 >= width * 4) return width;
  }
  return 0;
}

/** So many of the texts, from all over them. */
function spreadOver(texts: readonly string[], count: number): readonly string[] {
  if (texts.length <= count) return texts;
  return Array.from(
    { length: count },
    (_, at) => texts[Math.floor((at * texts.length) / count)] ?? "",
  );
}

/** Words between spaces; a tab is part of a word. */
function wordsOf(line: string): Words {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  while (starts.length <= MAX_COLUMNS) {
    while (line.charCodeAt(at) === 32) at++;
    if (at >= line.length) break;
    const space = line.indexOf(" ", at);
    const end = space === -1 ? line.length : space;
    starts.push(at);
    ends.push(end);
    at = end;
  }
  return { length: line.length, starts, ends };
}

/** The first words, and the rest as the last cell. */
function cellsOf(line: string, width: number): readonly string[] | undefined {
  if (line === "" || line.length > MAX_WIDTH) return undefined;
  const cells: string[] = [];
  let at = 0;
  while (cells.length < width) {
    while (line.charCodeAt(at) === 32) at++;
    if (at >= line.length) return undefined;
    const space = cells.length === width - 1 ? -1 : line.indexOf(" ", at);
    const end = space === -1 ? trimmedEnd(line) : space;
    cells.push(line.slice(at, end));
    at = end;
  }
  return cells;
}

function trimmedEnd(line: string): number {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 32) end--;
  return end;
}

/** What stands before the first words: as many spaces in all lines, or up to where they end. */
function learnFirst(sample: readonly Words[], indent: number): Padding {
  const ends = modeOf(sample.map(({ ends }) => ends[0] ?? 0));
  const indented = sample.filter(({ starts }) => starts[0] === indent).length;
  return ends.count > indented ? { left: 0, right: ends.value } : { left: indent, right: 0 };
}

/** The padding between the words at `place` and those before them, and the share of lines that follow it. */
function learnPadding(
  sample: readonly Words[],
  place: number,
): { padding: Padding; share: number } {
  const gaps = sample.map(({ starts, ends }) => {
    const [from, to] = [ends[place - 1] ?? 0, starts[place] ?? 0];
    const before = from - (starts[place - 1] ?? 0);
    return { gap: to - from, before, behind: (ends[place] ?? 0) - to };
  });
  const isLeft = modeOf(gaps.map(({ gap, before }) => gap + before));
  const isRight = modeOf(gaps.map(({ gap, behind }) => gap + behind));
  const isBoth = modeOf(gaps.map(({ gap, before, behind }) => gap + before + behind));
  const candidates: Padding[] = [
    { left: isLeft.value - 1, right: 1 },
    { left: 0, right: isRight.value },
  ];
  const befores = new Set(gaps.map(({ before }) => before));
  for (const left of [...befores].sort((a, b) => b - a).slice(0, MAX_COLUMNS))
    if (left < isBoth.value) candidates.push({ left, right: isBoth.value - left });
  const single = gaps.filter(({ gap }) => gap === 1).length;
  let best = { padding: SINGLE_SPACE, fits: single };
  for (const padding of candidates) {
    const fits = gaps.filter(
      ({ gap, before, behind }) => gap === gapOf(padding, before, behind),
    ).length;
    // Words longer than their column fit any padding: some have to be shorter.
    if (fits > Math.max(best.fits, single + gaps.length * MIN_PADDED)) best = { padding, fits };
  }
  return { padding: best.padding, share: best.fits / Math.max(1, gaps.length) };
}

/** Spaces between two words of these lengths. */
function gapOf({ left, right }: Padding, before: number, behind: number): number {
  return Math.max(0, left - before) + Math.max(1, right - behind);
}

/** The width that the last words are padded to. */
function endPadding(sample: readonly Words[], width: number): number {
  const exact = sample.filter(({ starts }) => starts.length === width);
  const padded = exact.filter(({ length, ends }) => length > (ends[width - 1] ?? length)).length;
  if (padded * 2 < exact.length) return 0;
  return modeOf(exact.map(({ length, starts }) => length - (starts[width - 1] ?? 0))).value;
}

/** Where the words at `place` stand in most lines. */
function extentOf(sample: readonly Words[], place: number, width: number): Extent {
  const start = modeOf(sample.map(({ starts }) => starts[place] ?? 0));
  if (place === width - 1 && start.count * 2 > sample.length)
    return { start: start.value, end: Number.MAX_SAFE_INTEGER };
  const end = modeOf(sample.map(({ ends }) => ends[place] ?? 0));
  return start.count > end.count
    ? { start: start.value, end: Math.max(start.value + 1, end.value) }
    : { start: Math.min(start.value, end.value - 1), end: end.value };
}

/** The most frequent of some numbers; the first of equals. */
function modeOf(values: readonly number[]): { readonly value: number; readonly count: number } {
  const counts = new Map<number, number>();
  let best = { value: 0, count: 0 };
  for (const value of values) {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > best.count) best = { value, count };
  }
  return best;
}
