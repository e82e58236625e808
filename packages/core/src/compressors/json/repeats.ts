/**
 * Names for strings that repeat, and for what repeats inside of strings: beginnings of URLs and paths, and whole lines.
 *
 * A name stands for whole parts: a beginning starts where a word starts and ends before a `/` or `?`. Candidates come from
 * one pass; the greedy choice accounts for beginnings inside longer texts. Definitions hold no names.
 */
import { type Definition, MIN_NAMED_TOKENS } from "../../notation/names.ts";
import { Meter } from "../../steps.ts";
import { isDigit } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { estimateTokens } from "./estimate.ts";
import { isLetter } from "./text.ts";

export interface Repeats {
  readonly definitions: readonly Definition[];
  readonly texts: readonly string[];
}

/** Tokens a name has to save, estimated: a reader has to look it up, and has to put a string together from its parts. */
const MIN_GAIN_TOKENS = 10;
const MIN_PART_GAIN_TOKENS = 16;
/** Names for texts of several lines, at most; the same for single lines; and for other strings and beginnings. */
const MAX_LINES = 40;
const MAX_NAMES = 200;
/** Lengths in characters. */
const MIN_BEGINNING_LENGTH = 8;
const MAX_BEGINNING_LENGTH = 200;
const MIN_LINE_LENGTH = 40;
/** To count the tokens of a short text takes as long as reading so many characters. */
const COUNTED_CHARACTERS = 512;
/** How many beginnings of one path are considered. */
const MAX_PARTS = 10;

/** @param texts - Strings as they are printed, bare or quoted. */
export function* nameRepeats(
  texts: readonly string[],
  free: () => string,
  counter: TokenCounter,
): Steps<Repeats> {
  const names = new Map<string, string>();
  // Texts of several lines come first, then single lines of the others, then beginnings and strings without named lines.
  for (const text of yield* worthNaming(yield* textsOfLines(texts), MIN_GAIN_TOKENS, counter))
    names.set(text, free());
  const rest = names.size === 0 ? texts : texts.filter((text) => !names.has(text));
  const lines = new Map<string, string>();
  for (const line of yield* worthNaming(yield* linesIn(rest), MIN_PART_GAIN_TOKENS, counter))
    lines.set(line, free());
  const shorter = lines.size === 0 ? rest : rest.map((text) => replaceLines(text, lines));
  const parts = new Map<string, string>();
  const candidates = yield* candidatesIn(shorter, rest);
  for (const text of yield* choose(candidates, counter)) parts.set(text, free());
  let next = 0;
  const written: string[] = [];
  const meter = new Meter();
  for (const text of texts) {
    if (meter.isDue(text.length)) yield;
    const name = names.get(text);
    if (name !== undefined) {
      written.push(name);
      continue;
    }
    const left = shorter[next++] as string;
    written.push(parts.get(left) ?? (parts.size === 0 ? left : replaceBeginnings(left, parts)));
  }
  return {
    definitions: [...names, ...lines, ...parts].map(([text, name]) => ({ name, text })),
    texts: written,
  };
}

function* textsOfLines(texts: readonly string[]): Steps<readonly string[]> {
  const meter = new Meter();
  const found: string[] = [];
  for (const text of texts) {
    if (meter.isDue(text.length)) yield;
    if (text.includes("\\n")) found.push(text);
  }
  return found;
}

function* linesIn(texts: readonly string[]): Steps<readonly string[]> {
  const meter = new Meter();
  const lines: string[] = [];
  for (const text of texts) {
    if (meter.isDue(text.length)) yield;
    eachLine(text, (start, end) => lines.push(text.slice(start, end)));
  }
  return lines;
}

/** The texts that repeat often enough, those that save most first. */
function* worthNaming(
  texts: readonly string[],
  minGain: number,
  counter: TokenCounter,
): Steps<readonly string[]> {
  const meter = new Meter();
  const counts = new Map<string, number>();
  for (const text of texts) {
    if (meter.isDue(text.length)) yield;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const worth: { text: string; gain: number }[] = [];
  for (const [text, count] of counts) {
    if (meter.isDue(8)) yield;
    const gain = count < 2 ? 0 : gainOf(count, estimateTokens(text));
    if (gain >= minGain) worth.push({ text, gain });
  }
  worth.sort((a, b) => b.gain - a.gain || (a.text < b.text ? -1 : 1));
  return worth
    .slice(0, MAX_LINES)
    .map(({ text }) => text)
    .filter((text) => counter.count(text) >= MIN_NAMED_TOKENS);
}

/** Calls `visit` for every line of a string lexeme that has several: what stands between its quotes and `\n`. */
function eachLine(text: string, visit: (start: number, end: number) => void): void {
  if (!text.includes("\\n")) return;
  let start = 1;
  for (let i = 1; i < text.length; i++) {
    const isEnd = i === text.length - 1;
    if (text.charCodeAt(i) !== 92 && !isEnd) continue;
    const letter = text.charCodeAt(i + 1);
    if (isEnd || letter === 110 || letter === 114) {
      if (i - start >= MIN_LINE_LENGTH) visit(start, i);
      start = i + 2;
    }
    i++;
  }
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

/** Calls `visit` for every run of the characters that URLs and paths are made of. */
function eachRun(text: string, visit: (start: number, end: number) => void): void {
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    if (code < 128 && isPathCode[code] === 1) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0 && i - start >= MIN_BEGINNING_LENGTH) visit(start, i);
    start = -1;
    // The letter of an escape is no beginning of a word.
    if (code === 92) i++;
    else if (code !== 0 && !OPENERS.includes(text.charAt(i))) {
      // What starts in the middle of something else is left alone.
      while (i + 1 < text.length && isPathCode[text.charCodeAt(i + 1)] === 1) i++;
    }
  }
}

/** Signs behind which a path may start. */
const OPENERS = " \"'`([{<>,;|*";
/** Signs before which a path may end; a backslash starts an escape such as `\\n`. */
const CLOSERS = " \"'`)]}<>,;|*\\";

/** Letters, digits and the signs of URLs and paths. */
const isPathCode = Uint8Array.from({ length: 128 }, (_, code) =>
  isLetter(code) || isDigit(code) || "_-%./:=?".includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Numbers stay where they are, in full, and so do words: prose is not to be riddled. */
function isPlain(text: string, start: number, end: number): boolean {
  let letters = 0;
  for (let i = start; i < end; i++) if (isLetter(text.charCodeAt(i))) letters++;
  return letters === 0 || letters === end - start;
}

/** Numbers, versions and dates are written out wherever they stand: readers compare them. */
function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code) && !NUMBER_SIGNS.includes(text.charAt(i))) return false;
  }
  return true;
}

/** Signs in numbers, versions, dates and times, and the quotes around them. */
const NUMBER_SIGNS = ' .,:+-/"';

interface Candidate {
  readonly text: string;
  /** Not only a part of strings. */
  isWhole: boolean;
  /** Tokens: estimated, then counted for those that are worth it. */
  cost: number;
  /** The longest shorter beginning that is a candidate too. */
  readonly parent: Candidate | undefined;
  count: number;
  chosen: boolean;
}

/** @param originals - The texts before lines in them were replaced. */
function* candidatesIn(
  texts: readonly string[],
  originals: readonly string[],
): Steps<readonly Candidate[]> {
  const meter = new Meter();
  const candidates = new Map<string, Candidate>();
  function add(text: string, parent: Candidate | undefined): Candidate {
    let candidate = candidates.get(text);
    if (candidate === undefined) {
      candidate = { text, isWhole: false, cost: 0, parent, count: 0, chosen: false };
      candidates.set(text, candidate);
    }
    candidate.count++;
    return candidate;
  }
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index] as string;
    if (meter.isDue(2 * text.length)) yield;
    let first: Candidate | undefined;
    eachRun(text, (start, end) => {
      let parent: Candidate | undefined;
      let parts = 0;
      const last = Math.min(end, start + MAX_BEGINNING_LENGTH);
      for (let i = start + MIN_BEGINNING_LENGTH; i <= last && parts < MAX_PARTS; i++) {
        if (!isCut(text, i, end) || isPlain(text, start, i)) continue;
        parts++;
        parent = add(text.slice(start, i), parent);
      }
      first ??= parent;
    });
    if (text !== originals[index] || isNumber(text)) continue;
    const whole = first?.text === text ? first : add(text, first);
    whole.isWhole = true;
  }
  return [...candidates.values()];
}

/** Where a beginning may end: before a separator or at the end, but `https:` and `https:/` are none. */
function isCut(text: string, at: number, end: number): boolean {
  const next = text.charAt(at);
  if (at < end ? next !== "/" && next !== "?" : !CLOSERS.includes(next)) return false;
  const last = text.charCodeAt(at - 1);
  return last !== 47 && last !== 58;
}

/** Greedy: the largest gain first, gains of what contains it or is contained in it brought up to date. */
function* choose(all: readonly Candidate[], counter: TokenCounter): Steps<readonly string[]> {
  const repeated = all.filter(({ count }) => count > 1);
  yield;
  for (const candidate of repeated) candidate.cost = estimateTokens(candidate.text);
  yield;
  const open = repeated
    .map((candidate) => ({ candidate, gain: gainOfCandidate(candidate) }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain || (a.candidate.text < b.candidate.text ? -1 : 1))
    .slice(0, MAX_NAMES * 4)
    .map(({ candidate }) => candidate);
  yield;
  const meter = new Meter();
  for (const candidate of open) {
    candidate.cost = counter.count(candidate.text);
    if (meter.isDue(COUNTED_CHARACTERS)) yield;
  }
  const chosen: string[] = [];
  while (chosen.length < MAX_NAMES) {
    if (chosen.length % 16 === 0) yield;
    let best: Candidate | undefined;
    let most = 0;
    for (const candidate of open) {
      if (candidate.chosen || candidate.cost < MIN_NAMED_TOKENS) continue;
      const gain = gainOfCandidate(candidate);
      if (gain > most) {
        best = candidate;
        most = gain;
      }
    }
    if (best === undefined) break;
    best.chosen = true;
    chosen.push(best.text);
    // Where it stood, the beginnings of it do not stand any more.
    for (let at = best.parent; at !== undefined; at = at.parent) {
      at.count -= best.count;
      if (at.chosen) break;
    }
  }
  return chosen;
}

/** Tokens saved beyond those that make a name worth it. */
function gainOfCandidate({ parent, cost, count, isWhole }: Candidate): number {
  let known = parent;
  while (known !== undefined && !known.chosen) known = known.parent;
  // Where a beginning of it has a name, only the rest is saved; the definition is written out all the same.
  const saved = known === undefined ? cost : 2 + cost - known.cost;
  return count * (saved - 2) - cost - 3 - (isWhole ? MIN_GAIN_TOKENS : MIN_PART_GAIN_TOKENS);
}

function gainOf(count: number, cost: number): number {
  return count * (cost - 2) - cost - 3;
}

function replaceBeginnings(text: string, names: ReadonlyMap<string, string>): string {
  const out: string[] = [];
  let from = 0;
  eachRun(text, (start, end) => {
    const last = Math.min(end, start + MAX_BEGINNING_LENGTH);
    for (let i = last; i >= start + MIN_BEGINNING_LENGTH; i--) {
      if (!isCut(text, i, end)) continue;
      const name = names.get(text.slice(start, i));
      if (name === undefined) continue;
      out.push(text.slice(from, start), name);
      from = i;
      break;
    }
  });
  out.push(text.slice(from));
  return out.join("");
}
