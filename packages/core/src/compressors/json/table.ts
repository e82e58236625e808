/**
 * Record types as tables: which columns there are (nested objects flattened where every row has them) and what stands
 * in each cell.
 *
 * A type with an owner is either flattened into its owner's table (`group`) or becomes a table of its own whose rows
 * know the row around them. One trap: such a table has one row per place, not per different object, because what its
 * columns derive from the row around them may differ.
 */
import type { RecordType, RecordTypes } from "./record.ts";
import type { Rule } from "./rule.ts";
import { isName, nameOf } from "./text.ts";
import type { Value } from "./value.ts";

/** Fields of one object level; the root group is the row itself. */
export interface Group {
  readonly field: string;
  readonly parent: Group | undefined;
  readonly members: (Column | Group)[];
  readonly byName: Map<string, Column | Group>;
  readonly depth: number;
}

export interface Column {
  readonly index: number;
  /** As written in the header: a bare name, or the key lexeme. */
  readonly field: string;
  readonly group: Group;
  readonly table: Table;
  /** One per row; `undefined` where the key is missing. */
  readonly cells: readonly (Value | undefined)[];
  /** Objects in this column, or in its arrays, are rows of this table… */
  readonly child: Table | undefined;
  /** …starting, for the n-th row of this table, with this row of the child. */
  readonly childStart: Int32Array | undefined;
  /** Objects in this column (or in its arrays, when `many`) are of this named type. */
  readonly static: RecordType | undefined;
  readonly many: boolean;
  rule: Rule;
}

export interface Table {
  readonly type: RecordType;
  readonly group: Group;
  readonly columns: Column[];
  readonly size: number;
  /** The table around this one, and the row there that each row of this one stands in. */
  readonly around:
    | { readonly column: Group; readonly table: Table; readonly rows: Int32Array }
    | undefined;
}

/** The tables of all named types, each with the tables inside it. */
export function buildTables(types: RecordTypes): ReadonlyMap<RecordType, Table> {
  const owned = new Map<RecordType, RecordType[]>();
  for (const type of types.all) {
    if (type.owner === undefined) continue;
    const list = owned.get(type.owner.type);
    if (list === undefined) owned.set(type.owner.type, [type]);
    else list.push(type);
  }
  const tables = new Map<RecordType, Table>();
  for (const type of types.all) {
    if (type.owner === undefined) {
      tables.set(type, buildTable(type, type.objects, undefined, owned, types));
    }
  }
  return tables;
}

function buildTable(
  type: RecordType,
  objects: readonly Value[],
  around: Table["around"],
  owned: ReadonlyMap<RecordType, readonly RecordType[]>,
  types: RecordTypes,
): Table {
  const group: Group = { field: "", parent: undefined, members: [], byName: new Map(), depth: 0 };
  const table: Table = { type, group, columns: [], size: objects.length, around };
  fill(table, group, type, objects, owned, types);
  return table;
}

function fill(
  table: Table,
  group: Group,
  type: RecordType,
  objects: readonly (Value | undefined)[],
  owned: ReadonlyMap<RecordType, readonly RecordType[]>,
  types: RecordTypes,
): void {
  const inner = owned.get(type) ?? [];
  const slots = objects.map((object) => object?.shape && type.slots.get(object.shape.id));
  type.keys.forEach((key, field) => {
    const cells = objects.map((object, row) => object?.items[slots[row]?.[field] ?? -1]);
    const child = inner.find((candidate) => candidate.owner?.field === field);
    const name = nameOf(key);
    const flat = child?.owner?.many === false ? child : smallType(cells, types);
    if (flat !== undefined && always(cells, flat, types)) {
      const nested: Group = {
        field: name,
        parent: group,
        members: [],
        byName: new Map(),
        depth: group.depth + 1,
      };
      add(group, name, nested);
      fill(table, nested, flat, cells, owned, types);
      return;
    }
    let childTable: Table | undefined;
    let childStart: Int32Array | undefined;
    if (child !== undefined) {
      const rows: Value[] = [];
      const from: number[] = [];
      childStart = new Int32Array(cells.length);
      cells.forEach((cell, row) => {
        if (childStart !== undefined) childStart[row] = rows.length;
        if (cell === undefined) return;
        for (const object of child.owner?.many ? cell.items : [cell]) {
          if (types.of(object) !== child) continue;
          rows.push(object);
          from.push(row);
        }
      });
      const place = { column: group, table, rows: Int32Array.from(from) };
      childTable = buildTable(child, rows, place, owned, types);
    }
    const statics = child === undefined ? staticType(cells, types) : undefined;
    const column: Column = {
      index: table.columns.length,
      field: name,
      group,
      table,
      cells,
      child: childTable,
      childStart,
      static: statics?.type,
      many: child?.owner?.many ?? statics?.many ?? false,
      rule: { kind: "cell" },
    };
    table.columns.push(column);
    add(group, name, column);
  });
}

function add(group: Group, name: string, member: Column | Group): void {
  group.members.push(member);
  if (isName(name)) group.byName.set(name, member);
}

/** The type of the first cell, if it is one that is written out. */
function smallType(
  cells: readonly (Value | undefined)[],
  types: RecordTypes,
): RecordType | undefined {
  const type = cells[0] && types.of(cells[0]);
  if (!type?.small) return undefined;
  // What repeats is better kept together, under one name.
  return new Set(cells).size * 2 > cells.length ? type : undefined;
}

function always(
  cells: readonly (Value | undefined)[],
  type: RecordType,
  types: RecordTypes,
): boolean {
  return cells.every((cell) => cell !== undefined && types.of(cell) === type);
}

/** The one named type of the objects in a column, or in the arrays of a column. */
function staticType(
  cells: readonly (Value | undefined)[],
  types: RecordTypes,
): { type: RecordType; many: boolean } | undefined {
  let found: RecordType | undefined;
  let many: boolean | undefined;
  for (const cell of cells) {
    if (cell === undefined) continue;
    const isArray = cell.kind === "array";
    for (const object of isArray ? cell.items : [cell]) {
      const type = types.of(object);
      if (type === undefined || type.owner !== undefined) continue;
      if (found !== undefined && (found !== type || many !== isArray)) return undefined;
      found = type;
      many = isArray;
    }
  }
  return found && { type: found, many: many ?? false };
}
