/**
 * The text of a table without loss, and back.
 *
 * First the legend, then `layout: columns`, then one line a row. `\h` is the line of the names, and a line that is no row follows a
 * backslash as it is.
 */
import { decodeColumns, encodeColumns } from "../shared/columns.ts";
import { renderer, renderHeader, type Table } from "./layout.ts";

const LEGEND =
  '[table: " is the cell above, "/ its folder; name="value" unless a row ends with name=other or its letter]';
const NAMES = "\\h";

export function encodeTable(lines: readonly string[], table: Table): string {
  const rows = table.rows.filter((cells) => cells !== undefined);
  const { header, lines: coded } = encodeColumns(table.names, table.notes, rows, {
    // A pair is asked for as it stands: `failed_calls=1`.
    ...(table.layout === "pairs" && { ends: false, byName: true }),
  });
  const out = [LEGEND, `${table.layout}: ${header}`];
  const skipped = table.headerLine === undefined ? 0 : headerLength(table);
  let row = 0;
  for (let at = 0; at < lines.length; at++) {
    if (at === table.headerLine) {
      out.push(NAMES);
      at += skipped - 1;
      continue;
    }
    const text = table.rows[at] === undefined ? undefined : coded[row++];
    out.push(text === undefined || text.startsWith("\\") ? `\\${lines[at] ?? ""}` : text);
  }
  return out.join("\n");
}

export function decodeTable(text: string): readonly string[] | undefined {
  const [legend, schema, ...lines] = text.split("\n");
  if (legend !== LEGEND || schema === undefined) return undefined;
  const colon = schema.indexOf(": ");
  if (colon === -1) return undefined;
  const layout = schema.slice(0, colon);
  const decoded = decodeColumns(
    schema.slice(colon + 2),
    lines.filter((line) => !line.startsWith("\\")),
  );
  if (!decoded) return undefined;
  const { names, notes, rows } = decoded;
  const render = renderer(layout, notes, names);
  if (!render) return undefined;
  const out: string[] = [];
  let row = 0;
  for (const line of lines) {
    if (line === NAMES) out.push(...(renderHeader(layout, notes, names) ?? []));
    else if (line.startsWith("\\")) out.push(line.slice(1));
    else out.push(render(rows[row++] ?? []));
  }
  return out;
}

function headerLength(table: Table): number {
  return renderHeader(table.layout, table.notes, table.names)?.length ?? 1;
}
