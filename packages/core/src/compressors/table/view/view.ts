/**
 * The view of a text with tables: rows and cells that were chosen, in the order of the text, where lines are left out, and below
 * them what all rows hold.
 */
import { countInSteps, joinInSteps, Meter } from "../../../steps.ts";
import type { Omission, ShortenContext, Steps, View } from "../../../types/compressor.ts";
import type { Fact, OriginalUnits, Statement, UnitRange } from "../../../types/statement.ts";
import { printFact } from "../../../view/fact.ts";
import { cost } from "../../shared/text-cost.ts";
import { encodeColumns, rowText } from "../columns.ts";
import type { Table } from "../layout.ts";
import { parseTables } from "../parse.ts";
import { HEADER, linesAround, OTHER, ROW, shownLine } from "./around.ts";
import { askedFor } from "./asked.ts";
import { type Column, cutCell, studyColumns } from "./column.ts";
import { type Plan, planRows, WHOLE_CELL } from "./plan.ts";
import { columnOf, type Sheet, sheetsOf, unitsOf } from "./sheet.ts";
import { describeAll, type SummaryLine, summarize } from "./summary.ts";

/** Rows that tell how many tokens a unit of estimated cost is. */
const SAMPLE = 60;
/** Tokens of the legend, the header and the first line of a summary. */
const FRAME = 90;
/** Of the room stays free, since the rows are estimated. */
const SLACK = 0.94;
/** Tables of which the columns are described, the largest first. */
const MAX_DESCRIBED = 3;
/** Some columns are described for the rows left out as well. */
const SAID_AGAIN = 1.25;
const ATTEMPTS = 3;
const ROW_WORK = 48;

/** The view; `undefined` where nothing would be left out. */
export function* viewOfTables(
  lines: readonly string[],
  context: ShortenContext,
): Steps<View | undefined> {
  const tables = yield* parseTables(lines);
  if (tables.length === 0) return undefined;
  const sheets = yield* sheetsOf(tables);
  const ratio = yield* ratioOf(lines, tables, context);
  const rowCount = sheets.reduce((sum, { rows }) => sum + rows.length, 0);
  const studies: Study[] = [];
  for (const sheet of sheets) {
    const share = sheet.rows.length / rowCount;
    const isDescribed = sheets.length <= MAX_DESCRIBED || share * (MAX_DESCRIBED + 1) > 1;
    studies.push(yield* studySheet(lines, sheet, share, isDescribed, context));
  }
  let view: View | undefined;
  let scale = 1;
  // Rows are chosen by an estimate of their tokens. Where it was too low, they are chosen again.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const parts: Part[] = [];
    for (const study of studies) parts.push(yield* partOf(lines, study, ratio, scale));
    view = yield* new Printer(lines, parts, context).print();
    if (view === undefined) return undefined;
    const tokens = yield* countInSteps(view.text, context.counter);
    if (tokens <= context.budgetTokens) break;
    scale *= 0.97 * (context.budgetTokens / tokens);
  }
  return view;
}

/** What the sentences of a view are checked against. */
export function* originalOf(lines: readonly string[]): Steps<OriginalUnits> {
  return unitsOf(yield* sheetsOf(yield* parseTables(lines)));
}

/** A sheet, and what is known of it before anything is chosen. */
interface Study {
  readonly sheet: Sheet;
  readonly columns: readonly Column[];
  readonly facts: ReadonlyMap<Column, readonly Fact[]>;
  /** Rows the question asks for. */
  readonly asked: readonly number[];
  /** Tokens for its rows. */
  readonly room: number;
}

/** A sheet with what is shown of it. */
interface Part {
  readonly sheet: Sheet;
  readonly columns: readonly Column[];
  readonly plan: Plan;
  readonly left: readonly UnitRange[];
  readonly header: string;
  /** The text of each row that is shown. */
  readonly texts: ReadonlyMap<number, string>;
  readonly summary: readonly SummaryLine[];
}

function* studySheet(
  lines: readonly string[],
  sheet: Sheet,
  share: number,
  isDescribed: boolean,
  { budgetTokens, counter, query }: ShortenContext,
): Steps<Study> {
  const columns = yield* studyColumns(sheet);
  const facts = isDescribed ? yield* describeAll(columns) : new Map<never, never>();
  const described = yield* summarize(sheet, facts, [], new Set());
  const said = described.map(({ text }) => text).join("\n");
  const room = budgetTokens * SLACK * share - counter.count(said) * SAID_AGAIN - FRAME;
  const texts = sheet.rows.map((span) => lines.slice(span.line, span.line + span.lines).join(" "));
  yield;
  const asked = yield* askedFor(texts, query);
  return { sheet, columns, facts, asked, room: Math.max(0, room) };
}

function* partOf(
  lines: readonly string[],
  { sheet, columns, facts, asked, room }: Study,
  ratio: number,
  scale: number,
): Steps<Part> {
  const plan = yield* planRows(columns, asked, room * scale, ratio);
  const left = rangesLeft(sheet.rows.length, plan.shown);
  const gone = new Set(columns.filter((_, at) => plan.cuts[at] === 0));
  const { header, rows } = yield* printRows(lines, sheet, plan);
  const summary = yield* summarize(sheet, facts, left, gone);
  return { sheet, columns, plan, left, header, texts: rows, summary };
}

/** Tokens a unit of estimated cost. */
function* ratioOf(
  lines: readonly string[],
  tables: readonly Table[],
  { counter }: ShortenContext,
): Steps<number> {
  const [table] = tables;
  const rows = table?.rows ?? [];
  const step = Math.max(1, Math.floor(rows.length / SAMPLE));
  const texts = rows
    .filter((_, at) => at % step === 0)
    .slice(0, SAMPLE)
    .map(({ line, cells }) => ({
      text:
        cells
          .filter((cell) => cell !== "")
          .join(" ")
          .slice(0, 2_000) ||
        (lines[line] ?? ""),
      cells,
    }));
  yield;
  const counted = counter.count(texts.map(({ text }) => text).join("\n"));
  const estimated = texts.reduce(
    (sum, { cells }) => sum + cells.reduce((all, cell) => all + cost(cell.slice(0, 2_000)) + 1, 0),
    0,
  );
  return counted / Math.max(1, estimated);
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

function* printRows(
  lines: readonly string[],
  { names, columns, rows }: Sheet,
  { shown, cuts, whole }: Plan,
): Steps<{ header: string; rows: ReadonlyMap<number, string> }> {
  const meter = new Meter();
  const indexes = shown ?? Array.from(rows, (_, at) => at);
  const cells: string[][] = [];
  for (const row of indexes) {
    const isWhole = whole.has(row);
    const own = columns.map((values, at) => {
      const value = cutCell(values[row] ?? "", isWhole ? WHOLE_CELL : (cuts[at] ?? WHOLE_CELL));
      return value.includes("\n") || value.includes("\r")
        ? value.replaceAll("\r", "").replaceAll("\n", "\\n")
        : value;
    });
    cells.push(own);
    if (meter.isDue(ROW_WORK * own.length)) yield;
  }
  const notes = names.map(() => "");
  const coded = yield* encodeColumns(names, notes, cells, { ditto: false, ends: false });
  const texts = new Map<number, string>();
  for (const [turn, row] of indexes.entries()) {
    const text = coded.rows[turn];
    const span = rows[row];
    const line = span && span.lines === 1 ? lines[span.line] : undefined;
    const own = text ? rowText(text) : (line ?? cells[turn]?.join(" | ") ?? "");
    // A line that begins with `…` is a gap.
    texts.set(row, own.trimStart().startsWith("…") ? `\\${own}` : own);
    if (meter.isDue(ROW_WORK)) yield;
  }
  return { header: coded.header, rows: texts };
}

/** Writes the lines of a view, and collects its sentences. */
class Printer {
  readonly #lines: readonly string[];
  readonly #parts: readonly Part[];
  readonly #context: ShortenContext;
  readonly #out: string[] = [];
  readonly #statements: Statement[] = [];
  readonly #firstLine: number;
  /** For each line its part and row: those of the row that begins there. */
  readonly #rowAt = new Map<number, readonly [part: Part, row: number]>();
  /** Lines left out so far. */
  #left = 0;

  constructor(lines: readonly string[], parts: readonly Part[], context: ShortenContext) {
    this.#lines = lines;
    this.#parts = parts;
    this.#context = context;
    this.#firstLine = context.firstLine ?? 1;
  }

  *print(): Steps<View | undefined> {
    const kinds = yield* this.#kinds();
    const isShown = (line: number): boolean => {
      const at = this.#rowAt.get(line);
      return at?.[0].texts.has(at[1]) === true;
    };
    const { budgetTokens, query } = this.#context;
    const kept = yield* linesAround(this.#lines, kinds, isShown, budgetTokens, query);
    this.#out.push(this.#legend());
    yield* this.#body(kinds, kept);
    for (const { summary } of this.#parts)
      for (const { text, statements } of summary) {
        this.#out.push(text);
        this.#statements.push(...statements);
      }
    const omitted = this.#omitted();
    if (omitted.length === 0) return undefined;
    return {
      text: yield* joinInSteps(this.#out, "\n"),
      omitted,
      statements: this.#statements,
    };
  }

  *#kinds(): Steps<Uint8Array> {
    const meter = new Meter();
    const kinds = new Uint8Array(this.#lines.length).fill(OTHER);
    for (const part of this.#parts) {
      const { rows, headers } = part.sheet;
      for (const { line, lines } of headers) kinds.fill(HEADER, line, line + lines);
      for (const [row, { line, lines }] of rows.entries()) {
        kinds.fill(ROW, line, line + lines);
        this.#rowAt.set(line, [part, row]);
        if (meter.isDue(ROW_WORK)) yield;
      }
    }
    return kinds;
  }

  *#body(kinds: Uint8Array, kept: ReadonlySet<number>): Steps<void> {
    const meter = new Meter();
    const named = new Set<Part>();
    const name = (part: Part | undefined): void => {
      if (part === undefined || named.has(part)) return;
      named.add(part);
      this.#out.push(part.header);
    };
    let from = -1;
    const gap = (to: number): void => {
      if (from >= 0) this.#gap(from, to);
      from = -1;
    };
    const headed = new Map(this.#parts.map((part) => [part.sheet.headers[0]?.line, part]));
    for (let at = 0; at < this.#lines.length; ) {
      const line = this.#lines[at] ?? "";
      if (meter.isDue(ROW_WORK)) yield;
      const row = this.#rowAt.get(at);
      if (row) {
        const [part, index] = row;
        const span = part.sheet.rows[index];
        const text = part.texts.get(index);
        if (text === undefined) {
          if (from < 0) from = at;
          name(part);
        } else {
          gap(at);
          name(part);
          this.#out.push(text);
        }
        at += span?.lines ?? 1;
        continue;
      }
      if (kinds[at] === OTHER) {
        if (kept.has(at) || (line === "" && from < 0)) {
          gap(at);
          this.#out.push(shownLine(line));
        } else if (from < 0) from = at;
      } else if (headed.has(at)) {
        gap(at);
        name(headed.get(at));
      }
      at++;
    }
    gap(this.#lines.length);
  }

  /** The lines from one up to another are left out; the names of their rows stand behind. */
  #gap(from: number, to: number): void {
    this.#left += to - from;
    const [first, last] = [from + this.#firstLine, to - 1 + this.#firstLine];
    const text = first === last ? `… ${first}` : `… ${first}-${last}`;
    this.#statements.push({ text, of: "", about: [[from, to]], facts: [] });
    const lists: string[] = [];
    for (const part of this.#parts) {
      const { names } = part.plan;
      const [start, end] = rowsWithin(part.sheet, from, to);
      if (names === undefined || start === end) continue;
      const { sheet } = part;
      const values = sheet.columns[names]?.slice(start, end) ?? [];
      const list = { says: "list", values } as const;
      const of = columnOf(sheet.of, sheet.names[names] ?? "");
      lists.push(printFact(list));
      this.#statements.push({ text: printFact(list), of, about: [[start, end]], facts: [list] });
    }
    this.#out.push(lists.length === 0 ? text : `${text}: ${lists.join("; ")}`);
  }

  #legend(): string {
    const isCut = this.#parts.some(({ plan }) => plan.cuts.some((cut) => cut < WHOLE_CELL));
    const hasGaps = this.#parts.some(({ left }) => left.length > 0);
    const hasConstants = this.#parts.some(({ header }) => /="(?:[^"\\]|\\.)*"(?: |$)/.test(header));
    return [
      "[table",
      ...(hasConstants
        ? ['; name="x": x in every row shown that does not end with ;name=other']
        : []),
      ...(isCut ? ["; a cell that ends in … is cut"] : []),
      ...(hasGaps ? ["; … 12-40: these lines are left out"] : []),
      "]",
    ].join("");
  }

  #omitted(): readonly Omission[] {
    const omitted: Omission[] = [];
    if (this.#left > 0)
      omitted.push({ unit: "lines", count: this.#left, total: this.#lines.length });
    let cells = 0;
    let total = 0;
    const cutNames: string[] = [];
    for (const { sheet, columns, plan } of this.#parts) {
      const rows = plan.shown?.length ?? sheet.rows.length;
      total += rows * sheet.names.length;
      for (const [at, { name, values }] of columns.entries()) {
        const cut = plan.cuts[at] ?? WHOLE_CELL;
        const shown = plan.shown ?? values.keys();
        let own = 0;
        for (const row of shown) {
          const characters = plan.whole.has(row) ? WHOLE_CELL : cut;
          const value = values[row] ?? "";
          if (cutCell(value, characters) !== value) own++;
        }
        cells += own;
        if (own > 0 && cutNames.length < 6) cutNames.push(name);
      }
    }
    if (cells > 0) omitted.push({ unit: "cells", count: cells, total, what: whatOf(cutNames) });
    return omitted;
  }
}

/** Names in one line, without brackets. */
function whatOf(names: readonly string[]): string {
  return names
    .join(", ")
    .replace(/[[\]{}()\n\r]/g, " ")
    .slice(0, 80);
}

/** The rows that begin within some lines. */
function rowsWithin({ rows }: Sheet, from: number, to: number): readonly [number, number] {
  return [firstFrom(rows, from), firstFrom(rows, to)];
}

/** The first row at a line or behind it. */
function firstFrom(rows: Sheet["rows"], line: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.line ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
