/**
 * Which arrays and objects get a name: those that stand in several places. For strings see `repeats.ts`.
 *
 * A definition holds no names, so what stands inside a named value is written out there. Outer values are decided first,
 * by what they cost with the likely names of what is inside them. Linear: one pass up and one pass down.
 */
import { estimateTokens } from "./estimate.ts";
import { eachInRow, type Layout, siblingsIn, usualType } from "./print.ts";
import type { RowPlan } from "./rule.ts";
import { nameOf } from "./text.ts";
import type { Value } from "./value.ts";

/** Tokens a name has to save, estimated: a reader has to look it up. */
const MIN_GAIN_TOKENS = 10;
/** Values that get a name, at most. */
const MAX_NAMES = 200;
/** Tokens of a name where it is used, and of a definition besides its text. */
const NAME_TOKENS = 2;
const DEFINITION_TOKENS = 3;

/** A value that is printed. Tokens are estimated. */
interface Tally {
  readonly item: Value;
  /** In how many different values it stands. */
  places: number;
  /** Tokens of the value written out; with names for what is likely to get one inside of it. */
  full: number;
  short: number;
  isLikely: boolean;
  /** How often it is printed where a name could stand. */
  prints: number;
}

/** The values worth a name. */
export function repeatedValues(layout: Layout): readonly Value[] {
  const tallies = printedValues(layout);
  const at = (item: Value): Tally => tallies.get(item) as Tally;
  const upwards = [...tallies.values()].sort((a, b) => a.item.id - b.item.id);
  for (const tally of upwards) {
    const own = ownTokens(layout, tally.item);
    tally.full = own;
    tally.short = own;
    eachPrinted(layout, tally.item, (inner) => {
      const { full, short, isLikely } = at(inner);
      tally.full += full;
      tally.short += isLikely ? NAME_TOKENS : short;
    });
    tally.isLikely = gainOf(tally, tally.places) >= MIN_GAIN_TOKENS;
  }
  at(layout.root).prints++;
  eachConstant(layout, (item) => at(item).prints++);
  const found: { item: Value; gain: number }[] = [];
  for (const tally of upwards.reverse()) {
    const { item, prints } = tally;
    const gain = gainOf(tally, prints);
    if (gain >= MIN_GAIN_TOKENS && item.kind !== "string") found.push({ item, gain });
    // What stands in a value that is named has no further place where a name could stand.
    else if (prints > 0)
      eachPrinted(layout, item, (inner) => {
        at(inner).prints += prints;
      });
  }
  found.sort((a, b) => b.gain - a.gain || a.item.id - b.item.id);
  return found.slice(0, MAX_NAMES).map(({ item }) => item);
}

function gainOf({ item, full, short }: Tally, prints: number): number {
  if (prints < 2 || item.kind === "scalar") return 0;
  return prints * (short - NAME_TOKENS) - full - DEFINITION_TOKENS;
}

function printedValues(layout: Layout): Map<Value, Tally> {
  const tallies = new Map<Value, Tally>();
  const open: Value[] = [];
  function visit(item: Value): void {
    const known = tallies.get(item);
    if (known !== undefined) {
      known.places++;
      return;
    }
    tallies.set(item, { item, places: 1, full: 0, short: 0, isLikely: false, prints: 0 });
    open.push(item);
  }
  visit(layout.root);
  eachConstant(layout, visit);
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    eachPrinted(layout, item, visit);
  }
  return tallies;
}

function eachConstant({ plans }: Layout, visit: (item: Value) => void): void {
  for (const { fixed } of plans.values()) {
    for (const { rule } of fixed) {
      if (rule.kind === "constant" && rule.value !== undefined) visit(rule.value);
    }
  }
}

/** The values that are printed inside a value. Rows on lines of their own never have a name: their cells may. */
function eachPrinted(layout: Layout, item: Value, visit: (item: Value) => void): void {
  const { types, plans, rows, blocks } = layout;
  const type = types.of(item);
  if (type !== undefined) {
    eachInRow(plans.get(type) as RowPlan, rows.get(item) as number, visit);
    return;
  }
  const rowType = item.kind === "array" && blocks.has(item) ? usualType(item, layout) : undefined;
  const references = item.kind === "object" ? siblingsIn(item, layout) : undefined;
  for (let i = 0; i < item.items.length; i++) {
    const inner = item.items[i] as Value;
    if (references?.has(i)) continue;
    if (rowType !== undefined && types.of(inner) === rowType) eachPrinted(layout, inner, visit);
    else visit(inner);
  }
}

/** Tokens of a value besides those of the values in it. */
function ownTokens(layout: Layout, item: Value): number {
  const { types, plans, rows } = layout;
  if (item.kind === "scalar" || item.kind === "string") return item.cost;
  let tokens = 2 + item.items.length * 0.7;
  const type = types.of(item);
  if (type !== undefined) {
    const plan = plans.get(type) as RowPlan;
    const row = rows.get(item) as number;
    tokens = 2 + plan.cells.length * 0.7;
    for (const { column, rule } of plan.fixed) {
      if (rule.except.has(row)) tokens += 2 + estimateTokens(column.field);
    }
    return tokens;
  }
  for (const key of item.shape?.keys ?? []) tokens += 1 + estimateTokens(nameOf(key));
  if (item.kind === "object") {
    for (const { rest } of siblingsIn(item, layout).values()) tokens += 3 + estimateTokens(rest);
  }
  return tokens;
}
