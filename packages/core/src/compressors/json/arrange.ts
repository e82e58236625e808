/**
 * What is decided before a document is written: rows of which tables its records are, what gets lines of its own, and
 * which strings are written as references to others.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { RecordType, RecordTypes } from "./record.ts";
import type { RowPlan } from "./rule.ts";
import { type SiblingReference, siblingReferences } from "./siblings.ts";
import type { Column } from "./table.ts";
import type { Value } from "./value.ts";

/** Arrays and objects get lines of their own from this estimated number of tokens on; tables do inside of rows, too. */
const BLOCK_TOKENS = 24;
const BLOCK_TOKENS_IN_ROW = 200;

/** What is known about a document before it is written. */
export interface Arrangement {
  readonly root: Value;
  readonly types: RecordTypes;
  readonly plans: ReadonlyMap<RecordType, RowPlan>;
  /** The row of each record in the table of its type, by the record's id. */
  readonly rows: Int32Array;
  /** Arrays and objects written on several lines; each stands in one place. */
  readonly blocks: ReadonlySet<Value>;
  /** Members of objects that are no rows, written as references to others. */
  readonly siblings: Map<Value, ReadonlyMap<number, SiblingReference>>;
}

/** Which members of an object that is no row are written as references. */
export function siblingsIn(
  item: Value,
  { siblings }: Arrangement,
): ReadonlyMap<number, SiblingReference> {
  let found = siblings.get(item);
  if (found === undefined) {
    found = siblingReferences(item);
    siblings.set(item, found);
  }
  return found;
}

export function* arrange(
  root: Value,
  types: RecordTypes,
  plans: ReadonlyMap<RecordType, RowPlan>,
): Steps<Arrangement> {
  const rows = new Int32Array(root.id + 1);
  for (const { table } of plans.values()) {
    table.type.objects.forEach((object, row) => {
      rows[object.id] = row;
    });
    yield;
  }
  const blocks = new Set<Value>();
  const arrangement: Arrangement = { root, types, plans, rows, blocks, siblings: new Map() };
  yield* findBlocks(root, arrangement, blocks);
  return arrangement;
}

function* findBlocks(root: Value, arrangement: Arrangement, blocks: Set<Value>): Steps<void> {
  const { types, plans, rows } = arrangement;
  const meter = new Meter();
  const open: { readonly item: Value; readonly isInRow: boolean }[] = [];
  const visit = (item: Value, isInRow: boolean): void => {
    // What stands in several places is written once, under a name.
    const least = isInRow ? BLOCK_TOKENS_IN_ROW : BLOCK_TOKENS;
    if (item.cost >= least && item.items.length > 0 && item.uses <= 1) open.push({ item, isInRow });
  };
  visit(root, false);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { item, isInRow } = next;
    if (meter.isDue(16 * item.items.length)) yield;
    const type = types.of(item);
    if (type !== undefined) {
      if (item.cost < BLOCK_TOKENS_IN_ROW) continue;
      eachInRow(plans.get(type) as RowPlan, rows[item.id] as number, (cell) => visit(cell, true));
      continue;
    }
    // Short scalars read better on one line.
    const isList = item.kind === "array" && item.items.every(({ items }) => items.length === 0);
    if (isList) continue;
    if (item.kind !== "embedded" && (!isInRow || usualType(item, arrangement) !== undefined))
      blocks.add(item);
    for (const inner of item.items) visit(inner, isInRow);
  }
}

/** The type that most of the values in an array or object are of, which then need not say so. */
export function usualType({ items }: Value, { types, plans }: Arrangement): RecordType | undefined {
  const counts = new Map<RecordType, number>();
  for (const item of items) {
    const type = types.of(item);
    if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  for (const [type, count] of counts) {
    if (count < 2 || count * 2 <= items.length) continue;
    // Only where rows have several cells can a line of one cell be something else.
    const hasCells = (plans.get(type) as RowPlan).cells.length > 1;
    return hasCells || count === items.length ? type : undefined;
  }
  return undefined;
}

/** The values that stand in a row: cells and exceptions. */
export function eachInRow(
  plan: RowPlan,
  row: number,
  visit: (item: Value, column: Column) => void,
): void {
  for (const column of plan.cells) {
    const item = column.cells[row];
    if (item !== undefined) visit(item, column);
  }
  for (const { column, rule } of plan.fixed) {
    const item = rule.except.has(row) ? column.cells[row] : undefined;
    if (item !== undefined) visit(item, column);
  }
}
