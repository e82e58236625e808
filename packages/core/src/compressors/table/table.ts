/**
 * Tables of tools: CSV, TSV, markdown, psql, and columns of fixed width (ps, kubectl, docker, dpkg -l, ls -l).
 *
 * Without loss the padding goes, a column says once what its cells share, and every line comes back byte for byte. With loss
 * rows are chosen (`select.ts`), and each stretch that is left out stands in its place with its line numbers.
 *
 * Trap: rows are told from other lines by writing them again. A line that does not come back exactly is no row.
 */
import { joinInSteps } from "../../steps.ts";
import { linesOf } from "../../text/lines.ts";
import type { Compressor, ShortenContext, Steps, View } from "../../types/compressor.ts";
import { decodingBy } from "../shared/decoding.ts";
import { encodeColumns, rowText } from "./columns.ts";
import { detectTable } from "./detect.ts";
import { decodeTables, encodeTables } from "./encode.ts";
import { hasFolders } from "./folders.ts";
import type { Table } from "./layout.ts";
import { parseTables } from "./parse.ts";
import { type Row, selectRows, summarize } from "./select.ts";

/** Padding removed, shared values once; chosen rows over budget. */
export function tableCompressor(): Compressor {
  return {
    name: "table",
    kind: "table",
    detect: detectTable,
    encode,
    ...decodingBy(decodeInSteps),
    shorten,
  };
}

const LEGEND =
  '[table rows; name="value" holds unless a row ends with ;name=other; … a-b: lines left out]';
/** Lines around the table stay, as long as they are few. */
const MAX_OTHER = 40;

/** Smaller tables are kept whole. */
const MIN_ROWS = 40;

function* encode(text: string): Steps<string | readonly string[] | undefined> {
  const { lines, closed } = yield* linesOf(text);
  const tables = yield* parseTables(lines);
  if (tables.length === 0) return undefined;
  const end = closed ? "\n" : "";
  const form = (yield* encodeTables(lines, tables)) + end;
  for (const { names, notes, rows } of tables) {
    const cells = rows.map((row) => row.cells);
    if (!(yield* hasFolders({ names, notes, rows: cells }))) continue;
    return [form, (yield* encodeTables(lines, tables, { folders: true })) + end];
  }
  return form;
}

function* shorten(text: string, context: ShortenContext): Steps<View | undefined> {
  const { lines } = yield* linesOf(text);
  const [table, second] = yield* parseTables(lines);
  return table && !second && table.layout !== "pairs"
    ? yield* chosenRows(lines, table, context)
    : undefined;
}

function* decodeInSteps(form: string): Steps<string | undefined> {
  const closed = form.endsWith("\n");
  const lines = yield* decodeTables(closed ? form.slice(0, -1) : form);
  return lines && (yield* joinInSteps(lines, "\n")) + (closed ? "\n" : "");
}

/** The chosen rows with the gaps between them. */
function* chosenRows(
  lines: readonly string[],
  table: Table,
  context: ShortenContext,
): Steps<View | undefined> {
  const rows: Row[] = table.rows.map(({ cells }) => cells);
  const rowLines = table.rows.map(({ line }) => lines[line] ?? "");
  const at = table.rows.map(({ line }) => line);
  const rowAt = new Set(at);
  const others = lines.filter((line, index) => line !== "" && !rowAt.has(index)).length;
  // Names and values: any of them may be the one that matters.
  const labels = rows.filter(([first]) => first?.endsWith(":")).length;
  const named = table.names.length === 2 || labels * 5 > rows.length * 4;
  const fewest = named ? 3 * MIN_ROWS : MIN_ROWS;
  if (others > MAX_OTHER || rows.length < fewest) return undefined;
  const kept = new Set(yield* selectRows(rows, rowLines, context));
  if (kept.size + 3 >= rows.length) return undefined;
  const shown = rows.filter((_, index) => kept.has(index));
  const { header, rows: coded } = yield* encodeColumns(
    table.names,
    table.names.map(() => ""),
    shown,
    { ditto: false, ends: false },
  );
  const keptLines = new Map([...kept].map((index) => [at[index] ?? 0, index]));
  const out = [LEGEND, header];
  const offset = (context.firstLine ?? 1) - 1;
  let row = 0;
  let from = -1;
  const gap = (to: number): void => {
    const range = from === to ? `${from + offset}` : `${from + offset}-${to + offset}`;
    if (from !== -1) out.push(`… ${range}`);
    from = -1;
  };
  for (let index = 0; index < lines.length; index++) {
    if (index === table.headers[0]?.line) {
      gap(index);
      index += table.headers[0].lines - 1;
    } else if (!rowAt.has(index)) {
      gap(index);
      out.push(lines[index] ?? "");
    } else if (keptLines.has(index)) {
      gap(index);
      const text = coded[row++];
      out.push(text === undefined ? (lines[index] ?? "") : rowText(text));
    } else if (from === -1) from = index + 1;
  }
  gap(lines.length);
  const summary = yield* summarize(rows, table.names, kept);
  const left = rows.length - kept.size;
  out.push(`… ${left} rows left out${summary === "" ? "" : `: ${summary}`}`);
  return {
    text: yield* joinInSteps(out, "\n"),
    omitted: [{ unit: "lines", count: left, total: lines.length }],
  };
}
