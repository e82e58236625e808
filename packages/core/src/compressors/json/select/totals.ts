/**
 * What the columns of a table hold in all of its rows, where all rows are shown: how often each of few values occurs, and of numbers
 * the range with sum and median. A reader would have to count rows.
 */
import type { Steps } from "../../../types/compressor.ts";
import type { Fact, Statement } from "../../../types/statement.ts";
import { describe } from "../../../view/describe.ts";
import type { Column, Table } from "./columns.ts";
import { partOf } from "./facts.ts";
import { containerPaths, fieldOf, type Note, sentence } from "./note.ts";

/** Fewer rows are counted at a glance. */
const MIN_ROWS = 20;
/** Different values that are counted. */
const MAX_VALUES = 10;
/** Columns that are looked at. */
const MAX_COLUMNS = 40;

/** @param limit characters that the sentence may take */
export function* totals(
  table: Table,
  place: { readonly of: string; readonly place?: string },
  isMap: boolean,
  limit: number,
): Steps<Note | undefined> {
  const { items, columns } = table;
  if (items.length < MIN_ROWS || table.isCrowded) return undefined;
  const { of } = place;
  const everywhere = new Uint8Array(items.length).fill(1);
  const containers = containerPaths(table);
  const said: Statement[] = [];
  let length = 0;
  for (const column of columns.slice(0, MAX_COLUMNS)) {
    if (column.repeated || column.path === "" || containers.has(column.path)) continue;
    const facts = yield* factsOf(table, column, everywhere);
    if (facts.length === 0) continue;
    const [own] = sentence(of, fieldOf(column.path, isMap), [[0, items.length]], facts, 0);
    if (own === undefined || length + own.text.length > limit) continue;
    length += own.text.length + 2;
    const { rank: _, ...statement } = own;
    said.push(statement);
  }
  if (said.length === 0) return undefined;
  const where = place.place === undefined ? "" : ` of ${place.place}`;
  const head: Statement = {
    text: `in all ${items.length} ${isMap ? "keys" : "rows"}${where}`,
    of,
    about: [[0, items.length]],
    facts: [{ says: "count", count: items.length }],
  };
  const text = `${head.text}: ${said.map((each) => each.text).join("; ")}`;
  return { text, statements: [head, ...said] };
}

function* factsOf(table: Table, column: Column, wanted: Uint8Array): Steps<readonly Fact[]> {
  const part = yield* partOf(table, column, wanted);
  if (part === undefined) return [];
  const facts = yield* describe(part.values, {
    name: column.path,
    maxValues: MAX_VALUES,
    order: false,
  });
  const [first] = facts;
  const isCounted = first?.says === "counts" && first.others === undefined;
  const isSum = facts.some(({ says }) => says === "sum");
  return (isCounted && first.counts.length > 1) || isSum ? facts : [];
}
