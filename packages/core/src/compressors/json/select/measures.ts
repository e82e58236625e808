/**
 * Rows a question names by measure: an end (`most comments`, `the slowest`, `newest`) or a bound (`over 50,000`, `< 10`).
 *
 * A measure is a column of numbers or times whose key the question names, or that its word implies (slow: duration). One
 * trap: a bound without a named column is tried on every column of numbers that is no counter, so it brings few rows.
 */
import { scanWords, stem } from "../../../query/words.ts";
import type { Column, Table } from "./columns.ts";
import { hasDistances, isMonotone, isTime, numbersOf } from "./numbers.ts";
import type { Ask, Comparison } from "./question.ts";

/** What a superlative measures, where the question does not name the column: by its stem, or by what stands before its `-est`. */
const MEASURES: Readonly<Record<string, readonly string[]>> = {
  slow: ["duration", "latency", "time", "elapsed", "ms", "seconds"],
  fast: ["duration", "latency", "time", "elapsed", "ms", "seconds"],
  long: ["duration", "length", "time"],
  short: ["duration", "length", "time"],
  new: ["created", "updated", "date", "time", "timestamp", "published", "at"],
  latest: ["created", "updated", "date", "time", "timestamp", "published", "at"],
  old: ["created", "date", "time", "timestamp", "published", "at"],
  earl: ["created", "date", "time", "timestamp", "published", "at"],
  expensiv: ["price", "cost", "amount", "total"],
  cheap: ["price", "cost", "amount", "total"],
  larg: ["size", "bytes", "length", "count"],
  bigg: ["size", "bytes", "length", "count"],
  best: ["score", "rank", "rating", "relevance"],
};

const BOUND =
  /(?:^|[^\p{L}])(?:(over|above|exceed\w{0,4}|(?:more|greater|larger|higher|longer|older|slower) than|at least|>=?)|(below|under|(?:less|fewer|smaller|lower|shorter|faster) than|at most|<=?))\s{0,3}[$€£]?(-?\d[\d,]{0,20}(?:\.\d{1,10})?)(k|m)?/iu;

/** Rows a bound may bring. */
const MAX_COMPARED = 16;

/** `> 50,000`, `more than 3`, `below 0.5`. */
export function readComparison(question: string): Comparison | undefined {
  const found = BOUND.exec(question.slice(0, 4000));
  if (found === null) return undefined;
  const scale = { k: 1e3, m: 1e6 }[(found[4] ?? "").toLowerCase()] ?? 1;
  const bound = Number((found[3] ?? "").replaceAll(",", "")) * scale;
  return Number.isFinite(bound) ? { side: found[1] === undefined ? -1 : 1, bound } : undefined;
}

/** Rows beyond the bound, the farthest first. A bound that most rows are beyond tells nothing. */
export function comparedRows(ask: Ask, table: Table): readonly number[] {
  const { comparison } = ask;
  if (comparison === undefined) return [];
  const { side, bound } = comparison;
  const named = table.columns.filter((column) => isMeant(ask, column));
  const columns = named.some((column) => numbersOf(table, column) !== undefined)
    ? named
    : table.columns;
  const out = new Set<number>();
  for (const column of columns) {
    const numbers = numbersOf(table, column);
    if (numbers === undefined || !hasDistances(numbers)) continue;
    if (columns !== named && isMonotone(numbers.values)) continue;
    const beyond: { row: number; value: number }[] = [];
    for (let at = 0; at < numbers.values.length; at++) {
      const value = numbers.values[at] ?? 0;
      if (side * value >= side * bound) beyond.push({ row: numbers.rows[at] ?? 0, value });
    }
    if (beyond.length > Math.max(MAX_COMPARED, 0.3 * table.items.length)) continue;
    beyond.sort((a, b) => side * (b.value - a.value) || a.row - b.row);
    for (const { row } of beyond.slice(0, MAX_COMPARED)) if (out.size < MAX_COMPARED) out.add(row);
  }
  return [...out];
}

/** The first `count` rows by each column the superlative means, among all rows and among those that match. */
export function endRows(ask: Ask, table: Table, matching: readonly number[]): readonly number[] {
  if (ask.end === 0) return [];
  const out = new Set<number>();
  const wanted = new Set(matching);
  let columns = 0;
  for (const column of table.columns) {
    if (columns === 4) break;
    if (column.repeated || !isMeant(ask, column)) continue;
    const ranked = rankedRows(ask.end, table, column);
    if (ranked === undefined) continue;
    columns++;
    for (const row of ranked.slice(0, ask.count)) out.add(row);
    if (wanted.size > 0 && wanted.size < table.items.length) {
      for (const row of ranked.filter((each) => wanted.has(each)).slice(0, ask.count)) out.add(row);
    }
  }
  return [...out];
}

function rankedRows(end: 1 | -1, table: Table, column: Column): readonly number[] | undefined {
  const numbers = numbersOf(table, column);
  if (numbers !== undefined) {
    const order = [...numbers.values.keys()];
    order.sort((a, b) => end * ((numbers.values[b] ?? 0) - (numbers.values[a] ?? 0)) || a - b);
    return order.map((at) => numbers.rows[at] ?? 0);
  }
  const { source } = table;
  const times: { text: string; row: number }[] = [];
  for (let at = 0; at < column.nodes.length; at++) {
    const node = column.nodes[at];
    if (node?.type !== "string" || !isTime(source, node.start + 1, node.end - 1)) continue;
    times.push({ text: source.slice(node.start + 1, node.end - 1), row: column.rows[at] ?? 0 });
  }
  if (times.length < 2 || times.length < column.nodes.length / 2) return undefined;
  times.sort((a, b) => end * (Number(a.text < b.text) - Number(a.text > b.text)));
  return times.map((each) => each.row);
}

/** Whether the question names the column, by a word of its key or by what the superlative measures. */
function isMeant(ask: Ask, column: Column): boolean {
  const names = namesOf(column.path.slice(column.path.lastIndexOf(".") + 1));
  return ask.words.some(
    (word) =>
      names.some((name) => related(word, name)) ||
      (MEASURES[word] ?? MEASURES[word.replace(/(?:i?est)$/, "")] ?? []).some((measure) =>
        names.includes(stem(measure)),
      ),
  );
}

/** Whether the question has a word of the path: `which repositories …` and `repository.full_name`. */
export function isNamed(ask: Ask, path: string): boolean {
  const names = namesOf(path);
  return [...ask.query.words.keys()].some((word) => names.some((name) => related(word, name)));
}

function namesOf(path: string): readonly string[] {
  const names: string[] = [];
  scanWords(path, (word) => names.push(stem(word)));
  return names;
}

/** `scored` and `score`, `stars` and `stargazers`. */
function related(a: string, b: string): boolean {
  if (a === b) return a.length > 2;
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4) return false;
  let same = 0;
  while (same < shorter && a[same] === b[same]) same++;
  return same >= 4 && same >= shorter - 1;
}
