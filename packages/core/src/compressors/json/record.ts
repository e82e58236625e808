/**
 * Record types: which objects of a document are rows of the same kind.
 *
 * Objects with the same keys are one type wherever they stand (the `user` inside every issue, comment and repository
 * of an API answer), and near relatives (a key more or less, same order) join them with optional fields.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { estimateTokens } from "./estimate.ts";
import { isName, nameOf } from "./text.ts";
import type { Shape, Value, Values } from "./value.ts";

export interface RecordType {
  readonly id: number;
  /** The key that most of its places have, capitalised; `Entry` where no key has most of them. */
  name: string;
  /** Key lexemes in an order that fits every shape of the type. */
  keys: string[];
  readonly shapes: Shape[];
  /** Different objects of this type, in order of first appearance. */
  objects: readonly Value[];
  /** Where in an object of a shape (by shape id) the n-th key's value is; -1 where it is missing. */
  readonly slots: Map<number, readonly number[]>;
}

export interface RecordTypes {
  readonly all: readonly RecordType[];
  of(value: Value): RecordType | undefined;
}

export function* findRecordTypes(values: Values): Steps<RecordTypes> {
  const types = mergeShapes(values.shapes);
  const byShape = new Map<Shape, RecordType>();
  const all: RecordType[] = [];
  for (const type of types) {
    let objects = 0;
    for (const shape of type.shapes) objects += shape.objects.length;
    if (objects < 2 || keyTokens(type.keys) * (objects - 1) < MIN_KEY_TOKENS) continue;
    all.push(type);
    for (const shape of type.shapes) byShape.set(shape, type);
    type.objects =
      type.shapes.length === 1
        ? (type.shapes[0]?.objects ?? [])
        : type.shapes.flatMap((shape) => shape.objects).sort((a, b) => a.id - b.id);
    for (const shape of type.shapes) {
      const at = new Map(shape.keys.map((key, index) => [key, index]));
      type.slots.set(
        shape.id,
        type.keys.map((key) => at.get(key) ?? -1),
      );
    }
    yield;
  }
  const of = (value: Value): RecordType | undefined =>
    value.shape === undefined ? undefined : byShape.get(value.shape);
  yield* nameTypes(values, all, of);
  return { all, of };
}

/** A header costs its keys once more, and a reader has to look it up: estimated tokens of keys it has to spare. */
const MIN_KEY_TOKENS = 8;

function keyTokens(keys: readonly string[]): number {
  let tokens = 0;
  for (const key of keys) tokens += 1 + estimateTokens(nameOf(key));
  return tokens;
}

/** How many existing types a shape is compared with before it becomes a type of its own. */
const MAX_COMPARISONS = 24;

/** Share of keys that two shapes have in common to be one type: as items of the same array, and otherwise. */
const LEAST_SHARED = 0.5;
const LEAST_SHARED_ALONE = 0.75;

function mergeShapes(shapes: readonly Shape[]): RecordType[] {
  const types: RecordType[] = [];
  const byKey = new Map<string, RecordType[]>();
  const ordered = shapes
    .filter((shape) => shape.distinct && shape.keys.length > 0)
    .sort((a, b) => b.objects.length - a.objects.length || a.id - b.id);
  for (const shape of ordered) {
    const type = relative(shape, byKey);
    if (type !== undefined) {
      type.shapes.push(shape);
      continue;
    }
    const created: RecordType = {
      id: types.length,
      name: "",
      keys: [...shape.keys],
      shapes: [shape],
      objects: [],
      slots: new Map(),
    };
    types.push(created);
    for (const key of shape.keys) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [created]);
      else if (list.length < MAX_COMPARISONS) list.push(created);
    }
  }
  return types;
}

/** The type this shape can join, its key order widened to fit. */
function relative(shape: Shape, byKey: ReadonlyMap<string, RecordType[]>): RecordType | undefined {
  const shared = new Map<RecordType, number>();
  for (const key of shape.keys) {
    for (const type of byKey.get(key) ?? []) shared.set(type, (shared.get(type) ?? 0) + 1);
  }
  const ranked = [...shared].sort((a, b) => b[1] - a[1] || a[0].id - b[0].id);
  for (const [type, count] of ranked.slice(0, 4)) {
    const longest = Math.max(type.keys.length, shape.keys.length);
    if (count < LEAST_SHARED * longest) break;
    const isNeighbour = shape.list !== -1 && type.shapes.some(({ list }) => list === shape.list);
    if (!isNeighbour && count < LEAST_SHARED_ALONE * longest) continue;
    const keys = mergeKeys(type.keys, shape.keys);
    if (keys === undefined) continue;
    type.keys = keys;
    return type;
  }
  return undefined;
}

/** One order that both lists keep, or none. */
function mergeKeys(base: readonly string[], added: readonly string[]): string[] | undefined {
  const at = new Map(base.map((key, index) => [key, index]));
  const merged: string[] = [];
  let taken = 0;
  for (const key of added) {
    const index = at.get(key);
    if (index === undefined) {
      merged.push(key);
      continue;
    }
    if (index < taken) return undefined;
    for (; taken <= index; taken++) merged.push(base[taken] as string);
  }
  for (; taken < base.length; taken++) merged.push(base[taken] as string);
  return merged;
}

/** Names every type after the key under which most of its objects stand. */
function* nameTypes(
  values: Values,
  types: readonly RecordType[],
  of: (value: Value) => RecordType | undefined,
): Steps<void> {
  const meter = new Meter();
  const votes = new Map<RecordType, { places: number; byKey: Map<string, number> }>();

  function vote(value: Value, key: string): void {
    if (value.kind === "object") {
      const type = of(value);
      if (type === undefined) return;
      let found = votes.get(type);
      if (found === undefined) {
        found = { places: 0, byKey: new Map() };
        votes.set(type, found);
      }
      found.places++;
      found.byKey.set(key, (found.byKey.get(key) ?? 0) + 1);
    } else for (const item of value.items) if (item.items.length > 0) vote(item, key);
  }

  vote(values.root, '"row"');
  for (const { keys, objects } of values.shapes) {
    for (const { items } of objects) {
      if (meter.isDue(8 * items.length)) yield;
      for (let i = 0; i < items.length; i++) {
        const item = items[i] as Value;
        if (item.items.length > 0) vote(item, keys[i] as string);
      }
    }
  }

  const taken = new Map<string, number>();
  for (const type of types) {
    const { places, byKey } = votes.get(type) ?? { places: 0, byKey: new Map<string, number>() };
    const winner = [...byKey].find(([, count]) => count * 2 > places)?.[0];
    type.name = typeName(winner === undefined ? "entry" : nameOf(winner), taken);
  }
}

/** `taken`: every name given so far, with the number to try next where another type wants it. */
function typeName(key: string, taken: Map<string, number>): string {
  // A `$` before `{` would read as a reference.
  const base =
    isName(key) && !key.includes("$") ? key.charAt(0).toUpperCase() + key.slice(1) : "Row";
  let next = taken.get(base) ?? 1;
  let name = next === 1 ? base : `${base}${next}`;
  while (taken.has(name)) name = `${base}${++next}`;
  taken.set(name, 2);
  taken.set(base, Math.max(2, next + 1));
  return name;
}
