/**
 * Which arrays and objects get a name: those that stand in several places. For strings see `repeats.ts`.
 *
 * A definition holds no names, so what stands inside a named value is written out there. Outer values are decided first,
 * by what they cost with the likely names of what is inside them. Linear: one pass up and one pass down.
 */

import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { type Arrangement, eachInRow, siblingsIn, usualType } from "./arrange.ts";
import { estimateTokens } from "./estimate.ts";
import type { RowPlan } from "./rule.ts";
import { nameOf } from "./text.ts";
import type { Value } from "./value.ts";

/** Tokens a name has to save, estimated: a reader has to look it up. */
const MIN_GAIN_TOKENS = 12;
/** The same for a value that stands in two places: mostly each row has its own, and the names are a second table to read. */
const MIN_GAIN_OF_TWO_TOKENS = 20;
/** Values that get a name, at most. */
const MAX_NAMES = 200;
/** Tokens of a name where it is used, and of a definition besides its text. */
const NAME_TOKENS = 2;
const DEFINITION_TOKENS = 3;
/** A value looked at takes as long as so many characters do. */
const VALUE_CHARACTERS = 8;

/** The arrays and objects worth a name. */
export function* repeatedValues(arrangement: Arrangement): Steps<readonly Value[]> {
  const { root } = arrangement;
  const meter = new Meter();
  /** In how many different values each stands, by its id. */
  const places = new Float64Array(root.id + 1);
  const printed = yield* printedValues(arrangement, places);
  /** Estimated tokens of each written out, with likely names inside of it, and with one for itself where that is likely. */
  const full = new Float64Array(root.id + 1);
  const short = new Float64Array(root.id + 1);
  const likely = new Float64Array(root.id + 1);
  const gainOf = (id: number, prints: number): number =>
    prints < 2
      ? 0
      : prints * ((short[id] as number) - NAME_TOKENS) - (full[id] as number) - DEFINITION_TOKENS;
  for (const item of printed) {
    if (meter.isDue(VALUE_CHARACTERS * (1 + item.items.length))) yield;
    let whole = ownTokens(arrangement, item);
    let named = whole;
    eachPrinted(arrangement, item, (inner) => {
      const isScalar = inner.kind === "scalar";
      whole += isScalar ? inner.cost : (full[inner.id] as number);
      named += isScalar ? inner.cost : (likely[inner.id] as number);
    });
    full[item.id] = whole;
    short[item.id] = named;
    const count = places[item.id] as number;
    const isLikely = gainOf(item.id, count) >= leastGain(count);
    likely[item.id] = isLikely ? NAME_TOKENS : named;
  }
  return yield* choose(arrangement, printed, gainOf);
}

function* choose(
  arrangement: Arrangement,
  printed: readonly Value[],
  gainOf: (id: number, prints: number) => number,
): Steps<readonly Value[]> {
  const meter = new Meter();
  /** How often each is printed where a name could stand. */
  const prints = new Float64Array(arrangement.root.id + 1);
  prints[arrangement.root.id] = 1;
  eachConstant(arrangement, ({ id }) => {
    prints[id] = (prints[id] as number) + 1;
  });
  const found: { item: Value; gain: number }[] = [];
  for (let i = printed.length - 1; i >= 0; i--) {
    const item = printed[i] as Value;
    if (meter.isDue(VALUE_CHARACTERS * (1 + item.items.length))) yield;
    if (item.kind === "string") continue;
    const times = prints[item.id] as number;
    const gain = gainOf(item.id, times);
    if (gain >= leastGain(times)) found.push({ item, gain });
    // What stands in a value that is named has no further place where a name could stand.
    else if (times > 0) {
      eachPrinted(arrangement, item, ({ id }) => {
        prints[id] = (prints[id] as number) + times;
      });
    }
  }
  found.sort((a, b) => b.gain - a.gain || a.item.id - b.item.id);
  return found.slice(0, MAX_NAMES).map(({ item }) => item);
}

function leastGain(prints: number): number {
  return prints > 2 ? MIN_GAIN_TOKENS : MIN_GAIN_OF_TWO_TOKENS;
}

/** The values that are printed, scalars aside, what is inside of others first. */
function* printedValues(arrangement: Arrangement, places: Float64Array): Steps<readonly Value[]> {
  const meter = new Meter();
  const printed: Value[] = [];
  /** By their ids, which are small numbers. */
  const ordered = new Array<Value | undefined>(arrangement.root.id + 1).fill(undefined);
  function visit(item: Value): void {
    if (item.kind === "scalar") return;
    const known = places[item.id] as number;
    places[item.id] = known + 1;
    if (known > 0) return;
    printed.push(item);
    ordered[item.id] = item;
  }
  visit(arrangement.root);
  eachConstant(arrangement, visit);
  // The list grows while it is walked.
  for (const item of printed) {
    if (meter.isDue(VALUE_CHARACTERS * (1 + item.items.length))) yield;
    if (item.kind !== "string") eachPrinted(arrangement, item, visit);
  }
  return ordered.filter((item) => item !== undefined);
}

function eachConstant({ plans }: Arrangement, visit: (item: Value) => void): void {
  for (const { fixed } of plans.values()) {
    for (const { rule } of fixed) {
      if (rule.kind === "constant" && rule.value !== undefined) visit(rule.value);
    }
  }
}

/** The values that are printed inside a value. Rows on lines of their own never have a name: their cells may. */
function eachPrinted(arrangement: Arrangement, item: Value, visit: (item: Value) => void): void {
  const { types, plans, rows, blocks } = arrangement;
  const type = types.of(item);
  if (type !== undefined) {
    eachInRow(plans.get(type) as RowPlan, rows[item.id] as number, visit);
    return;
  }
  const rowType =
    item.kind === "array" && blocks.has(item) ? usualType(item, arrangement) : undefined;
  const references = item.kind === "object" ? siblingsIn(item, arrangement) : undefined;
  for (let i = 0; i < item.items.length; i++) {
    const inner = item.items[i] as Value;
    if (references?.has(i)) continue;
    if (rowType !== undefined && types.of(inner) === rowType)
      eachPrinted(arrangement, inner, visit);
    else visit(inner);
  }
}

/** Tokens of a value besides those of the values in it. */
function ownTokens(arrangement: Arrangement, item: Value): number {
  const { types, plans, rows } = arrangement;
  if (item.kind === "scalar" || item.kind === "string") return item.cost;
  let tokens = 2 + item.items.length * 0.7;
  const type = types.of(item);
  if (type !== undefined) {
    const plan = plans.get(type) as RowPlan;
    const row = rows[item.id] as number;
    tokens = 2 + plan.cells.length * 0.7;
    for (const { column, rule } of plan.fixed) {
      if (rule.except.has(row)) tokens += 2 + estimateTokens(column.field);
    }
    return tokens;
  }
  for (const key of item.shape?.keys ?? []) tokens += 1 + estimateTokens(nameOf(key));
  if (item.kind === "object") {
    for (const { rest } of siblingsIn(item, arrangement).values())
      tokens += 3 + estimateTokens(rest);
  }
  return tokens;
}
