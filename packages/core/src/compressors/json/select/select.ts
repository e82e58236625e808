/**
 * Decides what of a JSON document stays when it does not fit: the lossy tier of the json compressor.
 *
 * The budget flows from the root to the leaves. What fits its share stays whole and leaves the rest to its neighbours; long
 * arrays and maps are judged as tables (signals, question, ends, one of each shape), records keep their members, long strings
 * their ends and the passages that matter. Everything left out is counted. One trap: the budget is a target, not a bound:
 * what must stay (failures, rare values, matches) stays over it, but is itself bounded per table.
 */

import { parseInSteps, stringValue } from "../../../json/lexer.ts";
import type {
  EmbeddedJson,
  JsonArray,
  JsonNode,
  JsonObject,
  JsonString,
  OmissionPlan,
  StringCut,
} from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Omission, Steps } from "../../../types/compressor.ts";
import type { TokenCounter } from "../../../types/tokens.ts";
import { askedRows, documentText, readAsk } from "./ask.ts";
import { readColumns, type Table } from "./columns.ts";
import { type CostOf, calibrate, measure } from "./cost.ts";
import { isShort, planCut } from "./cut.ts";
import { isMap, isMonotonous, isProse, SMALL_ARRAY, startsLikeJson } from "./kinds.ts";
import { isNamed } from "./measures.ts";
import { summarize, summarizeKeys } from "./note.ts";
import { readNumbers } from "./numbers.ts";
import { summed } from "./omissions.ts";
import { type Pins, pinPassages } from "./passages.ts";
import type { Ask } from "./question.ts";
import { findSignals } from "./signals.ts";

export interface SelectOptions {
  /** Tokens the result should take. */
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  readonly query?: string;
  /** Rows shown of one array besides those that must stay. @default 10 */
  readonly maxRows?: number;
}

export interface Selection {
  readonly plan: OmissionPlan;
  /** All that `plan` leaves out, summed up by kind and place. */
  readonly omitted: readonly Omission[];
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

/** Chooses what stays of `tree`; `undefined` when everything does. Pure, total, linear but for sorting. */
export function* selectJson(
  source: string,
  tree: JsonNode,
  options: SelectOptions,
): Steps<Selection | undefined> {
  if (tree.type !== "array" && tree.type !== "object") return undefined;
  const costOf = yield* measure(source, tree);
  const budget = Math.max(1, options.budgetTokens) / calibrate(source, tree, options.counter);
  const ask = readAsk(options.query);
  const pins =
    ask === undefined ? undefined : yield* pinPassages(source, tree, ask, costOf, budget * 0.35);
  const found: Found = {
    kept: new Map(),
    notes: new Map(),
    cut: new Map(),
    embedded: new Map(),
    count: 0,
    length: source.length,
    scanned: 0,
    omitted: new Map(),
  };
  const selector = new Selector(source, costOf, ask, pins, options.maxRows ?? 10, found, 0);
  yield* selector.shrink(tree, budget, "", 0);
  if (found.omitted.size === 0) return undefined;
  const { kept, notes, cut, embedded } = found;
  return { plan: { kept, notes, cut, embedded }, omitted: summed([...found.omitted.values()]) };
}

/** What is left out so far, of the document and of the JSON inside its strings. */
interface Found {
  readonly kept: Map<JsonArray | JsonObject, readonly number[]>;
  readonly notes: Map<JsonArray | JsonObject, string>;
  readonly cut: Map<JsonString, StringCut>;
  readonly embedded: Map<JsonString, EmbeddedJson>;
  /** How many omissions there are. */
  count: number;
  /** How long the document is, and how much of it was read as rows, again and again where tables stand in tables. */
  readonly length: number;
  scanned: number;
  readonly omitted: Map<string, { unit: string; what: string; count: number; total: number }>;
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
        node.items.map((item) => ({ node: item, cost: this.#costOf(item), path })),
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
      node.members.map((member) => {
        const key = this.#source.slice(member.key.start + 1, member.key.end - 1);
        return {
          node: member.value,
          cost: this.#costOf(member.value),
          path: path === "" ? key : `${path}.${key}`,
        };
      }),
      budget,
      nested,
    );
  }

  /** What a node takes that stays whole; `undefined` where that is not settled yet. Most nodes are: they need no steps. */
  #whole(node: JsonNode, budget: number, nested: number): number | undefined {
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
    this.#omit("characters", path, length - stays, length);
    return (cost * stays) / length + 8;
  }

  #omit(unit: string, path: string, count: number, total: number): void {
    this.#found.count++;
    const what = path.replace(/[[\]]+/g, " ").slice(0, 80);
    const key = `${unit} ${what}`;
    const known = this.#found.omitted.get(key);
    if (known === undefined) this.#found.omitted.set(key, { unit, what, count, total });
    else {
      known.count += count;
      known.total += total;
    }
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
    const chosen = yield* this.#choose(node, table, budget, nested);
    if (items.length <= SHELF && isProse(table))
      return yield* this.#shelf(table, chosen, budget, path, nested);
    const rows = [...chosen.keys()].sort((a, b) => a - b);
    let used = 0;
    if (rows.length < items.length) {
      this.#found.kept.set(node, rows);
      const root = nested === 0 && path === "";
      this.#omit(
        node.type === "object" ? "keys" : root ? "rows" : "items",
        path,
        items.length - rows.length,
        items.length,
      );
      const note = yield* this.#note(node, table, rows, budget, nested);
      if (note !== "") this.#found.notes.set(node, note);
      used += note.length / 4;
    }
    // Rows that must stay get room to be read; the others share what is left.
    const generous = Math.max(120, budget / 3);
    const plain = Math.max(40, (budget - used) / Math.max(1, rows.length));
    for (const row of rows) {
      const item = items[row] as JsonNode;
      const part = chosen.get(row) === true ? generous : plain;
      used +=
        this.#whole(item, part, nested + 1) ?? (yield* this.shrink(item, part, path, nested + 1));
    }
    return used;
  }

  /** A few long texts (search hits, chunks of documents): every one is seen, those chosen at some length. */
  *#shelf(
    table: Table,
    chosen: ReadonlyMap<number, boolean>,
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
      const own = chosen.get(row) === true ? 2 * part : part;
      used +=
        this.#whole(item, own, nested + 1) ?? (yield* this.shrink(item, own, path, nested + 1));
      this.#lean = outer;
    }
    return used;
  }

  /** The rows that stay, and whether each must. */
  *#choose(
    node: JsonArray | JsonObject,
    table: Table,
    budget: number,
    nested: number,
  ): Steps<Map<number, boolean>> {
    const { items, costs } = table;
    yield* readNumbers(table);
    const chosen = new Map<number, boolean>();
    let used = 0;
    const effective = (row: number, must: boolean): number =>
      Math.min(costs[row] ?? 0, must ? Math.max(120, budget / 3) : Math.max(60, budget / 6));
    const add = (row: number, must: boolean): void => {
      if (row < 0 || row >= items.length) return;
      const known = chosen.get(row);
      if (known === undefined) used += effective(row, must);
      chosen.set(row, must || known === true);
    };
    // Rows inside rows are read again at every level: so many readings, then the pins have to do.
    this.#found.scanned += node.end - node.start;
    if (this.#ask !== undefined && this.#found.scanned <= MAX_READINGS * this.#found.length) {
      const documents = yield* this.#documents(node, items);
      for (const row of yield* askedRows(this.#ask, table, documents, budget)) add(row, true);
    }
    if (this.#pins !== undefined) {
      const { nodes, pieces } = this.#pins;
      for (let row = 0; row < items.length; row++) {
        const item = items[row] as JsonNode;
        if (nodes.has(item) || (item.type === "string" && pieces.has(item))) add(row, true);
      }
    }
    const signals = yield* findSignals(table, budget * 0.5);
    const limit = nested === 0 ? signals.must.length : 8;
    for (const row of signals.must.slice(0, limit)) add(row, true);
    // Rows that are all alike need fewer examples; so does a table of which much is shown already.
    const alike = signals.shapes <= 4;
    const few = chosen.size < 3 ? 3 : 2;
    const examples =
      nested > 0 || alike ? few : Math.max(2, this.#maxRows - Math.floor(chosen.size / 2));
    const last = items.length - 1;
    const ends = [0, last, 1, last - 1, 2].slice(0, examples);
    const before = chosen.size;
    for (const row of ends) add(row, false);
    if (nested === 0) {
      for (const row of signals.turns.slice(0, this.#maxRows)) {
        if (used + effective(row, false) <= budget / 2) add(row, false);
      }
    }
    const most = before + examples;
    for (const row of signals.should) {
      if (chosen.size >= most) break;
      if (used + effective(row, false) <= budget) add(row, false);
    }
    return chosen;
  }

  /** The text of each row as the question sees it. */
  *#documents(node: JsonArray | JsonObject, items: readonly JsonNode[]): Steps<readonly string[]> {
    const meter = new Meter();
    const texts: string[] = [];
    for (const [index, { start, end }] of items.entries()) {
      const from = node.type === "array" ? start : (node.members[index]?.key.start ?? start);
      texts.push(documentText(this.#source, from, end));
      if (meter.isDue(end - from)) yield;
    }
    return texts;
  }

  *#note(
    node: JsonArray | JsonObject,
    table: Table,
    rows: readonly number[],
    budget: number,
    nested: number,
  ): Steps<string> {
    const omitted = new Uint8Array(table.items.length).fill(1);
    for (const row of rows) omitted[row] = 0;
    let gone = 0;
    for (let row = 0; row < omitted.length; row++)
      if (omitted[row] === 1) gone += table.costs[row] ?? 0;
    const limit = Math.floor(
      Math.min(nested === 0 ? 360 : 100, Math.max(nested === 0 ? 160 : 40, budget * 0.2), gone),
    );
    const roster = Math.floor(Math.min(1600, gone * 0.5, budget * 3));
    if (node.type === "object") {
      const names: string[] = [];
      for (let at = 0; at < node.members.length; at++) {
        const key = node.members[at]?.key;
        if (omitted[at] === 1 && key !== undefined)
          names.push(this.#source.slice(key.start + 1, key.end - 1));
      }
      return summarizeKeys(names, Math.max(limit, roster));
    }
    const ask = this.#ask;
    return yield* summarize(table, omitted, {
      limit,
      roster: nested === 0 ? roster : 0,
      ...(ask === undefined || nested > 0 ? {} : { named: (name: string) => isNamed(ask, name) }),
    });
  }
}
