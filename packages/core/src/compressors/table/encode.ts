/**
 * The text of tables without loss, and back.
 *
 * First the legend and the names, then `layout: columns`, then one line a row. `\h` is the line of the column names, and a
 * line that is no row follows a backslash as it is. `\table layout: columns` begins another table.
 */
import { NotationError, readOrUndefined } from "../../notation/error.ts";
import { type Feature, printLegend, readLegend } from "../../notation/legend.ts";
import { readDefinition, replaceNames } from "../../notation/names.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { Draft } from "../shared/draft.ts";
import { SAME_START } from "../shared/stamp-tail.ts";
import { type CodedRow, decodeColumns, draftRow, encodeColumns } from "./columns.ts";
import { type LineSpan, renderer, renderHeader, type Table } from "./layout.ts";

/** To print a part of a row takes as long as reading about so many characters. */
const PART_WORK = 16;

const HEADER_LINE = "\\h";

const QUOTED_LAYOUT = 'list "';

/** Before the layout and the columns of another table. */
const TABLE_LINE = "\\table ";

/** The text of some tables and of the lines between them. */
export function* encodeTables(lines: readonly string[], tables: readonly Table[]): Steps<string> {
  const features = new Set<Feature>();
  const meter = new Meter();
  const draft = new Draft();
  let schema = "";
  let rowCount = 0;
  let next = 0;
  const plain = (to: number): void => {
    for (; next < to; next++) {
      features.add("escaped");
      draft.verbatim(`\n\\${lines[next] ?? ""}`);
    }
  };
  const breaks =
    tables.some(({ rows }) => rows.some((row) => row.lines > 1)) &&
    tables.every(({ rows }) => rows.every(({ cells }) => !cells.some(hasBreakSign)));
  if (breaks) features.add("breaks");
  for (const [turn, table] of tables.entries()) {
    yield;
    const cells = table.rows.map((row) =>
      breaks && row.lines > 1 ? row.cells.map(writeBreaks) : row.cells,
    );
    const {
      header,
      features: headerFeatures,
      rows,
    } = yield* encodeColumns(table.names, table.notes, cells, {
      // A pair is asked for as it stands: `failed_calls=1`.
      ...(table.layout === "pairs" && { ends: false, byName: true }),
    });
    for (const feature of headerFeatures) features.add(feature);
    if (turn === 0) schema = `${table.layout}: ${header}`;
    else {
      features.add("tables");
      plain(Math.min(table.rows[0]?.line ?? 0, table.headers[0]?.line ?? Number.MAX_SAFE_INTEGER));
      draft.verbatim(`\n${TABLE_LINE}${table.layout}: ${header}`);
    }
    const names = renderHeader(table.layout, table.notes, table.names) ?? [];
    let turnOfHeader = 0;
    const printHeader = (): void => {
      const { line, lines: count } = table.headers[turnOfHeader++] as LineSpan;
      for (let at = line; at < line + count; at++) {
        if (!names.every((name, offset) => name === lines[at + offset])) continue;
        plain(at);
        features.add("header");
        draft.verbatim(`\n${HEADER_LINE}`);
        next += names.length;
        at += names.length - 1;
      }
      plain(line + count);
    };
    for (const [at, { line, lines: count }] of table.rows.entries()) {
      while ((table.headers[turnOfHeader]?.line ?? line) < line) printHeader();
      const row = rows[at];
      if (row === undefined) {
        plain(line + count);
        continue;
      }
      plain(line);
      next += count;
      rowCount++;
      for (const feature of featuresOf(row)) features.add(feature);
      draft.verbatim("\n");
      draftRow(row, draft);
      if (meter.isDue((lines[line] ?? "").length + row.length * PART_WORK)) yield;
    }
  }
  plain(lines.length);
  const { definitions, body } = yield* draft.print(yield* joinInSteps(lines, "\n"));
  if (definitions.length > 0) features.add("names");
  return [
    printLegend("table", features, { count: rowCount, unit: "lines in columns" }),
    ...definitions,
    `${schema}${body}`,
  ].join("\n");
}

/** A line break in a cell, as it is written. */
const BREAK = "\\n";

function hasBreakSign(cell: string): boolean {
  return cell.includes(BREAK);
}

function writeBreaks(cell: string): string {
  return cell.replaceAll("\n", BREAK);
}

function featuresOf(row: CodedRow): readonly Feature[] {
  const features: Feature[] = [];
  if (row.some(({ text }) => text === undefined)) features.push("above");
  if (row.some(({ before }) => before.startsWith(";"))) features.push("exceptions");
  if (row.some(({ before }) => before.endsWith(SAME_START))) features.push("stamps");
  return features;
}

/** The lines of the tables; `undefined` where the text is not ours. */
export function* decodeTables(text: string): Steps<readonly string[] | undefined> {
  return yield* readOrUndefined(readInSteps(text));
}

/** @throws NotationError - The text is not ours. */
function* readInSteps(text: string): Steps<readonly string[]> {
  const legend = readLegend("table", text);
  if (legend?.size === undefined) throw new NotationError("a legend of a table", 1);
  const lines = yield* splitAtBreaks(text.slice(legend.end));
  const known = new Map<string, string>();
  let at = 0;
  for (; at < lines.length; at++) {
    const definition = readDefinition(lines[at] ?? "");
    if (definition === undefined) break;
    known.set(definition.name, definition.text);
  }
  const isBroken = legend.features.has("breaks");
  const spell = (cell: string): string => {
    const text = replaceNames(cell, known);
    return isBroken ? text.replaceAll(BREAK, "\n") : text;
  };
  const out: string[] = [];
  let rowCount = 0;
  let schema = lines[at] ?? "";
  for (let from = at + 1; from <= lines.length; ) {
    let to = from;
    while (to < lines.length && !lines[to]?.startsWith(TABLE_LINE)) to++;
    const body = lines.slice(from, to);
    rowCount += yield* readTable(schema, body, spell, out);
    schema = lines[to]?.slice(TABLE_LINE.length) ?? "";
    from = to + 1;
  }
  if (rowCount !== legend.size.count)
    throw new NotationError(`${legend.size.count} lines in columns`);
  return out;
}

/** Adds the lines of one table and of what stands below it to `out`, and returns how many are rows. */
function* readTable(
  schema: string,
  body: readonly string[],
  spell: (cell: string) => string,
  out: string[],
): Steps<number> {
  // The layout of a list holds its separator in quotes, which may be a colon.
  const quoted = schema.startsWith(QUOTED_LAYOUT) ? schema.indexOf('"', QUOTED_LAYOUT.length) : 0;
  const colon = schema.indexOf(": ", quoted);
  if (colon < 0 || quoted < 0) throw new NotationError("layout: columns");
  const layout = schema.slice(0, colon);
  const coded = body.filter((line) => !line.startsWith("\\"));
  const { names, notes, rows } = yield* decodeColumns(schema.slice(colon + 2), coded, spell);
  const render = renderer(layout, notes, names);
  if (!render) throw new NotationError("a layout");
  const meter = new Meter();
  let next = 0;
  for (const line of body) {
    if (line === HEADER_LINE) out.push(...(renderHeader(layout, notes, names) ?? []));
    else out.push(line.startsWith("\\") ? line.slice(1) : render(rows[next++] ?? []));
    if (meter.isDue(line.length + LINE_WORK)) yield;
  }
  return rows.length;
}
