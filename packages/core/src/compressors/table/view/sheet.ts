/**
 * The tables of a text as a view sees them: columns of values, and where each row stands.
 *
 * Tables with the same names are one sheet, however often the tool begins anew (`ls -lR`). Values are without the quotes of CSV.
 * What a view says about a sheet is checked against the sheet that is read again from the original.
 */
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { OriginalUnits } from "../../../types/statement.ts";
import type { LineSpan, Table } from "../layout.ts";
import { follows, OTHER_CELL, readTemplate, type Template } from "./template.ts";

export interface Sheet {
  /** How statements name it. */
  readonly of: string;
  /** How the view names it, where there are several: `table B`. */
  readonly label: string;
  readonly names: readonly string[];
  /** The values of each column, one a row. */
  readonly columns: readonly (readonly string[])[];
  /** Where the rows stand, ascending. */
  readonly rows: readonly LineSpan[];
  readonly headers: readonly LineSpan[];
}

/** To read a cell takes as long as reading about so many characters. */
const CELL_WORK = 16;

export function* sheetsOf(tables: readonly Table[]): Steps<readonly Sheet[]> {
  const groups = new Map<string, Table[]>();
  for (const table of tables) {
    const key = JSON.stringify(table.names);
    const group = groups.get(key);
    if (group) group.push(table);
    else groups.set(key, [table]);
  }
  const sheets: Sheet[] = [];
  for (const group of groups.values()) {
    const name = `table ${lettersOf(sheets.length)}`;
    sheets.push(yield* sheetOf(name, groups.size > 1 ? name : "", group));
  }
  return sheets;
}

/** A, B … Z, AA, AB: a number would be one more among the numbers of a sentence. */
function lettersOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : lettersOf(Math.floor(index / 26) - 1) + last;
}

function* sheetOf(of: string, label: string, tables: readonly Table[]): Steps<Sheet> {
  const meter = new Meter();
  const names = tables[0]?.names ?? [];
  const columns: string[][] = names.map(() => []);
  const rows: LineSpan[] = [];
  const headers: LineSpan[] = [];
  for (const table of tables) {
    const isQuoted = table.layout.startsWith("csv");
    headers.push(...table.headers);
    const all = [...table.rows, ...(table.loose ?? [])].sort((a, b) => a.line - b.line);
    for (const { line, lines, cells } of all) {
      rows.push({ line, lines });
      if (meter.isDue(CELL_WORK * cells.length)) yield;
      for (const [at, column] of columns.entries())
        column.push(textOf(cells[at] ?? "", isQuoted, at === columns.length - 1));
    }
  }
  return { of, label, names, columns, rows, headers };
}

/** A cell without its quotes, the spaces around it, and the carriage return of its line. */
function textOf(cell: string, isQuoted: boolean, isLast: boolean): string {
  const text = isLast && cell.endsWith("\r") ? cell.slice(0, -1) : cell;
  if (!isQuoted || text.length < 2 || text[0] !== '"' || !text.endsWith('"')) return text.trim();
  return text.slice(1, -1).replaceAll('""', '"');
}

/** The sequence that the values of one column are, for sentences that do not say its name. */
export function columnOf(of: string, name: string): string {
  return `${of}: ${name}`;
}

/** The sequence of rows as they are listed: the name, and behind it the values of other columns. */
export function listOf(of: string, columns: readonly number[]): string {
  return `${of}: columns ${columns.join(",")}`;
}

/** `name`, or `name=value|value`. */
export function listedRow({ columns }: Sheet, listed: readonly number[], row: number): string {
  const [name = "", ...values] = listed.map((at) => columns[at]?.[row] ?? "");
  if (values.length === 0) return name;
  const filled = Math.max(1, values.findLastIndex((value) => value !== "") + 1);
  return `${name}=${values.slice(0, filled).map(writeListed).join("|")}`;
}

/** What could be read as the end of a value or as none is in quotes. */
function writeListed(value: string, at: number, { length }: readonly string[]): string {
  const isEmpty = value === "" && at === length - 1;
  return isEmpty || /[;|"]|^\s|\s$/.test(value) ? JSON.stringify(value) : value;
}

/** The sequence that says of each row whether its cell follows a rule. */
export function ruleOf(of: string, name: string, template: string): string {
  return `${columnOf(of, name)} = ${template}`;
}

/** What statements about sheets are checked against: rows by their number, their fields by name, and rules. */
export function unitsOf(sheets: readonly Sheet[]): OriginalUnits {
  const columns = new Map<string, readonly string[]>();
  for (const { of, names, columns: values, rows } of sheets) {
    columns.set(
      of,
      rows.map(() => ""),
    );
    for (const [at, name] of names.entries()) columns.set(columnOf(of, name), values[at] ?? []);
  }
  return {
    values: (of, field) =>
      columns.get(field === undefined ? of : columnOf(of, field)) ??
      listsIn(sheets, of) ??
      rulesIn(sheets, of),
  };
}

function listsIn(sheets: readonly Sheet[], of: string): readonly string[] | undefined {
  for (const sheet of sheets) {
    const head = listOf(sheet.of, []);
    if (!of.startsWith(head)) continue;
    const listed = of.slice(head.length).split(",").map(Number);
    if (listed.every((at) => sheet.columns[at] !== undefined))
      return sheet.rows.map((_, row) => listedRow(sheet, listed, row));
  }
  return undefined;
}

function rulesIn(sheets: readonly Sheet[], of: string): readonly string[] | undefined {
  for (const sheet of sheets)
    for (const [at, name] of sheet.names.entries()) {
      const head = ruleOf(sheet.of, name, "");
      if (!of.startsWith(head)) continue;
      const template = readTemplate(of.slice(head.length), sheet.names);
      if (template) return rulesOf(sheet, at, template);
    }
  return undefined;
}

/** For each row the rule, where its cell follows it. */
export function rulesOf(sheet: Sheet, column: number, template: Template): readonly string[] {
  const others = sheet.columns[template.from] ?? [];
  return (sheet.columns[column] ?? []).map((value, row) =>
    follows(value, others[row] ?? "", template) ? template.text : OTHER_CELL,
  );
}
