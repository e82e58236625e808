/**
 * Finds the parts of an original that answer a question.
 *
 * What stands there literally comes first, and alone: in any case, escaped or not, with other white space, a number in another
 * spelling. Only where there is none, parts with all words of the question are served, then those with some, best first. Nothing
 * that is there is denied.
 */
import { parseQuery, rankByQuery } from "../query/query.ts";
import { scanWords, stem } from "../query/words.ts";
import type { Chunk } from "./chunks.ts";
import { quoted } from "./clip.ts";
import { spansOf, windowed } from "./hits.ts";
import { isOfLevel, type Level, levelOf } from "./level.ts";
import {
  fold,
  type Needle,
  needlesOf,
  numberOf,
  numbersIn,
  type Occurrence,
  occurrencesIn,
  rankIn,
  spacedIn,
} from "./literal.ts";
import { lineAt, lineStarts, none, type Selection, type Span, units } from "./spans.ts";

/** Parts with a lower share of the best score are weaker matches. */
const STRONG = 0.4;

/** Where a question looks. */
export interface Searched {
  readonly original: string;
  readonly chunks: readonly Chunk[];
  /** Whether these are all parts of the original. */
  readonly whole: boolean;
  /** The most matches a page has. */
  readonly perPage: number;
}

/** What a question finds. @param whatIsThere said where nothing matches */
export function selectByQuery(
  { original, chunks, whole, perPage }: Searched,
  query: string,
  whatIsThere: string,
): Selection {
  const found =
    literally(original, chunks, needlesOf(query)) ??
    respelled(original, chunks, query, whole) ??
    byWords(original, windowed(chunks), query);
  if (found === undefined)
    return none("matches", chunks.length, `Nothing matches ${quoted(query)}. ${whatIsThere}`);
  return { ...found, perPage };
}

/** All parts that are of a level, or have it in themselves. */
export function selectByLevel(
  searched: Searched,
  wanted: Level,
  query: string | undefined,
): Selection {
  const { original, chunks, perPage } = searched;
  const counts = new Map<string, number>();
  const own: Chunk[] = [];
  const hits: number[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const level = levelOf(chunk.source.slice(chunk.start, chunk.end));
    if (level) counts.set(level, (counts.get(level) ?? 0) + 1);
    if (!isOfLevel(level, wanted)) continue;
    own.push(chunk);
    hits.push(index);
  }
  const levels = [...counts].map(([level, count]) => `${level} ×${count}`).join(", ");
  const there = levels === "" ? "Nothing in the original names a level." : `Levels: ${levels}.`;
  if (hits.length === 0) return none("matches", 0, `Nothing is of level ${wanted}. ${there}`);
  if (query !== undefined) {
    const whatIsThere = `${units(own.length, "part")} of level ${wanted} were searched.`;
    return selectByQuery({ ...searched, chunks: own, whole: false }, query, whatIsThere);
  }
  const note = wanted === "error" && counts.has("fatal") ? there : undefined;
  const spans = spansOf(hits, chunks, original, () => []);
  return { ...selectionOf(spans, [], "", note), perPage };
}

/** Matches, and behind them weaker ones with what is weak about them. */
function selectionOf(
  strong: readonly Span[],
  weak: readonly Span[] = [],
  why = "",
  note?: string,
): Selection {
  const total = matchesIn(strong);
  const count = matchesIn(weak);
  const more = count > 0 ? `; ${count} more ${why}` : "";
  return {
    spans: [...strong, ...weak],
    unit: "matches",
    total,
    counted: `${units(total, "match")}${more}`,
    ...(count > 0 ? { weaker: { from: strong.length, count, why } } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

function matchesIn(spans: readonly Span[]): number {
  return spans.reduce((sum, { hits }) => sum + (hits?.length ?? 1), 0);
}

function literally(
  original: string,
  chunks: readonly Chunk[],
  needles: readonly Needle[],
): Selection | undefined {
  const byRank: [number[], number[], number[]] = [[], [], []];
  for (const [index, { source, start, end }] of chunks.entries()) {
    const rank = rankIn(source.slice(start, end), needles);
    if (rank > 0) byRank[3 - rank]?.push(index);
  }
  const words = [...byRank[0], ...byRank[1]];
  const parts = byRank[2];
  const found = function* ({ source, start, end }: Chunk): Iterable<Occurrence> {
    const text = source.slice(start, end);
    const folded = fold(text);
    for (const needle of needles) {
      let any = false;
      for (const match of occurrencesIn(text, folded, needle)) {
        any = true;
        yield match;
      }
      if (any) return;
    }
  };
  if (words.length === 0 && parts.length === 0) return undefined;
  const spans = (hits: readonly number[]): readonly Span[] =>
    spansOf(hits, chunks, original, found);
  if (words.length === 0) return selectionOf(spans(parts));
  return selectionOf(spans(words), spans(parts), "have it inside a longer word");
}

/** With other white space, also over several lines; a number by its value. */
function respelled(
  original: string,
  chunks: readonly Chunk[],
  query: string,
  whole: boolean,
): Selection | undefined {
  const wanted = numberOf(query);
  const find = function* (text: string): Iterable<Occurrence> {
    yield* spacedIn(fold(text), query);
    if (wanted !== undefined) yield* numbersIn(text, wanted);
  };
  const inChunk = ({ source, start, end }: Chunk): Iterable<Occurrence> =>
    find(source.slice(start, end));
  const words: number[] = [];
  const parts: number[] = [];
  for (const [index, chunk] of chunks.entries()) {
    let best = 0;
    for (const { rank } of inChunk(chunk)) best = Math.max(best, rank);
    if (best > 0) (best > 1 ? words : parts).push(index);
  }
  const hits = words.length > 0 ? words : parts;
  if (hits.length > 0) return selectionOf(spansOf(hits, chunks, original, inChunk));
  const sources = new Set([...(whole ? [original] : []), ...chunks.map(({ source }) => source)]);
  const across = [...sources].flatMap((source) => {
    const scope = whole ? ([0, source.length] as const) : inScope(chunks, source);
    const folded = fold(source);
    const literal = needlesOf(query).flatMap((needle) => [
      ...occurrencesIn(source, folded, needle),
    ]);
    return acrossLines(source, source === original, scope, [...find(source), ...literal]);
  });
  return across.length > 0 ? selectionOf(across) : undefined;
}

/** From the first to the last of the parts of a text. */
function inScope(chunks: readonly Chunk[], source: string): readonly [number, number] {
  let from = source.length;
  let to = 0;
  for (const chunk of chunks) {
    if (chunk.source !== source) continue;
    from = Math.min(from, chunk.start);
    to = Math.max(to, chunk.end);
  }
  return [from, to];
}

/** What goes over the ends of lines or records. */
function acrossLines(
  source: string,
  isOriginal: boolean,
  [first, last]: readonly [number, number],
  found: Iterable<Occurrence>,
): readonly Span[] {
  const starts = lineStarts(source);
  const spans: Span[] = [];
  for (const { start, end } of found) {
    if (start < first || end > last) continue;
    const [from, to] = [lineAt(starts, start), lineAt(starts, Math.max(start, end - 1))];
    const [lineStart, lineEnd] = [starts[from - 1] ?? 0, starts[to] ?? source.length];
    const isLong = lineEnd - lineStart > 2 * (end - start) + 2_000;
    spans.push({
      label: from === to ? `line ${from}` : `line ${from} to line ${to}`,
      start: isLong ? start : lineStart,
      end: isLong ? end : lineEnd,
      ...(isOriginal ? {} : { source }),
    });
  }
  return spans;
}

/** All words of the question that occur at all, else some of them. */
function byWords(original: string, chunks: readonly Chunk[], query: string): Selection | undefined {
  const parsed = parseQuery(query);
  // A part answers to its place too: "hit 33" is items[33].
  const documents = chunks.map(({ label, source, start, end, line }) => {
    const text = source.slice(start, end);
    return line === undefined ? `${label} ${text}` : text;
  });
  const words = [...parsed.words.keys()];
  const counts = wordCounts(documents, words);
  const occurring = words.filter((_, at) => counts.anywhere[at]);
  if (occurring.length === 0) return undefined;
  const scores = rankByQuery(parsed, documents);
  const ranked = [...chunks.keys()]
    .filter((index) => (counts.inDocument[index] ?? 0) > 0)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const spans = (hits: readonly number[]): readonly Span[] =>
    spansOf(hits, chunks, original, () => []);
  const absent = words.filter((_, at) => !counts.anywhere[at]).slice(0, 8);
  const nowhere = absent.length > 0 ? ` (nowhere: ${absent.map(quoted).join(", ")})` : "";
  const all = ranked.filter((index) => counts.inDocument[index] === occurring.length);
  const said = `Nothing has ${quoted(query.trim())} as it stands`;
  if (all.length > 0) {
    const which = absent.length > 0 ? "all its words that occur" : "all its words";
    return selectionOf(spans(all), [], "", `${said}; these have ${which}${nowhere}.`);
  }
  const best = scores[ranked[0] ?? 0] ?? 0;
  const strong = ranked.filter((index) => (scores[index] ?? 0) >= STRONG * best);
  const weak = ranked.filter((index) => (scores[index] ?? 0) < STRONG * best);
  const note = `${said}, and no part all its words${nowhere}; these have some, best first.`;
  return selectionOf(spans(strong), spans(weak), "have fewer of its words", note);
}

/** How many of the words each document has, and which occur at all. */
function wordCounts(
  documents: readonly string[],
  words: readonly string[],
): { readonly inDocument: Int32Array; readonly anywhere: Uint8Array } {
  const terms = new Map(words.map((word, at) => [word, at]));
  const firsts = new Uint8Array(128);
  for (const word of words) if (word.charCodeAt(0) < 128) firsts[word.charCodeAt(0)] = 1;
  const inDocument = new Int32Array(documents.length);
  const anywhere = new Uint8Array(words.length);
  const seen = new Int32Array(words.length).fill(-1);
  for (const [index, document] of documents.entries())
    scanWords(
      document,
      (word) => {
        const term = terms.get(stem(word));
        if (term === undefined || seen[term] === index) return;
        seen[term] = index;
        anywhere[term] = 1;
        inDocument[index] = (inDocument[index] ?? 0) + 1;
      },
      firsts,
    );
  return { inDocument, anywhere };
}
