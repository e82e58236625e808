/**
 * How each column of a table is written: in every row, once in the header, or derived from other columns.
 *
 * A rule that fails in a few rows is still taken where that is cheaper: those rows say `name=value` themselves. What
 * refers to a null is null, what refers to a missing key is missing. Every rule is checked against every row here.
 */
import { estimateTokens } from "./estimate.ts";
import { costOfExceptions, type Except, sampleSize } from "./exception.ts";
import { type Reference, rank, references, resolve } from "./reference.ts";
import type { Column, Table } from "./table.ts";
import { findTemplate, type TextRule } from "./template.ts";
import type { Value } from "./value.ts";

export type Rule =
  | { readonly kind: "cell" }
  /** `value` undefined: the key is missing. */
  | { readonly kind: "constant"; readonly value: Value | undefined; readonly except: Except }
  | { readonly kind: "copy"; readonly of: Reference; readonly except: Except }
  | TextRule;

/** More columns than this are written as they are: looking for rules compares columns pairwise. */
const maxColumns = 400;

/** `frames`: whether cells may lose what all of their column begin and end with. */
export function chooseRules(table: Table, frames: boolean): void {
  const order = rank(table);
  for (const column of table.columns) {
    column.rule = chooseRule(column, order, frames);
    if (column.child !== undefined) chooseRules(column.child, frames);
  }
}

function chooseRule(column: Column, order: Float64Array, frames: boolean): Rule {
  const plain = costOfCells(column);
  let best: { rule: Rule; cost: number } = { rule: { kind: "cell" }, cost: plain };
  function offer(rule: Rule, cost: number): void {
    if (cost < best.cost) best = { rule, cost };
  }
  const constant = mostCommon(column);
  if (!constant.value?.text.includes("${")) {
    offer(
      { kind: "constant", value: constant.value, except: constant.except },
      1 + (constant.value?.cost ?? 0) + costOfExceptions(column, constant.except),
    );
  }
  if (best.cost <= 4 || column.table.columns.length > maxColumns) return best.rule;
  if (plain < column.table.size * 3) return best.rule;
  const visible = references(column, order);
  for (const reference of visible) {
    const except = copyExceptions(column, reference);
    if (except === undefined) continue;
    offer(
      { kind: "copy", of: reference, except },
      3 + estimateTokens(reference.path) + costOfExceptions(column, except),
    );
  }
  const template = findTemplate(column, visible, frames);
  if (template !== undefined) offer(template.rule, template.cost);
  return best.rule;
}

function costOfCells(column: Column): number {
  let cost = 0;
  for (const cell of column.cells) cost += cell === undefined ? 0.5 : cell.cost + 1;
  return cost;
}

function mostCommon(column: Column): { value: Value | undefined; except: Except } {
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
  const except = new Set<number>();
  if ((column.table.size - most) * 4 <= column.table.size) {
    column.cells.forEach((cell, row) => {
      if (cell !== value) except.add(row);
    });
  }
  return { value, except: most === column.table.size ? except : orTooMany(except, column) };
}

/** A set that says "more than can be excepted" where nothing was collected. */
function orTooMany(except: Set<number>, column: Column): Set<number> {
  if (except.size === 0)
    column.cells.forEach((_, row) => {
      except.add(row);
    });
  return except;
}

function copyExceptions(column: Column, reference: Reference): Except | undefined {
  const { cells, table } = column;
  // Constant columns are cheaper said once.
  const step = Math.max(1, Math.floor(cells.length / sampleSize));
  let misses = 0;
  for (let row = 0; row < cells.length; row += step) {
    if (resolve(reference, table, row) !== cells[row] && ++misses > 2) return undefined;
  }
  const except = new Set<number>();
  for (let row = 0; row < cells.length; row++) {
    if (resolve(reference, table, row) === cells[row]) continue;
    except.add(row);
    if (except.size * 4 > cells.length) return undefined;
  }
  return except;
}
