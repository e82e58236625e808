/**
 * How each column of a table is written: in every row, once in the header, or derived from other columns.
 *
 * A rule that fails in a few rows is still taken where that is cheaper: those rows say `name=value` themselves. What
 * refers to a null is null, what refers to a missing key is missing. Every rule is checked against every row here.
 * One trap: references must not form a circle, so a column only refers to columns that are shorter (or stand earlier).
 */
import { estimateTokens } from "./estimate.ts";
import type { Column, Group, Table } from "./table.ts";
import { isDigit, isLetter } from "./text.ts";
import type { Value } from "./value.ts";

export interface Reference {
  readonly column: Column;
  /** 0: the same row; 1: the row around it; and so on outwards. */
  readonly up: number;
  /** As written between `${` and `}`. */
  readonly path: string;
}

/** A literal (inside of a string lexeme), a reference, or the row's own cell (`undefined`). */
export type Part = string | Reference | undefined;

export type Rule =
  | { readonly kind: "cell" }
  /** `value` undefined: the key is missing. */
  | { readonly kind: "constant"; readonly value: Value | undefined; readonly except: Except }
  | { readonly kind: "copy"; readonly of: Reference; readonly except: Except }
  | { readonly kind: "template"; readonly parts: readonly Part[]; readonly except: Except }
  /** A string cell is what is missing between `before` and `after`; any other cell stands for itself. */
  | { readonly kind: "frame"; readonly parts: readonly Part[]; readonly inside: readonly string[] };

/** Rows in which the rule does not give what is there. */
export type Except = ReadonlySet<number>;

/** More columns than this are written as they are: looking for rules compares columns pairwise. */
const maxColumns = 400;
const sampleSize = 10;

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

function costOfExceptions(column: Column, except: Except): number {
  let cost = 0;
  const name = estimateTokens(column.field) + column.group.depth * 2 + 2;
  for (const row of except) cost += name + (column.cells[row]?.cost ?? 0);
  // Many exceptions make rows hard to read: more than a quarter of them is never worth it.
  return except.size * 4 > column.table.size ? Number.POSITIVE_INFINITY : cost;
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

/** The inside of a string, the text of a number; what can be a part of another string. */
export function rawText(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "string") return value.text.slice(1, -1);
  const first = value.kind === "scalar" ? value.text.charCodeAt(0) : 0;
  return isDigit(first) || first === 45 ? value.text : undefined;
}

/** Mean length of each column's text: a column may refer to one of smaller mean, or of equal mean and lower index. */
function rank(table: Table): Float64Array {
  const order = new Float64Array(table.columns.length);
  for (const column of table.columns) {
    let length = 0;
    for (const cell of column.cells) {
      length += cell === undefined ? 0 : cell.text === "" ? cell.cost * 4 : cell.text.length;
    }
    order[column.index] = length / Math.max(1, table.size);
  }
  return order;
}

/** Columns this one may refer to, by the path that finds them from here. */
function references(column: Column, order: Float64Array): Reference[] {
  const found: Reference[] = [];
  const own = order[column.index] ?? 0;
  for (const other of column.table.columns) {
    const mean = order[other.index] ?? 0;
    if (mean > own || (mean === own && other.index >= column.index)) continue;
    const path = pathTo(other, column.group, column.table);
    if (path !== undefined) found.push({ column: other, up: 0, path });
  }
  let up = 1;
  for (let around = column.table.around; around !== undefined; around = around.table.around) {
    for (const other of around.table.columns) {
      const path = pathTo(other, column.group, column.table);
      if (path !== undefined) found.push({ column: other, up, path });
    }
    up++;
  }
  return found;
}

/**
 * The shortest path that, looked up from `from` outwards, arrives at `target`.
 *
 * Lookup takes the innermost group that has the first name, and does not go back.
 */
function pathTo(target: Column, from: Group, table: Table): string | undefined {
  const names = [target.field];
  let first: Column | Group = target;
  for (let home: Group | undefined = target.group; home !== undefined; home = home.parent) {
    if (lookup(from, table, names[0] as string) === first) {
      for (const name of names) if (!isPathName(name)) return undefined;
      return names.join(".");
    }
    names.unshift(home.field);
    first = home;
  }
  return undefined;
}

/** What the first name of a path means, seen from a group of a table. */
function lookup(from: Group, table: Table, name: string): Column | Group | undefined {
  let place: Table | undefined = table;
  let start: Group = from;
  while (place !== undefined) {
    for (let group: Group | undefined = start; group !== undefined; group = group.parent) {
      const member = group.byName.get(name);
      if (member !== undefined) return member;
    }
    if (place.around === undefined) return undefined;
    start = place.around.column;
    place = place.around.table;
  }
  return undefined;
}

function isPathName(name: string): boolean {
  return name.charCodeAt(0) !== 34;
}

/** The value a reference has in a row. */
export function resolve(reference: Reference, table: Table, row: number): Value | undefined {
  let at = row;
  let place = table;
  for (let up = reference.up; up > 0; up--) {
    if (place.around === undefined) return undefined;
    at = place.around.rows[at] ?? 0;
    place = place.around.table;
  }
  return reference.column.cells[at];
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

interface Found {
  readonly rule: Rule;
  readonly cost: number;
}

function findTemplate(
  column: Column,
  visible: readonly Reference[],
  frames: boolean,
): Found | undefined {
  const { cells } = column;
  const rows: number[] = [];
  for (let row = 0; row < cells.length; row++) if (cells[row]?.kind === "string") rows.push(row);
  if (rows.length < 2) return undefined;
  const step = Math.max(1, Math.floor(rows.length / sampleSize));
  const sample = rows.filter((_, index) => index % step === 0).slice(0, sampleSize + 1);
  const contained = visible.filter((reference) => isContained(reference, column, sample));
  let best: Found | undefined;
  let frame: Found | undefined;
  const tried = new Set<string>();
  for (const row of sample.slice(0, 4)) {
    const parts = split(column, row, contained);
    const key = parts
      .map((part) => (typeof part === "string" ? part : `\0${part?.path}`))
      .join("\0");
    if (tried.has(key)) continue;
    tried.add(key);
    if (!parts.every(isPlain)) continue;
    if (parts.some((part) => typeof part !== "string")) {
      const except = templateExceptions(column, parts);
      if (except !== undefined) {
        const cost = costOfParts(parts) + costOfExceptions(column, except);
        if (best === undefined || cost < best.cost) {
          best = { rule: { kind: "template", parts, except }, cost };
        }
        if (except.size === 0) break;
      }
    }
    const framed = frames ? findFrame(column, parts) : undefined;
    if (framed !== undefined && (frame === undefined || framed.cost < frame.cost)) frame = framed;
  }
  if (best === undefined || (frame !== undefined && frame.cost < best.cost)) return frame;
  return best;
}

/** Literals with escapes could be torn apart, and `${` would read as a reference. */
function isPlain(part: Part): boolean {
  return typeof part !== "string" || !(part.includes("\\") || part.includes("${"));
}

function costOfParts(parts: readonly Part[]): number {
  let cost = 1;
  for (const part of parts) {
    cost += typeof part === "string" ? estimateTokens(part) : 2 + estimateTokens(part?.path ?? "");
  }
  return cost;
}

/** Whether a reference's text stands in the column's text in (nearly) all sampled rows, and is not always the same. */
function isContained(reference: Reference, column: Column, sample: readonly number[]): boolean {
  let misses = 0;
  let first: string | undefined;
  let varies = false;
  for (const row of sample) {
    const text = rawText(column.cells[row]) ?? "";
    const part = rawText(resolve(reference, column.table, row));
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
function split(column: Column, row: number, visible: readonly Reference[]): Part[] {
  const text = rawText(column.cells[row]) ?? "";
  const options: { reference: Reference; text: string }[] = [];
  for (const reference of visible) {
    const part = rawText(resolve(reference, column.table, row));
    if (part !== undefined && part !== "") options.push({ reference, text: part });
  }
  options.sort((a, b) => b.text.length - a.text.length || a.reference.up - b.reference.up);
  const parts: Part[] = [];
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
    parts.push(hit.reference);
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

/** What a template gives in a row: a text, or the null or missing value it refers to. */
function expand(parts: readonly Part[], table: Table, row: number): string | Value | undefined {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    if (part === undefined) continue;
    const value = resolve(part, table, row);
    const raw = rawText(value);
    if (raw === undefined) return value;
    text += raw;
  }
  return text;
}

function templateExceptions(column: Column, parts: readonly Part[]): Except | undefined {
  const { cells, table } = column;
  const except = new Set<number>();
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    const given = expand(parts, table, row);
    if (typeof given === "string") {
      const isSame =
        cell?.kind === "string" &&
        cell.text.length === given.length + 2 &&
        cell.text.startsWith(given, 1);
      if (isSame) continue;
    } else if (given === cell && (cell === undefined || cell.text === "null")) continue;
    except.add(row);
    if (except.size * 4 > cells.length) return undefined;
  }
  return except;
}

/** The longest beginning and end that all strings of the column share, around what differs. */
function findFrame(column: Column, parts: readonly Part[]): Found | undefined {
  const { cells, table } = column;
  let before: Part[] = [...parts];
  let after: Part[] = [...parts];
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (cell?.kind !== "string") continue;
    const text = rawText(cell) ?? "";
    before = sharedStart(before, text, table, row);
    after = sharedEnd(after, text, table, row);
    if (before.length === 0 && after.length === 0) return undefined;
  }
  const saved = costOfParts(before) + costOfParts(after) - 2;
  if (saved < 4) return undefined;
  const inside: string[] = [];
  let cost = costOfParts(before) + costOfParts(after) + 2;
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (cell?.kind !== "string") {
      inside.push("");
      cost += cell === undefined ? 0.5 : cell.cost + 1;
      continue;
    }
    const text = rawText(cell) ?? "";
    const start = expand(before, table, row);
    const end = expand(after, table, row);
    if (typeof start !== "string" || typeof end !== "string") return undefined;
    if (start.length + end.length > text.length) return undefined;
    const rest = text.slice(start.length, text.length - end.length);
    // An escape must not be torn apart.
    if (rest.endsWith("\\")) return undefined;
    inside.push(rest);
    cost += estimateTokens(rest) + 1;
  }
  return { rule: { kind: "frame", parts: [...before, undefined, ...after], inside }, cost };
}

function sharedStart(parts: readonly Part[], text: string, table: Table, row: number): Part[] {
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const piece = typeof part === "string" ? part : part && rawText(resolve(part, table, row));
    if (piece !== undefined && text.startsWith(piece, at)) {
      at += piece.length;
      continue;
    }
    const kept = parts.slice(0, i);
    if (typeof part !== "string") return kept;
    let same = 0;
    while (same < part.length && part.charCodeAt(same) === text.charCodeAt(at + same)) same++;
    while (same > 0 && !isBoundary(part.charCodeAt(same - 1))) same--;
    if (same > 0) kept.push(part.slice(0, same));
    return kept;
  }
  return parts as Part[];
}

function sharedEnd(parts: readonly Part[], text: string, table: Table, row: number): Part[] {
  let end = text.length;
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i];
    const piece = typeof part === "string" ? part : part && rawText(resolve(part, table, row));
    if (piece !== undefined && text.endsWith(piece, end)) {
      end -= piece.length;
      continue;
    }
    const kept = parts.slice(i + 1);
    if (typeof part !== "string") return kept;
    let same = 0;
    while (
      same < part.length &&
      end - same > 0 &&
      part.charCodeAt(part.length - 1 - same) === text.charCodeAt(end - 1 - same)
    ) {
      same++;
    }
    while (same > 0 && !isBoundary(part.charCodeAt(part.length - same))) same--;
    if (same > 0) kept.unshift(part.slice(part.length - same));
    return kept;
  }
  return parts as Part[];
}

/** Where a text is cut without tearing a word, a number, a date or a version: only at the signs of paths and URLs. */
function isBoundary(code: number): boolean {
  return code === 47 || code === 63 || code === 61 || code === 35 || code === 38;
}
