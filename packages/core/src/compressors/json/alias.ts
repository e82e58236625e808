/**
 * Short names for text that repeats inside of strings: beginnings of URLs and paths, identifiers, whole lines of prose.
 *
 * Works on the finished notation. Candidates come from one pass; the greedy choice accounts for beginnings inside
 * longer beginnings. One trap: a name must not be followed by a digit, so only text that ends at a sign is replaced.
 */
import type { TokenCounter } from "../../types/tokens.ts";
import { estimateTokens } from "./estimate.ts";
import { isDigit, isLetter } from "./text.ts";

export interface Named {
  readonly name: string;
  readonly text: string;
}

export interface Aliased {
  /** In an order in which each text uses names that stand before it only. */
  readonly names: readonly Named[];
  readonly texts: readonly string[];
}

/** Estimated tokens a name has to save: a reader has to look it up. */
const minGain = 20;
/** Longest beginning, and how many of its parts, that are considered. */
const maxBeginning = 200;
const maxParts = 10;
const minLine = 40;
const minIdentifier = 16;

/** `given`: texts that have a name already, by text. */
export function aliasTexts(
  texts: readonly string[],
  given: ReadonlyMap<string, string>,
  free: () => string,
  limit: number,
  counter: TokenCounter,
): Aliased {
  if (limit === 0) return { names: [], texts };
  const lines = pick(countLines(texts), Math.floor(limit / 2));
  const lineNames = new Map<string, string>();
  for (const line of lines) lineNames.set(line, free());
  const shorter = lines.length === 0 ? texts : texts.map((text) => replaceLines(text, lineNames));
  const all = [...lines, ...shorter];
  const names = pickRuns(all, (text) => given.get(text) ?? free(), limit - lines.length, counter);
  const replaced = names.size === 0 ? all : all.map((text) => replaceRuns(text, names));
  const ordered = [...names].sort((a, b) => a[0].length - b[0].length || (a[0] < b[0] ? -1 : 1));
  return {
    names: [
      ...ordered.map(([text, name]) => ({ name, text: replaceRuns(text, without(names, text)) })),
      ...lines.map((line, index) => ({
        name: lineNames.get(line) ?? "",
        text: replaced[index] ?? line,
      })),
    ],
    texts: replaced.slice(lines.length),
  };
}

function without(names: ReadonlyMap<string, string>, text: string): ReadonlyMap<string, string> {
  const rest = new Map(names);
  rest.delete(text);
  return rest;
}

/** What saves most when it is written as two tokens wherever it stands. */
function pick(counts: ReadonlyMap<string, number>, limit: number): string[] {
  const worth: { text: string; gain: number }[] = [];
  for (const [text, count] of counts) {
    if (count < 2) continue;
    const cost = estimateTokens(text);
    const gain = (count - 1) * cost - count * 2 - 3;
    if (gain >= minGain) worth.push({ text, gain });
  }
  worth.sort((a, b) => b.gain - a.gain || (a.text < b.text ? -1 : 1));
  return worth.slice(0, limit).map((entry) => entry.text);
}

/** Calls `visit` for every stretch of a quoted string that stands between its quotes and line breaks (`\n`). */
function eachLine(text: string, visit: (start: number, end: number) => void): void {
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    let start = at + 1;
    let i = start;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 34 || code < 32) break;
      if (code !== 92) continue;
      const letter = text.charCodeAt(i + 1);
      if (letter === 110 || letter === 114) {
        if (i - start >= minLine) visit(start, i);
        start = i + 2;
      }
      i++;
    }
    if (i - start >= minLine) visit(start, i);
    at = i;
  }
}

function countLines(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    eachLine(text, (start, end) => {
      const line = text.slice(start, end);
      counts.set(line, (counts.get(line) ?? 0) + 1);
    });
  }
  return counts;
}

function replaceLines(text: string, names: ReadonlyMap<string, string>): string {
  const out: string[] = [];
  let from = 0;
  eachLine(text, (start, end) => {
    const name = names.get(text.slice(start, end));
    if (name === undefined) return;
    out.push(text.slice(from, start), name);
    from = end;
  });
  out.push(text.slice(from));
  return out.join("");
}

/** Calls `visit` for every run of the characters that URLs, paths and identifiers are made of. */
function eachRun(text: string, visit: (start: number, end: number) => void): void {
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    if (isRunCode(code)) {
      if (start < 0) start = i;
      else if (code === 58 && isKey(text, start, i)) start = i + 1;
      continue;
    }
    if (start >= 0) {
      if (i - start >= 8) visit(start, i);
      start = -1;
    }
    // The letter of an escape belongs to it, and the digits of a name to the name.
    if (code === 92) i += text.charCodeAt(i + 1) === 117 ? 5 : 1;
    else if (code === 64) while (isDigit(text.charCodeAt(i + 1))) i++;
  }
}

/** Whether `start`..`colon` is the key of an object, as in `{id:…`, and not the scheme of a URL. */
function isKey(text: string, start: number, colon: number): boolean {
  const before = start === 0 ? 10 : text.charCodeAt(start - 1);
  if (before !== 123 && before !== 44 && before !== 10) return false;
  if (text.charCodeAt(colon + 1) === 47 && text.charCodeAt(colon + 2) === 47) return false;
  for (let i = start; i < colon; i++) if (!isWordCode(text.charCodeAt(i))) return false;
  return true;
}

function isRunCode(code: number): boolean {
  return code < 128 && (codes[code] ?? 0) > 0;
}

/** Letters, digits, `_` and `-`. */
function isWordCode(code: number): boolean {
  return code < 128 && codes[code] === 2;
}

/** 2: letters, digits, `_` and `-`; 1: the other signs of URLs and paths. */
const codes = Uint8Array.from({ length: 128 }, (_, code) => {
  if (isLetter(code) || isDigit(code) || code === 95 || code === 45) return 2;
  return [37, 46, 47, 58, 61, 63].includes(code) ? 1 : 0;
});

/** Numbers stay where they are, in full, and so do words: prose is not to be riddled. */
function isPlain(text: string, start: number, end: number): boolean {
  let letters = 0;
  for (let i = start; i < end; i++) if (isLetter(text.charCodeAt(i))) letters++;
  return letters === 0 || letters === end - start;
}

/** Where a beginning may end: before a separator, but not inside of a time, a ratio or `host:port`. */
function isCut(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 58) return !(isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1)));
  return code === 47 || code === 63 || code === 61;
}

interface Candidate {
  readonly text: string;
  /** Estimated tokens; worked out for what stands more than once. */
  cost: number;
  /** The longest shorter beginning that is a candidate too. */
  readonly parent: Candidate | undefined;
  count: number;
  chosen: boolean;
}

function pickRuns(
  texts: readonly string[],
  nameFor: (text: string) => string,
  limit: number,
  counter: TokenCounter,
): Map<string, string> {
  const candidates = new Map<string, Candidate>();
  const identifiers = new Map<string, number>();
  for (const text of texts) {
    eachRun(text, (start, end) => {
      let parent: Candidate | undefined;
      let parts = 0;
      const last = Math.min(end, start + maxBeginning);
      for (let i = start + 8; i <= last && parts < maxParts; i++) {
        if (i < end && !isCut(text, i)) continue;
        // `https:` and `https:/` are no beginnings.
        if (text.charCodeAt(i - 1) === 47 || text.charCodeAt(i - 1) === 58) continue;
        if (isPlain(text, start, i)) continue;
        parts++;
        const beginning = text.slice(start, i);
        let candidate = candidates.get(beginning);
        if (candidate === undefined) {
          candidate = {
            text: beginning,
            cost: 0,
            parent,
            count: 0,
            chosen: false,
          };
          candidates.set(beginning, candidate);
        }
        candidate.count++;
        parent = candidate;
      }
      eachIdentifier(text, start, end, (from, to) => {
        if (from === start || isPlain(text, from, to)) return;
        const identifier = text.slice(from, to);
        identifiers.set(identifier, (identifiers.get(identifier) ?? 0) + 1);
      });
    });
  }
  for (const [text, count] of identifiers) {
    const same = candidates.get(text);
    if (same !== undefined) same.count += count;
    else
      candidates.set(text, {
        text,
        cost: 0,
        parent: undefined,
        count,
        chosen: false,
      });
  }
  return choose([...candidates.values()], nameFor, limit, counter);
}

function eachIdentifier(
  text: string,
  start: number,
  end: number,
  visit: (from: number, to: number) => void,
): void {
  let from = start;
  for (let i = start; i <= end; i++) {
    if (i < end && isWordCode(text.charCodeAt(i))) continue;
    if (i - from >= minIdentifier) visit(from, i);
    from = i + 1;
  }
}

/** Greedy: the largest gain first, gains of what contains it or is contained in it brought up to date. */
function choose(
  all: readonly Candidate[],
  nameFor: (text: string) => string,
  limit: number,
  counter: TokenCounter,
): Map<string, string> {
  const repeated = all.filter((candidate) => candidate.count > 1);
  for (const candidate of repeated) candidate.cost = estimateTokens(candidate.text);
  const open = repeated
    .filter((candidate) => gainOf(candidate) >= minGain)
    .sort((a, b) => gainOf(b) - gainOf(a) || (a.text < b.text ? -1 : 1))
    .slice(0, limit * 6);
  for (const candidate of open) candidate.cost = counter.count(candidate.text);
  const names = new Map<string, string>();
  while (names.size < limit) {
    let best: Candidate | undefined;
    let most = minGain;
    for (const candidate of open) {
      if (candidate.chosen) continue;
      const gain = gainOf(candidate);
      if (gain > most) {
        best = candidate;
        most = gain;
      }
    }
    if (best === undefined) break;
    best.chosen = true;
    names.set(best.text, nameFor(best.text));
    // Where it stood, the beginnings of it do not stand any more, but for once where it is explained.
    for (let at = best.parent; at !== undefined; at = at.parent) {
      at.count -= best.count - 1;
      if (at.chosen) break;
    }
  }
  return names;
}

function gainOf(candidate: Candidate): number {
  let known: Candidate | undefined = candidate.parent;
  while (known !== undefined && !known.chosen) known = known.parent;
  const cost = known === undefined ? candidate.cost : 2 + candidate.cost - known.cost;
  return (candidate.count - 1) * cost - candidate.count * 2 - 3;
}

function replaceRuns(text: string, names: ReadonlyMap<string, string>): string {
  const out: string[] = [];
  let from = 0;
  eachRun(text, (start, end) => {
    let at = start;
    for (let i = Math.min(end, start + maxBeginning); i >= start + 8; i--) {
      if (i < end && !isCut(text, i)) continue;
      const name = names.get(text.slice(start, i));
      if (name === undefined) continue;
      out.push(text.slice(from, start), name);
      from = i;
      at = i;
      break;
    }
    eachIdentifier(text, at, end, (first, last) => {
      const name = names.get(text.slice(first, last));
      if (name === undefined) return;
      out.push(text.slice(from, first), name);
      from = last;
    });
  });
  out.push(text.slice(from));
  return out.join("");
}
