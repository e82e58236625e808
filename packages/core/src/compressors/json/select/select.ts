/**
 * Decides what of a JSON document stays when it does not fit: the lossy tier of the json compressor.
 *
 * The budget flows from the root to the leaves. What fits its share stays whole and leaves the rest to its neighbours; long
 * arrays and maps are judged as tables (all rows without their dearest fields, or some rows and a summary), records keep their
 * members, long strings their ends and the passages that matter. Everything left out is counted, and summed up in sentences that
 * are checked. One trap: the budget is a cap for what is worth showing, not a target: where the rest says nothing new, it stops.
 */

import { parseInSteps, stringValue } from "../../../json/lexer.ts";
import {
  isContainer,
  type JsonArray,
  type JsonNode,
  type JsonObject,
  type JsonString,
} from "../../../json/node.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { TokenCounter } from "../../../types/tokens.ts";
import { readAsk } from "./ask.ts";
import { readColumns, type Table } from "./columns.ts";
import { type CostOf, calibrate, measure } from "./cost.ts";
import { isShort, planCut } from "./cut.ts";
import { Found, type Selection } from "./found.ts";
import { isMap, isMonotonous, isProse, SMALL_ARRAY, startsLikeJson } from "./kinds.ts";
import { type ShownTable, withoutFields, withoutNoise } from "./leave-out.ts";
import { isNamed } from "./measures.ts";
import { summarize } from "./note.ts";
import { readNumbers } from "./numbers.ts";
import { type Pins, pinPassages } from "./passages.ts";
import { childPath, entryPath, ROOT } from "./path.ts";
import type { Ask } from "./question.ts";
import { chooseRows, type WhyKept } from "./rows.ts";

export interface SelectOptions {
  /** The most tokens the result should take. */
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  readonly query?: string;
  /** Rows shown of one array besides those that must stay. @default 10 */
  readonly maxRows?: number;
}

/** So few long texts are all shown, however shortened. */
const SHELF = 24;
/** A longer run of near-duplicates is folded even where it would fit: it says one thing. */
const MONOTONOUS = 150;
/** Scalars this cheap always stay in a record. */
const CHEAP = 14;
/** How often a document may be read for a question, in its own length. */
const MAX_READINGS = 8;
/** JSON inside strings is looked into from this length on, and this deep. */
const LONG_JSON = 200;
const MAX_EMBEDDING = 3;
/** Estimated tokens that a list of names may take in an array; and the share of the budget that the keys of a map may. */
const MAX_ROSTER_TOKENS = 400;
const KEYS_SHARE = 0.9;

/** Chooses what stays of `tree`; `undefined` when everything does. Pure, total, linear but for sorting. */
export function* selectJson(
  source: string,
  tree: JsonNode,
  options: SelectOptions,
): Steps<Selection | undefined> {
  // A string is the document where a tool printed its JSON twice.
  if (tree.type !== "array" && tree.type !== "object" && tree.type !== "string") return undefined;
  const costOf = yield* measure(source, tree);
  const budget = Math.max(1, options.budgetTokens) / calibrate(source, tree, options.counter);
  const ask = readAsk(options.query);
  const pins =
    ask === undefined ? undefined : yield* pinPassages(source, tree, ask, costOf, budget * 0.35);
  const found = new Found(source.length);
  const selector = new Selector(source, costOf, ask, pins, options.maxRows ?? 10, found, 0);
  yield* selector.shrink(tree, budget, ROOT, 0);
  return found.selection();
}

interface Child {
  readonly node: JsonNode;
  readonly cost: number;
  readonly path: string;
}

class Selector {
  readonly #source: string;
  readonly #costOf: CostOf;
  readonly #ask: Ask | undefined;
  readonly #pins: Pins | undefined;
  readonly #maxRows: number;
  readonly #found: Found;
  /** How many strings this document stands in. */
  readonly #depth: number;
  #lean = false;

  constructor(
    source: string,
    costOf: CostOf,
    ask: Ask | undefined,
    pins: Pins | undefined,
    maxRows: number,
    found: Found,
    depth: number,
  ) {
    this.#source = source;
    this.#costOf = costOf;
    this.#ask = ask;
    this.#pins = pins;
    this.#maxRows = maxRows;
    this.#found = found;
    this.#depth = depth;
  }

  /** Makes `node` take about `budget` tokens; gives what it will take. `nested`: how many tables stand above. */
  *shrink(node: JsonNode, budget: number, path: string, nested: number): Steps<number> {
    const whole = this.#whole(node, budget, nested);
    if (whole !== undefined) return whole;
    if (node.type === "string") {
      const took = yield* this.#json(node, budget, path, nested);
      return took ?? (yield* this.#string(node, budget, path));
    }
    if (node.type === "array") {
      if (node.items.length > SMALL_ARRAY)
        return yield* this.#rows(node, node.items, budget, path, nested);
      return yield* this.#share(
        node.items.map((item, at) => ({
          node: item,
          cost: this.#costOf(item),
          path: childPath(path, at),
        })),
        budget,
        nested,
      );
    }
    if (node.type !== "object") return this.#costOf(node);
    if (isMap(this.#source, node)) {
      const values = node.members.map((member) => member.value);
      return yield* this.#rows(node, values, budget, path, nested);
    }
    return yield* this.#share(
      node.members.map((member) => ({
        node: member.value,
        cost: this.#costOf(member.value),
        path: childPath(path, this.#keyOf(member)),
      })),
      budget,
      nested,
    );
  }

  #keyOf({ key }: { readonly key: JsonString }): string {
    return this.#source.slice(key.start + 1, key.end - 1);
  }

  /** What a node takes that stays whole; `undefined` where that is not settled yet. Most nodes are: they need no steps. */
  #whole(node: JsonNode, budget: number, nested: number): number | undefined {
    // A `…` stands in its place.
    if (this.#found.hidden.has(node)) return 1;
    const cost = this.#costOf(node);
    if (node.type === "string") return isShort(node) ? cost : undefined;
    if (node.type !== "array" && node.type !== "object") return cost;
    if (cost > budget) return undefined;
    const isFolded = nested === 0 && cost > MONOTONOUS && isMonotonous(this.#source, node);
    return isFolded ? undefined : cost;
  }

  /** Shares a budget: what needs less than its part leaves the rest to the others. */
  *#share(children: readonly Child[], budget: number, nested: number): Steps<number> {
    const order = [...children].sort((a, b) => a.cost - b.cost);
    let left = budget;
    let used = 0;
    for (let at = 0; at < order.length; at++) {
      const child = order[at] as Child;
      const part = Math.max(0, left) / (order.length - at);
      const took =
        child.cost <= CHEAP
          ? child.cost
          : (this.#whole(child.node, part, nested) ??
            (yield* this.shrink(child.node, part, child.path, nested)));
      left -= took;
      used += took;
    }
    return used;
  }

  /** A string that holds JSON, as tools wrapped in MCP or logs print it: its content is a document like any other. */
  *#json(
    node: JsonString,
    budget: number,
    path: string,
    nested: number,
  ): Steps<number | undefined> {
    if (this.#depth >= MAX_EMBEDDING || this.#costOf(node) <= budget) return undefined;
    if (node.end - node.start < LONG_JSON || !startsLikeJson(this.#source, node)) return undefined;
    const source = stringValue(this.#source, node);
    // An escaped lone surrogate would come out bare.
    if (!source.isWellFormed()) return undefined;
    const root = yield* parseInSteps(source);
    if (root?.type !== "array" && root?.type !== "object") return undefined;
    const costOf = yield* measure(source, root);
    const ask = this.#ask;
    const pins =
      ask === undefined ? undefined : yield* pinPassages(source, root, ask, costOf, budget * 0.35);
    const before = this.#found.count;
    const inner = new Selector(
      source,
      costOf,
      ask,
      pins,
      this.#maxRows,
      this.#found,
      this.#depth + 1,
    );
    const took = yield* inner.shrink(root, budget, path, nested);
    if (this.#found.count > before) this.#found.embedded.set(node, { source, root });
    return took;
  }

  *#string(node: JsonString, budget: number, path: string): Steps<number> {
    const cost = this.#costOf(node);
    if (this.#pins?.nodes.has(node) === true) return cost;
    const passages = this.#pins?.pieces.get(node) ?? [];
    const cut = yield* planCut(this.#source, node, budget, this.#ask?.query, passages, this.#lean);
    if (cut === undefined) return cost;
    const length = node.end - node.start - 2;
    let stays = cut.head + cut.tail;
    for (const piece of cut.between ?? []) stays += piece.end - piece.start;
    this.#found.cut.set(node, cut);
    this.#found.omit("characters", path, length - stays, length);
    return (cost * stays) / length + 8;
  }

  /** An array, or an object that is a map, as a table. */
  *#rows(
    node: JsonArray | JsonObject,
    items: readonly JsonNode[],
    budget: number,
    path: string,
    nested: number,
  ): Steps<number> {
    const table = yield* readColumns(this.#source, items);
    yield* readNumbers(table);
    // Rows inside rows are read again at every level: so many readings, then the pins have to do.
    const isReadable = this.#found.scan(node, MAX_READINGS);
    const isShelf = items.length <= SHELF && isProse(table);
    const chosen = yield* chooseRows(node, table, {
      budget,
      nested,
      maxRows: this.#maxRows,
      ask: isReadable ? this.#ask : undefined,
      pins: this.#pins,
    });
    if (isShelf) return yield* this.#shelf(node, table, chosen, budget, path, nested);
    const keys =
      node.type === "object" ? node.members.map((member) => this.#keyOf(member)) : undefined;
    const shown: ShownTable = {
      node,
      table,
      chosen,
      keys,
      costOf: this.#costOf,
      ask: this.#ask,
      place: { of: path, ...this.#placeOf(path, 0), isPinned: (value) => this.#isPinned(value) },
    };
    if (nested === 0) {
      const took = yield* withoutFields(shown, budget, this.#found);
      if (took !== undefined) return took + (yield* this.#pinnedTexts(node, budget, path));
    }
    const rows = [...chosen.keys()].sort((a, b) => a - b);
    let used = 0;
    if (rows.length < items.length) {
      used += yield* this.#omitRows(node, table, rows, budget, path, nested);
      if (nested === 0) yield* withoutNoise(shown, this.#found);
    }
    // Rows that must stay get room to be read; the others share what is left.
    const generous = Math.max(120, budget / 3);
    const plain = Math.max(40, (budget - used) / Math.max(1, rows.length));
    for (const row of rows) {
      const item = items[row] as JsonNode;
      const part = isDue(chosen.get(row)) ? generous : plain;
      used +=
        this.#whole(item, part, nested + 1) ??
        (yield* this.shrink(item, part, this.#rowPath(node, path, row), nested + 1));
    }
    return used;
  }

  #isPinned(node: JsonNode): boolean {
    if (this.#pins === undefined) return false;
    return this.#pins.nodes.has(node) || (node.type === "string" && this.#pins.pieces.has(node));
  }

  /** Cuts the long texts inside a node that answer the question, but for the passages that do. */
  *#pinnedTexts({ start, end }: JsonNode, budget: number, path: string): Steps<number> {
    let used = 0;
    for (const text of this.#pins?.pieces.keys() ?? []) {
      if (text.start < start || text.end > end || this.#found.cut.has(text)) continue;
      used += yield* this.#string(text, budget / 4, path);
    }
    return used;
  }

  #rowPath(node: JsonArray | JsonObject, path: string, row: number): string {
    if (node.type === "array") return childPath(path, row);
    const member = node.members[row];
    return member === undefined ? path : entryPath(path, this.#keyOf(member));
  }

  /** A few long texts (search hits, chunks of documents): every one is seen, those chosen at some length. */
  *#shelf(
    node: JsonArray | JsonObject,
    table: Table,
    chosen: ReadonlyMap<number, WhyKept>,
    budget: number,
    path: string,
    nested: number,
  ): Steps<number> {
    const part = budget / table.items.length;
    let used = 0;
    for (let row = 0; row < table.items.length; row++) {
      const item = table.items[row] as JsonNode;
      const outer = this.#lean;
      this.#lean = outer || !chosen.has(row);
      const own = isDue(chosen.get(row)) ? 2 * part : part;
      used +=
        this.#whole(item, own, nested + 1) ??
        (yield* this.shrink(item, own, this.#rowPath(node, path, row), nested + 1));
      this.#lean = outer;
    }
    return used;
  }

  /** How a note names the place it speaks of, where that does not show. */
  #placeOf(path: string, nested: number): { readonly place?: string } {
    return path !== ROOT && (nested > 0 || this.#depth > 0) ? { place: path } : {};
  }

  /** Leaves out all rows but some; gives what the note takes. */
  *#omitRows(
    node: JsonArray | JsonObject,
    table: Table,
    rows: readonly number[],
    budget: number,
    path: string,
    nested: number,
  ): Steps<number> {
    const total = table.items.length;
    const isMapOfRows = node.type === "object";
    const unit = isMapOfRows ? "keys" : nested === 0 && path === ROOT ? "rows" : "items";
    this.#found.kept.set(node, rows);
    this.#found.omit(unit, path, total - rows.length, total);
    const omitted = new Uint8Array(total).fill(1);
    for (const row of rows) omitted[row] = 0;
    let gone = 0;
    for (let row = 0; row < total; row++) if (omitted[row] === 1) gone += table.costs[row] ?? 0;
    const limit = Math.floor(
      Math.min(nested === 0 ? 400 : 120, Math.max(nested === 0 ? 200 : 60, budget * 0.3), gone),
    );
    const roster = isMapOfRows
      ? Math.max(limit / 4, budget * KEYS_SHARE)
      : nested === 0
        ? Math.min(MAX_ROSTER_TOKENS, gone * 0.15, budget)
        : 0;
    const ask = this.#ask;
    const note = yield* summarize(table, omitted, {
      of: path,
      unit:
        table.items.some(isContainer) || isMapOfRows ? (isMapOfRows ? "keys" : "rows") : "items",
      limit,
      rosterTokens: roster,
      ...this.#placeOf(path, nested),
      ...(isMapOfRows ? { keys: node.members.map((member) => this.#keyOf(member)) } : {}),
      ...(ask === undefined || nested > 0 ? {} : { named: (name: string) => isNamed(ask, name) }),
    });
    this.#found.say(node, note);
    return note.text.length / 4;
  }
}

/** Whether a row has to be read: it is no mere example. */
function isDue(why: WhyKept | undefined): boolean {
  return why === "wanted" || why === "odd";
}
