/**
 * Lists and records made of fields beside them: the main address among all addresses, an owner who is the author, too.
 *
 * One row is the pattern: parts of its cell that are the same as another field of that row become references, written
 * `addresses=[Address(${publicName},${publicIp})]`. Every row then decides, as with the templates of strings. One trap: a member
 * of an object that is no row may refer to its own neighbours (`siblings.ts`), so a pattern has no references in there, and none
 * where a row inside of it does not list the field.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { RecordType, RecordTypes } from "./record.ts";
import { type Copy, costOfCells, costOfExceptions, type RowPlan, type Rule } from "./rule.ts";
import type { Column } from "./table.ts";
import type { Value } from "./value.ts";

/** Rows that are tried as the pattern. */
const PATTERN_ROWS = 4;
/** A pattern that fails in more than one of so many rows is none. */
const ROWS_PER_EXCEPTION = 4;
/** Estimated tokens of cells worth a pattern: a reader has to put them together. */
const MIN_TOKENS = 6;
/** Estimated tokens of a reference. */
const REFERENCE_TOKENS = 3;
/** More columns than this are not compared pairwise. */
const MAX_COMPARED_COLUMNS = 400;

/** The plans with copies in place of columns of lists and records, the dearest first. */
export function* withCopies(
  plans: ReadonlyMap<RecordType, RowPlan>,
  types: RecordTypes,
): Steps<Map<RecordType, RowPlan>> {
  const all = new Map(plans);
  // Types whose rows stand in patterns: they keep the fields that they list.
  const locked = new Set<RecordType>();
  for (const [type, plan] of plans) {
    const { columns } = plan.table;
    if (locked.has(type) || columns.length > MAX_COMPARED_COLUMNS) continue;
    const copies = new Map<Column, Copy>();
    const open = plan.cells
      .filter((column) => column.type !== undefined)
      .map((column) => ({ column, cost: costOfCells(column) }))
      .sort((a, b) => b.cost - a.cost || a.column.index - b.column.index);
    for (const { column, cost } of open) {
      // A copy could lead back here, and a name in quotes is none for a reference.
      const sources = plan.cells.filter(
        (one) => one !== column && !copies.has(one) && one.field.charCodeAt(0) !== 34,
      );
      const found = yield* findCopy(column, sources, { types, plans: all, own: type });
      if (found === undefined) continue;
      if (found.cost + costOfExceptions(column, found.copy.except) >= cost) continue;
      copies.set(column, found.copy);
      for (const inner of found.inner) locked.add(inner);
    }
    if (copies.size > 0) all.set(type, planWith(plan, copies));
  }
  return all;
}

function planWith({ table, cells, fixed }: RowPlan, copies: ReadonlyMap<Column, Copy>): RowPlan {
  const rules = new Map<Column, Rule>(copies);
  for (const { column, rule } of fixed) rules.set(column, rule);
  return {
    table,
    cells: cells.filter((column) => !copies.has(column)),
    fixed: table.columns.flatMap((column) => {
      const rule = rules.get(column);
      return rule === undefined ? [] : [{ column, rule }];
    }),
  };
}

interface Surroundings {
  readonly types: RecordTypes;
  readonly plans: ReadonlyMap<RecordType, RowPlan>;
  /** The type whose column it is: its plan is not settled, so its rows hold no references. */
  readonly own: RecordType;
}

interface Found {
  readonly copy: Copy;
  /** The types of rows that hold references. */
  readonly inner: ReadonlySet<RecordType>;
  /** Estimated tokens of the pattern itself. */
  readonly cost: number;
}

function* findCopy(
  { cells }: Column,
  sources: readonly Column[],
  surroundings: Surroundings,
): Steps<Found | undefined> {
  const meter = new Meter();
  let tried = 0;
  for (let row = 0; row < cells.length && tried < PATTERN_ROWS; row++) {
    const cell = cells[row];
    if (cell === undefined || cell.items.length === 0 || cell.cost < MIN_TOKENS) continue;
    tried++;
    const known = new Map<Value, Column>();
    for (const source of sources) {
      const value = source.cells[row];
      if (value !== undefined && isTelling(value) && !known.has(value)) known.set(value, source);
    }
    const pattern = readPattern(cell, known, surroundings);
    if (meter.isDue(8 * (sources.length + cell.cost))) yield;
    const { references, inner } = pattern;
    if (references.size === 0) continue;
    const except = yield* exceptions(cells, pattern);
    if (except === undefined) continue;
    let cost = cell.cost;
    for (const value of references.keys()) cost += REFERENCE_TOKENS - value.cost;
    cost = Math.max(REFERENCE_TOKENS, cost);
    return { copy: { kind: "copy", pattern: cell, references, except }, inner, cost };
  }
  return undefined;
}

/** Numbers and words such as `true` are the same by chance. */
function isTelling({ kind, items }: Value): boolean {
  return kind === "string" || (kind !== "embedded" && items.length > 0);
}

/** A cell that is tried as the pattern. */
interface Pattern {
  readonly cell: Value;
  /** The parts of it that are references. */
  readonly references: Map<Value, Column>;
  /** Lists and rows in it that hold references, and which of their items may be or hold some. */
  readonly holders: Map<Value, readonly boolean[]>;
  readonly inner: Set<RecordType>;
}

function readPattern(
  cell: Value,
  known: ReadonlyMap<Value, Column>,
  { types, plans, own }: Surroundings,
): Pattern {
  const pattern: Pattern = {
    cell,
    references: new Map(),
    holders: new Map(),
    inner: new Set(),
  };
  /** Whether a part is a reference or holds one. */
  function visit(part: Value): boolean {
    const source = known.get(part);
    if (source !== undefined) pattern.references.set(part, source);
    if (source !== undefined) return true;
    const type = types.of(part);
    if (part.gap !== undefined || type === own) return false;
    if (part.kind !== "array" && type === undefined) return false;
    const isListed = listedIn(part, type === undefined ? undefined : plans.get(type));
    const open = part.items.map((item, at) => isListed(at) && visit(item));
    if (!open.includes(true)) return false;
    pattern.holders.set(part, open);
    if (type !== undefined) pattern.inner.add(type);
    return true;
  }
  visit(cell);
  return pattern;
}

/** Which items of a list or row are written where it stands. */
function listedIn({ shape }: Value, plan: RowPlan | undefined): (at: number) => boolean {
  if (plan === undefined || shape === undefined) return () => true;
  const slots = plan.table.type.slots.get(shape.id) ?? [];
  const listed = new Set(plan.cells.map(({ index }) => slots[index]));
  return (at) => listed.has(at);
}

function* exceptions(
  cells: Column["cells"],
  pattern: Pattern,
): Steps<ReadonlySet<number> | undefined> {
  const meter = new Meter();
  const except = new Set<number>();
  let made = 0;
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (meter.isDue(8 * pattern.cell.cost)) yield;
    // A reference alone is read as the template of a string, which makes a text of a number.
    const isText = cell?.kind === "scalar" && pattern.references.has(pattern.cell);
    if (cell !== undefined && !isText && isMade(cell, pattern.cell, pattern, row)) made++;
    else except.add(row);
    if (except.size * ROWS_PER_EXCEPTION > cells.length) return undefined;
  }
  return made < 2 ? undefined : except;
}

/** Whether a part of the pattern makes this value in a row. */
function isMade(value: Value, part: Value, pattern: Pattern, row: number): boolean {
  const source = pattern.references.get(part);
  if (source !== undefined) return source.cells[row] === value;
  const open = pattern.holders.get(part);
  if (open === undefined) return value === part;
  if (value.gap !== undefined || value.kind !== part.kind || value.shape !== part.shape)
    return false;
  if (value.items.length !== part.items.length) return false;
  return value.items.every((item, at) => {
    const own = part.items[at] as Value;
    return open[at] ? isMade(item, own, pattern, row) : item === own;
  });
}
