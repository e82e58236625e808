/**
 * Which rows of a table stay: those that answer the question, failures first of all, what is rare or far off, where something
 * turns, and a few examples.
 */
import type { JsonArray, JsonNode, JsonObject } from "../../../json/node.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { askedRows, documentText } from "./ask.ts";
import type { Table } from "./columns.ts";
import { extremeRows } from "./outliers.ts";
import type { Pins } from "./passages.ts";
import type { Ask } from "./question.ts";
import { findSignals } from "./signals.ts";

/** What is wanted of a table. */
export interface RowsRequest {
  /** Estimated tokens. */
  readonly budget: number;
  /** How many tables stand above. */
  readonly nested: number;
  readonly maxRows: number;
  readonly ask: Ask | undefined;
  readonly pins: Pins | undefined;
}

/** Share of the budget that failures may take. */
const FAILURE_SHARE = 0.6;
/** Rows inside of rows have to do with so few that must stay. */
const MAX_NESTED = 8;

/** Asked for or a failure, rare or far off, or just an example. */
export type WhyKept = "wanted" | "odd" | "example";

/** The rows that stay, and why. */
export function* chooseRows(
  node: JsonArray | JsonObject,
  table: Table,
  { budget, nested, maxRows, ask, pins }: RowsRequest,
): Steps<Map<number, WhyKept>> {
  const { items, costs } = table;
  const chosen = new Map<number, WhyKept>();
  let used = 0;
  const effective = (row: number, why: WhyKept): number =>
    Math.min(
      costs[row] ?? 0,
      why === "example" ? Math.max(60, budget / 6) : Math.max(120, budget / 3),
    );
  const add = (row: number, why: WhyKept): void => {
    if (row < 0 || row >= items.length) return;
    const known = chosen.get(row);
    if (known === undefined) used += effective(row, why);
    if (known === undefined || known === "example") chosen.set(row, why);
  };
  if (ask !== undefined) {
    const documents = yield* documentsOf(table.source, node, items);
    for (const row of yield* askedRows(ask, table, documents, budget)) add(row, "wanted");
  }
  if (pins !== undefined) {
    const { nodes, pieces } = pins;
    for (let row = 0; row < items.length; row++) {
      const item = items[row] as JsonNode;
      if (nodes.has(item) || (item.type === "string" && pieces.has(item))) add(row, "wanted");
    }
  }
  const signals = yield* findSignals(table, budget * FAILURE_SHARE);
  const limit = nested === 0 ? signals.must.length : MAX_NESTED;
  for (const [at, row] of signals.must.slice(0, limit).entries())
    add(row, at < signals.failures ? "wanted" : "odd");
  // Rows that are all alike need fewer examples; so does a table of which much is shown already.
  const alike = signals.shapes <= 4;
  const few = chosen.size < 3 ? 3 : 2;
  const examples = nested > 0 || alike ? few : Math.max(2, maxRows - Math.floor(chosen.size / 2));
  const last = items.length - 1;
  const ends = [0, last, 1, last - 1, 2].slice(0, examples);
  const before = chosen.size;
  for (const row of ends) add(row, "example");
  if (nested === 0) {
    for (const row of signals.turns.slice(0, maxRows)) {
      if (used + effective(row, "example") <= budget / 2) add(row, "example");
    }
  }
  // Which row has the most of something is asked more often than what any row has.
  if (nested === 0)
    for (const row of yield* extremeRows(table))
      if (used + effective(row, "example") <= budget / 2) add(row, "example");
  const most = before + examples;
  for (const row of signals.should) {
    if (chosen.size >= most) break;
    if (used + effective(row, "example") <= budget) add(row, "example");
  }
  return chosen;
}

/** The text of each row as the question sees it. */
function* documentsOf(
  source: string,
  node: JsonArray | JsonObject,
  items: readonly JsonNode[],
): Steps<readonly string[]> {
  const meter = new Meter();
  const texts: string[] = [];
  for (const [index, { start, end }] of items.entries()) {
    const from = node.type === "array" ? start : (node.members[index]?.key.start ?? start);
    texts.push(documentText(source, from, end));
    if (meter.isDue(end - from)) yield;
  }
  return texts;
}
