/**
 * The text of a table without loss, and back.
 *
 * First the legend and the names, then `layout: columns`, then one line a row. `\h` is the line of the column names, and a
 * line that is no row follows a backslash as it is.
 */
import { NotationError, readOrUndefined } from "../../notation/error.ts";
import { type Feature, printLegend, readLegend } from "../../notation/legend.ts";
import { readDefinition, replaceNames } from "../../notation/names.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { Draft } from "../shared/draft.ts";
import { type CodedRow, decodeColumns, draftRow, encodeColumns } from "./columns.ts";
import { renderer, renderHeader, type Table } from "./layout.ts";

/** To print a part of a row takes as long as reading about so many characters. */
const PART_WORK = 16;

const HEADER_LINE = "\\h";

export function* encodeTable(lines: readonly string[], table: Table): Steps<string> {
  const cells = table.rows.filter((row) => row !== undefined);
  yield;
  const {
    header,
    features: headerFeatures,
    rows,
  } = yield* encodeColumns(table.names, table.notes, cells, {
    // A pair is asked for as it stands: `failed_calls=1`.
    ...(table.layout === "pairs" && { ends: false, byName: true }),
  });
  const features = new Set<Feature>(headerFeatures);
  const meter = new Meter();
  const draft = new Draft();
  let next = 0;
  let coded = 0;
  for (let at = 0; at < lines.length; at++) {
    draft.verbatim("\n");
    if (at === table.headerLine) {
      features.add("header");
      draft.verbatim(HEADER_LINE);
      at += (renderHeader(table.layout, table.notes, table.names)?.length ?? 1) - 1;
      continue;
    }
    const row = table.rows[at] === undefined ? undefined : rows[next++];
    if (row === undefined) {
      features.add("escaped");
      draft.verbatim(`\\${lines[at] ?? ""}`);
      continue;
    }
    coded++;
    for (const feature of featuresOf(row)) features.add(feature);
    draftRow(row, draft);
    if (meter.isDue((lines[at] ?? "").length + row.length * PART_WORK)) yield;
  }
  const { definitions, body } = yield* draft.print(yield* joinInSteps(lines, "\n"));
  if (definitions.length > 0) features.add("names");
  return [
    printLegend("table", features, { count: coded, unit: "lines in columns" }),
    ...definitions,
    `${table.layout}: ${header}${body}`,
  ].join("\n");
}

function featuresOf(row: CodedRow): readonly Feature[] {
  const features: Feature[] = [];
  if (row.some(({ text }) => text === undefined)) features.push("above");
  if (row.some(({ before }) => before.startsWith(";"))) features.push("exceptions");
  return features;
}

/** The lines of the table; `undefined` where the text is not ours. */
export function* decodeTable(text: string): Steps<readonly string[] | undefined> {
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
  const schema = lines[at++] ?? "";
  const colon = schema.indexOf(": ");
  if (colon < 0) throw new NotationError("layout: columns", at + 1);
  const layout = schema.slice(0, colon);
  const body = lines.slice(at);
  const coded = body.filter((line) => !line.startsWith("\\"));
  const { names, notes, rows } = yield* decodeColumns(schema.slice(colon + 2), coded, (cell) =>
    replaceNames(cell, known),
  );
  if (rows.length !== legend.size.count)
    throw new NotationError(`${legend.size.count} lines in columns`);
  const render = renderer(layout, notes, names);
  if (!render) throw new NotationError("a layout", at + 1);
  const out: string[] = [];
  const meter = new Meter();
  let next = 0;
  for (const line of body) {
    if (line === HEADER_LINE) out.push(...(renderHeader(layout, notes, names) ?? []));
    else out.push(line.startsWith("\\") ? line.slice(1) : render(rows[next++] ?? []));
    if (meter.isDue(line.length + LINE_WORK)) yield;
  }
  return out;
}
