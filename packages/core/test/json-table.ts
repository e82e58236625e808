/** Rows as the statistics of `select/` see them, for the tests beside those. */
import { type Column, readColumns, type Table } from "../src/compressors/json/select/columns.ts";
import { parseJson } from "../src/json/lexer.ts";
import { finish } from "../src/steps.ts";

export function tableOf(rows: readonly unknown[]): Table {
  return tableOfSource(JSON.stringify(rows));
}

/** @param source - The JSON text of an array. */
export function tableOfSource(source: string): Table {
  const root = parseJson(source);
  if (root?.type !== "array") throw new Error("not an array");
  return finish(readColumns(source, root.items));
}

/** The column of a table with this path. */
export function columnOf(table: Table, path: string): Column {
  const column = table.columns.find((each) => each.path === path);
  if (column === undefined) throw new Error(`no column ${path}`);
  return column;
}
