/**
 * Strings made of other fields of their row: `https://api.example.com/users/${login}/repos`.
 *
 * A few rows are read as literals and references, and what comes out is tried on all rows. What refers to a null is
 * null, what refers to a missing key is missing. One trap: short values occur everywhere by chance, so several rows are
 * tried as the pattern, and every row decides.
 */

import { isDigit } from "../../text/chars.ts";
import { estimateTokens } from "./estimate.ts";
import type { Column, Table } from "./table.ts";
import { isLetter } from "./text.ts";
import type { Value } from "./value.ts";

export interface Template {
  readonly kind: "template";
  /** Literals (insides of string lexemes) and the columns referred to. */
  readonly parts: readonly (string | Column)[];
  /** Rows in which the template does not give what is there. */
  readonly except: ReadonlySet<number>;
  /** Estimated tokens of the template itself. */
  readonly cost: number;
}

/** Rows that are looked at before all of them are, and how many of those serve as patterns. */
const SAMPLED_ROWS = 10;
const PATTERN_ROWS = 4;
/** A template that fails in more than one of so many rows is none. */
const ROWS_PER_EXCEPTION = 4;

/** @param order - Mean text length of each column; a column refers to shorter ones only. */
export function findTemplate(
  column: Column,
  table: Table,
  order: Float64Array,
): Template | undefined {
  const { cells } = column;
  const rows: number[] = [];
  for (let row = 0; row < cells.length; row++) if (cells[row]?.kind === "string") rows.push(row);
  if (rows.length < 2) return undefined;
  const step = Math.max(1, Math.floor(rows.length / SAMPLED_ROWS));
  const sample = rows.filter((_, index) => index % step === 0).slice(0, SAMPLED_ROWS + 1);
  const sources = sourcesOf(column, table, order).filter((source) =>
    isContained(source, column, sample),
  );
  if (sources.length === 0) return undefined;
  let best: Template | undefined;
  const tried = new Set<string>();
  for (const row of sample.slice(0, PATTERN_ROWS)) {
    const parts = split(column, row, sources);
    const key = parts
      .map((part) => (typeof part === "string" ? part : `\0${part.index}`))
      .join("\0");
    if (tried.has(key)) continue;
    tried.add(key);
    // A reference alone would say that two fields are the same, which may be a coincidence.
    if (parts.length < 2 || !parts.every(isPlain)) continue;
    const except = exceptions(column, parts);
    if (except === undefined || (best !== undefined && except.size >= best.except.size)) continue;
    best = { kind: "template", parts, except, cost: costOfParts(parts) };
    if (except.size === 0) break;
  }
  return best;
}

/** The columns this one may refer to: by a bare name, and none that could lead back here. */
function sourcesOf(column: Column, table: Table, order: Float64Array): Column[] {
  const own = order[column.index] ?? 0;
  return table.columns.filter(({ index, field }) => {
    const mean = order[index] ?? 0;
    if (mean > own || (mean === own && index >= column.index)) return false;
    return field.charCodeAt(0) !== 34;
  });
}

/** The inside of a string, the text of a number: what can be a part of another string. */
function rawText(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "string") return value.text.slice(1, -1);
  const first = value.kind === "scalar" ? value.text.charCodeAt(0) : 0;
  return isDigit(first) || first === 45 ? value.text : undefined;
}

/** Literals with escapes could be torn apart, and `${` would read as a reference. */
function isPlain(part: string | Column): boolean {
  return typeof part !== "string" || !(part.includes("\\") || part.includes("${"));
}

function costOfParts(parts: readonly (string | Column)[]): number {
  let cost = 1;
  for (const part of parts) {
    cost += typeof part === "string" ? estimateTokens(part) : 2 + estimateTokens(part.field);
  }
  return cost;
}

/** Whether a source's text stands in the column's text in (nearly) all sampled rows, and is not always the same. */
function isContained(source: Column, column: Column, sample: readonly number[]): boolean {
  let misses = 0;
  let first: string | undefined;
  let varies = false;
  for (const row of sample) {
    const text = rawText(column.cells[row]) ?? "";
    const part = rawText(source.cells[row]);
    if (part === undefined || part === "" || !text.includes(part)) {
      if (++misses > 1) return false;
      continue;
    }
    if (first === undefined) first = part;
    else if (first !== part) varies = true;
  }
  return varies;
}

/** Reads one row's text as literals and references, the longest reference first. */
function split(column: Column, row: number, sources: readonly Column[]): (string | Column)[] {
  const text = rawText(column.cells[row]) ?? "";
  const options: { source: Column; text: string }[] = [];
  for (const source of sources) {
    const part = rawText(source.cells[row]);
    if (part !== undefined && part !== "") options.push({ source, text: part });
  }
  options.sort((a, b) => b.text.length - a.text.length);
  const parts: (string | Column)[] = [];
  let literal = 0;
  for (let i = 0; i < text.length; ) {
    const hit = options.find(
      (option) => text.startsWith(option.text, i) && isWhole(text, i, option.text),
    );
    if (hit === undefined) {
      i++;
      continue;
    }
    if (i > literal) parts.push(text.slice(literal, i));
    parts.push(hit.source);
    i += hit.text.length;
    literal = i;
  }
  if (literal < text.length) parts.push(text.slice(literal));
  return parts;
}

/** A short reference has to be a word of its own: `7` in `/issues/7`, not in `v2`. */
function isWhole(text: string, at: number, part: string): boolean {
  if (part.length > 3) return true;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + part.length);
  return !isWordCode(before) && !isWordCode(after);
}

function isWordCode(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 95;
}

/** Rows in which the parts do not make what is there; `undefined` where that is too many. */
function exceptions(column: Column, parts: readonly (string | Column)[]): Set<number> | undefined {
  const { cells } = column;
  const except = new Set<number>();
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    const given = expand(parts, row);
    if (typeof given === "string") {
      const isSame =
        cell?.kind === "string" &&
        cell.text.length === given.length + 2 &&
        cell.text.startsWith(given, 1);
      if (isSame) continue;
    } else if (given === cell && (cell === undefined || cell.text === "null")) continue;
    except.add(row);
    if (except.size * ROWS_PER_EXCEPTION > cells.length) return undefined;
  }
  return except;
}

/** What a template gives in a row: a text, or the null or missing value it refers to. */
function expand(parts: readonly (string | Column)[], row: number): string | Value | undefined {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = part.cells[row];
    const raw = rawText(value);
    if (raw === undefined) return value;
    text += raw;
  }
  return text;
}
