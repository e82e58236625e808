/**
 * How each column of a table is written: in every row, or once in the header, as a constant or derived from other fields.
 *
 * A rule that fails in a few rows is still taken where that is cheaper: those rows say `name=value` themselves. In wide
 * tables, columns of little but `true`, `false`, `null` or missing keys are never positional: nobody can count commas.
 */
import type { Steps } from "../../types/compressor.ts";
import { estimateTokens } from "./estimate.ts";
import type { Column, Table } from "./table.ts";
import { findTemplate, type Template } from "./template.ts";
import type { Value } from "./value.ts";

/** Rows in which the rule does not give what is there. */
export type Except = ReadonlySet<number>;

export type Rule =
  /** `value` undefined: the key is missing. */
  | { readonly kind: "constant"; readonly value: Value | undefined; readonly except: Except }
  | Template
  | Copy;

/** A list or record made of fields beside it; see `copies.ts`. */
export interface Copy {
  readonly kind: "copy";
  /** The cell that is the pattern, and the parts of it that stand for what the column beside it holds. */
  readonly pattern: Value;
  readonly references: ReadonlyMap<Value, Column>;
  /** Rows in which the pattern does not give what is there. */
  readonly except: Except;
}

/** How the rows of a type are written. */
export interface RowPlan {
  readonly table: Table;
  /** Columns that stand in every row. */
  readonly cells: readonly Column[];
  /** Columns that the header gives. */
  readonly fixed: readonly { readonly column: Column; readonly rule: Rule }[];
}

/** More columns than this get constants only: looking for templates compares columns pairwise. */
const MAX_COMPARED_COLUMNS = 400;
/** Rows of more cells than this are wide. */
const WIDE_CELLS = 8;
/** A rule may fail in this share of the rows. */
const MAX_EXCEPTIONS = 0.25;

export function* planRows(table: Table): Steps<RowPlan> {
  const order = yield* rank(table);
  const rules: (Rule | undefined)[] = [];
  for (const column of table.columns) {
    rules.push(chooseRule(column, table, order));
    yield;
  }
  if (rules.filter((rule) => rule === undefined).length > WIDE_CELLS) {
    table.columns.forEach((column, index) => {
      rules[index] ??= keyedRule(column, table.size);
    });
  }
  const fixed: { column: Column; rule: Rule }[] = [];
  const cells: Column[] = [];
  table.columns.forEach((column, index) => {
    const rule = rules[index];
    if (rule === undefined) cells.push(column);
    else fixed.push({ column, rule });
  });
  return { table, cells, fixed };
}

function chooseRule(column: Column, table: Table, order: Float64Array): Rule | undefined {
  const plain = costOfCells(column);
  let best: Rule | undefined;
  let least = plain;
  const value = mostCommon(column);
  const except = rowsWithout(value, column);
  const cost = 1 + (value?.cost ?? 0) + costOfExceptions(column, except);
  if (cost < least && !value?.text.includes("${") && isFew(except, table.size)) {
    best = { kind: "constant", value, except };
    least = cost;
  }
  if (least <= 4 || table.columns.length > MAX_COMPARED_COLUMNS) return best;
  if (plain < table.size * 3) return best;
  const template = findTemplate(column, table, order);
  if (template === undefined || !isFew(template.except, table.size)) return best;
  const costOfTemplate = template.cost + costOfExceptions(column, template.except);
  return costOfTemplate < least ? template : best;
}

/** The rule for a column of a wide table that would be hard to find among many cells. */
function keyedRule(column: Column, rows: number): Rule | undefined {
  const value = mostCommon(column);
  if (!isBlank(value)) return undefined;
  const except = rowsWithout(value, column);
  if (!isFew(except, rows) && !column.cells.every(isBlank)) return undefined;
  return { kind: "constant", value, except };
}

/** `true`, `false`, `null` or a missing key. */
function isBlank(value: Value | undefined): boolean {
  if (value === undefined) return true;
  return (
    value.kind === "scalar" &&
    (value.text === "true" || value.text === "false" || value.text === "null")
  );
}

function isFew(except: Except, rows: number): boolean {
  return except.size <= rows * MAX_EXCEPTIONS;
}

/** Mean length of each column's text: a column refers only to shorter ones (or as long, and earlier), so never in a circle. */
function* rank(table: Table): Steps<Float64Array> {
  const order = new Float64Array(table.columns.length);
  for (const column of table.columns) {
    let length = 0;
    for (const cell of column.cells) {
      length += cell === undefined ? 0 : cell.text === "" ? cell.cost * 4 : cell.text.length;
    }
    order[column.index] = length / Math.max(1, table.size);
    yield;
  }
  return order;
}

/** Estimated tokens of a column that stands in every row. */
export function costOfCells(column: Column): number {
  let cost = 0;
  for (const cell of column.cells) cost += cell === undefined ? 0.5 : cell.cost + 1;
  return cost;
}

/** Estimated tokens of what these rows say themselves. */
export function costOfExceptions(column: Column, except: Except): number {
  const name = estimateTokens(column.field) + 2;
  let cost = 0;
  for (const row of except) cost += name + (column.cells[row]?.cost ?? 0);
  return cost;
}

function mostCommon(column: Column): Value | undefined {
  const counts = new Map<Value | undefined, number>();
  for (const cell of column.cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  let value: Value | undefined;
  let most = 0;
  for (const [candidate, count] of counts) {
    if (count > most) {
      value = candidate;
      most = count;
    }
  }
  return value;
}

function rowsWithout(value: Value | undefined, column: Column): Except {
  const except = new Set<number>();
  for (let row = 0; row < column.cells.length; row++) {
    if (column.cells[row] !== value) except.add(row);
  }
  return except;
}
