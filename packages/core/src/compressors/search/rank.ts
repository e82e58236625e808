/**
 * Which hits say most: how well each answers the question, and how telling it is by itself.
 *
 * A declaration tells more than a use of the name, an alarming word tells more the rarer it is among the hits (one FIXME
 * among TODOs), a line seen before tells little. The path takes part, since questions name modules ("which FIXME is in
 * billing?"), and so do hits a few lines away: a doc line names what the code below it does.
 *
 * Trap: keyword lists make everything important. Words that most hits have weigh nothing.
 */
import { isEmptyQuery, parseQuery, rankByQuery } from "../../query/query.ts";

export interface RankableHit {
  readonly path: string;
  readonly content: string;
  /** Line number; 0 where unknown. */
  readonly number: number;
  /** A line around a hit: shown after hits, unless it answers better. */
  readonly isContext?: boolean;
}

const ALARMING: ReadonlySet<string> = new Set(
  "bug deprecated error exception fail failed failure fatal fixme hack insecure panic security todo unsafe vulnerability warning xxx".split(
    " ",
  ),
);
const DECLARING: ReadonlySet<string> = new Set(
  "class const def define enum export fn func function interface let module namespace static struct trait type val var".split(
    " ",
  ),
);
const MAX_READ = 400;
const NEAR_LINES = 8;
/** What further hits of one file lose against first hits of others. */
const REPEAT_ASKED = 0.06;
const REPEAT_UNASKED = 0.25;

export interface Ranking {
  /** One score per hit; higher is shown first. */
  readonly scores: Float64Array;
  /** How well each answers the question, 1 for the best; `undefined` where nothing is asked or nothing fits. */
  readonly asked: Float64Array | undefined;
}

/** Deterministic, linear but for one sort. */
export function rankHits(hits: readonly RankableHit[], query: string | undefined): Ranking {
  const asked = relevance(hits, query);
  const read = hits.map((hit) => readHit(hit.content));
  const alarms = new Map<string, number>();
  for (const each of read) {
    for (const word of each.alarms) alarms.set(word, (alarms.get(word) ?? 0) + 1);
  }
  const scores = new Float64Array(hits.length);
  const seen = new Set<string>();
  for (const [at, hit] of hits.entries()) {
    const each = read[at];
    if (each === undefined) continue;
    let score = asked === undefined ? 0 : 3 * (asked[at] ?? 0);
    for (const word of each.alarms) score += rarity(alarms.get(word) ?? 1, hits.length);
    if (each.declares) score += 0.3;
    score += 0.04 * Math.min(each.words, 10);
    const content = hit.content.trim();
    if (seen.has(content)) score -= 0.8;
    seen.add(content);
    if (hit.isContext === true) score = score * 0.8 - 0.5;
    scores[at] = score;
  }
  const step = asked === undefined ? REPEAT_UNASKED : REPEAT_ASKED;
  return { scores: spread(hits, scores, step), asked };
}

/** 0 for a word that half of the hits have, up to 0.8 for one that is nearly alone. */
function rarity(count: number, total: number): number {
  const share = count / total;
  return share >= 0.5 ? 0 : 0.8 * (1 - share) ** 4;
}

/** 0..1 by question, a third of it given on to hits close by; `undefined` where nothing is asked or nothing fits. */
function relevance(
  hits: readonly RankableHit[],
  query: string | undefined,
): Float64Array | undefined {
  const parsed = parseQuery(withoutEndings(query ?? ""));
  if (isEmptyQuery(parsed)) return undefined;
  const scores = rankByQuery(
    parsed,
    hits.map((hit) => `${hit.path} ${hit.content.slice(0, 4 * MAX_READ)}`),
  );
  let best = 0;
  for (const score of scores) best = Math.max(best, score);
  if (best === 0) return undefined;
  const result = scores.map((score) => score / best);
  for (let at = 0; at < hits.length; at++) {
    for (const beside of [at - 1, at + 1]) {
      const here = hits[at];
      const there = hits[beside];
      if (!here || !there || here.path !== there.path || here.number === 0) continue;
      if (Math.abs(here.number - there.number) > NEAR_LINES) continue;
      result[at] = (result[at] ?? 0) + (0.3 * (scores[beside] ?? 0)) / best;
    }
  }
  return result;
}

/** Adds the verb to its past form, since questions say `formatted` where code says `format`. */
function withoutEndings(query: string): string {
  const added: string[] = [];
  for (const word of query.slice(0, 2_000).split(/[^A-Za-z]+/)) {
    if (word.length < 6 || !word.endsWith("ed")) continue;
    const bare = word.slice(0, -2);
    added.push(bare.at(-1) === bare.at(-2) ? bare.slice(0, -1) : bare);
  }
  return added.length === 0 ? query : `${query} ${added.join(" ")}`;
}

/** Holds back the second, third … best hit of each file, so that many files get a word in. */
function spread(hits: readonly RankableHit[], scores: Float64Array, step: number): Float64Array {
  const order = [...hits.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const taken = new Map<string, number>();
  const result = new Float64Array(hits.length);
  for (const at of order) {
    const path = hits[at]?.path ?? "";
    const nth = taken.get(path) ?? 0;
    taken.set(path, nth + 1);
    result[at] = (scores[at] ?? 0) - step * nth;
  }
  return result;
}

interface ReadHit {
  readonly words: number;
  readonly declares: boolean;
  readonly alarms: readonly string[];
}

/** Words of the line's head, what it declares, what it warns of. */
function readHit(content: string): ReadHit {
  const text = content.slice(0, MAX_READ);
  const alarms: string[] = [];
  let start = -1;
  let words = 0;
  let declares = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) | 32 : 32;
    if (code >= 97 && code <= 122) {
      if (start < 0) start = at;
      continue;
    }
    if (start >= 0 && at - start <= 14) {
      const word = text.slice(start, at).toLowerCase();
      if (words < 3 && DECLARING.has(word)) declares = true;
      if (ALARMING.has(word) && !alarms.includes(word)) alarms.push(word);
    }
    if (start >= 0) words++;
    start = -1;
  }
  return { words, declares: declares || assigns(text), alarms };
}

/** `name = …`, `name: type = …`, `"name": …` at the start of a line; not a named argument (`name=x,`) and not a comment. */
function assigns(text: string): boolean {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  const start = at;
  while (at < text.length && !" =:([{,;#/".includes(text[at] ?? "")) at++;
  if (at === start) return false;
  while (text[at] === " ") at++;
  const next = text[at + 1];
  if (text[at] === "=") return next !== "=" && next !== ">" && !text.trimEnd().endsWith(",");
  return text[at] === ":" && next === " ";
}
