/**
 * Finds the tables of a text. Each reader learns a layout from some lines and lets `renderer` judge each of them.
 *
 * A text is taken for one table where that explains nearly all of it. Else its blocks between empty lines are read one by
 * one, and so are stretches that the table of a block leaves unexplained.
 */
import type { Steps } from "../../types/compressor.ts";
import { parseBars } from "./bars.ts";
import { parseDelimited } from "./delimited.ts";
import { parseFixed } from "./fixed.ts";
import { firstLine, type LineSpan, type Table } from "./layout.ts";
import { parseList } from "./list.ts";
import { parseMetrics } from "./metrics.ts";
import { parsePairs } from "./pairs.ts";
import { parsePrintf } from "./printf.ts";
import { hasDigit, MIN_ROWS } from "./settle.ts";
import { parseTabs } from "./tabs.ts";

/** A single table explains so much of its lines that nothing better is looked for. */
const ENOUGH = 0.9;
/** Blocks that are read one by one; a text with more of them is no report of tables. */
const MAX_STRETCHES = 2_000;
/** Rows of a few cells that make up for saying the columns of one more table. */
const ROWS_A_TABLE = 2;

/** The tables in some lines, in the order of the text; their lines never overlap. */
export function* parseTables(lines: readonly string[]): Steps<readonly Table[]> {
  const whole = yield* parseTable(lines);
  const filled = lines.reduce((sum, line) => sum + (line === "" ? 0 : 1), 0);
  if (whole && linesOfTable(whole) >= filled * ENOUGH) return [whole];
  const parts = merged(yield* parseBlocks(lines));
  return whole && explainedBy([whole]) >= explainedBy(parts) ? [whole] : parts;
}

/** The table that explains the lines; `undefined` where there is none. Strictest reader first. */
export function* parseTable(lines: readonly string[]): Steps<Table | undefined> {
  const bars = yield* parseBars(lines);
  if (bars) return bars;
  const metrics = yield* parseMetrics(lines);
  if (metrics) return metrics;
  const marked =
    (yield* parsePairs(lines)) ??
    (yield* parseList(lines)) ??
    (yield* parseTabs(lines)) ??
    (yield* parseDelimited(lines));
  if (marked?.named && marked.layout !== "pairs") return marked;
  // Signs in the cells of an aligned table may be as regular: `users:(("web",pid=7,fd=3))` of `ss`, the times of `ps`.
  const aligned = yield* parseAligned(lines);
  const isNamed = aligned?.named && aligned.rows.length >= (marked?.rows.length ?? 0);
  return isNamed ? aligned : (marked ?? aligned);
}

/** Columns by their places in the line, or by the padding between words, whichever explains more. */
function* parseAligned(lines: readonly string[]): Steps<Table | undefined> {
  const fixed = yield* parseFixed(lines);
  const printf = yield* parsePrintf(lines);
  if (!fixed || !printf) return fixed ?? printf;
  // Names say how many columns there are.
  if (printf.named !== fixed.named) {
    const [named, other] = printf.named ? [printf, fixed] : [fixed, printf];
    if (named.rows.length >= other.rows.length * ENOUGH) return named;
  }
  const gain = explainedBy([printf]) - explainedBy([fixed]);
  // Places under names stay from page to page; without names the padding is what a tool repeats.
  const isSame = !printf.named && printf.names.length === fixed.names.length;
  return gain > 0 || (gain === 0 && isSame) ? printf : fixed;
}

/** The tables between empty lines, and in what they leave unexplained. Reads each line a few times at most. */
function* parseBlocks(lines: readonly string[]): Steps<readonly Table[]> {
  const tables: Table[] = [];
  for (const block of stretches(lines.length, (at) => lines[at] === "")) {
    const found = yield* parseStretch(lines, block);
    if (!found || linesOfTable(found) < block.lines * ENOUGH) {
      const parts: Table[] = [];
      for (const part of atHeadings(lines, block)) {
        const table = yield* parseStretch(lines, part);
        if (table) parts.push(table);
      }
      if (explainedBy(parts) > (found ? explainedBy([found]) : 0)) {
        tables.push(...parts);
        continue;
      }
    }
    if (!found) continue;
    const taken = new Set<number>();
    for (const { line, lines: count } of [...found.headers, ...found.rows])
      for (let at = line; at < line + count; at++) taken.add(at);
    const rests: Table[] = [];
    const isTaken = (at: number): boolean => taken.has(at + block.line);
    for (const { line, lines: count } of stretches(block.lines, isTaken)) {
      const rest = yield* parseStretch(lines, { line: line + block.line, lines: count });
      if (rest) rests.push(rest);
    }
    tables.push(...inOrder(found, rests));
  }
  return tables;
}

/** A block cut before the lines that read as headings: without a digit, where most lines have some. */
function atHeadings(
  lines: readonly string[],
  { line, lines: count }: LineSpan,
): readonly LineSpan[] {
  const parts: LineSpan[] = [];
  let from = line;
  let plain = 0;
  for (let at = line; at < line + count; at++) {
    const isHeading = !hasDigit(lines[at] ?? "");
    if (isHeading) plain++;
    if (!isHeading || at === from || !hasDigit(lines[at - 1] ?? "")) continue;
    parts.push({ line: from, lines: at - from });
    from = at;
  }
  if (plain * 3 > count) return [];
  parts.push({ line: from, lines: line + count - from });
  return parts.length < 2 || parts.length > MAX_STRETCHES
    ? []
    : parts.filter((part) => part.lines > MIN_ROWS);
}

/** A table and those above and below it; one between its rows would cut it in two. */
function inOrder(table: Table, rests: readonly Table[]): readonly Table[] {
  const above = rests.filter((rest) => lastLine(rest) < firstLine(table));
  const below = rests.filter((rest) => firstLine(rest) > lastLine(table));
  return [...above, table, ...below];
}

function lastLine({ headers, rows }: Table): number {
  const row = rows.at(-1)?.line ?? 0;
  return Math.max(headers.at(-1)?.line ?? row, row);
}

/** Runs of lines that are not `gaps`, if they are long enough for a table. */
function stretches(length: number, isGap: (at: number) => boolean): readonly LineSpan[] {
  const found: LineSpan[] = [];
  let from = 0;
  for (let at = 0; at <= length; at++) {
    if (at < length && !isGap(at)) continue;
    if (at - from >= MIN_ROWS) found.push({ line: from, lines: at - from });
    if (found.length === MAX_STRETCHES) break;
    from = at + 1;
  }
  return found;
}

function* parseStretch(
  lines: readonly string[],
  { line, lines: count }: LineSpan,
): Steps<Table | undefined> {
  yield;
  const table = yield* parseTable(lines.slice(line, line + count));
  if (!table || line === 0) return table;
  const shifted = <Span extends LineSpan>(span: Span): Span => ({
    ...span,
    line: span.line + line,
  });
  return {
    ...table,
    headers: table.headers.map(shifted),
    rows: table.rows.map(shifted),
    ...(table.loose ? { loose: table.loose.map(shifted) } : {}),
  };
}

/** Neighbours with the same columns are one table that repeats its header. */
function merged(tables: readonly Table[]): readonly Table[] {
  const out: Table[] = [];
  for (const table of tables) {
    const last = out.at(-1);
    if (last && columnsOf(last) === columnsOf(table)) {
      const headers = [...last.headers, ...table.headers];
      const loose = [...(last.loose ?? []), ...(table.loose ?? [])];
      out[out.length - 1] = { ...last, headers, rows: [...last.rows, ...table.rows], loose };
    } else out.push(table);
  }
  return out;
}

function columnsOf({ layout, names, notes }: Table): string {
  return JSON.stringify([layout, names, notes]);
}

/** The more of the lines tables explain, and the more cells they see in them, the better. */
function explainedBy(tables: readonly Table[]): number {
  let explained = 0;
  let above = "";
  for (const table of tables) {
    explained += linesOfTable(table) * (1 - 1 / table.names.length);
    // The same names again are said by their places alone.
    const names = table.names.join("\n");
    if (names !== above) explained -= ROWS_A_TABLE;
    above = names;
  }
  return explained;
}

/** Lines that are in rows and headers. */
export function linesOfTable({ headers, rows }: Table): number {
  const sizeOf = (spans: readonly LineSpan[]): number =>
    spans.reduce((sum, { lines }) => sum + lines, 0);
  return sizeOf(headers) + sizeOf(rows);
}
