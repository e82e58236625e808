/** What a column holds: which of its cells carry little for their tokens, and which name the row. */
import type { Steps } from "../../../types/compressor.ts";
import { count, isIdentifier } from "../../../view/describe.ts";
import { type Measured, measureInSteps } from "../../../view/measure.ts";
import { cost } from "../../shared/text-cost.ts";
import type { Sheet } from "./sheet.ts";
import { type Template, templateOf } from "./template.ts";

/**
 * - `opaque`: hashes, signatures, tokens: nobody reads them.
 * - `derived`: cells that follow from another one of their row, and URLs that contain one.
 * - `prose`: sentences and data in a cell, of which the beginning says most.
 */
export type Role = "plain" | "opaque" | "derived" | "prose";

export interface Column {
  readonly name: string;
  readonly values: readonly string[];
  /** How often each value occurs. */
  readonly counts: ReadonlyMap<string, number>;
  /** What the values measure, if any do. */
  readonly all: Measured | undefined;
  /** The same, where nearly all of them do. */
  readonly measured: Measured | undefined;
  /** Each value measures something else: values of a list of names and values. */
  readonly isMixed: boolean;
  /** Numbers that name things. */
  readonly isIdentifier: boolean;
  readonly role: Role;
  /** The rule that nearly all cells follow. */
  readonly template: Template | undefined;
  /** A short word that names the row and no other. */
  readonly isName: boolean;
  /** Characters of a usual cell. */
  readonly length: number;
}

/** Cells that decide what a column is. */
const SAMPLE = 200;
/** Characters. Shorter cells cost little, whatever they hold. */
const MIN_OPAQUE = 16;
const MIN_DERIVED = 24;
const MIN_PROSE = 40;
const MIN_SHAPES = 4;
/** Characters. Longer names are no list to look through. */
const MAX_NAME = 64;

export function* studyColumns({ names, columns }: Sheet): Steps<readonly Column[]> {
  const studied: Column[] = [];
  for (const at of names.keys()) studied.push(yield* study(names, at, columns));
  const [first, second] = studied;
  // Of a list of names and values each value measures something else.
  return first && second && isPairs(studied)
    ? [first, { ...second, all: undefined, measured: undefined, isMixed: true }]
    : studied;
}

/** Whether a table is a list of names and values. */
export function isPairs(columns: readonly Column[]): boolean {
  const [names] = columns;
  if (columns.length !== 2 || names === undefined || names.measured) return false;
  return names.role === "plain" && names.counts.size * 20 >= names.values.length * 17;
}

function* study(
  names: readonly string[],
  index: number,
  columns: readonly (readonly string[])[],
): Steps<Column> {
  const name = names[index] ?? "";
  const values = columns[index] ?? [];
  const counts = yield* count(values);
  let characters = 0;
  for (const value of values) characters += value.length;
  yield;
  const all = yield* measureInSteps(values);
  yield;
  const measured = all && (values.length - all.count) * 10 <= values.length ? all : undefined;
  const length = characters / Math.max(1, values.length);
  const sample = sampleOf(values.length);
  const cells = sample.map((at) => values[at] ?? "");
  const template = yield* templateOf(names, columns, index);
  const own = measured ? "plain" : roleOf(cells, length, sample, index, columns);
  const role = template ? "derived" : own;
  yield;
  const shapes = new Set(cells.map((cell) => cell.replace(/\d+/g, "#")));
  const isUnique = counts.size * 20 >= values.length * 17 && values.length > 1;
  const isName =
    // What differs in its numbers alone is counted, not named.
    isUnique &&
    !measured &&
    shapes.size > MIN_SHAPES &&
    role === "plain" &&
    length <= MAX_NAME &&
    share(cells, isWordy) >= 0.9;
  return {
    name,
    values,
    counts,
    template,
    all,
    measured,
    isMixed: false,
    isIdentifier:
      measured?.kind.startsWith("label") === true ||
      (measured?.kind === "number" && isIdentifier(name, values)),
    role,
    isName,
    length,
  };
}

function roleOf(
  cells: readonly string[],
  length: number,
  sample: readonly number[],
  index: number,
  columns: readonly (readonly string[])[],
): Role {
  const filled = cells.filter((cell) => cell.length > 1);
  if (filled.length === 0) return "plain";
  if (length >= MIN_OPAQUE / 2 && share(filled, isOpaque) >= 0.8) return "opaque";
  if (length >= MIN_DERIVED && share(filled, isUrl) >= 0.8) {
    const derived = sample.filter((row) => {
      const url = columns[index]?.[row] ?? "";
      return columns.some((other, at) => at !== index && isPartOf(other[row] ?? "", url));
    });
    return derived.length * 5 >= sample.length * 4 ? "derived" : "plain";
  }
  const long = filled.filter((cell) => cell.length >= MIN_PROSE / 2);
  const isLong = long.length > 0 && (length >= MIN_PROSE / 2 || long.length * 5 >= filled.length);
  return isLong && share(long, isProse) >= 0.6 ? "prose" : "plain";
}

function isPartOf(cell: string, url: string): boolean {
  return cell.length >= 3 && !isUrl(cell) && url.includes(cell);
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{1,12}:\/\//i.test(text.slice(0, 16));
}

/** Sentences, and data written into a cell. */
function isProse(text: string): boolean {
  if (text[0] === "{" || text[0] === "[") return true;
  let spaces = 0;
  for (let at = 0; at < Math.min(text.length, 400); at++) if (text[at] === " ") spaces++;
  return spaces >= 3;
}

const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;

/** Long runs of letters and digits without words in them. */
export function isOpaque(text: string): boolean {
  if (text.length < MIN_OPAQUE || text.length > 4_096 || text.includes(" ")) return false;
  if (UUID.test(text)) return true;
  let longest = "";
  for (const run of text.split(/[^A-Za-z0-9+]+/)) if (run.length > longest.length) longest = run;
  if (longest.length < MIN_OPAQUE) return false;
  if (/^[0-9a-f]+$/i.test(longest)) return /\d/.test(longest) && /[a-f]/i.test(longest);
  let changes = 0;
  for (let at = 1; at < longest.length; at++)
    if (classOf(longest.charCodeAt(at)) !== classOf(longest.charCodeAt(at - 1))) changes++;
  return /\d/.test(longest) && changes * 4 >= longest.length;
}

function classOf(code: number): number {
  return code >= 48 && code <= 57
    ? 0
    : code >= 97 && code <= 122
      ? 1
      : code >= 65 && code <= 90
        ? 2
        : 3;
}

/** Letters that are no hexadecimal number. What has a comma and a space cannot stand in a list. */
function isWordy(text: string): boolean {
  return (
    /\p{L}{2}/u.test(text) && !/^[0-9a-f]+$/i.test(text) && !text.includes(", ") && !isOpaque(text)
  );
}

/** The tokens of a cell of which only the beginning stays, by an estimate. */
export function cellCost(value: string, characters: number): number {
  return cost(cutCell(value, characters)) + 1;
}

/** A cell of which so many characters stay, up to the end of a word; the rest is `…`. */
export function cutCell(value: string, characters: number): string {
  if (characters === 0) return "…";
  if (value.length <= characters + 8) return value;
  const space = value.lastIndexOf(" ", characters);
  let end = space > characters / 2 ? space : characters;
  const last = value.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${value.slice(0, end)}…`;
}

function share(cells: readonly string[], test: (cell: string) => boolean): number {
  return cells.filter(test).length / Math.max(1, cells.length);
}

function sampleOf(rows: number): readonly number[] {
  const count = Math.min(rows, SAMPLE);
  return Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count));
}
