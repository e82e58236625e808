/**
 * What sort of thing a container is: a map or a record, one sentence over and over, a shelf of texts, JSON in a string.
 */
import type { JsonArray, JsonObject, JsonString } from "../../../json/node.ts";
import type { Table } from "./columns.ts";
import { templateOf } from "./template.ts";

/** Arrays up to this length stay complete; only their items shrink. */
export const SMALL_ARRAY = 8;
/** Objects with more members than this may be maps, whose members are rows. */
const SMALL_OBJECT = 24;

/**
 * Whether the members are entries of a map rather than fields of a record: many of one kind, or objects with the same keys.
 */
export function isMap(source: string, node: JsonObject): boolean {
  const count = node.members.length;
  if (count <= SMALL_ARRAY) return false;
  const kinds = { array: 0, object: 0, string: 0, number: 0, other: 0 };
  for (const { value } of node.members) {
    if (value.type === "boolean" || value.type === "null") kinds.other++;
    else kinds[value.type]++;
  }
  if (count > SMALL_OBJECT) {
    const most = Math.max(kinds.array, kinds.object, kinds.string, kinds.number);
    return most >= 0.9 * count || count > 200;
  }
  if (kinds.object < 0.9 * count) return false;
  const seen = new Map<string, number>();
  let keys = 0;
  for (const { value } of node.members) {
    if (value.type !== "object") continue;
    for (const { key } of value.members) {
      const name = source.slice(key.start, key.end);
      seen.set(name, (seen.get(name) ?? 0) + 1);
      keys++;
    }
  }
  let shared = 0;
  for (const times of seen.values()) if (times >= count / 2) shared += times;
  return shared >= 0.7 * keys;
}

/** So many numbers are a series or a vector: nobody reads them one by one. */
const MANY_NUMBERS = 32;

/** Whether an array is one sentence over and over, digits aside, or nothing but numbers. */
export function isMonotonous(source: string, node: JsonArray | JsonObject): boolean {
  if (node.type !== "array" || node.items.length < 20) return false;
  if (node.items.every(({ type }) => type === "number")) return node.items.length >= MANY_NUMBERS;
  const shapes = new Set<string>();
  for (const item of node.items) {
    if (item.type !== "string") return false;
    shapes.add(templateOf(source.slice(item.start + 1, item.end - 1)));
    if (shapes.size > 2) return false;
  }
  return true;
}

/** Whether rows are mostly long text. */
export function isProse({ source, items, columns }: Table): boolean {
  let long = 0;
  let all = 0;
  for (const column of columns) {
    for (const node of column.nodes) {
      const length = node.end - node.start;
      all += length;
      if (
        node.type === "string" &&
        length > 300 &&
        source.slice(node.start, node.start + 60).includes(" ")
      )
        long += length;
    }
  }
  return long > 0.7 * all && all > 500 * items.length;
}

/** Whether a string may hold JSON: worth an attempt to read it. */
export function startsLikeJson(source: string, node: JsonString): boolean {
  const first = source.charCodeAt(node.start + 1);
  const last = source.charCodeAt(node.end - 2);
  return (first === 123 && last === 125) || (first === 91 && last === 93);
}
