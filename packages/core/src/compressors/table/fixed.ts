/**
 * Columns at the same places on nearly every line: ps, kubectl get, docker ps, dpkg -l, ls -l.
 *
 * Places where nearly all lines have a space separate columns; each column is then aligned left or right.
 *
 * Trap: cells overflow, titles stand above, names are longer than cells and names have spaces. A few lines may disagree, and columns
 * without a name of their own are joined.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { MAX_WIDTH, renderer, type Table } from "./layout.ts";
import { isName, nameColumns } from "./names.ts";
import { hasDigit, MIN_ROWS, SAMPLE, settle, trimSpaces } from "./settle.ts";

/** Lines above a table that may be anything. */
const MAX_TITLES = 6;

interface Column {
  readonly start: number;
  readonly end: number;
}

/** Columns at the same places on nearly every line, found by the spaces between them. */
export function* parseFixed(lines: readonly string[]): Steps<Table | undefined> {
  const filled = lines.filter((line) => line !== "" && line.length <= MAX_WIDTH);
  if (filled.length < MIN_ROWS) return undefined;
  // Titles and legends stand above a table, and a name can be longer than all its cells.
  const titles = filled.length >= 4 * MAX_TITLES ? MAX_TITLES : 0;
  const columns = underNames(filled, yield* findColumns(filled.slice(titles)));
  if (columns.length < 2) return undefined;
  const looked = filled.slice(0, 10 * SAMPLE);
  const aligned: { readonly left: number; readonly right: boolean }[] = [];
  for (const [at, { start, end }] of columns.entries()) {
    yield;
    const starts = new Map<number, number>();
    let rights = 0;
    const before = columns[at - 1]?.end ?? 0;
    for (const line of looked) {
      const cell = trimSpaces(line, before, columns[at + 1] ? end : line.length);
      if (cell === "") continue;
      const first = line.indexOf(cell, before);
      starts.set(first, (starts.get(first) ?? 0) + 1);
      if (line.startsWith(cell, end - cell.length)) rights++;
    }
    // Most cells start at one place, a few further left: systemctl's dots, a diff's signs.
    let left = start;
    for (const [place, count] of starts) if (count > (starts.get(left) ?? 0)) left = place;
    // An overlong cell to the left can look like the start of this one, so a few more are no proof.
    aligned.push({ left, right: rights > (starts.get(left) ?? 0) + looked.length / 20 });
  }
  const right = aligned.map((column) => column.right);
  const cells = yield* mapTexts(lines, (line) =>
    line === "" || line.length > MAX_WIDTH ? undefined : cutFixed(line, columns, right),
  );
  const notes = columns.map(({ end }, at) => (right[at] ? `@>${end}` : `@${aligned[at]?.left}`));
  const extents = columns.map(({ start, end }, at) => ({
    start: right[at] ? start : (aligned[at]?.left ?? start),
    end: at === columns.length - 1 && !right[at] ? MAX_WIDTH : end,
  }));
  const names = nameColumns(lines, cells, extents);
  const widths = ["", String(columns[columns.length - 1]?.start ?? 0), String(longest(filled))];
  const layouts = widths.map((width) => `fixed ${width}`.trimEnd());
  const fits = layouts.map((layout) => {
    const render = renderer(layout, notes, notes);
    const sample = cells.slice(0, SAMPLE);
    return sample.filter((row, at) => row && render?.(row) === lines[at]).length;
  });
  const layout = layouts[fits.indexOf(Math.max(...fits))] ?? "fixed";
  return yield* settle(lines, { layout, ...names, notes, rows: cells });
}

/** A left-aligned column ends where the next one starts; a right-aligned one starts after the last space before its end. */
function cutFixed(
  line: string,
  columns: readonly Column[],
  right: readonly boolean[],
): readonly string[] | undefined {
  const cells: string[] = [];
  let from = 0;
  for (let at = 1; at <= columns.length; at++) {
    let to = line.length;
    const next = columns[at];
    if (next) {
      to = next.start;
      // Right-aligned cells may hold spaces, and long ones may begin further left.
      if (right[at] && line.charCodeAt(to - 1) !== 32)
        to = Math.max(line.lastIndexOf(" ", next.end - 1) + 1, columns[at - 1]?.start ?? 0);
      // A title above the table runs across its columns.
      const inWord = to > 0 && to < line.length && line.charCodeAt(to - 1) !== 32;
      if (inWord && line.charCodeAt(to) !== 32) return undefined;
    }
    cells.push(trimSpaces(line, from, to));
    from = to;
  }
  // One cell alone is a title, or text that is longer than its column, unless it is padded up to the others.
  const isAlone = cells.filter((cell) => cell !== "").length < 2;
  return isAlone && line.length < (columns[1]?.start ?? 0) ? undefined : cells;
}

/** Runs of places where text stands, between places where nearly all lines have a space. */
function* findColumns(lines: readonly string[]): Steps<readonly Column[]> {
  const meter = new Meter();
  const width = longest(lines);
  const text = new Uint32Array(width + 1);
  const reach = new Uint32Array(width + 1);
  for (const line of lines) {
    if (meter.isDue(line.length)) yield;
    reach[line.length] = (reach[line.length] ?? 0) + 1;
    for (let at = 0; at < line.length; at++) {
      if (line.charCodeAt(at) !== 32) text[at] = (text[at] ?? 0) + 1;
    }
  }
  const allowed = Math.max(lines.length > 8 ? 1 : 0, Math.floor(lines.length / 20));
  const narrow = lines.length >= 8;
  const columns: { start: number; end: number }[] = [];
  let longer = lines.length;
  let start = -1;
  let gap = 0;
  for (let at = 0; at < width; at++) {
    longer -= reach[at] ?? 0;
    // Where only a few lines reach, everything belongs to the last column.
    const ragged = longer < Math.max(2, lines.length / 5);
    const space = !ragged && (text[at] ?? 0) <= allowed;
    if (!space) {
      if (start !== -1 && gap > 0) {
        if (gap >= 2 || narrow) {
          columns.push({ start, end: at - gap });
          start = at;
        }
      } else if (start === -1) start = at;
      gap = 0;
    } else gap++;
  }
  if (start !== -1) columns.push({ start, end: width - gap });
  return columns;
}

/** Joins columns that have no name of their own to the one before, where a line above names the others. */
function underNames(lines: readonly string[], columns: readonly Column[]): readonly Column[] {
  for (const head of lines.slice(0, MAX_TITLES)) {
    if (hasDigit(head)) continue;
    const names = namesOver(head, columns);
    if (names.length < MIN_NAMES || names.length >= columns.length) continue;
    const starts = names.map((name) => columns.findIndex((column) => stands(name, column)));
    // The last name may stand anywhere over its column.
    const last = names.length - 1;
    if (starts[last] === -1) starts[last] = columnAt(columns, names[last]?.start ?? 0);
    const rises = starts.every((start, at) => at === 0 || start > (starts[at - 1] ?? 0));
    if (starts[0] !== 0 || !rises) continue;
    return starts.map((first, at) => ({
      start: columns[first]?.start ?? 0,
      end: columns[(starts[at + 1] ?? columns.length) - 1]?.end ?? 0,
    }));
  }
  return columns;
}

/** A line with fewer names does not say where the columns are. */
const MIN_NAMES = 3;

/** Over a left-aligned column a name begins with it, over a right-aligned one it ends with it. */
function stands(name: Column, column: Column): boolean {
  return name.start === column.start || name.end === column.end;
}

function columnAt(columns: readonly Column[], place: number): number {
  return columns.findLastIndex(({ start }) => start <= place);
}

/** Words of a line; those that one space separates are one name, unless a column begins between them. */
function namesOver(line: string, columns: readonly Column[]): readonly Column[] {
  const names: { start: number; end: number }[] = [];
  for (const { index, 0: text } of line.matchAll(/\S+/g)) {
    const word = { start: index, end: index + text.length };
    const last = names[names.length - 1];
    const joins = last && word.start - last.end === 1;
    const begins = columns.some(
      (column) => column.start >= (last?.end ?? 0) && stands(word, column),
    );
    if (joins && !begins) last.end = word.end;
    else names.push(word);
    if (!isName(text)) return [];
  }
  return names;
}

function longest(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length), 0);
}
