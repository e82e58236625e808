/**
 * Which parts of a long string stay: its head and tail, lines that report failures, passages that answer the question.
 *
 * Works on the lexeme, so that what stays is a copy of the source. One trap: a cut inside `\u00e9` or between the halves of
 * a surrogate pair would change what the text means; cuts fall only where `pieces` says.
 */

import type { JsonString, StringCut } from "../../../json/node.ts";
import { type ParsedQuery, rankInSteps } from "../../../query/query.ts";
import { finish, Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { alphabetOf } from "../../../view/blob.ts";
import { textCost } from "./cost.ts";
import { errorLevel } from "./error-like.ts";

/** A stretch of a lexeme's inside that reads as a unit: a line, a few sentences. Offsets from behind the quote. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Shorter strings stay whole. */
const SHORT = 160;
/** A gap saves nothing below this many characters. */
const LEAST_GAP = 60;
const PIECE = 200;

/** The cut for a string that should take about `budget` tokens; `undefined` keeps it whole. `lean`: a glimpse will do. */
export function* planCut(
  source: string,
  node: JsonString,
  budget: number,
  query: ParsedQuery | undefined,
  passages: readonly Piece[] = [],
  lean: boolean = false,
): Steps<StringCut | undefined> {
  if (isShort(node)) return undefined;
  const length = node.end - node.start - 2;
  const blob = blobKind(source, node);
  if (blob !== undefined) {
    return { head: blob.head, tail: 0, what: `${blob.name}, ${sizeOf(length)}` };
  }
  const total = textCost(source, node.start + 1, node.end - 1);
  // Prose has nothing to spare: a tenth of a chapter answers nothing. Short texts keep more of themselves than long ones.
  const least = lean ? 0 : Math.min(0.3 * total, 60 + 8 * Math.sqrt(total));
  const room = Math.max(SHORT, Math.floor((length * Math.max(budget, least)) / total));
  if (length - room < LEAST_GAP) return undefined;
  const all = yield* piecesInSteps(source, node, room < 3 * PIECE ? 80 : PIECE);
  const stay = new Uint8Array(all.length);
  const size = (at: number): number => (all[at]?.end ?? 0) - (all[at]?.start ?? 0);
  let used = 0;
  const take = (at: number): void => {
    if (at < 0 || at >= all.length || stay[at] === 1) return;
    stay[at] = 1;
    used += size(at);
  };
  for (const passage of passages) {
    for (let at = 0; at < all.length; at++) {
      const piece = all[at] as Piece;
      if (piece.start < passage.end && piece.end > passage.start) take(at);
    }
  }
  take(0);
  if (query !== undefined) {
    const scores = yield* rankInSteps(
      query,
      all.map((piece) => pieceText(source, node, piece)),
    );
    const order = [...scores.keys()].filter((at) => (scores[at] ?? 0) > 0);
    order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    const best = scores[order[0] ?? 0] ?? 0;
    for (const at of order.slice(0, 4)) {
      if ((scores[at] ?? 0) < 0.6 * best || used + size(at) > Math.max(room, 2 * PIECE)) break;
      take(at);
    }
  }
  let failures = 0;
  const meter = new Meter();
  for (let at = 0; at < all.length && failures < 8 && used < room; at++) {
    const piece = all[at] as Piece;
    if (meter.isDue(4 * size(at))) yield;
    if (errorLevel(pieceText(source, node, piece)) === 0) continue;
    take(at);
    failures++;
  }
  if (size(all.length - 1) <= room / 2 || used < room) take(all.length - 1);
  // What is left goes to the head and the tail, two to one.
  let front = 1;
  let back = all.length - 2;
  for (let step = 0; front <= back && used < room; step++) {
    if (step % 3 === 2) take(back--);
    else take(front++);
  }
  return asCut(all, stay, length);
}

/** Whether a string is too short to be cut. */
export function isShort({ start, end }: JsonString): boolean {
  return end - start - 2 <= SHORT;
}

function asCut(all: readonly Piece[], stay: Uint8Array, length: number): StringCut | undefined {
  const runs: { start: number; end: number }[] = [];
  for (let at = 0; at < all.length; at++) {
    const piece = all[at] as Piece;
    if (stay[at] !== 1) continue;
    const last = runs[runs.length - 1];
    if (last !== undefined && piece.start - last.end < LEAST_GAP) last.end = piece.end;
    else runs.push({ start: piece.start, end: piece.end });
  }
  const first = runs[0];
  const last = runs[runs.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const head = first.start === 0 ? first.end : 0;
  const tail = last.end === length ? length - last.start : 0;
  const between = runs.filter((run) => run.start !== 0 && run.end !== length);
  const gone = length - head - tail - between.reduce((sum, run) => sum + run.end - run.start, 0);
  if (gone < LEAST_GAP) return undefined;
  return between.length > 0 ? { head, tail, between } : { head, tail };
}

/** The text of a piece with its common escapes undone, for matching. */
export function pieceText(source: string, node: JsonString, piece: Piece): string {
  const text = source.slice(node.start + 1 + piece.start, node.start + 1 + piece.end);
  return node.escaped ? plainText(text) : text;
}

/** Escapes undone well enough to match words: `\nfoo` must not read as `nfoo`. */
export function plainText(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_whole, hex?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return letter === "n" || letter === "t" || letter === "r"
      ? "\n"
      : letter === "b" || letter === "f"
        ? " "
        : (letter as string);
  });
}

/**
 * Splits a string's inside into pieces of at most about `limit` characters: at line ends, else behind a sentence, else
 * at a space, else anywhere between two characters. Pieces follow each other without gaps.
 */
export function pieces(source: string, node: JsonString, limit: number = PIECE): readonly Piece[] {
  return finish(piecesInSteps(source, node, limit));
}

/** `pieces`. */
export function* piecesInSteps(
  source: string,
  node: JsonString,
  limit: number = PIECE,
): Steps<readonly Piece[]> {
  const meter = new Meter();
  const base = node.start + 1;
  const length = node.end - node.start - 2;
  const out: Piece[] = [];
  let start = 0;
  let sentence = 0;
  let space = 0;
  let at = 0;
  while (at < length) {
    const code = source.charCodeAt(base + at);
    let step = 1;
    let line = false;
    if (code === 92) {
      const letter = source.charCodeAt(base + at + 1);
      step = letter === 117 ? 6 : 2;
      line = letter === 110;
      // A pair of escaped surrogates is one character.
      if (
        letter === 117 &&
        isHighEscape(source, base + at) &&
        source.charCodeAt(base + at + 6) === 92
      )
        step = 12;
    } else if (code >= 0xd800 && code <= 0xdbff) step = 2;
    at = Math.min(length, at + step);
    if (code === 32) space = at;
    const before = source.charCodeAt(base + at - 2);
    if (code === 32 && (before === 46 || before === 33 || before === 63 || before === 59))
      sentence = at;
    if (code === 62 && at - start > 40) sentence = at;
    if (line && at - start > 20) {
      out.push({ start, end: at });
      if (meter.isDue(4 * (at - start))) yield;
      start = at;
    } else if (at - start >= limit) {
      const end = sentence > start + limit / 4 ? sentence : space > start + limit / 4 ? space : at;
      out.push({ start, end });
      if (meter.isDue(4 * (end - start))) yield;
      start = end;
    }
  }
  if (start < length) out.push({ start, end: length });
  return out;
}

function isHighEscape(source: string, at: number): boolean {
  const hex = source.slice(at + 2, at + 4).toLowerCase();
  return hex >= "d8" && hex <= "db";
}

/** Text without words: base64, hexadecimal, data URIs, tokens. `head`: how much of it identifies it. */
function blobKind(source: string, node: JsonString): { name: string; head: number } | undefined {
  const length = node.end - node.start - 2;
  if (length < 256 || node.escaped) return undefined;
  const head = source.slice(node.start + 1, Math.min(node.start + 1 + 600, node.end - 1));
  if (head.startsWith("data:")) {
    const comma = head.indexOf(",");
    if (comma > 0 && comma < 100) return { name: head.slice(5, comma), head: comma + 1 };
  }
  const name = alphabetOf(head, 0);
  return name && { name, head: 16 };
}

function sizeOf(characters: number): string {
  return characters < 1024 ? `${characters} characters` : `${(characters / 1024).toFixed(1)} kB`;
}
