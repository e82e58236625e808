/**
 * Columns before rows: which fields of a table are left out of all rows, so that every row stays with what tells it apart.
 *
 * Only rows with names are worth that: a list of packages, files or issues, where any may be asked for. Rows that are numbered
 * (`user_1`, `user_2`) are shown by example. What carries little for its tokens goes first: hashes, signatures, blobs, then URLs,
 * then the rest of long texts, then lists, then what is dearest.
 */
import type { JsonNode, JsonString } from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { dateOf } from "../../../view/dates.ts";
import { cellText, type Table } from "./columns.ts";
import { type CostOf, scalarCost } from "./cost.ts";
import { areNames, MAX_NAME, NAMED_SHARE } from "./names.ts";
import { isOpaque, isUrl } from "./opaque.ts";

/** A field that is left out of rows, or of which only the beginnings of texts stay. */
export interface HiddenField {
  readonly path: string;
  /** What is left out, and in which rows it stands. */
  readonly nodes: readonly JsonNode[];
  readonly rows: readonly number[];
  readonly isCut: boolean;
  /** Hashes, blobs and URLs: mere examples do without them. */
  readonly isNoise: boolean;
}

export interface Hiding {
  readonly fields: readonly HiddenField[];
  /** Estimated tokens of all rows without them. */
  readonly cost: number;
  /** How many of them tell rows apart: they are no noise, no long text and no list. */
  readonly telling: number;
}

/** Fields are looked for in objects in rows down to this depth. */
const MAX_DEPTH = 3;
const MAX_FIELDS = 200;
/** So few rows are no list. */
const MIN_ROWS = 9;
/** Characters that stay of long texts. */
export const HEAD_CHARACTERS = 72;
/** Estimated tokens of the beginning of a text. */
const HEAD_TOKENS = 16;
/** Estimated tokens a row: cheaper fields always stay. */
const MIN_TOKENS = 1.6;
/** Rows that take no more than this many times what they may take stay as they are. */
const NEARLY = 1.4;
/** A text this much longer than its beginning is cut. */
const MIN_CUT = 40;

interface Field {
  readonly path: string;
  readonly nodes: JsonNode[];
  readonly rows: number[];
  /** Estimated tokens of all its values, as a table writes them: one that most rows have is written once. */
  cost: number;
}

/** The fields to leave out so that all rows take about `budget` tokens; `undefined` where the rows are not worth it, or do not fit. */
export function* hideFields(
  table: Table,
  keys: readonly string[] | undefined,
  costOf: CostOf,
  budget: number,
  isWanted: (path: string) => boolean,
): Steps<Hiding | undefined> {
  const { items, source } = table;
  if (table.isCrowded || items.length < MIN_ROWS || items.length * 3 > budget) return undefined;
  const name = keys !== undefined && areNames(keys) ? "" : yield* nameColumn(table);
  if (name === undefined) return undefined;
  const fields = yield* fieldsOf(source, items, costOf);
  if (fields === undefined) return undefined;
  let total = items.length;
  for (const key of keys ?? []) total += 1 + key.length / 4;
  for (const { cost } of fields) total += cost;
  const order: { readonly field: Field; readonly step: number; readonly isCut: boolean }[] = [];
  const id = keys === undefined ? ownId(source, fields, items.length) : undefined;
  for (const field of fields) {
    yield;
    if (field.path === name || field.path === "") continue;
    if (meanOf(field) < MIN_TOKENS) continue;
    const usual = stepOf(source, field);
    const last = isWanted(field.path) ? WANTED : field === id ? ID : LAST;
    if (usual === PROSE) order.push({ field, step: last === WANTED ? LAST : PROSE, isCut: true });
    const isLate = usual === PROSE || last !== LAST;
    order.push({ field, step: isLate ? last : usual, isCut: false });
  }
  // To leave a little out of what is hardly too long is not worth a call.
  if (total <= NEARLY * budget) return { fields: [], cost: total, telling: 0 };
  const weights = new Map<Field, number>();
  for (const { field } of order) {
    weights.set(field, meanOf(field) * (isAnswer(source, field) ? ANSWER_WEIGHT : 1));
    yield;
  }
  const weightOf = (field: Field): number => weights.get(field) ?? 0;
  order.sort((a, b) => a.step - b.step || weightOf(b.field) - weightOf(a.field));
  const hidden = new Map<Field, { isCut: boolean; cost: number; step: number }>();
  for (const { field, isCut, step } of order) {
    if (total <= budget) break;
    const known = hidden.get(field);
    const cost = known?.cost ?? field.cost;
    const rest = isCut ? Math.min(cost, HEAD_TOKENS * field.nodes.length) : 0;
    if (rest >= cost) continue;
    hidden.set(field, { isCut, cost: rest, step });
    total -= cost - rest;
  }
  if (total > budget) return undefined;
  return {
    fields: [...hidden].map(([field, { isCut, step }]) => {
      const { path, nodes, rows } = field;
      return { path, nodes, rows, isCut, isNoise: step <= URLS };
    }),
    cost: total,
    telling: [...hidden.values()].filter(({ step }) => step >= LAST).length,
  };
}

/** Estimated tokens of a vector or hash that is left out of examples. */
const MIN_NOISE_TOKENS = 10;

/** Fields that say nothing to a reader and take many tokens: vectors, hashes, signatures. */
export function* noiseFields(table: Table, costOf: CostOf): Steps<readonly HiddenField[]> {
  const { items, source } = table;
  if (table.isCrowded) return [];
  const fields = (yield* fieldsOf(source, items, costOf)) ?? [];
  const id = ownId(source, fields, items.length);
  const noise: HiddenField[] = [];
  for (const field of fields) {
    yield;
    if (field === id || field.path === "" || meanOf(field) < MIN_NOISE_TOKENS) continue;
    if (stepOf(source, field) !== OPAQUE) continue;
    const { path, nodes, rows } = field;
    noise.push({ path, nodes, rows, isCut: false, isNoise: true });
  }
  return noise;
}

/** The first column whose values name the rows. */
function* nameColumn({ source, columns, items }: Table): Steps<string | undefined> {
  let url: string | undefined;
  for (const { path, repeated, nodes } of columns) {
    if (repeated || nodes.length < NAMED_SHARE * items.length) continue;
    const texts: string[] = [];
    for (const node of nodes) {
      if (node.type !== "string" || node.end - node.start > 4 * MAX_NAME) break;
      texts.push(cellText(source, node) ?? "");
    }
    yield;
    if (texts.length < nodes.length || !areNames(texts)) continue;
    if (!isUrl(texts[0] ?? "")) return calledName({ columns, items }) ?? path;
    url ??= path;
  }
  return url;
}

/** Where rows are worth it, a field that is called a name is theirs, also where its values are numbered and a version reads like one. */
function calledName({ columns, items }: Pick<Table, "columns" | "items">): string | undefined {
  return columns.find(
    ({ path, repeated, nodes }) =>
      !repeated && nodes.length >= NAMED_SHARE * items.length && CALLED_NAME.test(path),
  )?.path;
}

const CALLED_NAME = /(?:^|\.)name$/i;

/** Members of rows and of the objects in them; arrays are fields as a whole. */
function* fieldsOf(
  source: string,
  items: readonly JsonNode[],
  costOf: CostOf,
): Steps<readonly Field[] | undefined> {
  const meter = new Meter();
  const fields = new Map<string, Field>();
  let isCrowded = false;
  const visit = (node: JsonNode, path: string, row: number, depth: number): void => {
    if (node.type === "object" && depth < MAX_DEPTH && node.members.length > 0) {
      for (const { key, value } of node.members) {
        const name = source.slice(key.start + 1, key.end - 1);
        visit(value, path === "" ? name : `${path}.${name}`, row, depth + 1);
      }
      return;
    }
    let field = fields.get(path);
    if (field === undefined) {
      if (fields.size === MAX_FIELDS) {
        isCrowded = true;
        return;
      }
      field = { path, nodes: [], rows: [], cost: 0 };
      fields.set(path, field);
    }
    // The same key twice.
    if (field.rows[field.rows.length - 1] === row) isCrowded = true;
    field.nodes.push(node);
    field.rows.push(row);
    field.cost +=
      node.type === "array" || node.type === "object" ? costOf(node) : scalarCost(source, node);
  };
  for (const [row, item] of items.entries()) {
    visit(item, "", row, 0);
    if (isCrowded) return undefined;
    if (meter.isDue(item.end - item.start)) yield;
  }
  for (const field of fields.values()) {
    field.cost -= costOfUsual(source, field, items.length);
    yield;
  }
  return [...fields.values()];
}

/** Different values that are counted to find the usual one, and characters of one. */
const MAX_COUNTED = 64;
const MAX_COUNTED_LENGTH = 60;

/** What the value takes that most rows have. */
function costOfUsual(source: string, { nodes }: Field, rows: number): number {
  const counts = new Map<string, { readonly node: JsonNode; count: number }>();
  for (const node of nodes) {
    if (node.end - node.start > MAX_COUNTED_LENGTH) return 0;
    const text = source.slice(node.start, node.end);
    const known = counts.get(text);
    if (known !== undefined) known.count++;
    else if (counts.size === MAX_COUNTED) return 0;
    else counts.set(text, { node, count: 1 });
  }
  for (const { node, count } of counts.values())
    if (count * 4 >= 3 * rows) return count * scalarCost(source, node);
  return 0;
}

/** Characters of an id that rows are asked for by. */
const MAX_ID = 40;

/** The first field of the rows that is short and different in each: whoever reads of a row may have to name it. */
function ownId(source: string, fields: readonly Field[], rows: number): Field | undefined {
  return fields.find(({ path, nodes }) => {
    if (path.includes(".") || nodes.length < rows) return false;
    const seen = new Set<string>();
    for (const { type, start, end } of nodes) {
      if ((type !== "string" && type !== "number") || end - start > MAX_ID) return false;
      seen.add(source.slice(start, end));
    }
    return seen.size === rows;
  });
}

function meanOf({ cost, nodes }: Field): number {
  return cost / nodes.length;
}

/** What the tokens of a short field count that most questions are about, beside those of names and other words. */
const ANSWER_WEIGHT = 0.5;
const MAX_ANSWER_TOKENS = 8;
/** So few values are states. */
const MAX_STATES = 6;

/** Whether a field is short, and most of its values are dates, numbers or one of a few states. */
function isAnswer(source: string, field: Field): boolean {
  if (meanOf(field) > MAX_ANSWER_TOKENS) return false;
  const { nodes } = field;
  const stride = Math.max(1, Math.floor(nodes.length / LOOKED_AT));
  const texts = new Set<string>();
  let seen = 0;
  let measured = 0;
  for (let at = 0; at < nodes.length; at += stride) {
    const { type, start, end } = nodes[at] as JsonNode;
    if (type === "array" || type === "object" || type === "null") continue;
    seen++;
    if (type !== "string") measured++;
    else if (end - start <= MAX_DATE) {
      const text = source.slice(start + 1, end - 1);
      if (!Number.isNaN(dateOf(text) ?? Date.parse(ISO_DATE.test(text) ? text : ""))) measured++;
      texts.add(text);
    } else texts.add(source.slice(start, end));
  }
  return measured * 2 > seen || (seen > 2 * MAX_STATES && texts.size <= MAX_STATES);
}

/** Characters of a date. */
const MAX_DATE = 40;
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[T ]|$)/;

const OPAQUE = 0;
const URLS = 1;
const PROSE = 2;
const LISTS = 3;
const LAST = 4;
/** What the rows are asked for by. */
const ID = 5;
/** The question names it. */
const WANTED = 6;
/** Estimated tokens of a list that says more than a word or two. */
const LIST_TOKENS = 10;
/** Values of a field that are looked at. */
const LOOKED_AT = 24;

/** How early a field goes. */
function stepOf(source: string, field: Field): number {
  const stride = Math.max(1, Math.floor(field.nodes.length / LOOKED_AT));
  let seen = 0;
  let opaque = 0;
  let urls = 0;
  let prose = 0;
  let lists = 0;
  for (let at = 0; at < field.nodes.length; at += stride) {
    const node = field.nodes[at] as JsonNode;
    if (node.type === "null") continue;
    seen++;
    const text = node.type === "string" ? source.slice(node.start + 1, node.end - 1) : "";
    if (node.type === "array" || node.type === "object") {
      lists++;
      if (isBlob(source, node)) opaque++;
    } else if (isOpaque(text)) opaque++;
    else if (isUrl(text)) urls++;
    else if (text.length > HEAD_CHARACTERS + MIN_CUT && text.includes(" ")) prose++;
  }
  if (opaque * 2 > seen) return OPAQUE;
  if (urls * 2 > seen) return URLS;
  if (prose * 4 > seen) return PROSE;
  return lists * 2 > seen && meanOf(field) > LIST_TOKENS ? LISTS : LAST;
}

/** So many numbers in one list are a vector. */
const MIN_VECTOR = 16;

/** Whether an array or object is a vector, or mostly hashes and signatures. */
function isBlob(source: string, root: JsonNode): boolean {
  if (root.type === "array" && root.items.length >= MIN_VECTOR)
    if (root.items.every(({ type }) => type === "number")) return true;
  let all = 0;
  let opaque = 0;
  const open: JsonNode[] = [root];
  for (let next = open.pop(); next !== undefined && all < 2_000; next = open.pop()) {
    if (next.type === "array") open.push(...next.items.slice(0, 16));
    else if (next.type === "object")
      for (const { value } of next.members.slice(0, 16)) open.push(value);
    else {
      const length = next.end - next.start;
      all += length;
      if (next.type === "string" && isOpaque(source.slice(next.start + 1, next.end - 1)))
        opaque += length;
    }
  }
  return opaque * 2 > all;
}

/** How many characters of a text stay: whole words, where there are some. */
export function headOf(source: string, node: JsonString): number {
  const from = node.start + 1;
  const limit = Math.min(from + HEAD_CHARACTERS, node.end - 1);
  let blank = from;
  let at = from;
  for (;;) {
    const code = source.charCodeAt(at);
    // Not inside of an escape, nor between the halves of a surrogate pair.
    const isPair = code >= 0xd800 && code <= 0xdbff;
    const step = code === 92 ? (source.charCodeAt(at + 1) === 117 ? 6 : 2) : isPair ? 2 : 1;
    if (at + step > limit) break;
    if (code === 32) blank = at;
    at += step;
  }
  return (blank > from + HEAD_CHARACTERS / 2 ? blank : at) - from;
}

/** Whether a text is cut to its beginning. */
export function isLongText({ type, start, end }: JsonNode): boolean {
  return type === "string" && end - start - 2 > HEAD_CHARACTERS + MIN_CUT;
}
