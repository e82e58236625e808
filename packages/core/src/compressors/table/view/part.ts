/** One sheet of a view: what is known of it, what of it is shown, and what is said about the rest. */
import { Meter } from "../../../steps.ts";
import type { ShortenContext, Steps } from "../../../types/compressor.ts";
import type { Fact, UnitRange } from "../../../types/statement.ts";
import { askedFor } from "./asked.ts";
import { type Column, cutCell, studyColumns } from "./column.ts";
import { type Plan, planRows, WHOLE_CELL } from "./plan.ts";
import { type PrintedRows, printRows } from "./print.ts";
import type { Sheet } from "./sheet.ts";
import { describeAll, type SummaryLine, summarize } from "./summary.ts";

/** Tokens of the legend, the header and the first line of a summary. */
const FRAME = 90;
/** Of the room stays free, since the rows are estimated. */
const SLACK = 0.94;
/** Of the room goes to what is said about the columns. */
const MOST_SAID = 0.45;
/** Of the room goes to rows at least. */
const LEAST_ROOM = 0.3;
/** Some columns are described for the rows left out as well. */
const SAID_AGAIN = 1.25;
const ROW_WORK = 48;

/** A sheet, and what is known of it before anything is chosen. */
export interface Study {
  readonly sheet: Sheet;
  readonly columns: readonly Column[];
  readonly facts: ReadonlyMap<Column, readonly Fact[]>;
  /** Lines between its rows that are none, where it is the only one. */
  readonly between: readonly UnitRange[];
  /** Rows the question asks for. */
  readonly asked: readonly number[];
  /** Whether something is said about its columns. */
  readonly isDescribed: boolean;
  /** Tokens for its rows. */
  readonly room: number;
}

/** A sheet with what is shown of it. */
export interface Part {
  readonly sheet: Sheet;
  readonly columns: readonly Column[];
  readonly plan: Plan;
  readonly left: readonly UnitRange[];
  readonly printed: PrintedRows;
  /** The text of each row that is shown. */
  readonly texts: ReadonlyMap<number, string>;
  readonly summary: readonly SummaryLine[];
}

export function* studySheet(
  lines: readonly string[],
  sheet: Sheet,
  share: number,
  isDescribed: boolean,
  { budgetTokens, counter, query }: ShortenContext,
): Steps<Study> {
  const columns = yield* studyColumns(sheet);
  const own = budgetTokens * share;
  const most = isDescribed ? own * MOST_SAID : 0;
  const { facts, tokens } = yield* describeAll(columns, most, counter);
  const room = Math.max(own * SLACK - tokens * SAID_AGAIN - FRAME, own * LEAST_ROOM);
  const texts = sheet.rows.map((span) => lines.slice(span.line, span.line + span.lines).join(" "));
  yield;
  const asked = yield* askedFor(texts, query);
  const between = sheet.label === "" ? yield* linesBetween(lines, sheet) : [];
  return { sheet, columns, facts, between, asked, isDescribed, room };
}

/** From the first line of names or row to the last row, but for empty lines: a reader counts what is said of the rows. */
function* linesBetween(
  lines: readonly string[],
  { rows, headers }: Sheet,
): Steps<readonly UnitRange[]> {
  const meter = new Meter();
  const ranges: UnitRange[] = [];
  const spans = [...headers, ...rows].sort((a, b) => a.line - b.line);
  const last = rows.at(-1)?.line ?? 0;
  let from = spans[0]?.line ?? 0;
  for (const span of spans) {
    if (meter.isDue(ROW_WORK)) yield;
    if (span.line > last) break;
    for (; from < span.line; from++) if (lines[from] !== "") ranges.push([from, from + 1]);
    from = span.line + span.lines;
  }
  return ranges;
}

export function* partOf(
  { sheet, columns, facts, between, asked, isDescribed, room }: Study,
  ratio: number,
  scale: number,
): Steps<Part> {
  const plan = yield* planRows(columns, asked, room * scale, ratio);
  const left = rangesLeft(sheet.rows.length, plan.shown);
  const gone = new Map<Column, string>();
  for (const [at, column] of columns.entries()) {
    if (plan.cuts[at] !== 0) continue;
    const isShown = [...plan.more.values()].some((cuts) => cuts[at] !== 0);
    gone.set(column, isShown ? "left out in most rows" : "left out in each row");
  }
  const { printed, texts } = yield* textsOf(sheet, plan);
  // Of small tables among many the lines that are left out say enough.
  const summary = isDescribed ? yield* summarize(sheet, facts, left, gone, between) : [];
  return { sheet, columns, plan, left, printed, texts, summary };
}

function rangesLeft(total: number, shown: readonly number[] | undefined): readonly UnitRange[] {
  if (shown === undefined) return [];
  const ranges: UnitRange[] = [];
  let from = 0;
  for (const at of [...shown, total]) {
    if (at > from) ranges.push([from, at]);
    from = at + 1;
  }
  return ranges;
}

function* textsOf(
  { names, columns, rows }: Sheet,
  { shown, cuts, more }: Plan,
): Steps<{ printed: PrintedRows; texts: ReadonlyMap<number, string> }> {
  const meter = new Meter();
  const indexes = shown ?? Array.from(rows, (_, at) => at);
  const cells: string[][] = [];
  for (const row of indexes) {
    const own = columns.map((values, at) => {
      const value = cutCell(values[row] ?? "", (more.get(row) ?? cuts)[at] ?? WHOLE_CELL);
      return value.includes("\n") || value.includes("\r")
        ? value.replaceAll("\r", "").replaceAll("\n", "\\n")
        : value;
    });
    cells.push(own);
    if (meter.isDue(ROW_WORK * own.length)) yield;
  }
  const printed = yield* printRows(names, cells);
  const texts = new Map<number, string>();
  for (const [turn, row] of indexes.entries()) {
    const own = printed.rows[turn] ?? "";
    // A line that begins with `…` is a gap.
    texts.set(row, own.trimStart().startsWith("…") ? `\\${own}` : own);
    if (meter.isDue(ROW_WORK)) yield;
  }
  return { printed, texts };
}
