/**
 * The view of a text with tables: rows and cells that were chosen, in the order of the text, where lines are left out, and below
 * them what all rows hold.
 */
import { countInSteps, joinInSteps } from "../../../steps.ts";
import type { ShortenContext, Steps, View } from "../../../types/compressor.ts";
import type { OriginalUnits } from "../../../types/statement.ts";
import { cost } from "../../shared/text-cost.ts";
import type { Table } from "../layout.ts";
import { parseTables } from "../parse.ts";
import { type Part, partOf, type Study, studySheet } from "./part.ts";
import { Printer } from "./printer.ts";
import { sheetsOf, unitsOf } from "./sheet.ts";

/** Rows that tell how many tokens a unit of estimated cost is. */
const SAMPLE = 60;
/** Tables of which the columns are described, the largest first. */
const MAX_DESCRIBED = 3;
const ATTEMPTS = 4;
/** An estimate that is too high by less is good enough. */
const TOLERANCE = 0.08;
/** Fewer rows say little about an estimate. */
const MIN_COMPARED = 8;

/** The view; `undefined` where nothing would be left out. */
export function* viewOfTables(
  lines: readonly string[],
  context: ShortenContext,
): Steps<View | undefined> {
  const tables = yield* parseTables(lines);
  if (tables.length === 0) return undefined;
  const sheets = yield* sheetsOf(tables);
  const estimate = yield* ratioOf(lines, tables, context);
  const rowCount = sheets.reduce((sum, { rows }) => sum + rows.length, 0);
  const studies: Study[] = [];
  for (const sheet of sheets) {
    const share = sheet.rows.length / rowCount;
    const isDescribed = sheets.length <= MAX_DESCRIBED || share * (MAX_DESCRIBED + 1) > 1;
    studies.push(yield* studySheet(lines, sheet, share, isDescribed, context));
  }
  let view: View | undefined;
  let scale = 1;
  let ratio = estimate;
  // Rows are chosen by an estimate of their tokens. Where it was off, they are chosen again.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const parts: Part[] = [];
    for (const study of studies) parts.push(yield* partOf(study, ratio, scale));
    if (attempt === 0) {
      const error = yield* errorOf(parts, context);
      ratio *= error;
      if (error < 1 - TOLERANCE) continue;
    }
    view = yield* new Printer(lines, parts, context).print();
    if (view === undefined) return undefined;
    const tokens = yield* countInSteps(view.text, context.counter);
    if (tokens <= context.budgetTokens) break;
    scale *= 0.97 * (context.budgetTokens / tokens);
  }
  return view;
}

/** The tokens of the rows that were chosen, as a multiple of their estimate. */
function* errorOf(parts: readonly Part[], { counter }: ShortenContext): Steps<number> {
  let estimated = 0;
  const texts: string[] = [];
  for (const { plan, texts: own } of parts) {
    estimated += plan.estimated;
    for (const text of own.values()) texts.push(text);
  }
  if (texts.length < MIN_COMPARED) return 1;
  const tokens = yield* countInSteps(yield* joinInSteps(texts, "\n"), counter);
  return Math.max(0.5, Math.min(2, tokens / Math.max(1, estimated)));
}

/** What the sentences of a view are checked against. */
export function* originalOf(lines: readonly string[]): Steps<OriginalUnits> {
  return unitsOf(yield* sheetsOf(yield* parseTables(lines)));
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
