/**
 * Tables of tools: CSV, TSV, markdown, psql, and columns of fixed width (ps, kubectl, docker, dpkg -l, ls -l).
 *
 * Without loss the padding goes, a column says once what its cells share, and every line comes back byte for byte. With loss
 * rows and cells are chosen (`view/`), and each stretch that is left out stands in its place with its line numbers.
 *
 * Trap: rows are told from other lines by writing them again. A line that does not come back exactly is no row.
 */
import { joinInSteps } from "../../steps.ts";
import { linesOf } from "../../text/lines.ts";
import type { Compressor, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { decodingBy } from "../shared/decoding.ts";
import { detectTable } from "./detect.ts";
import { decodeTables, encodeTables } from "./encode.ts";
import { hasFolders } from "./folders.ts";
import { parseTables } from "./parse.ts";
import { originalOf, viewOfTables } from "./view/view.ts";

/** Padding removed, shared values once; chosen rows over budget. */
export function tableCompressor(): Compressor {
  return {
    name: "table",
    kind: "table",
    detect: detectTable,
    encode,
    ...decodingBy(decodeInSteps),
    shorten,
    original,
  };
}

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
  return yield* viewOfTables(lines, context);
}

function* original(text: string): Steps<OriginalUnits> {
  const { lines } = yield* linesOf(text);
  return yield* originalOf(lines);
}

function* decodeInSteps(form: string): Steps<string | undefined> {
  const closed = form.endsWith("\n");
  const lines = yield* decodeTables(closed ? form.slice(0, -1) : form);
  return lines && (yield* joinInSteps(lines, "\n")) + (closed ? "\n" : "");
}
