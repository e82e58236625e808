/**
 * The view of records: the first one whole, then one line a record with the fields that tell most for their tokens, and a sentence for each field
 * that is left out.
 *
 *     … 212 records, a row each
 *     line | Package | Version | Section
 *     1 | adduser | 3.134 | admin
 *     21 | apt | 2.6.1 | admin
 *     … left out, Priority: optional ×200, required ×12
 */

import { linesMentioning } from "../../query/mention.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement, UnitRange } from "../../types/statement.ts";
import { describe, sayFacts } from "../../view/describe.ts";
import { cost } from "../shared/text-cost.ts";
import { factsOf } from "./facts.ts";
import { type Field, LINES_OF, RECORDS, type Records } from "./records.ts";

/** Shares of the room: for the first record, and for the rows. */
const EXAMPLE_SHARE = 0.25;
const ROWS_SHARE = 0.8;
const MAX_COLUMNS = 8;
/** A value that so few records do not have is worth a word where it is another. */
const ODD_SHARE = 0.1;
/** Characters. Longer values are no cells. */
const MAX_CELL = 80;
/** How much of the room is used, until the view fits. */
const SCALES: readonly number[] = [1, 0.7, 0.45, 0.25];
/** Fields that sentences speak of. */
const MAX_SENTENCES = 24;
const MAX_SENTENCE = 300;
const SEPARATOR = " | ";

/** The largest view that the cap has room for. */
export function* recordView(
  lines: readonly string[],
  records: Records,
  context: ShortenContext,
): Steps<View | undefined> {
  for (const scale of SCALES) {
    const view = yield* scaledView(lines, records, context, scale);
    if (view === undefined || context.counter.count(view.text) <= context.budgetTokens) return view;
  }
  return undefined;
}

function* scaledView(
  lines: readonly string[],
  records: Records,
  { budgetTokens, query, firstLine = 1 }: ShortenContext,
  scale: number,
): Steps<View | undefined> {
  const { starts, fields, end } = records;
  const [first = 0] = starts;
  const out: string[] = lines.slice(0, first);
  const room = (budgetTokens - cost(out.join("\n"))) * scale;
  if (room < (budgetTokens * scale) / 2) return undefined;
  const statements: Statement[] = [];
  const say = (head: string, statement: Statement): void => {
    out.push(`… ${head}${statement.text}`);
    statements.push(statement);
  };
  const example = lines.slice(first, starts[1]);
  let shownLines = first;
  if (cost(example.join("\n")) + example.length <= room * EXAMPLE_SHARE) {
    out.push(...example);
    shownLines += example.length;
  }
  const columns = yield* chooseColumns(records, room * ROWS_SHARE);
  const odd = yield* exceptionsOf(records, columns);
  const rows = yield* chooseRows(lines, records, columns, odd, room * ROWS_SHARE, query);
  const total = `${starts.length} records`;
  const all: readonly UnitRange[] = [[0, starts.length]];
  const count = { of: RECORDS, about: all, facts: [] };
  out.push(`… ${total}, a row each`, ["line", ...columns.map(({ name }) => name)].join(SEPARATOR));
  statements.push({ ...count, text: `… ${total}, a row each` });
  const meter = new Meter();
  let gap = -1;
  const close = (to: number): void => {
    if (gap < 0) return;
    const text = `… ${to - gap} of ${total}`;
    const [from, until] = [starts[gap] ?? 0, starts[to] ?? end];
    const where = `lines ${from + firstLine}-${until - 1 + firstLine}`;
    out.push(`${text} (${where})`);
    statements.push(
      { text, of: RECORDS, about: [[gap, to]], facts: [] },
      { text: where, of: "", about: [[from, until]], facts: [] },
    );
    gap = -1;
  };
  for (let record = 0; record < starts.length; record++) {
    if (meter.isDue(LINE_WORK)) yield;
    if (!rows.has(record)) {
      if (gap < 0) gap = record;
      continue;
    }
    close(record);
    const cells = columns.map(({ values }) => values[record] ?? "");
    const row = [`${(starts[record] ?? 0) + firstLine}`, ...cells, ...(odd.get(record) ?? [])];
    out.push(row.join(SEPARATOR));
  }
  close(starts.length);
  let sentences = 0;
  for (const field of fields) {
    if (columns.includes(field) || sentences >= MAX_SENTENCES) continue;
    for (const statement of yield* sentencesOf(field, starts.length, MAX_SENTENCE * scale)) {
      say("left out, ", statement);
      sentences++;
    }
  }
  out.push(...lines.slice(end).filter((line) => line.trim() !== ""));
  shownLines += lines.length - end;
  const text = yield* joinInSteps(out, "\n");
  const left = lines.length - shownLines;
  if (left <= 0 || columns.length === 0) return undefined;
  return { text, omitted: [{ unit: "lines", count: left, total: lines.length }], statements };
}

/** The fields that are shown of every record: the one that begins it, then what tells most for its tokens. */
function* chooseColumns({ fields, starts }: Records, room: number): Steps<readonly Field[]> {
  const [first] = fields;
  if (first === undefined) return [];
  const chosen = new Set<Field>([first]);
  let spent = starts.length * 3 + costOf(first);
  yield;
  const others: { field: Field; tokens: number; worth: number }[] = [];
  for (const field of fields.slice(1)) {
    const present = field.values.filter((value) => value !== undefined);
    yield;
    if (present.length * 2 < starts.length || present.some(isOpaque)) continue;
    const distinct = new Set(present).size;
    // The same in nearly all records: a sentence says so.
    if (distinct === 1 || present.length === 0) continue;
    const tokens = costOf(field);
    const telling = Math.min(1, distinct / 8) + (TELLING.test(field.name) ? 2 : 0);
    others.push({ field, tokens, worth: telling / (1 + tokens / starts.length / 6) });
  }
  others.sort((a, b) => b.worth - a.worth);
  for (const { field, tokens } of others) {
    if (chosen.size >= MAX_COLUMNS) break;
    if (spent + tokens > room) continue;
    spent += tokens;
    chosen.add(field);
  }
  return fields.filter((field) => chosen.has(field));
}

/** What people ask for first. */
const TELLING =
  /^(?:name|title|version|status|state|size|installed-size|type|health|result|error|reason|model name|date|time|level|priority|severity|email|user|subject|summary|homepage)$/i;

function costOf({ values }: Field): number {
  return values.reduce((sum, value) => sum + 1 + cost(value ?? ""), 0);
}

/** A value that nobody reads: a hash, a long text, an address. */
function isOpaque(value: string): boolean {
  return value.length > MAX_CELL || HASH.test(value) || value.startsWith("http");
}

const HASH = /^[0-9a-fA-F]{24,}$/;

/** What a few records have in fields that are no columns and the same in nearly all others, by their records. */
function* exceptionsOf(
  { fields, starts }: Records,
  columns: readonly Field[],
): Steps<ReadonlyMap<number, readonly string[]>> {
  const odd = new Map<number, string[]>();
  for (const field of fields) {
    yield;
    const counts = new Map<string, number>();
    for (const value of field.values)
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    const usual = Math.max(...counts.values());
    const others = starts.length - usual;
    if (counts.size < 2 || others > Math.max(1, starts.length * ODD_SHARE)) continue;
    for (const [record, value] of field.values.entries()) {
      if (value === undefined || counts.get(value) === usual) continue;
      const known = odd.get(record) ?? [];
      odd.set(record, known);
      if (!columns.includes(field) && value.length <= MAX_CELL)
        known.push(`${field.name}: ${value}`);
    }
  }
  return odd;
}

/** The records that get a row: all of them where there is room, else what is asked for, the first and the last. */
function* chooseRows(
  lines: readonly string[],
  { starts }: Records,
  columns: readonly Field[],
  odd: ReadonlyMap<number, readonly string[]>,
  room: number,
  query: string | undefined,
): Steps<ReadonlySet<number>> {
  const costs = starts.map((_, record) =>
    columns.reduce((sum, { values }) => sum + 2 + cost(values[record] ?? ""), 3),
  );
  yield;
  const rows = new Set<number>();
  let spent = 0;
  const add = (record: number): void => {
    if (rows.has(record)) return;
    rows.add(record);
    spent += costs[record] ?? 0;
  };
  if (query !== undefined)
    for (const line of (yield* linesMentioning(query, lines)).slice(0, 40)) {
      const next = starts.findIndex((start) => start > line);
      const record = (next < 0 ? starts.length : next) - 1;
      if (record >= 0 && spent < room) add(record);
    }
  for (const record of odd.keys()) if (spent < room / 2) add(record);
  add(starts.length - 1);
  for (let record = 0; record < starts.length && spent < room; record++) add(record);
  return rows;
}

/** Sentences about a field of all records. */
function* sentencesOf(
  { name, values, heights }: Field,
  count: number,
  most: number,
): Steps<readonly Statement[]> {
  const about: readonly UnitRange[] = [[0, count]];
  const single = values.filter((value) => value !== undefined).length;
  const several = heights.filter((height) => height > 1).length;
  const statements: Statement[] = [];
  const sentence = (field: string, facts: Statement["facts"]): void => {
    const text = `${field}: ${sayFacts(facts)}`;
    if (facts.length > 0 && text.length <= most)
      statements.push({ text, of: RECORDS, about, field, facts });
  };
  if (several > single) {
    const facts = yield* describe(
      heights.map((height) => `${height}`),
      { name: "lines", maxValues: 4 },
    );
    sentence(name + LINES_OF, facts);
  } else if (values.some((value) => value !== undefined && HASH.test(value)))
    sentence(name, [
      { says: "distinct", count: new Set(values.filter((value) => value !== undefined)).size },
    ]);
  else sentence(name, yield* factsOf(values, name));
  return statements;
}
