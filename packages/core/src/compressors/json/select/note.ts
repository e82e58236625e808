/**
 * One line that says what was left out of an array or object, by category, so that a reader can decide whether to ask.
 *
 * `level: INFO 150, WARN 12; id 17–1399; ms 3–991 (median 40)`: values with their counts where there are few, templates where
 * there are few of those, ranges for numbers and times, names where a list is cheap. Statistics of the omitted rows only.
 */
import type { JsonNode } from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import {
  type Column,
  type Table,
  templateClasses,
  type ValueClass,
  valueClasses,
} from "./columns.ts";
import { isTime, sortInSteps } from "./numbers.ts";
import { isWordy } from "./template.ts";

/** A value is shown up to this length. */
const MAX_SHOWN = 44;
/** Values listed per column. */
const MAX_VALUES = 20;
const MAX_LIST = 160;
const MAX_ASKED = 700;
/** Names listed one by one; beyond it a range has to do. */
const MAX_ROSTER = 40;

export interface NoteOptions {
  /** Characters the whole line may take. */
  readonly limit: number;
  /** Characters a list of all names may take; 0 for none. */
  readonly roster: number;
  /** Columns the question names: their values come first, and more of them. */
  readonly named?: (path: string) => boolean;
}

/** Sums up the rows of `table` for which `omitted` is 1. */
export function* summarize(table: Table, omitted: Uint8Array, options: NoteOptions): Steps<string> {
  let gone = 0;
  for (const flag of omitted) gone += flag;
  const parts: { text: string; rank: number }[] = [];
  let named = false;
  const partitions = new Set<string>();
  for (const column of table.columns) {
    yield;
    const part = subset(column, omitted);
    if (part.nodes.length === 0) continue;
    const name = column.path;
    const asked = options.named?.(column.path) === true;
    const partition = partitionOf(table.source, part);
    // A column that only renames another (code and name, id and URL) adds nothing.
    if (partition !== undefined && !asked) {
      if (partitions.has(partition)) continue;
      partitions.add(partition);
    }
    const described = yield* describe(table, column, part, gone, asked);
    if (described === undefined) continue;
    if (described.unique && !named && options.roster > 0) {
      const list = roster(table.source, part, options.roster);
      if (list !== undefined) {
        named = true;
        parts.push({ text: join(name, list), rank: -1 });
        continue;
      }
    }
    parts.push({ text: join(name, described.text), rank: asked ? -1 : described.rank });
  }
  const lines: string[] = [];
  let length = 0;
  for (const part of parts.toSorted((a, b) => a.rank - b.rank)) {
    const roomy = part.rank < 0 || length + part.text.length <= options.limit;
    if (!roomy) continue;
    if (part.rank >= 0) length += part.text.length + 2;
    lines.push(part.text);
  }
  return lines.join("; ");
}

function join(name: string, text: string): string {
  return name === ""
    ? text
    : `${name}${text.includes(" ") || text.includes(",") ? ":" : ""} ${text}`;
}

/** Which rows share a value, whatever the values are; `undefined` for columns without repeated values. */
function partitionOf(source: string, column: Column): string | undefined {
  if (column.repeated) return undefined;
  const ids = new Map<string, number>();
  let hash = 17;
  let other = 5381;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at] as JsonNode;
    if (node.end - node.start > 400) return undefined;
    const text = source.slice(node.start, node.end);
    let id = ids.get(text);
    if (id === undefined) {
      id = ids.size;
      ids.set(text, id);
      if (id > 64) return undefined;
    }
    const seen = Math.imul(id + 1, 2654435761) ^ (column.rows[at] ?? 0);
    hash = (Math.imul(hash, 31) + seen) | 0;
    other = (Math.imul(other, 33) ^ seen) | 0;
  }
  return ids.size < 2 ? undefined : `${ids.size} ${column.nodes.length} ${hash} ${other}`;
}

function subset(column: Column, omitted: Uint8Array): Column {
  const nodes = [];
  const rows = [];
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at] as JsonNode;
    const row = column.rows[at] as number;
    if (omitted[row] !== 1) continue;
    nodes.push(node);
    rows.push(row);
  }
  return { path: column.path, repeated: column.repeated, nodes, rows };
}

/** Saying that nothing is there says nothing. */
const EMPTY: ReadonlySet<string> = new Set(['""', "null", "[]", "{}"]);

interface Described {
  readonly text: string;
  /** Lower comes first: what tells rows apart before what they have in common. */
  readonly rank: number;
  /** Every value is short and different: a name. */
  readonly unique?: boolean;
}

function* describe(
  table: Table,
  whole: Column,
  column: Column,
  gone: number,
  asked: boolean,
): Steps<Described | undefined> {
  const { source } = table;
  const most = asked ? MAX_ASKED : MAX_LIST;
  const numbers = yield* range(source, column);
  const values = valueClasses(source, column, asked ? 3 * MAX_VALUES : MAX_VALUES);
  // Many different numbers are a range; few are codes or levels, and told one by one.
  const times = timeRange(source, column);
  const measured = numbers !== undefined || times !== undefined;
  const codes = !measured || (values !== undefined && values.length <= 8);
  if (codes && values !== undefined && values.length <= Math.max(2, column.nodes.length / 2)) {
    if (values.length === 1) {
      const all =
        valueClasses(source, whole, 1) !== undefined && whole.rows.length >= table.items.length;
      const only = values[0];
      if (all || only === undefined || column.nodes.length < gone) return undefined;
      if (EMPTY.has(only.value)) return undefined;
      return { text: `all ${show(only.value)}`, rank: 3 };
    }
    const empty = values.find(({ value }) => EMPTY.has(value));
    if (values.length === 2 && empty !== undefined) {
      return { text: `empty ×${empty.size}`, rank: 2 };
    }
    const text = series(source, column, values.length) ?? list(values, most);
    return text === undefined ? undefined : { text, rank: values.length <= 12 ? 0 : 1 };
  }
  if (numbers !== undefined) return { text: numbers, rank: 2, unique: isUnique(source, column) };
  if (times !== undefined) return { text: times, rank: 2 };
  if (column.nodes.some((node) => node.type !== "string" && node.type !== "null")) return undefined;
  const templates = templateClasses(source, column, MAX_VALUES);
  if (
    templates?.every(({ value }) => isWordy(value)) &&
    templates.length <= column.nodes.length / 2
  ) {
    const only = templates[0];
    const unique = isUnique(source, column);
    if (templates.length === 1 && only !== undefined) {
      const first = column.nodes[0];
      const last = column.nodes[column.nodes.length - 1];
      if (first === undefined || last === undefined || last.end - last.start > 50) return undefined;
      return { text: `${inside(source, first)} … ${inside(source, last)}`, rank: 4, unique };
    }
    const text = list(templates, most);
    return text === undefined ? undefined : { text, rank: 1, unique };
  }
  if (isUnique(source, column)) {
    const first = column.nodes[0];
    if (first !== undefined && first.end - first.start < 60)
      return { text: different(column.nodes.length), rank: 6, unique: true };
  }
  return undefined;
}

function inside(source: string, node: { readonly start: number; readonly end: number }): string {
  return show(source.slice(node.start, node.end));
}

/** `server-01 … server-20 (20 different)`: values that differ by a number only, where listing them would take long. */
function series(source: string, column: Column, count: number): string | undefined {
  if (count < 9) return undefined;
  const templates = templateClasses(source, column, 6);
  if (templates === undefined || templates.length > count / 3) return undefined;
  if (!templates.every(({ value }) => isWordy(value))) return undefined;
  const only = templates[0];
  if (templates.length > 1 || only === undefined) {
    const text = list(templates, MAX_LIST);
    return text === undefined ? undefined : `${text} (${different(count)})`;
  }
  if (!only.value.includes("#")) return undefined;
  // Of a sentence the words are what is common; of a name its ends.
  if (only.value.includes(" ")) return show(only.value);
  const texts = column.nodes.map((node) => source.slice(node.start, node.end));
  texts.sort((a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0));
  return `${show(texts[0] as string)} … ${show(texts.at(-1) as string)} (${different(count)})`;
}

/** `INFO ×150, WARN ×12`, the commonest first. */
function list(classes: readonly ValueClass[], most: number): string | undefined {
  const sorted = [...classes].sort((a, b) => b.size - a.size || (a.value < b.value ? -1 : 1));
  const out: string[] = [];
  let length = 0;
  for (const { value, size } of sorted) {
    const text = `${show(value)} ×${size}`;
    if (length + text.length > most && out.length > 0) {
      if (most === MAX_LIST && length / out.length > 30) return undefined;
      const rest = sorted.length - out.length;
      // A cut-off list says how much is missing from it; one that shows next to nothing is not worth its tokens.
      if (out.length < 3) return undefined;
      out.push(`${rest} more`);
      break;
    }
    out.push(text);
    length += text.length + 2;
  }
  return out.join(", ");
}

/** A value for a one-line list: quotes off unless it would be misread, long ones cut. */
function show(lexeme: string): string {
  let text = lexeme.startsWith('"') ? lexeme.slice(1, -1) : lexeme;
  if (text === "") return '""';
  // Of a path or URL the end tells more than the beginning.
  if (
    text.length > MAX_SHOWN &&
    text.includes("/") &&
    !text.includes(" ") &&
    !text.includes("\\")
  ) {
    const cut = text.indexOf("/", text.length - MAX_SHOWN + 4);
    if (cut !== -1) text = `…${text.slice(cut)}`;
  }
  const odd = text.includes(",") || text.includes(";") || text !== text.trim();
  if (text.length > MAX_SHOWN) text = `${safeHead(text, MAX_SHOWN - 4)}…`;
  return odd ? `"${text}"` : text;
}

/** Never ends inside an escape or between surrogates. */
function safeHead(text: string, length: number): string {
  let end = length;
  const code = text.charCodeAt(end - 1);
  if (code >= 0xd800 && code <= 0xdbff) end--;
  const slash = text.lastIndexOf("\\", end - 1);
  return slash >= end - 6 && slash >= 0 ? text.slice(0, slash) : text.slice(0, end);
}

/** `3–991 (median 40)`, numbers copied from the source. */
function* range(source: string, column: Column): Steps<string | undefined> {
  const meter = new Meter();
  const values = new Float64Array(column.nodes.length);
  let count = 0;
  let rising = true;
  let least = 0;
  let most = 0;
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at] as JsonNode;
    if (meter.isDue(32)) yield;
    if (node.type === "null") continue;
    if (node.type !== "number" || node.end - node.start > 40) return undefined;
    const value = Number(source.slice(node.start, node.end));
    if (count > 0 && value < (values[count - 1] ?? 0)) rising = false;
    if (count === 0 || value < valueAt(source, column, least)) least = at;
    if (count === 0 || value > valueAt(source, column, most)) most = at;
    values[count++] = value;
  }
  if (count < 2) return undefined;
  yield;
  const sorted = yield* sortInSteps(values.subarray(0, count));
  const half = sorted[count >> 1] ?? 0;
  const middle = column.nodes.find(
    (node) => node.type === "number" && Number(source.slice(node.start, node.end)) === half,
  );
  const nulls = count < column.nodes.length ? `, ${column.nodes.length - count} null` : "";
  const ends = `${textAt(source, column, least)}–${textAt(source, column, most)}`;
  if (rising || middle === undefined) return `${ends}${nulls}`;
  return `${ends} (median ${source.slice(middle.start, middle.end)}${nulls})`;
}

function textAt(source: string, column: Column, at: number): string {
  const node = column.nodes[at];
  return node === undefined ? "" : source.slice(node.start, node.end);
}

function valueAt(source: string, column: Column, at: number): number {
  return Number(textAt(source, column, at));
}

function timeRange(source: string, column: Column): string | undefined {
  let least: string | undefined;
  let most: string | undefined;
  for (const node of column.nodes) {
    if (node.type === "null") continue;
    if (node.type !== "string" || !isTime(source, node.start + 1, node.end - 1)) return undefined;
    const text = source.slice(node.start + 1, node.end - 1);
    if (least === undefined || text < least) least = text;
    if (most === undefined || text > most) most = text;
  }
  return least === undefined || most === undefined ? undefined : `${least} – ${most}`;
}

/** Values of a column that are looked at to tell whether they are names. */
const LOOKED_AT = 4_000;

/** How many different values there are, as far as they were looked at. */
function different(count: number): string {
  return count > LOOKED_AT ? `at least ${LOOKED_AT} different` : `${count} different`;
}

function isUnique(source: string, column: Column): boolean {
  if (column.repeated) return false;
  const seen = new Set<string>();
  const nodes = column.nodes.length > LOOKED_AT ? column.nodes.slice(0, LOOKED_AT) : column.nodes;
  for (const node of nodes) {
    if (node.type !== "string" && node.type !== "number") return false;
    const length = node.end - node.start;
    if (length > 60 || length < 2) return false;
    if (node.type === "string" && source.slice(node.start, node.end).includes(" ")) return false;
    seen.add(source.slice(node.start, node.end));
  }
  return seen.size === nodes.length && seen.size > 1;
}

/** All values, when they are few and fit. */
function roster(source: string, column: Column, limit: number): string | undefined {
  if (column.nodes.length > MAX_ROSTER) return undefined;
  const out: string[] = [];
  let length = 0;
  for (const node of column.nodes) {
    const text = inside(source, node);
    length += text.length + 2;
    if (length > limit) return undefined;
    out.push(text);
  }
  return out.join(", ");
}

/** Names of omitted keys: all of them when they fit, else how many of which shape. */
export function summarizeKeys(names: readonly string[], limit: number): string {
  const out: string[] = [];
  let length = 0;
  for (const name of names) {
    const text = show(`"${name}"`);
    length += text.length + 2;
    if (length > limit) {
      const first = show(`"${names[0]}"`);
      const last = show(`"${names.at(-1)}"`);
      return `${first} … ${last}`;
    }
    out.push(text);
  }
  return out.join(", ");
}
