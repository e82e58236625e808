/** Fields that are left out of rows: of all of them, so that all rows are shown, or of those that are mere examples. */
import type { JsonArray, JsonObject } from "../../../json/node.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { Table } from "./columns.ts";
import type { CostOf } from "./cost.ts";
import type { Found, HidingPlace, RowState } from "./found.ts";
import { type HiddenField, type Hiding, hideFields, noiseFields } from "./hide.ts";
import { isNamed } from "./measures.ts";
import type { Ask } from "./question.ts";
import type { WhyKept } from "./rows.ts";
import { totals } from "./totals.ts";

/** A table, and which of its rows stay if not all do. */
export interface ShownTable {
  readonly node: JsonArray | JsonObject;
  readonly table: Table;
  readonly chosen: ReadonlyMap<number, WhyKept>;
  /** Of a map. */
  readonly keys: readonly string[] | undefined;
  readonly costOf: CostOf;
  readonly ask: Ask | undefined;
  readonly place: HidingPlace;
}

/** Share of the budget that all rows of a table may take without their dearest fields. */
const ALL_ROWS_SHARE = 0.9;
/** Share of the budget up to which rows get back what was left out of them. */
const FILLED_SHARE = 0.92;
/** Share of the values that are shown at least where others are left out: each of those is a `…` in its row. */
const MIN_SHOWN = 0.25;
/** Estimated tokens between two cells. */
const SEPARATOR = 1;
/** Characters of what is said about the columns of all rows: at most, and for each token of the budget. */
const MAX_TOTALS = 400;
const TOTALS_SHARE = 0.3;
/** Share of the rows that keep all fields for being odd or an example: exceptions have to be few, to be read as such. */
const MAX_WHOLE_SHARE = 0.15;
const MAX_WANTED_SHARE = 0.4;
/** Of fewer examples nothing is left out: to say so takes as much. */
const MIN_EXAMPLES = 3;

/** All rows, without the fields that say least for their tokens; rows that must stay keep them while there is room. */
export function* withoutFields(
  { node, table, chosen, keys, costOf, ask, place }: ShownTable,
  budget: number,
  found: Found,
): Steps<number | undefined> {
  const wanted = [...chosen].filter(([, why]) => why === "wanted").map(([row]) => row);
  // Where most rows are wanted, all are treated alike.
  const isRule = wanted.length > MAX_WANTED_SHARE * table.items.length;
  const due = isRule ? 0 : wanted.reduce((sum, row) => sum + (table.costs[row] ?? 0), 0);
  const isNamedBy = (name: string): boolean => ask !== undefined && isNamed(ask, name);
  const room = ALL_ROWS_SHARE * budget;
  const hide = (tokens: number): Steps<Hiding | undefined> =>
    hideFields(table, keys, costOf, tokens, isNamedBy);
  const all = yield* hide(room);
  const most = due > 0 ? yield* hide(room - Math.min(due, budget / 2)) : undefined;
  // What all rows lose so that some stay whole must not be what tells them apart.
  const hiding = most !== undefined && most.telling <= (all?.telling ?? 0) ? most : all;
  if (hiding === undefined) return undefined;
  if (hiding.fields.length === 0) return hiding.cost;
  let used = hiding.cost;
  const states = new Map<number, RowState>();
  // In the order of why they stay: what is asked for and what failed comes first.
  const mostExamples = MAX_WHOLE_SHARE * table.items.length;
  for (const [row, why] of isRule ? [] : chosen) {
    const cost = table.costs[row] ?? 0;
    if (why !== "wanted" && states.size >= mostExamples) continue;
    if (used + cost > budget) {
      if (why === "wanted") states.set(row, "short");
      continue;
    }
    used += cost;
    states.set(row, why === "wanted" ? "whole" : "telling");
  }
  const { fields, tokens } = partly(hiding.fields, FILLED_SHARE * budget - used, costOf);
  used += tokens;
  yield* found.hide(table, node, fields, (row) => states.get(row) ?? "bare", place);
  const limit = Math.min(MAX_TOTALS, budget * TOTALS_SHARE);
  const note = yield* totals(table, place, keys !== undefined, limit);
  if (note === undefined) return used;
  found.say(node, note);
  return used + note.text.length / 4;
}

/**
 * Fields that are left out, but for the first and the last rows, as far as there is room: from the one that was the last to go.
 * Hashes, URLs and the rest of long texts stay away.
 */
function partly(
  fields: readonly HiddenField[],
  room: number,
  costOf: CostOf,
): { readonly fields: readonly HiddenField[]; readonly tokens: number } {
  let left = room;
  const rest = fields.toReversed().map((field) => {
    const { nodes, isCut, isNoise } = field;
    const before = left;
    if (isCut || isNoise) return field;
    let [from, to] = [0, nodes.length];
    for (let turn = 0; from < to; turn++) {
      const node = nodes[turn % 2 === 0 ? from : to - 1];
      const tokens = node === undefined ? 0 : costOf(node) + SEPARATOR;
      if (tokens > left) break;
      left -= tokens;
      if (turn % 2 === 0) from++;
      else to--;
    }
    if (nodes.length - (to - from) < MIN_SHOWN * nodes.length) {
      left = before;
      return field;
    }
    return { ...field, nodes: nodes.slice(from, to), rows: field.rows.slice(from, to) };
  });
  const hidden = rest.toReversed().filter(({ nodes }) => nodes.length > 0);
  return { fields: hidden, tokens: room - left };
}

/** Mere examples, without vectors, hashes and the like. */
export function* withoutNoise(
  { node, table, chosen, costOf, place }: ShownTable,
  found: Found,
): Steps<void> {
  const examples = new Set([...chosen].filter(([, why]) => why !== "wanted").map(([row]) => row));
  if (examples.size < MIN_EXAMPLES) return;
  const fields = yield* noiseFields(table, costOf);
  yield* found.hide(table, node, fields, (row) => (examples.has(row) ? "bare" : "whole"), {
    of: place.of,
    isPinned: place.isPinned,
  });
}
