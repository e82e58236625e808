/**
 * Counts texts that could get a name: whole pieces of content, what stands in quotes or brackets, words and the
 * beginnings of words up to a slash or another edge.
 */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { isCut, isEdge } from "./edges.ts";

/** Shorter texts are not looked at. */
export const MIN_LENGTH = 9;
/** Longer texts are not looked at, unless they are whole pieces. */
const MAX_LENGTH = 1_000;
/** Parts of pieces are counted in this many characters, taken from all over the text, or in one of `SAMPLE_SHARE`. */
const SAMPLE = 300_000;
const SAMPLE_SHARE = 16;
/** Neighbouring pieces in a sample: what repeats, repeats nearby. */
const SAMPLE_BLOCK = 128;
/** Counting the parts of a piece takes as long as reading it so many times. */
const SAMPLED_WORK = 4;
const MAX_CANDIDATES = 60_000;
/** Beginnings of one word that are counted. */
const MAX_PREFIXES = 8;

/** How often texts stand in pieces of content. Texts that stand there once are among them. */
export interface Candidates {
  readonly counts: ReadonlyMap<string, number>;
  /** Those that are whole pieces. */
  readonly wholes: ReadonlyMap<string, number>;
}

/**
 * How often texts stand in the pieces: whole pieces exactly, parts of them about.
 *
 * @param isWhole - Whether a piece, given by its index, may have a name as a whole.
 */
export function* countCandidates(
  pieces: readonly string[],
  isWhole: (at: number) => boolean,
): Steps<Candidates> {
  const counts = new Map<string, number>();
  const meter = new Meter();
  const { sample, scale } = yield* sampleOf(pieces);
  const add = (text: string, count: number): void => {
    const known = counts.get(text);
    if (known !== undefined) counts.set(text, known + count);
    else if (counts.size < MAX_CANDIDATES) counts.set(text, count);
  };
  for (const text of sample) {
    addQuoted(text, (part) => add(part, scale));
    addWords(text, (part) => add(part, scale));
    if (meter.isDue(SAMPLED_WORK * text.length)) yield;
  }
  const wholes = yield* countWhole(pieces, isWhole);
  for (const [text, count] of wholes) if (count > 1) counts.set(text, count);
  return { counts, wholes };
}

/** Whole pieces are counted exactly, without spaces around them. */
function* countWhole(
  pieces: readonly string[],
  isWhole: (at: number) => boolean,
): Steps<ReadonlyMap<string, number>> {
  const meter = new Meter();
  const counts = new Map<string, number>();
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] ?? "";
    if (meter.isDue(piece.length < MIN_LENGTH ? 1 : piece.length)) yield;
    if (piece.length < MIN_LENGTH || !isWhole(at)) continue;
    const text = piece.trim();
    const count = counts.get(text);
    if (count !== undefined) counts.set(text, count + 1);
    else if (counts.size < MAX_CANDIDATES) counts.set(text, 1);
  }
  return counts;
}

/** Pieces from all over the text, and how much more there is. */
function* sampleOf(
  pieces: readonly string[],
): Steps<{ readonly sample: readonly string[]; readonly scale: number }> {
  const meter = new Meter();
  let total = 0;
  for (const piece of pieces) {
    total += piece.length;
    if (meter.isDue(1)) yield;
  }
  const size = Math.max(SAMPLE, total / SAMPLE_SHARE);
  const scale = Math.max(1, Math.ceil(total / size));
  const all = pieces.length <= SAMPLE_BLOCK * scale;
  const sample: string[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] ?? "";
    if (meter.isDue(1)) yield;
    if (piece.length < MIN_LENGTH) continue;
    if (all || Math.floor(i / SAMPLE_BLOCK) % scale === 0)
      sample.push((piece.length > size ? wholeWords(piece, size) : piece).trim());
  }
  return { sample, scale };
}

/** The start of a long piece up to a space: the end of a sample is not the end of a word. */
function wholeWords(piece: string, length: number): string {
  return piece.slice(0, Math.max(0, piece.lastIndexOf(" ", length)));
}

/** What stands in quotes or round brackets, those included. */
function addQuoted(piece: string, add: (text: string) => void): void {
  for (let at = 0; at < piece.length; at++) {
    const open = piece.charCodeAt(at);
    if (open !== 34 && open !== 40) continue;
    const end = piece.indexOf(open === 34 ? '"' : ")", at + 1) + 1;
    if (end === 0) return;
    if (end - at >= MIN_LENGTH && end - at < MAX_LENGTH) add(piece.slice(at, end));
    at = end - 1;
  }
}

/** Words and what they begin with, brackets and quotes before them aside. */
function addWords(piece: string, add: (text: string) => void): void {
  let at = 0;
  while (at < piece.length) {
    while (at < piece.length && isOpening(piece.charCodeAt(at))) at++;
    const start = at;
    let prefixes = 0;
    let end = start;
    while (end < piece.length && !isSpace(piece.charCodeAt(end)) && end - start < MAX_LENGTH) {
      end++;
      if (end - start < MIN_LENGTH || !isNameEnd(piece, end)) continue;
      prefixes++;
      if (prefixes <= MAX_PREFIXES || end === piece.length || isSpace(piece.charCodeAt(end)))
        add(piece.slice(start, end));
    }
    at = Math.max(end, at + 1);
  }
}

function isOpening(code: number): boolean {
  return isEdge(code) && code !== SLASH && code !== ESCAPE;
}

const SLASH = 47;

/** Whether a name can begin here: at the first character of a word. */
export function isNameStart(text: string, start: number): boolean {
  const code = text.charCodeAt(start);
  if (code === ESCAPE) return true;
  if (code <= 32) return false;
  return start === 0 || (isEdge(text.charCodeAt(start - 1)) && isCut(text, start));
}

/** Begins a colour code, which belongs to the word behind it. */
const ESCAPE = 27;

function isSpace(code: number): boolean {
  return code <= 32 && code !== ESCAPE;
}

/** Whether a name can end here: behind a word or a closing sign, before an edge other than `=`. */
export function isNameEnd(text: string, end: number): boolean {
  if (end === text.length) return true;
  const after = text.charCodeAt(end);
  if (!isEdge(after) || after === 61) return false;
  const last = text.charCodeAt(end - 1);
  return isEdge(last) ? CLOSING.includes(text[end - 1] ?? "") : isCut(text, end);
}

const CLOSING = "\"'`)]}>";
