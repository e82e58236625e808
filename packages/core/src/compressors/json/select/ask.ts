/**
 * What a question wants from a table: rows that match it, and the ends it names (`top 3 by comments`, `newest`, `slowest`).
 *
 * Matches rank first and stay within the budget. A question that fits a third of all rows selects nothing, so only a few of
 * them are shown. One trap: key names are read here, and only here, because the question names them.
 */

import { isEmptyQuery, parseQuery, rankInSteps } from "../../../query/query.ts";
import { scanWords, stem } from "../../../query/words.ts";
import type { Steps } from "../../../types/compressor.ts";
import type { Table } from "./columns.ts";
import { plainText } from "./cut.ts";
import { comparedRows, endRows, readComparison } from "./measures.ts";
import type { Ask } from "./question.ts";

const MOST = wordSet(
  "most top highest largest biggest greatest max maximum longest slowest best worst latest newest last heaviest busiest popular expensive",
);
const LEAST = wordSet(
  "least lowest smallest min minimum fewest shortest fastest oldest earliest cheapest lightest",
);
const LATE = wordSet("latest newest last recent recently current now");

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
  for (const [at, word] of words.entries()) {
    if (end === 0 && MOST.has(word)) end = 1;
    else if (end === 0 && LEAST.has(word)) end = -1;
    if (LATE.has(word)) late = true;
    const number = Number(words[at + 1]);
    if ((MOST.has(word) || LEAST.has(word) || word === "first") && number > 0 && number <= 50)
      count = number;
  }
  const comparison = readComparison(question);
  if (isEmptyQuery(query) && end === 0 && !late && comparison === undefined) return undefined;
  return { query, words, end, count, comparison, late };
}

/** How many rows a match may bring, and which part of the budget. */
const MAX_MATCHES = 48;

/** Rows the question asks for, best first. `documents` hold the plain text of each row. */
export function* askedRows(
  ask: Ask,
  table: Table,
  documents: readonly string[],
  budget: number,
): Steps<readonly number[]> {
  const scores = yield* rankInSteps(ask.query, documents, { b: 0.25 });
  const order: number[] = [];
  for (let row = 0; row < scores.length; row++) if ((scores[row] ?? 0) > 0) order.push(row);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (ask.late ? b - a : a - b));
  const best = scores[order[0] ?? 0] ?? 0;
  const share = (row: number): number => (scores[row] ?? 0) / best;
  let ties = 0;
  while (ties < order.length && share(order[ties] ?? 0) >= 0.8) ties++;
  const selective = ties <= Math.max(12, table.items.length * 0.35);

  yield;
  const out = new Set<number>();
  const matching = order.filter((each) => share(each) >= 0.5);
  for (const row of endRows(ask, table, matching)) out.add(row);
  for (const row of comparedRows(ask, table)) out.add(row);
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

/** The plain text of a stretch of JSON, keys and all: words that stand in every row weigh nothing anyway. */
export function documentText(source: string, start: number, end: number): string {
  return plainText(source.slice(start, end));
}
