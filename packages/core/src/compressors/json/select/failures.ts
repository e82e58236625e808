/**
 * Rows that report a failure, and how many of them are worth showing.
 *
 * All of them while they are the exception. Where failing is the rule (an error tracker, a linter) examples of each kind say
 * as much; kinds are told apart by the template of the wordiest column. One trap: a status (`ERROR`) is surer than a message
 * that mentions a failure, so where both occur, the mentions (warnings, mostly) come by example.
 */
import type { JsonNode } from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { type Column, type Table, textOf } from "./columns.ts";
import { errorLevel } from "./error-like.ts";
import { templateOf } from "./template.ts";

/** More failure rows than this are shown by example: where they are dear, and where they are not. */
const MAX_ERRORS = 60;
const MAX_AFFORDABLE = 400;
/** A failure is the exception up to this share of the rows; beyond it is the rule. */
const EXCEPTION = 0.2;
/** So few are worth their tokens whatever they are. */
const FEW = 5;

/** The failure rows that stay. `affordable`: tokens they may take before they are shown by example. */
export function* failureRows(table: Table, affordable: number): Steps<readonly number[]> {
  return limitErrors(table, yield* errorRows(table), affordable);
}

/** Failure rows and how sure that is. */
function* errorRows(table: Table): Steps<Map<number, number>> {
  const meter = new Meter();
  const found = new Map<number, number>();
  const known = new Map<string, number>();
  for (const column of table.columns) {
    for (let at = 0; at < column.nodes.length; at++) {
      const node = column.nodes[at];
      const row = column.rows[at];
      if (node?.type !== "string" || row === undefined || node.end - node.start < 5) continue;
      const text = textOf(table.source, node);
      if (meter.isDue(4 * text.length)) yield;
      let level = known.get(text);
      if (level === undefined) {
        level = errorLevel(text);
        if (known.size < 4000) known.set(text, level);
      }
      const own = level === 2 && isStatus(text) ? STATUS : level;
      if (own > (found.get(row) ?? 0)) found.set(row, own);
    }
  }
  return found;
}

/** A value that is nothing but a status (`ERROR`, `failed`) is surer than a message that begins like one. */
const STATUS = 3;
const MAX_STATUS = 16;

function isStatus(text: string): boolean {
  return text.length <= MAX_STATUS && !text.includes(" ");
}

/**
 * All failure rows while they are the exception; else the first and last of each kind, rare kinds first. Where some rows
 * are failures by their status, or by what their message says first, others that are less sure (warnings, mostly) are shown by
 * example.
 */
function limitErrors(
  table: Table,
  errors: ReadonlyMap<number, number>,
  affordable: number,
): readonly number[] {
  const rows = [...errors.keys()].sort((a, b) => a - b);
  const levels = [STATUS, 2, 1].map((level) => rows.filter((row) => errors.get(row) === level));
  const [sure, ...less] = levels.filter((some) => some.length > 0);
  if (sure === undefined) return [];
  const isAll = fits(table, sure, affordable);
  const failures = isAll ? sure : perTemplate(table, sure, 2);
  const others = less.flat().sort((a, b) => a - b);
  return [...failures, ...(others.length <= FEW ? others : perTemplate(table, others, 1))];
}

/** Whether all of these rows may stay: cheap, or the exception and not too dear. */
function fits(table: Table, rows: readonly number[], affordable: number): boolean {
  let cost = 0;
  for (const row of rows) cost += table.costs[row] ?? 0;
  const exceptional = rows.length <= Math.max(3, EXCEPTION * table.items.length);
  if (cost <= affordable) return rows.length <= MAX_AFFORDABLE;
  return rows.length <= MAX_ERRORS && exceptional && cost <= 4 * affordable;
}

/** The first (and last) row of each template of the wordiest column, rare templates first. */
function perTemplate(table: Table, rows: readonly number[], each: 1 | 2): readonly number[] {
  const column = wordiest(table);
  const wanted = new Set(rows);
  const groups = new Map<string, number[]>();
  const place = (name: string, row: number): void => {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else if (group[group.length - 1] !== row) group.push(row);
  };
  if (column === undefined) for (const row of rows) place("", row);
  else {
    for (let at = 0; at < column.nodes.length; at++) {
      const node = column.nodes[at] as JsonNode;
      const row = column.rows[at] as number;
      if (!wanted.has(row)) continue;
      place(node.type === "string" ? templateOf(textOf(table.source, node)) : node.type, row);
    }
  }
  const order = [...groups.values()].sort(
    (a, b) => a.length - b.length || (a[0] ?? 0) - (b[0] ?? 0),
  );
  const out: number[] = [];
  for (const group of order.slice(0, MAX_ERRORS / 2)) {
    const first = group[0];
    const last = group[group.length - 1];
    if (first !== undefined) out.push(first);
    if (each === 2 && last !== undefined && last !== first) out.push(last);
  }
  return out;
}

/** The column whose strings have the most words: the message of a log, the title of an issue. */
function wordiest(table: Table): Column | undefined {
  let best: Column | undefined;
  let most = 1.5;
  for (const column of table.columns) {
    if (column.repeated && table.columns.length > 1) continue;
    let words = 0;
    let seen = 0;
    const step = Math.max(1, Math.floor(column.nodes.length / 64));
    for (let at = 0; at < column.nodes.length; at += step) {
      const node = column.nodes[at] as JsonNode;
      seen++;
      if (node.type === "string")
        words += Math.min(30, textOf(table.source, node).split(" ").length);
    }
    const mean =
      seen === 0 ? 0 : (words / seen) * Math.min(1, column.nodes.length / table.items.length);
    if (mean > most) {
      most = mean;
      best = column;
    }
  }
  return best;
}
