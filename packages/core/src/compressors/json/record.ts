/**
 * Record types: which objects of a document are rows of the same kind.
 *
 * Objects with the same keys are one type wherever they stand (the `user` inside every issue, comment and repository
 * of an API answer), and near relatives (a key more or less, same order) join them with optional fields. A type that
 * occurs in one field of one other type only is written inside it, and may then refer to the fields around it.
 */
import { isName, nameOf } from "./text.ts";
import type { Shape, Value, Values } from "./value.ts";

export interface RecordType {
  readonly id: number;
  /** Printed where the type is not clear from its place. */
  name: string;
  /** Key lexemes in an order that fits every shape of the type. */
  keys: string[];
  readonly shapes: Shape[];
  /** Different objects of this type, in order of first appearance. */
  objects: readonly Value[];
  /** Where in an object of a shape (by shape id) the n-th key's value is; -1 where it is missing. */
  readonly slots: Map<number, readonly number[]>;
  /** The one field of another type in which all of these stand. */
  owner: Owner | undefined;
  /** A few scalars: written out in the columns of the row around it wherever it is always there. */
  small: boolean;
}

export interface Owner {
  readonly type: RecordType;
  readonly field: number;
  /** The objects are items of arrays in that field. */
  readonly many: boolean;
}

export interface RecordTypes {
  readonly all: readonly RecordType[];
  of(value: Value): RecordType | undefined;
}

export function findRecordTypes(values: Values): RecordTypes {
  const types = mergeShapes(values.shapes);
  const byShape = new Map<Shape, RecordType>();
  const all: RecordType[] = [];
  for (const type of types) {
    let objects = 0;
    for (const shape of type.shapes) objects += shape.objects.length;
    // A header costs about as much as one object's keys: two objects have to share it.
    if (objects < 2 || (type.keys.length < 2 && objects < 6)) continue;
    all.push(type);
    for (const shape of type.shapes) byShape.set(shape, type);
    type.objects =
      type.shapes.length === 1
        ? (type.shapes[0]?.objects ?? [])
        : type.shapes.flatMap((shape) => shape.objects).sort((a, b) => a.id - b.id);
    type.small =
      type.keys.length <= maxSmall &&
      type.objects.every(({ items }) => items.every((item) => item.items.length === 0));
    for (const shape of type.shapes) {
      const at = new Map(shape.keys.map((key, index) => [key, index]));
      type.slots.set(
        shape.id,
        type.keys.map((key) => at.get(key) ?? -1),
      );
    }
  }
  const of = (value: Value): RecordType | undefined =>
    value.shape === undefined ? undefined : byShape.get(value.shape);
  findPlaces(values, all, of);
  return { all, of };
}

const maxSmall = 4;

/** How many existing types a shape is compared with before it becomes a type of its own. */
const maxComparisons = 24;

/** Share of keys that two shapes have in common to be one type: as items of the same array, and otherwise. */
const leastShared = 0.5;
const leastSharedAlone = 0.75;

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
      owner: undefined,
      small: false,
    };
    types.push(created);
    for (const key of shape.keys) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [created]);
      else if (list.length < maxComparisons) list.push(created);
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
    if (count < leastShared * longest) break;
    const isNeighbour = shape.list !== -1 && type.shapes.some(({ list }) => list === shape.list);
    if (!isNeighbour && count < leastSharedAlone * longest) continue;
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

/** Names every type after the field it stands in most, and finds the ones with a single place. */
function findPlaces(
  values: Values,
  types: readonly RecordType[],
  of: (value: Value) => RecordType | undefined,
): void {
  const places = new Map<RecordType, Map<string, Owner | undefined>>();
  const votes = new Map<RecordType, Map<string, number>>();

  function note(value: Value, key: string, place: string, owner: Owner | undefined): void {
    const type = of(value);
    if (type === undefined) return;
    let known = places.get(type);
    if (known === undefined) {
      known = new Map();
      places.set(type, known);
    }
    if (known.size < 2) known.set(place, owner);
    let named = votes.get(type);
    if (named === undefined) {
      named = new Map();
      votes.set(type, named);
    }
    named.set(key, (named.get(key) ?? 0) + 1);
  }

  function noteAll(value: Value, key: string, parent: RecordType | undefined, field: number): void {
    if (value.kind === "embedded") {
      for (const item of value.items) noteAll(item, key, undefined, 0);
      return;
    }
    if (value.kind === "object") {
      const owner = parent && { type: parent, field, many: false };
      note(value, key, parent ? `${parent.id}.${field}` : "", owner);
      return;
    }
    if (value.kind !== "array") return;
    const owner = parent && { type: parent, field, many: true };
    const place = parent ? `${parent.id}.${field}[]` : "";
    for (const item of value.items) {
      if (item.kind === "object") note(item, key, place, owner);
      else if (item.items.length > 0) noteAll(item, key, undefined, 0);
    }
  }

  noteAll(values.root, "row", undefined, 0);
  for (const shape of values.shapes) {
    for (const object of shape.objects) {
      const type = of(object);
      const slots = type?.slots.get(shape.id);
      if (type === undefined || slots === undefined) {
        object.items.forEach((item, index) => {
          if (item.items.length > 0) noteAll(item, nameOf(shape.keys[index]), undefined, 0);
        });
      } else {
        slots.forEach((slot, field) => {
          const item = object.items[slot];
          if (item !== undefined && item.items.length > 0) {
            noteAll(item, nameOf(type.keys[field]), type, field);
          }
        });
      }
    }
  }

  const taken = new Map<string, number>();
  for (const type of types) {
    const known = places.get(type);
    if (known?.size === 1) type.owner = [...known.values()][0];
    if (type.owner !== undefined) continue;
    const ranked = [...(votes.get(type) ?? [])].sort(
      (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
    );
    // Under ever different keys they are the entries of a map: no key is the name of all.
    const isMap = ranked.length > 2 && ranked[0]?.[1] === 1;
    type.name = typeName(isMap ? "entry" : (ranked[0]?.[0] ?? "row"), taken);
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
