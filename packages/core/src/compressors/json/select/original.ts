/**
 * A JSON text read again, to check what a view says about it.
 *
 * It shares no code with what chose and counted: it walks to the array or map by its path, and to the field of each row. Two
 * traps: keys may hold dots and brackets, so at each object every key that fits is tried; and strings that hold JSON are entered.
 */
import { parseInSteps, stringValue } from "../../../json/lexer.ts";
import type { JsonNode } from "../../../json/node.ts";
import { finish } from "../../../steps.ts";
import type { OriginalUnits } from "../../../types/statement.ts";
import { LENGTH_FIELD } from "./facts.ts";
import { MAP_VALUE } from "./note.ts";
import { type PathStep, ROOT, readPath } from "./path.ts";

/** A value and the text it stands in. */
interface Place {
  readonly source: string;
  readonly node: JsonNode;
}

/** The rows of arrays and the members of maps, by path; their fields by the paths of columns. */
export function originalUnits(source: string, root: JsonNode): OriginalUnits {
  const places = new Map<string, Place | undefined>();
  return {
    values(of, field) {
      if (!places.has(of)) places.set(of, placeOf(source, root, of));
      const place = places.get(of);
      return place && valuesAt(place, field);
    },
  };
}

function placeOf(source: string, root: JsonNode, of: string): Place | undefined {
  let place = entered({ source, node: root });
  for (const step of of === ROOT ? [] : readPath(of)) {
    const next: JsonNode | undefined = childOf(place, step);
    if (next === undefined) return undefined;
    place = entered({ source: place.source, node: next });
  }
  return place;
}

function childOf({ source, node }: Place, step: PathStep): JsonNode | undefined {
  if (node.type === "array") return typeof step === "number" ? node.items[step] : undefined;
  if (node.type !== "object" || typeof step === "number") return undefined;
  return node.members.find(({ key }) => source.slice(key.start + 1, key.end - 1) === step)?.value;
}

/** What a string holds, where that is JSON. */
function entered(place: Place): Place {
  const { source, node } = place;
  if (node.type !== "string") return place;
  const held = stringValue(source, node);
  const root = finish(parseInSteps(held));
  return root?.type === "array" || root?.type === "object" ? { source: held, node: root } : place;
}

function valuesAt(
  { source, node }: Place,
  field: string | undefined,
): readonly (string | undefined)[] | undefined {
  if (node.type === "object") {
    if (field === undefined)
      return node.members.map(({ key }) => source.slice(key.start + 1, key.end - 1));
    return fieldValues(
      source,
      node.members.map(({ value }) => value),
      field,
    );
  }
  if (node.type !== "array") return undefined;
  return field === undefined
    ? node.items.map((item) => textOf(source, item))
    : fieldValues(source, node.items, field);
}

function fieldValues(
  source: string,
  rows: readonly JsonNode[],
  field: string,
): readonly (string | undefined)[] {
  if (field.startsWith(LENGTH_FIELD)) {
    const path = field.slice(LENGTH_FIELD.length);
    return rows.map((row) => {
      const [list] = found(source, row, path);
      return list?.type === "array" ? `${list.items.length}` : undefined;
    });
  }
  if (field.includes("[]")) {
    const values: string[] = [];
    for (const row of rows)
      for (const node of found(source, row, field)) {
        const text = textOf(source, node);
        if (text !== undefined) values.push(text);
      }
    return values;
  }
  return rows.map((row) => {
    const own = field === MAP_VALUE ? textOf(source, row) : undefined;
    if (own !== undefined) return own;
    const [node] = found(source, row, field);
    return node && (textOf(source, node) ?? "…");
  });
}

/** The values at a path of a row: keys with dots between them, `[3]` for a place in an array, `[]` for all. */
function found(source: string, row: JsonNode, path: string): readonly JsonNode[] {
  const out: JsonNode[] = [];
  if (row.type === "object" && !/[.[]/.test(path)) {
    for (const { key, value } of row.members)
      if (key.end - key.start - 2 === path.length && source.startsWith(path, key.start + 1))
        out.push(value);
    return out;
  }
  const visit = (node: JsonNode, rest: string): void => {
    if (rest === "") {
      out.push(node);
      return;
    }
    if (node.type === "array") {
      const close = rest.startsWith("[") ? rest.indexOf("]") : -1;
      if (close < 0) return;
      const after = rest.startsWith(".", close + 1) ? rest.slice(close + 2) : rest.slice(close + 1);
      const only = close > 1 ? node.items[Number(rest.slice(1, close))] : undefined;
      if (close === 1) for (const item of node.items) visit(item, after);
      else if (only !== undefined) visit(only, after);
    } else if (node.type === "object")
      for (const { key, value } of node.members) {
        const length = key.end - key.start - 2;
        if (!source.startsWith(rest.slice(0, length), key.start + 1) || length > rest.length)
          continue;
        const next = rest[length];
        if (next === undefined || next === "[") visit(value, rest.slice(length));
        else if (next === ".") visit(value, rest.slice(length + 1));
      }
  };
  visit(row, path);
  return out;
}

/** What sentences call a value; `undefined` for arrays and objects with something in them. */
function textOf(source: string, node: JsonNode): string | undefined {
  switch (node.type) {
    case "string":
      return stringValue(source, node);
    case "array":
      return node.items.length === 0 ? "[]" : undefined;
    case "object":
      return node.members.length === 0 ? "{}" : undefined;
    default:
      return source.slice(node.start, node.end);
  }
}
