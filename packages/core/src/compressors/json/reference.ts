/**
 * What a column can refer to: other columns of its row, and of the rows around it.
 *
 * A reference is written as the shortest path of names that finds its column, looked up from the innermost group
 * outwards; the decoder looks names up the same way. One trap: references must not form a circle, so a column only
 * refers to columns that are shorter on average (or as long, and stand earlier).
 */
import type { Column, Group, Table } from "./table.ts";
import { isDigit } from "./text.ts";
import type { Value } from "./value.ts";

export interface Reference {
  readonly column: Column;
  /** 0: the same row; 1: the row around it; and so on outwards. */
  readonly up: number;
  /** As written between `${` and `}`. */
  readonly path: string;
}

/** The inside of a string, the text of a number; what can be a part of another string. */
export function rawText(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "string") return value.text.slice(1, -1);
  const first = value.kind === "scalar" ? value.text.charCodeAt(0) : 0;
  return isDigit(first) || first === 45 ? value.text : undefined;
}

/** Mean length of each column's text: a column may refer to one of smaller mean, or of equal mean and lower index. */
export function rank(table: Table): Float64Array {
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
export function references(column: Column, order: Float64Array): Reference[] {
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
