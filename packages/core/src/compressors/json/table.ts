/**
 * Record types as tables: a column for each key, with what stands in each row's cell.
 */
import type { Steps } from "../../types/compressor.ts";
import type { RecordType, RecordTypes } from "./record.ts";
import { nameOf } from "./text.ts";
import type { Value } from "./value.ts";

export interface Column {
  readonly index: number;
  /** As written in the header: a bare name, or the key lexeme. */
  readonly field: string;
  /** One per row; `undefined` where the key is missing. */
  readonly cells: readonly (Value | undefined)[];
  /** Objects in this column (or in its arrays, when `many`) are of this type. */
  readonly type: RecordType | undefined;
  readonly many: boolean;
}

export interface Table {
  readonly type: RecordType;
  /** In the order of the keys. */
  readonly columns: readonly Column[];
  /** Rows: the different objects of the type. */
  readonly size: number;
}

export function* buildTable(type: RecordType, types: RecordTypes): Steps<Table> {
  const { objects } = type;
  const slots = objects.map(({ shape }) => shape && type.slots.get(shape.id));
  const columns: Column[] = [];
  for (const [index, key] of type.keys.entries()) {
    const cells = objects.map((object, row) => object.items[slots[row]?.[index] ?? -1]);
    const records = recordsIn(cells, types);
    columns.push({
      index,
      field: nameOf(key),
      cells,
      type: records?.type,
      many: records?.many ?? false,
    });
    yield;
  }
  return { type, columns, size: objects.length };
}

/** The one type of the objects in a column, or in the arrays of a column. */
function recordsIn(
  cells: readonly (Value | undefined)[],
  types: RecordTypes,
): { type: RecordType; many: boolean } | undefined {
  let found: RecordType | undefined;
  let many: boolean | undefined;
  for (const cell of cells) {
    if (cell === undefined || cell.items.length === 0) continue;
    const isArray = cell.kind === "array";
    for (const object of isArray ? cell.items : [cell]) {
      const type = types.of(object);
      if (type === undefined) continue;
      if (found !== undefined && (found !== type || many !== isArray)) return undefined;
      found = type;
      many = isArray;
    }
  }
  return found && { type: found, many: many ?? false };
}
