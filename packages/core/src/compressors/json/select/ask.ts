/**
 * What a question wants from a table: rows that match it, and the ends it names (`top 3 by comments`, `newest`, `slowest`).
 *
 * Matches rank first and stay within the budget. A question that fits a third of all rows selects nothing, so only a few of
 * them are shown. One trap: key names are read here, and only here, because the question names them.
 */
import { isEmptyQuery, type ParsedQuery, parseQuery, rankByQuery } from "../../shared/query.ts";
import { scanWords, stem } from "../../shared/words.ts";
import type { Column, Table } from "./columns.ts";
import { plainText } from "./cut.ts";
import { isTime, numbersOf } from "./numbers.ts";

export interface Ask {
  readonly query: ParsedQuery;
  /** Stemmed words of the question, stop words included. */
  readonly words: readonly string[];
  /** More is better (1) or less is better (-1), where the question asks for an end. */
  readonly end: 1 | -1 | 0;
  /** `top 3`. */
  readonly count: number;
  /** The question wants the latest rather than the first. */
  readonly late: boolean;
}

const MOST = wordSet(
  "most top highest largest biggest greatest max maximum longest slowest best worst latest newest last heaviest busiest popular expensive",
);
const LEAST = wordSet(
  "least lowest smallest min minimum fewest shortest fastest oldest earliest cheapest lightest",
);
const LATE = wordSet("latest newest last recent recently current now");

/** What a superlative measures, where the question does not name the column. */
const MEASURES: Readonly<Record<string, readonly string[]>> = {
  slow: ["duration", "latency", "time", "elapsed", "ms", "seconds"],
  fast: ["duration", "latency", "time", "elapsed", "ms", "seconds"],
  long: ["duration", "length", "time"],
  short: ["duration", "length", "time"],
  new: ["created", "updated", "date", "time", "timestamp", "published", "at"],
  latest: ["created", "updated", "date", "time", "timestamp", "published", "at"],
  old: ["created", "date", "time", "timestamp", "published", "at"],
  early: ["created", "date", "time", "timestamp", "published", "at"],
  expensiv: ["price", "cost", "amount", "total"],
  cheap: ["price", "cost", "amount", "total"],
  larg: ["size", "bytes", "length", "count"],
  big: ["size", "bytes", "length", "count"],
  best: ["score", "rank", "rating", "relevance"],
};

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" ").map(stem));
}

/** Takes a question apart; `undefined` when it asks for nothing. */
export function readAsk(question: string | undefined): Ask | undefined {
  if (question === undefined || question.trim() === "") return undefined;
  const query = parseQuery(question);
  const words: string[] = [];
  scanWords(question.slice(0, 4000), (word, _start, _end, part) => {
    if (!part && words.length < 400) words.push(stem(word));
  });
  let end: Ask["end"] = 0;
  let count = 3;
  let late = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (end === 0 && MOST.has(word)) end = 1;
    else if (end === 0 && LEAST.has(word)) end = -1;
    if (LATE.has(word)) late = true;
    const number = Number(words[at + 1]);
    if ((MOST.has(word) || LEAST.has(word) || word === "first") && number > 0 && number <= 50)
      count = number;
  }
  if (isEmptyQuery(query) && end === 0 && !late) return undefined;
  return { query, words, end, count, late };
}

/** How many rows a match may bring, and which part of the budget. */
const MAX_MATCHES = 48;

/** Rows the question asks for, best first. `documents` hold the plain text of each row. */
export function askedRows(
  ask: Ask,
  table: Table,
  documents: readonly string[],
  budget: number,
): readonly number[] {
  const scores = rankByQuery(ask.query, documents, { b: 0.25 });
  const order: number[] = [];
  for (let row = 0; row < scores.length; row++) if ((scores[row] ?? 0) > 0) order.push(row);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (ask.late ? b - a : a - b));
  const best = scores[order[0] ?? 0] ?? 0;
  const share = (row: number): number => (scores[row] ?? 0) / best;
  let ties = 0;
  while (ties < order.length && share(order[ties] ?? 0) >= 0.8) ties++;
  const selective = ties <= Math.max(12, table.items.length * 0.35);

  const out = new Set<number>();
  for (const row of endRows(
    ask,
    table,
    order.filter((each) => share(each) >= 0.5),
  ))
    out.add(row);
  let used = 0;
  for (let rank = 0; rank < order.length && rank < MAX_MATCHES; rank++) {
    const row = order[rank] ?? 0;
    const fits = used + (table.costs[row] ?? 0);
    const tied = rank < ties && (selective ? fits <= budget : rank < 5 && fits <= budget / 2);
    const near = rank < 4 && selective && share(row) >= 0.5 && fits <= budget / 2;
    if (!(rank < 3 && share(row) >= 0.3) && !tied && !near) break;
    used = fits;
    out.add(row);
  }
  return [...out];
}

/** The first `count` rows by each column the superlative means, among all rows and among those that match. */
function endRows(ask: Ask, table: Table, matching: readonly number[]): readonly number[] {
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
  times.sort((a, b) => (a.text === b.text ? a.row - b.row : a.text < b.text ? end : -end));
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

/** The plain text of a stretch of JSON, keys and all: words that stand in every row weigh nothing anyway. */
export function documentText(source: string, start: number, end: number): string {
  return plainText(source.slice(start, end));
}
