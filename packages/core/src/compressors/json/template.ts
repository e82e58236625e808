/**
 * Strings made of other columns: `https://api.example.com/users/${login}/repos`.
 *
 * One row is read as literals and references, and what comes out is tried on all rows. Where no template holds, the
 * beginning and end that all rows share may still be said once (a frame). One trap: short values occur everywhere by
 * chance, so several rows are tried as the pattern, and every row decides.
 */
import { estimateTokens } from "./estimate.ts";
import { costOfExceptions, type Except, sampleSize } from "./exception.ts";
import { type Reference, rawText, resolve } from "./reference.ts";
import type { Column, Table } from "./table.ts";
import { isDigit, isLetter } from "./text.ts";
import type { Value } from "./value.ts";

/** A literal (inside of a string lexeme), a reference, or the row's own cell (`undefined`). */
export type Part = string | Reference | undefined;

/** A rule that makes strings of parts. */
export type TextRule =
  | { readonly kind: "template"; readonly parts: readonly Part[]; readonly except: Except }
  /** A string cell is what is missing between the parts; any other cell stands for itself. */
  | { readonly kind: "frame"; readonly parts: readonly Part[]; readonly inside: readonly string[] };

export interface Found {
  readonly rule: TextRule;
  readonly cost: number;
}

export function findTemplate(
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
