/**
 * Rows seen as columns: every scalar of every row, filed under the path where it stands.
 *
 * Objects are flattened (`user.login`), arrays inside rows too (`labels[].name`), so that statistics see nested answers
 * such as `Instances[].State.Name`. Nothing is converted; a column keeps its nodes. One trap: a path below twelve levels is
 * filed under its ancestor, since deep trees are not tables.
 */

import { stringValue } from "../../../json/lexer.ts";
import type { JsonNode } from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { QuantityKind } from "../../../view/quantity.ts";
import { scalarCost } from "./cost.ts";
import { templateOf } from "./template.ts";

export interface Column {
  /** Keys joined by dots, `[]` for array elements; empty for rows that are scalars. */
  readonly path: string;
  /** True when a row may hold several values of it. */
  readonly repeated: boolean;
  /** Values in row order and, in parallel, the rows they stand in. */
  readonly nodes: JsonNode[];
  readonly rows: number[];
}

/** Rows with the same value (or the same template, or type) of one column. */
export interface ValueClass {
  readonly value: string;
  /** Rows that have it, ascending; may be left empty where only the size matters. */
  readonly rows: readonly number[];
  readonly size: number;
}

export interface Table {
  readonly source: string;
  readonly items: readonly JsonNode[];
  readonly columns: readonly Column[];
  /** Estimated tokens of each row in a table whose constant columns are written once. */
  readonly costs: Float64Array;
  /** Arrays that stand in rows, empty ones included, by the path where they stand; arrays in arrays aside. */
  readonly lists: readonly Column[];
  /** Paths do not tell where values stand: there are too many columns, or keys that look like paths. */
  readonly isCrowded: boolean;
  /** What `numbersOf` found, since several statistics ask for it. */
  readonly numbers: Map<Column, Numbers | undefined>;
}

/** The numbers of a column and the rows they stand in: of strings, what they measure. */
export interface Numbers {
  /** Versions and times have an order, but no distances. */
  readonly kind: QuantityKind;
  readonly values: readonly number[];
  readonly rows: readonly number[];
}

/** Deployments nest as deep as `spec.template.spec.containers[].securityContext.capabilities.drop[]`. */
const MAX_DEPTH = 12;
/** To look at a node of a column takes as long as reading so many characters. */
const NODE_CHARACTERS = 16;
/** Past so many columns rows are no table; what is left is filed under the last. */
const MAX_COLUMNS = 400;

/** Files all scalars of `items` under their columns. */
export function* readColumns(source: string, items: readonly JsonNode[]): Steps<Table> {
  const meter = new Meter();
  const columns: Column[] = [];
  const lists = new Map<number, Column>();
  const paths = new Set<string>();
  const tuples = areTuples(items);
  let isCrowded = false;
  const children: Map<string, number>[] = [];
  const column = (parent: number, key: string, repeated: boolean): number => {
    let known = children[parent + 1];
    if (known === undefined) {
      known = new Map();
      children[parent + 1] = known;
    }
    let id = known.get(key);
    if (id === undefined) {
      if (columns.length >= MAX_COLUMNS) {
        isCrowded = true;
        return Math.max(parent, 0);
      }
      id = columns.length;
      const above = parent < 0 ? "" : (columns[parent] as Column).path;
      const path = key === "[]" ? `${above}[]` : above === "" ? key : `${above}.${key}`;
      // Two keys, or a key and a way of keys, with one name; and brackets of the key itself.
      if (paths.has(path) || (key !== "[]" && key.includes("[") && !tuples)) isCrowded = true;
      paths.add(path);
      columns.push({ path, repeated, nodes: [], rows: [] });
      known.set(key, id);
    }
    return id;
  };
  const addList = (node: JsonNode, row: number, at: number): void => {
    let list = lists.get(at);
    if (list === undefined) {
      list = { path: columns[at]?.path ?? "", repeated: false, nodes: [], rows: [] };
      lists.set(at, list);
    }
    list.nodes.push(node);
    list.rows.push(row);
  };
  const visit = (
    node: JsonNode,
    row: number,
    at: number,
    repeated: boolean,
    depth: number,
  ): void => {
    if (node.type === "array" && depth > 0 && !repeated) addList(node, row, at);
    if (node.type === "object" && depth < MAX_DEPTH && node.members.length > 0) {
      for (const member of node.members) {
        const key = source.slice(member.key.start + 1, member.key.end - 1);
        visit(member.value, row, column(at, key, repeated), repeated, depth + 1);
      }
    } else if (node.type === "array" && depth === 0 && tuples) {
      for (let each = 0; each < node.items.length; each++) {
        const item = node.items[each];
        if (item !== undefined) visit(item, row, column(-1, `[${each}]`, false), false, 1);
      }
    } else if (node.type === "array" && depth < MAX_DEPTH && node.items.length > 0) {
      const id = column(at, "[]", true);
      for (const item of node.items) visit(item, row, id, true, depth + 1);
    } else {
      const own = columns[at < 0 ? column(-1, "", false) : at];
      own?.nodes.push(node);
      own?.rows.push(row);
    }
  };
  for (let row = 0; row < items.length; row++) {
    const item = items[row] as JsonNode;
    visit(item, row, -1, false, 0);
    if (meter.isDue(item.end - item.start)) yield;
  }
  const filled = columns.filter((each) => each.nodes.length > 0);
  const costs = new Float64Array(items.length);
  for (const each of filled) {
    if (isConstant(source, each, items.length)) continue;
    for (let at = 0; at < each.nodes.length; at++) {
      if (meter.isDue(NODE_CHARACTERS)) yield;
      const node = each.nodes[at];
      const row = each.rows[at];
      if (node !== undefined && row !== undefined)
        costs[row] = (costs[row] ?? 0) + nodeCost(source, node);
    }
  }
  return {
    source,
    items,
    columns: filled,
    costs,
    lists: [...lists.values()],
    isCrowded,
    numbers: new Map(),
  };
}

/** Rows written as arrays, one place per column: `[[1735689600, 20.5], …]`. */
function areTuples(items: readonly JsonNode[]): boolean {
  const first = items[0];
  if (first?.type !== "array" || first.items.length === 0 || first.items.length > 64) return false;
  const width = first.items.length;
  return items.every((item) => item.type === "array" && item.items.length === width);
}

function nodeCost(source: string, node: JsonNode): number {
  if (node.type === "array" || node.type === "object") return 1 + (node.end - node.start) / 5;
  return scalarCost(source, node);
}

function isConstant(source: string, column: Column, rows: number): boolean {
  const first = column.nodes[0];
  if (first === undefined || column.nodes.length < rows || column.repeated || rows < 2)
    return false;
  const length = first.end - first.start;
  const text = source.slice(first.start, first.end);
  return column.nodes.every(
    (node) => node.end - node.start === length && source.startsWith(text, node.start),
  );
}

/** The longest value that can name a class; longer ones count as distinct. */
const MAX_VALUE = 120;

/** Groups rows by value; `undefined` when there are more than `limit` values. Classes come in order of first sight. */
export function valueClasses(
  source: string,
  column: Column,
  limit: number,
): readonly ValueClass[] | undefined {
  return classes(column, limit, (node) => {
    const length = node.end - node.start;
    if (node.type === "array") return "[]";
    if (node.type === "object") return "{}";
    return length > MAX_VALUE ? undefined : source.slice(node.start, node.end);
  });
}

/** Groups rows by the template of their strings; other types by type. */
export function templateClasses(
  source: string,
  column: Column,
  limit: number,
): readonly ValueClass[] | undefined {
  return classes(column, limit, (node) =>
    node.type === "string" ? templateOf(textOf(source, node)) : node.type,
  );
}

/** Groups rows by the type of their value. */
export function typeClasses(column: Column): readonly ValueClass[] {
  return classes(column, 8, (node) => node.type) ?? [];
}

function classes(
  column: Column,
  limit: number,
  nameOf: (node: JsonNode) => string | undefined,
): readonly ValueClass[] | undefined {
  const found = new Map<string, number[]>();
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at] as JsonNode;
    const row = column.rows[at] as number;
    const name = nameOf(node);
    if (name === undefined) return undefined;
    const rows = found.get(name);
    if (rows !== undefined) {
      if (rows[rows.length - 1] !== row) rows.push(row);
    } else {
      if (found.size === limit) return undefined;
      found.set(name, [row]);
    }
  }
  return [...found].map(([value, rows]) => ({ value, rows, size: rows.length }));
}

/** What a cell says, as sentences name it: strings unescaped, other scalars as they stand; `undefined` for arrays and objects with something in them. */
export function cellText(source: string, node: JsonNode): string | undefined {
  if (node.type === "string") return stringValue(source, node);
  if (node.type === "array") return node.items.length === 0 ? "[]" : undefined;
  if (node.type === "object") return node.members.length === 0 ? "{}" : undefined;
  return source.slice(node.start, node.end);
}

/** The text of a scalar: strings unescaped (their first 1,000 characters), others as they stand. */
export function textOf(source: string, node: JsonNode): string {
  if (node.type !== "string") return source.slice(node.start, Math.min(node.end, node.start + 40));
  if (!node.escaped) return source.slice(node.start + 1, Math.min(node.end - 1, node.start + 1001));
  return stringValue(source, node).slice(0, 1000);
}
