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
import { BREAK, type CodedRow, decodeColumns, draftRow, encodeColumns } from "./columns.ts";
import { joinFolders, splitFolders } from "./folders.ts";
import { quoteName, readHeader } from "./header.ts";
import {
  firstLine,
  type LineSpan,
  type Render,
  renderer,
  renderHeader,
  type Table,
} from "./layout.ts";

/** To print a part of a row takes as long as reading about so many characters. */
const PART_WORK = 16;

const HEADER_LINE = "\\h";

const QUOTED_LAYOUT = 'list "';

/** Before the layout and the columns of another table. */
const TABLE_LINE = "\\table ";

/** Before the columns whose places change from here on, while their names stay. */
const WIDTHS_LINE = "\\widths ";

/** How a form is written, where there are several ways. */
export interface FormOptions {
  /** Paths stand in two columns. @default false */
  readonly folders?: boolean;
}

/** The text of some tables and of the lines between them. */
export function* encodeTables(
  lines: readonly string[],
  tables: readonly Table[],
  { folders = false }: FormOptions = {},
): Steps<string> {
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
  const printHeader = ({ line, lines: count }: LineSpan, names: readonly string[]): void => {
    for (let at = line; at < line + count; at++) {
      const isWritten = names.every((name, offset) => name === lines[at + offset]);
      if (!isWritten || names.length === 0) continue;
      plain(at);
      features.add("header");
      draft.verbatim(`\n${HEADER_LINE}`);
      next += names.length;
      at += names.length - 1;
    }
    plain(line + count);
  };
  for (const [turn, group] of groupsOf(tables).entries()) {
    yield;
    const [first] = group as [Table];
    const cells = group.flatMap((table) => table.rows.map((row) => row.cells));
    const whole = { names: first.names, notes: first.notes, rows: cells };
    const columns = folders ? yield* splitFolders(whole) : whole;
    if (columns.names.length > first.names.length) features.add("joined");
    const {
      header,
      features: headerFeatures,
      rows,
    } = yield* encodeColumns(columns.names, columns.notes, columns.rows, {
      breaks,
      // A pair is asked for as it stands: `failed_calls=1`.
      ...(first.layout === "pairs" && { ends: false, byName: true }),
    });
    for (const feature of headerFeatures) features.add(feature);
    if (turn === 0) schema = `${first.layout}: ${header}`;
    else {
      features.add("tables");
      plain(firstLine(first));
      draft.verbatim(`\n${TABLE_LINE}${first.layout}: ${header}`);
    }
    let nextRow = 0;
    let { notes } = first;
    for (const table of group) {
      if (table !== first) {
        features.add("widths");
        plain(firstLine(table));
        draft.verbatim(`\n${WIDTHS_LINE}${changedNotes(table, notes)}`);
        notes = table.notes;
      }
      const names = renderHeader(table.layout, table.notes, table.names) ?? [];
      const headers = [...table.headers];
      for (const { line, lines: count } of table.rows) {
        for (let head = headers[0]; head && head.line < line; head = headers[0]) {
          printHeader(head, names);
          headers.shift();
        }
        const row = rows[nextRow++];
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

/** Neighbours that differ in their widths alone: the folders of `ls -lR`. Their columns are said once. */
function groupsOf(tables: readonly Table[]): readonly (readonly Table[])[] {
  const groups: Table[][] = [];
  for (const table of tables) {
    const [last] = groups.at(-1) ?? [];
    const isSame =
      last?.layout === table.layout && last.names.join("\n") === table.names.join("\n");
    const hasWidths = table.layout.startsWith("printf") || table.layout.startsWith("fixed");
    if (isSame && hasWidths) groups.at(-1)?.push(table);
    else groups.push([table]);
  }
  return groups;
}

/** The names of the columns whose places changed, each with its new one. */
function changedNotes({ names, notes }: Table, before: readonly string[]): string {
  return names
    .flatMap((name, at) =>
      notes[at] === before[at] ? [] : [`${quoteName(name)}${notes[at] ?? ""}`],
    )
    .join(" ");
}

function hasBreakSign(cell: string): boolean {
  return cell.includes(BREAK);
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
  const columns = yield* decodeColumns(schema.slice(colon + 2), coded, spell);
  const { names, rows, ...rest } = yield* joinFolders(columns);
  let { notes } = rest;
  let render = rendererOf(layout, notes, names);
  const meter = new Meter();
  let next = 0;
  for (const line of body) {
    if (line.startsWith(WIDTHS_LINE)) {
      const changed = new Map(
        readHeader(line.slice(WIDTHS_LINE.length)).map(({ name, note }) => [name, note]),
      );
      notes = names.map((name, at) => changed.get(name) ?? notes[at] ?? "");
      render = rendererOf(layout, notes, names);
    } else if (line === HEADER_LINE) out.push(...(renderHeader(layout, notes, names) ?? []));
    else out.push(line.startsWith("\\") ? line.slice(1) : render(rows[next++] ?? []));
    if (meter.isDue(line.length + LINE_WORK)) yield;
  }
  return rows.length;
}

function rendererOf(layout: string, notes: readonly string[], names: readonly string[]): Render {
  const render = renderer(layout, notes, names);
  if (!render) throw new NotationError("a layout");
  return render;
}
