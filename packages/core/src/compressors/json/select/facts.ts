/**
 * What is said of one column of rows that are left out: values with their counts, shapes of texts, ranges, lengths of lists.
 *
 * Only what `view/` proves is said. One trap: the check reads the column again by its path, so nothing is said of a column
 * whose path does not tell where its values stand.
 */
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { Fact, UnitRange } from "../../../types/statement.ts";
import { describe, sayFacts } from "../../../view/describe.ts";
import { countPatterns } from "../../../view/fact.ts";
import { measure } from "../../../view/measure.ts";
import { quantityOf } from "../../../view/quantity.ts";
import { type Column, cellText, type Table } from "./columns.ts";
import { isOpaque } from "./opaque.ts";
import { isWordy, templateOf } from "./template.ts";

/** Facts about some values of a column. */
export interface ColumnFacts {
  /** Of the rows; of the values of all rows one after another, where a row may have several. */
  readonly about: readonly UnitRange[];
  readonly facts: readonly Fact[];
  /** Lower is said first: what tells rows apart before what they have in common. */
  readonly rank: number;
  /** Every value is short and different: a name. */
  readonly isName: boolean;
}

/** The values of a column in some rows. */
export interface ColumnPart {
  readonly about: readonly UnitRange[];
  readonly values: readonly (string | undefined)[];
}

/** Different values that are named, and those of a column that the question names. */
const MAX_VALUES = 12;
const MAX_ASKED_VALUES = 36;
/** Characters of the values that are named because the question names their column, and of one of them. */
const MAX_ASKED_LENGTH = 700;
const MAX_ASKED_VALUE = 80;
/** More different numbers or times are no codes. */
const MAX_CODES = 8;
/** Characters. A longer sentence comes later. */
const LONG_SENTENCE = 160;
/** Shapes of texts that are told apart, and those that are named. */
const MAX_TEMPLATES = 20;
const MAX_SHAPES = 6;
/** Characters of one shape, and of all of a column. */
const MAX_SHAPE = 60;
const MAX_SHAPES_LENGTH = 240;
/** Longer texts are no values to compare. */
const MAX_MEAN_LENGTH = 400;
/** A longer value is no name. */
const MAX_NAME = 60;

/** Before the path of a list: the field that counts its elements. */
export const LENGTH_FIELD = "number of ";

/** The values of a column in the rows for which `wanted` is 1; `undefined` where its path does not tell where they stand. */
export function* partOf(
  table: Table,
  column: Column,
  wanted: Uint8Array,
): Steps<ColumnPart | undefined> {
  if (column.path.startsWith(LENGTH_FIELD)) return undefined;
  const meter = new Meter();
  const { source } = table;
  const values: (string | undefined)[] = column.repeated
    ? []
    : new Array<string | undefined>(countOf(wanted)).fill(undefined);
  const about = column.repeated ? [] : rangesOf(wanted);
  const places = column.repeated ? undefined : placesOf(wanted);
  let last = -1;
  let index = 0;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at];
    const row = column.rows[at];
    if (node === undefined || row === undefined) continue;
    if (meter.isDue(16)) yield;
    const isWanted = wanted[row] === 1;
    // The same key twice.
    if (!column.repeated && row === last) return undefined;
    last = row;
    const text = isWanted ? cellText(source, node) : undefined;
    if (isWanted && text === undefined) return undefined;
    if (places !== undefined) {
      if (isWanted) values[places[row] ?? 0] = text;
      continue;
    }
    if (isWanted) {
      values.push(text);
      extend(about, index);
    }
    index++;
  }
  return { about, values };
}

/** Ranges of the rows for which a flag is 1. */
export function rangesOf(wanted: Uint8Array): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let row = 0; row < wanted.length; row++) if (wanted[row] === 1) extend(ranges, row);
  return ranges;
}

function extend(ranges: [from: number, to: number][], at: number): void {
  const last = ranges[ranges.length - 1];
  if (last !== undefined && last[1] === at) last[1] = at + 1;
  else ranges.push([at, at + 1]);
}

function countOf(wanted: Uint8Array): number {
  let count = 0;
  for (const flag of wanted) count += flag;
  return count;
}

/** Which of the wanted rows a row is. */
function placesOf(wanted: Uint8Array): Int32Array {
  const places = new Int32Array(wanted.length);
  let next = 0;
  for (let row = 0; row < wanted.length; row++) if (wanted[row] === 1) places[row] = next++;
  return places;
}

/** What is worth saying about a part of a column; `undefined` where nothing is. `asked`: the question names the column. */
export function* factsOf(
  column: Column,
  { about, values }: ColumnPart,
  asked: boolean,
): Steps<ColumnFacts | undefined> {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return undefined;
  yield;
  let length = 0;
  for (const value of present) length += value.length;
  const isLong = length > MAX_MEAN_LENGTH * present.length;
  const isName = !column.repeated && isNames(present);
  const isText = column.nodes.some(({ type }) => type === "string");
  if (isText && !(isName && asked) && areMany(present)) {
    const shapes = yield* shapesOf(present);
    if (shapes !== undefined) {
      const gone = values.length - present.length;
      const absent: readonly Fact[] = gone > 0 ? [{ says: "absent", count: gone }] : [];
      // What ids have in common says little, and of hashes nothing.
      if (isOpaque(present[0] ?? "")) return undefined;
      const isPlain = shapes.says === "like" && !shapes.pattern.includes(" ");
      return { about, facts: [shapes, ...absent], rank: isPlain ? 7 : 1, isName };
    }
  }
  if (isLong) return undefined;
  // Names that measure nothing have nothing else in common.
  if (isName && !present.slice(0, 8).some((value) => quantityOf(value) !== undefined))
    return { about, facts: [{ says: "distinct", count: present.length }], rank: 6, isName };
  const named = asked && !isName ? askedCounts(present) : undefined;
  if (named !== undefined) return { about, facts: [named], rank: 0, isName };
  // Many different numbers are a range; few are codes or levels, and told one by one.
  const isMeasured = quantityOf(present[0] ?? "") !== undefined;
  const maxValues = isMeasured ? MAX_CODES : MAX_VALUES;
  const all = yield* describe(values, { name: column.path, maxValues });
  const facts = all.filter((fact) => !isSumOfStamps(fact, all)).slice(0, 4);
  if (facts.length === 0)
    return isName
      ? { about, facts: [{ says: "distinct", count: present.length }], rank: 6, isName }
      : undefined;
  const isLongSentence = sayFacts(facts).length > LONG_SENTENCE;
  return { about, facts, rank: rankOf(facts) + (isLongSentence ? 2 : 0), isName };
}

/** The values of a column that the question names, where some come back; the most frequent first, as many as find room. */
function askedCounts(values: readonly string[]): Fact | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size < 2 || counts.size === values.length) return undefined;
  const measured = measure(values);
  if (counts.size > MAX_CODES && measured !== undefined && measured.count * 2 > values.length)
    return undefined;
  const named: [value: string, count: number][] = [];
  let length = 0;
  for (const entry of [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const [value] = entry;
    if (value.length > MAX_ASKED_VALUE || value.endsWith("…") || /[\r\n]/.test(value)) continue;
    length += value.length + 5;
    if (named.length === MAX_ASKED_VALUES || length > MAX_ASKED_LENGTH) break;
    named.push(entry);
  }
  // Many different values are described by what they measure.
  if (named.length * 4 < counts.size) return undefined;
  const others = counts.size - named.length;
  return { says: "counts", counts: named, ...(others > 0 ? { others } : {}) };
}

/** How many elements the arrays of a column have. */
export function* lengthsOf(
  list: Column,
  wanted: Uint8Array,
): Steps<(ColumnPart & { readonly facts: readonly Fact[] }) | undefined> {
  const values = new Array<string | undefined>(countOf(wanted)).fill(undefined);
  const places = placesOf(wanted);
  let last = -1;
  let longest = 0;
  for (let at = 0; at < list.nodes.length; at++) {
    const node = list.nodes[at];
    const row = list.rows[at] ?? 0;
    if (row === last) return undefined;
    last = row;
    if (node?.type !== "array" || wanted[row] !== 1) continue;
    longest = Math.max(longest, node.items.length);
    values[places[row] ?? 0] = `${node.items.length}`;
  }
  if (longest < 2) return undefined;
  const facts = (yield* describe(values, { order: false })).filter(
    ({ says }) => says === "all" || says === "range" || says === "sum" || says === "absent",
  );
  return facts.length === 0 ? undefined : { about: rangesOf(wanted), values, facts };
}

/** Sums of seconds or milliseconds since 1970 say nothing. */
function isSumOfStamps({ says }: Fact, facts: readonly Fact[]): boolean {
  const [range] = facts;
  if (says !== "sum" || range?.says !== "range") return false;
  const [least, most] = [Number(range.least), Number(range.most)];
  return [1e9, 1e12].some((unit) => least >= unit && most < 2.5 * unit);
}

/** Whether there are more different values than are named. */
function areMany(values: readonly string[]): boolean {
  const seen = new Set<string>();
  for (const value of values) if (seen.add(value).size > MAX_VALUES) return true;
  return false;
}

function rankOf(facts: readonly Fact[]): number {
  const [first] = facts;
  switch (first?.says) {
    case "counts":
      return first.others === undefined ? 0 : 3;
    case "range":
      return 2;
    case "all":
      return 4;
    case "sorted":
      return 5;
    default:
      return 6;
  }
}

/** Whether each value is short, without a blank and different from the others. */
function isNames(values: readonly string[]): boolean {
  if (values.length < 2) return false;
  const seen = new Set<string>();
  for (const value of values) {
    if (value.length === 0 || value.length > MAX_NAME || value.includes(" ")) return false;
    if (seen.size === seen.add(value).size) return false;
  }
  return true;
}

/** Texts by what they have in common, digits and what goes with them aside; `undefined` where that is little. */
export function* shapesOf(values: readonly string[]): Steps<Fact | undefined> {
  const meter = new Meter();
  const classes = new Map<string, number>();
  for (const value of values) {
    const template = templateOf(value);
    if (meter.isDue(4 * Math.min(value.length, 160))) yield;
    const size = classes.get(template);
    if (size === undefined && (classes.size === MAX_TEMPLATES || !isWordy(template)))
      return undefined;
    classes.set(template, (size ?? 0) + 1);
  }
  if (classes.size * 2 > values.length) return undefined;
  const sorted = [...classes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const patterns = new Set<string>();
  let length = 0;
  for (const [template] of sorted.slice(0, MAX_SHAPES)) {
    const pattern = patternOf(template);
    if (pattern === undefined) continue;
    length += pattern.length + 5;
    if (length > MAX_SHAPES_LENGTH && patterns.size > 0) break;
    patterns.add(pattern);
  }
  yield;
  const list = [...patterns];
  const { counts, others } = countPatterns(list, values);
  const counted = list
    .map((pattern, at) => [pattern, counts[at] ?? 0] as const)
    .filter(([, count]) => count > 0);
  if (counted.length === 0 || others * 4 > values.length) return undefined;
  const [[only] = [""]] = counted;
  if (counted.length === 1 && others === 0) return { says: "like", pattern: only };
  return { says: "patterns", patterns: counted, ...(others > 0 ? { others } : {}) };
}

/** A template as a pattern of one line. */
function patternOf(template: string): string | undefined {
  let pattern = "";
  for (const char of template) {
    const isGap = char === "#" || char < " ";
    if (!isGap) pattern += char;
    else if (!pattern.endsWith("*")) pattern += "*";
  }
  if (pattern.length > MAX_SHAPE) {
    const blank = pattern.lastIndexOf(" ", MAX_SHAPE);
    pattern = `${safeHead(pattern, blank > MAX_SHAPE / 2 ? blank : MAX_SHAPE)}…`;
  }
  return isWordy(pattern) ? pattern : undefined;
}

/** Not cut between the halves of a surrogate pair. */
function safeHead(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}
