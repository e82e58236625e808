/**
 * What a question asks for, and which documents (rows, lines, paragraphs, chunks) answer it.
 *
 * BM25 with a real idf over the documents at hand, so that a word every row has (a JSON key, a log level) weighs nothing,
 * plus extra weight for what people copy from output and paste into a question: quoted text, UUIDs, long numbers, paths,
 * hosts, e-mails, identifiers. Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009).
 *
 * One pass over each document, whatever the question is: words are looked up in a map, and a literal is compared only
 * where its first word stands. Trap: a literal counts only at word boundaries, so that 1234 is not found in 912345.
 */
import { finish, Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { stopWordsOf } from "./stop-words.ts";
import { scanWords, stem } from "./words.ts";

/** A question taken apart. */
export interface ParsedQuery {
  /** Stemmed lower-case words and their weight; stop words are out. */
  readonly words: ReadonlyMap<string, number>;
  /** Lower-case text that has to occur as it stands. */
  readonly literals: readonly QueryLiteral[];
}

export interface QueryLiteral {
  readonly text: string;
  readonly weight: number;
}

export interface RankOptions {
  /** How soon repeating a term stops to matter. @default 1.2 */
  readonly k1?: number;
  /** How much long documents are held back, 0 to 1. @default 0.6 */
  readonly b?: number;
}

/** Work bounds: a pasted page as a question must not make ranking slow. */
const MAX_QUERY = 16_000;
const MAX_WORDS = 256;
const MAX_LITERALS = 96;
const MAX_LITERAL = 200;

/** What each kind of evidence weighs against a plain word. */
const QUOTED = 4;
const EXACT = 4;
const IDENTIFIER = 3;
const COMPOUND = 2;

/** Splits a question into words and literals. Linear; never throws. */
export function parseQuery(query: string): ParsedQuery {
  const text = clip(query);
  const stopWords = stopWordsOf(text);
  const words = new Map<string, number>();
  const literals = new Map<string, number>();
  const addWord = (word: string, weight: number): void => {
    if (
      word.length === 0 ||
      stopWords.has(word) ||
      (word.length === 1 && word >= "a" && word <= "z")
    ) {
      return;
    }
    if (words.size < MAX_WORDS || words.has(word)) {
      words.set(word, Math.max(weight, words.get(word) ?? 0));
    }
  };
  const addLiteral = (literal: string, weight: number): void => {
    const lower = literal.toLowerCase();
    if (lower.length < 2 || lower.length > MAX_LITERAL) return;
    if (literals.size < MAX_LITERALS || literals.has(lower)) {
      literals.set(lower, Math.max(weight, literals.get(lower) ?? 0));
    }
  };

  for (const quoted of quotedParts(text)) addLiteral(quoted, QUOTED);
  for (const chunk of chunks(text)) {
    const weight = literalWeight(chunk);
    if (weight > 0) addLiteral(chunk, weight);
  }
  scanWords(text, (word, _start, _end, part) => addWord(stem(word), part ? 0.75 : 1));
  return { words, literals: [...literals].map(([literal, weight]) => ({ text: literal, weight })) };
}

/** Whether anything is asked for at all: `What is this?` is not. */
export function isEmptyQuery(query: ParsedQuery): boolean {
  return query.words.size === 0 && query.literals.length === 0;
}

/**
 * A score per document, 0 when nothing matches. Higher is better; scores compare only within one call.
 *
 * Pass plain text: unescape JSON strings first, or `\nfoo` reads as the word `nfoo`.
 */
export function rankByQuery(
  query: ParsedQuery | string,
  documents: readonly string[],
  options: RankOptions = {},
): Float64Array {
  return finish(rankInSteps(query, documents, options));
}

/** `rankByQuery`. */
export function* rankInSteps(
  query: ParsedQuery | string,
  documents: readonly string[],
  options: RankOptions = {},
): Steps<Float64Array> {
  const meter = new Meter();
  const { k1 = 1.2, b = 0.6 } = options;
  const scores = new Float64Array(documents.length);
  const { index, weights } = buildIndex(typeof query === "string" ? parseQuery(query) : query);
  if (weights.length === 0 || documents.length === 0) return scores;

  const terms = weights.length;
  const lengths = new Float64Array(documents.length);
  const found = new Float64Array(terms);
  const hits: (readonly Hit[])[] = [];
  const counts = new Float64Array(terms);
  let total = 0;
  let touched: number[] = [];
  let document = "";
  const hit = (term: number): void => {
    if (counts[term] === 0) touched.push(term);
    counts[term] = (counts[term] ?? 0) + 1;
  };
  const visit = (word: string, start: number, end: number, part: boolean): void => {
    const anchored = part ? undefined : index.literals.get(word);
    if (anchored !== undefined) {
      for (const literal of anchored) if (standsAt(document, start, literal)) hit(literal.term);
    }
    // Only words of a possible length are stemmed.
    if (end - start > index.longest + 4) return;
    const term = index.words.get(stem(word));
    if (term !== undefined) hit(term);
  };
  for (let d = 0; d < documents.length; d++) {
    document = documents[d] ?? "";
    if (meter.isDue(2 * document.length)) yield;
    touched = [];
    const length = scanWords(document, visit, index.firsts);
    lengths[d] = length;
    total += length;
    const own: Hit[] = [];
    for (const term of touched) {
      own.push({ term, count: counts[term] ?? 0 });
      counts[term] = 0;
      found[term] = (found[term] ?? 0) + 1;
    }
    hits.push(own);
  }

  const average = total / documents.length || 1;
  const n = documents.length;
  for (let d = 0; d < n; d++) {
    const norm = k1 * (1 - b + (b * (lengths[d] ?? 0)) / average);
    let score = 0;
    for (const { term, count } of hits[d] ?? []) {
      const df = found[term] ?? 0;
      const idf = Math.log(1 + (n - df + 0.5) / (df + 0.5));
      score += (weights[term] ?? 0) * idf * ((count * (k1 + 1)) / (count + norm));
    }
    scores[d] = score;
  }
  return scores;
}

interface Hit {
  readonly term: number;
  readonly count: number;
}

interface AnchoredLiteral {
  readonly term: number;
  readonly text: string;
  /** Where the literal's first word starts within it. */
  readonly offset: number;
}

interface QueryIndex {
  readonly words: ReadonlyMap<string, number>;
  readonly literals: ReadonlyMap<string, readonly AnchoredLiteral[]>;
  readonly longest: number;
  /** First characters that words of the question have. */
  readonly firsts: Uint8Array;
}

function buildIndex(query: ParsedQuery): { index: QueryIndex; weights: readonly number[] } {
  const weights: number[] = [];
  const words = new Map<string, number>();
  let longest = 0;
  for (const [word, weight] of query.words) {
    words.set(word, weights.length);
    longest = Math.max(longest, word.length);
    weights.push(weight);
  }
  const literals = new Map<string, AnchoredLiteral[]>();
  for (const { text, weight } of query.literals) {
    let anchor: string | undefined;
    let offset = 0;
    scanWords(text, (word, start, _end, part) => {
      if (anchor !== undefined || part) return;
      anchor = word;
      offset = start;
    });
    if (anchor === undefined) continue;
    const same = literals.get(anchor) ?? [];
    same.push({ term: weights.length, text, offset });
    literals.set(anchor, same);
    weights.push(weight);
  }
  const firsts = new Uint8Array(128);
  for (const word of [...words.keys(), ...literals.keys()]) {
    const code = word.charCodeAt(0);
    if (code < 128) firsts[code] = 1;
  }
  return { index: { words, literals, longest, firsts }, weights };
}

function standsAt(document: string, wordStart: number, literal: AnchoredLiteral): boolean {
  const start = wordStart - literal.offset;
  const end = start + literal.text.length;
  // What would stand beyond either end of the document is shorter than the literal.
  if (document.slice(start, end).toLowerCase() !== literal.text) return false;
  return !joins(document, start) && !joins(document, end);
}

/** Whether a word goes on across this position. */
function joins(text: string, at: number): boolean {
  return (
    at > 0 && at < text.length && isAlnum(text.charCodeAt(at - 1)) && isAlnum(text.charCodeAt(at))
  );
}

function clip(query: string): string {
  if (query.length <= MAX_QUERY) return query;
  return `${query.slice(0, MAX_QUERY / 2)} ${query.slice(-MAX_QUERY / 2)}`;
}

/** Text between quotes, on one line. An apostrophe inside a word opens nothing. */
function quotedParts(text: string): readonly string[] {
  const parts: string[] = [];
  const closers: Readonly<Record<string, string>> = {
    '"': '"',
    "'": "'",
    "`": "`",
    "“": "”",
    "‘": "’",
    "«": "»",
  };
  let at = 0;
  while (at < text.length) {
    const closer = closers[text[at] ?? ""];
    const opens = closer !== undefined && !(at > 0 && isAlnum(text.charCodeAt(at - 1)));
    if (!opens) {
      at++;
      continue;
    }
    let end = at + 1;
    const limit = Math.min(text.length, at + 1 + MAX_LITERAL);
    while (end < limit && text[end] !== closer && text[end] !== "\n") end++;
    if (end < limit && text[end] === closer) {
      parts.push(text.slice(at + 1, end).trim());
      at = end + 1;
    } else {
      at++;
    }
  }
  return parts;
}

/** Runs between spaces and quotes, without the punctuation of the sentence around them. */
function chunks(text: string): readonly string[] {
  const out: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const separator = at === text.length || SEPARATORS.has(text[at] ?? "");
    if (!separator) {
      if (start < 0) start = at;
      continue;
    }
    if (start >= 0) {
      let from = start;
      let to = at;
      while (from < to && !isAlnum(text.charCodeAt(from)) && !KEPT_PREFIX.has(text[from] ?? ""))
        from++;
      while (to > from && !isAlnum(text.charCodeAt(to - 1)) && text[to - 1] !== "/") to--;
      if (to > from) out.push(text.slice(from, to));
    }
    start = -1;
  }
  return out;
}

const SEPARATORS: ReadonlySet<string> = new Set(' \t\r\n\f\v"`“”‘«»()[]{}<>,;|\u00a0');
const KEPT_PREFIX: ReadonlySet<string> = new Set("/._~@#$");

/** How much a chunk is worth as it stands; 0: only its words count. */
function literalWeight(chunk: string): number {
  if (chunk.length > MAX_LITERAL) return 0;
  let digits = 0;
  let letters = 0;
  let uppers = 0;
  let camel = false;
  let inner = "";
  for (let at = 0; at < chunk.length; at++) {
    const code = chunk.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
    else if (isAlnum(code)) {
      letters++;
      const upper = code >= 65 && code <= 90;
      if (upper) uppers++;
      const before = at > 0 ? chunk.charCodeAt(at - 1) : 0;
      if (upper && before >= 97 && before <= 122) camel = true;
    } else inner += chunk[at];
  }
  if (digits + letters < 2) return 0;
  if (inner === "") {
    if (letters === 0) return digits >= 4 ? EXACT : 0;
    if (digits > 0) return digits + letters >= 6 ? EXACT : COMPOUND;
    if (camel) return IDENTIFIER;
    return uppers === letters && letters >= 3 ? COMPOUND : 0;
  }
  if (inner.includes("@") || inner.includes("/") || inner.includes("::")) return EXACT;
  if (digits >= 4 && digits + letters >= 6) return EXACT;
  if (inner.includes("_") || inner.includes(".") || inner.includes("#") || camel) return IDENTIFIER;
  if (digits > 0) return IDENTIFIER;
  return inner === "'" ? 0 : COMPOUND;
}

function isAlnum(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code > 127
  );
}
