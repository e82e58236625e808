/**
 * What a list of values measures as a whole.
 *
 * One value alone can be read in several ways: `512` beside `4.0K` is bytes, `9.9` beside `10.0.1` is a version. The list
 * decides, and everyone who compares its values has to read it in the same way.
 */
import { finish, Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import {
  compareQuantities,
  type Quantity,
  type QuantityKind,
  quantityOf,
  versionOf,
} from "./quantity.ts";

/** The values of a list by what they measure. */
export interface Measured {
  readonly kind: QuantityKind;
  /** One a value; `undefined` where it measures nothing, or something else than most of the list. */
  readonly quantities: readonly (Quantity | undefined)[];
  /** How many of the values measure something of the kind. */
  readonly count: number;
}

/** Values that decide whether a long list measures anything. */
const SAMPLE = 500;
/** To read a value takes as long as reading about so many characters. */
const VALUE_WORK = 32;
/** Values are read once, as long as they are not too many different ones. */
const MAX_REMEMBERED = 4_096;

/** What most of the values that measure anything measure; `undefined` where none does. */
export function measure(values: readonly string[]): Measured | undefined {
  return finish(measureInSteps(values));
}

/** `measure`. */
export function* measureInSteps(values: readonly string[]): Steps<Measured | undefined> {
  const meter = new Meter();
  const read = remembered(quantityOf);
  const step = Math.ceil(values.length / SAMPLE);
  // Nothing in a sample measures anything: texts. Whoever reads the same values again comes to the same end.
  if (step > 1 && !values.some((value, at) => at % step === 0 && read(value) !== undefined))
    return undefined;
  const own: (Quantity | undefined)[] = [];
  const counts = new Map<QuantityKind, number>();
  for (const value of values) {
    const quantity = read(value);
    own.push(quantity);
    if (quantity) counts.set(quantity.kind, (counts.get(quantity.kind) ?? 0) + 1);
    if (meter.isDue(VALUE_WORK)) yield;
  }
  const numbers = counts.get("number") ?? 0;
  // One version among a thousand numbers does not make versions of them.
  for (const [kind, count] of counts)
    if (takesNumbers(kind) && count * (kind === "version" ? 3 : 20) >= numbers)
      counts.set(kind, count + numbers);
  const [most] = [...counts].sort((a, b) => b[1] - a[1] || rank(a[0]) - rank(b[0]));
  if (most === undefined) return undefined;
  const [kind] = most;
  let count = 0;
  for (const [at, quantity] of own.entries()) {
    if (quantity === undefined) continue;
    if (quantity.kind !== kind) own[at] = readAs(quantity, kind, values[at] ?? "");
    if (own[at] !== undefined) count++;
    if (meter.isDue(VALUE_WORK / 4)) yield;
  }
  return { kind, quantities: own, count };
}

function readAs(quantity: Quantity, kind: QuantityKind, text: string): Quantity | undefined {
  if (quantity.kind !== "number" || !takesNumbers(kind)) return undefined;
  return asKind(quantity, kind, text);
}

/** Below 0 where the first is less. Values that measure the kind come before all others, which compare by code unit. */
export function compareMeasured(
  a: string,
  x: Quantity | undefined,
  b: string,
  y: Quantity | undefined,
): number {
  if (x && y) return compareQuantities(x, y);
  if (x || y) return x ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A number as its neighbours are read. */
export function asKind(
  { value }: Quantity,
  kind: QuantityKind,
  text: string,
): Quantity | undefined {
  return kind === "version" ? versionOf(text) : { kind, value };
}

/** Bytes and percent are often written without a unit, and versions without a second dot. */
export function takesNumbers(kind: QuantityKind): boolean {
  return kind === "size" || kind === "version" || kind === "percent" || kind === "rate";
}

/** Numbers last: where another kind takes them, it counts as many and some of its own. */
function rank(kind: QuantityKind): number {
  return kind === "number" ? 1 : 0;
}

function remembered<Made>(make: (text: string) => Made): (text: string) => Made {
  const known = new Map<string, Made>();
  return (text) => {
    const old = known.get(text);
    if (old !== undefined || known.has(text)) return old as Made;
    const made = make(text);
    if (known.size < MAX_REMEMBERED) known.set(text, made);
    return made;
  };
}
