/**
 * Chooses texts that get a name (`@1`) because they keep coming back: folders, URLs, user agents, whole values.
 *
 * Candidates are whole pieces of content, and words and the beginnings of words up to a slash or another edge; a greedy choice
 * takes what saves most after the earlier choices. No word, number or identifier is cut in two.
 */
import type { Definition } from "../../notation/names.ts";
import { MIN_NAMED_TOKENS } from "../../notation/names.ts";
import { isCut, isEdge } from "./edges.ts";
import { cost } from "./text-cost.ts";

/** Shorter texts are not looked at. */
const MIN_LENGTH = 9;
/** Longer texts are not looked at, unless they are whole pieces. */
const MAX_LENGTH = 400;
/** Candidates are counted in this many characters, taken from all over the pieces, or in one of `SAMPLE_SHARE`. */
const SAMPLE = 40_000;
const SAMPLE_SHARE = 16;
/** Neighbouring pieces in a sample: what repeats, repeats nearby. */
const SAMPLE_BLOCK = 128;
const MAX_CANDIDATES = 60_000;
const MAX_RANKED = 2000;
const MAX_NAMES = 1000;
/** Beginnings of one word that are counted. */
const MAX_PREFIXES = 8;
/** Tokens of `@12` in a row, and of its definition with the line break. */
const NAME_COST = 2;
const DEFINITION_COST = 4;
/** A name that saves fewer tokens in all is not worth a look-up. */
const MIN_SAVING = 6;

interface Candidate {
  readonly text: string;
  count: number;
  /** Tokens that a use saves. */
  each: number;
}

/** The texts worth a name, most worth first. `mayName` can refuse some. */
export function chooseNames(
  pieces: readonly string[],
  mayName: (text: string) => boolean,
): readonly string[] {
  const { counts, scale } = countCandidates(pieces);
  const ranked: Candidate[] = [];
  for (const [text, count] of countWhole(pieces)) {
    if (count < 2) continue;
    const tokens = cost(text);
    const candidate = { text, count, each: tokens - NAME_COST };
    if (tokens >= MIN_NAMED_TOKENS && worth(candidate) >= MIN_SAVING) ranked.push(candidate);
  }
  for (const [text, count] of counts) {
    if (count < 2) continue;
    const tokens = cost(text);
    const candidate = { text, count: count * scale, each: tokens - NAME_COST };
    if (tokens >= MIN_NAMED_TOKENS && worth(candidate) >= MIN_SAVING) ranked.push(candidate);
  }
  ranked.sort((a, b) => worth(b) - worth(a) || (a.text < b.text ? -1 : 1));
  const open = new Set(ranked.slice(0, MAX_RANKED));
  const chosen: string[] = [];
  while (chosen.length < MAX_NAMES && open.size > 0) {
    let best: Candidate | undefined;
    for (const one of open) if (best === undefined || worth(one) > worth(best)) best = one;
    if (best === undefined || worth(best) < MIN_SAVING) break;
    open.delete(best);
    if (!mayName(best.text)) continue;
    chosen.push(best.text);
    for (const other of open) {
      if (best.text.includes(other.text)) other.count -= best.count;
      else if (other.text.includes(best.text)) other.each -= best.each;
      if (other.count < 2 || other.each <= 0) open.delete(other);
    }
  }
  return chosen;
}

/** Tokens saved in all: the first use pays for the definition. */
function worth({ count, each }: Candidate): number {
  return (count - 1) * each - NAME_COST - DEFINITION_COST;
}

function countWhole(pieces: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const piece of pieces) {
    if (piece.length < MIN_LENGTH) continue;
    const text = piece.trim();
    const count = counts.get(text);
    if (count !== undefined) counts.set(text, count + 1);
    else if (counts.size < MAX_CANDIDATES) counts.set(text, 1);
  }
  return counts;
}

function countCandidates(pieces: readonly string[]): {
  counts: ReadonlyMap<string, number>;
  scale: number;
} {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  const size = Math.max(SAMPLE, total / SAMPLE_SHARE);
  const step = Math.max(1, Math.ceil(total / size));
  const sampled = pieces.length > SAMPLE_BLOCK * step;
  const counts = new Map<string, number>();
  const add = (text: string): void => {
    const count = counts.get(text);
    if (count !== undefined) counts.set(text, count + 1);
    else if (counts.size < MAX_CANDIDATES) counts.set(text, 1);
  };
  for (let i = 0; i < pieces.length; i++) {
    if (sampled && Math.floor(i / SAMPLE_BLOCK) % step !== 0) continue;
    const piece = pieces[i] ?? "";
    if (piece.length < MIN_LENGTH) continue;
    const text = piece.length > size ? piece.slice(0, size) : piece.trim();
    addQuoted(text, add);
    addWords(text, add);
  }
  return { counts, scale: step };
}

/** What stands in quotes or round brackets, those included. */
function addQuoted(piece: string, add: (text: string) => void): void {
  for (let at = 0; at < piece.length; at++) {
    const close = CLOSING[piece[at] ?? ""];
    if (close === undefined) continue;
    const end = piece.indexOf(close, at + 1) + 1;
    if (end === 0) return;
    if (end - at >= MIN_LENGTH && end - at < MAX_LENGTH) add(piece.slice(at, end));
    at = end - 1;
  }
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "(": ")" };

/** Words and what they begin with, brackets and quotes before them aside. */
function addWords(piece: string, add: (text: string) => void): void {
  let at = 0;
  while (at < piece.length) {
    while (at < piece.length && isEdge(piece.charCodeAt(at)) && piece.charCodeAt(at) !== 47) at++;
    const start = at;
    let prefixes = 0;
    let end = start;
    while (end < piece.length && piece.charCodeAt(end) > 32 && end - start < MAX_LENGTH) {
      end++;
      if (end - start < MIN_LENGTH || prefixes >= MAX_PREFIXES || !isNameEnd(piece, end)) continue;
      if (start === 0 && end === piece.length) continue;
      add(piece.slice(start, end));
      prefixes++;
    }
    at = Math.max(end, at + 1);
  }
}

/** Whether a name can end here: behind a letter, digit or the like, before an edge other than `=`. */
function isNameEnd(text: string, end: number): boolean {
  if (end === text.length) return true;
  const after = text.charCodeAt(end);
  return isEdge(after) && after !== 61 && !isEdge(text.charCodeAt(end - 1)) && isCut(text, end);
}

/** Writes names into pieces: the longest that fits wherever a word can begin. */
export function nameWriter(definitions: readonly Definition[]): (piece: string) => string {
  const byStart = new Map<number, Definition[]>();
  for (const definition of definitions) {
    const key = startKey(definition.text, 0);
    const same = byStart.get(key);
    if (same) same.push(definition);
    else byStart.set(key, [definition]);
  }
  for (const same of byStart.values()) same.sort((a, b) => b.text.length - a.text.length);
  if (definitions.length === 0) return (piece) => piece;
  return (piece) => {
    const last = piece.length - MIN_LENGTH;
    if (last < 0) return piece;
    let out = "";
    let done = 0;
    let before = 32;
    for (let at = 0; at <= last; at++) {
      const code = piece.charCodeAt(at);
      const starts = isEdge(before) && code > 32;
      before = code;
      if (!starts) continue;
      for (const { name, text } of byStart.get(startKey(piece, at)) ?? []) {
        if (!piece.startsWith(text, at) || !isCut(piece, at)) continue;
        if (!isNameEnd(piece, at + text.length)) continue;
        out += piece.slice(done, at) + name;
        done = at + text.length;
        at = done - 1;
        before = 0x61;
        break;
      }
    }
    return done === 0 ? piece : out + piece.slice(done);
  };
}

function startKey(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
}
