/**
 * Short names for long text that keeps coming back: folders, URLs, user agents, starts of lines, colour codes.
 *
 * `§a` stands for the text that a line `§a=…` at the top gives, wherever it appears. Only where the text has no `§` of its
 * own, so that expanding needs no context. Candidates are quoted texts, words and their starts up to a joint, and starts of
 * lines up to a space; the greedy choice takes what saves most after the earlier choices.
 */
import { roughTokens } from "./shape.ts";

export const SIGN = "§";
const NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MIN_LENGTH = 9;
const MAX_LENGTH = 400;
/** Candidates are counted in this much text, taken from all over it. */
const SAMPLE = 40_000;
const SAMPLE_SHARE = 16;
const MAX_CANDIDATES = 60_000;
const MAX_RANKED = 600;
const MAX_PREFIXES = 8;
const MAX_WORDS = 6;
const MIN_SAVING = 12;

export interface Alias {
  readonly name: string;
  readonly text: string;
}

/** The n-th name. */
export function aliasName(index: number): string {
  return SIGN + (NAMES[index] ?? SIGN);
}

/** Picks names worth having for these lines. */
export function chooseAliases(lines: readonly string[]): readonly Alias[] {
  const { counts, scale } = countCandidates(lines);
  interface Candidate {
    readonly text: string;
    count: number;
    each: number;
  }
  const ranked: Candidate[] = [];
  for (const [text, count] of counts) {
    if (count < 2) continue;
    const each = roughTokens(text) - 2;
    if (each > 0 && each * count * scale > MIN_SAVING + each)
      ranked.push({ text, count: count * scale, each });
  }
  const worth = ({ count, each }: Candidate): number => (count - 1) * each - 4;
  ranked.sort((a, b) => worth(b) - worth(a) || (a.text < b.text ? -1 : 1));
  ranked.length = Math.min(ranked.length, MAX_RANKED);
  const chosen: Alias[] = [];
  const open = new Set(ranked);
  while (chosen.length < NAMES.length && open.size > 0) {
    let best: Candidate | undefined;
    for (const candidate of open)
      if (best === undefined || worth(candidate) > worth(best)) best = candidate;
    if (best === undefined || worth(best) < MIN_SAVING) break;
    open.delete(best);
    chosen.push({ name: aliasName(chosen.length), text: best.text });
    for (const other of open) {
      if (best.text.startsWith(other.text)) other.count -= best.count;
      else if (other.text.startsWith(best.text))
        other.each = Math.min(other.each, roughTokens(other.text) - best.each - 2);
      if (other.count < 2 || other.each <= 0) open.delete(other);
    }
  }
  return chosen;
}

function countCandidates(lines: readonly string[]): { counts: Map<string, number>; scale: number } {
  let total = 0;
  for (const line of lines) total += line.length;
  const size = Math.max(SAMPLE, total / SAMPLE_SHARE);
  const step = Math.max(1, Math.ceil(total / size));
  const counts = new Map<string, number>();
  const add = (text: string): void => {
    const count = counts.get(text);
    if (count !== undefined) counts.set(text, count + 1);
    else if (counts.size < MAX_CANDIDATES) counts.set(text, 1);
  };
  // Blocks of lines rather than every n-th line: what repeats, repeats nearby.
  const block = 64;
  for (let i = 0; i < lines.length; i++) {
    if (lines.length > block * step && Math.floor(i / block) % step !== 0) continue;
    const line = lines[i] ?? "";
    // A single long line has its own sample.
    scanPlaces(line.length > size ? line.slice(0, size) : line, (start, ends) => {
      for (const end of ends) add(line.slice(start, end));
    });
  }
  return { counts, scale: step };
}

/** Names by the first two characters of their texts, longest text first. */
export type AliasIndex = ReadonlyMap<number, readonly Alias[]>;

export function indexAliases(aliases: readonly Alias[]): AliasIndex {
  const index = new Map<number, Alias[]>();
  for (const alias of aliases) {
    const key = startKey(alias.text, 0);
    const same = index.get(key) ?? [];
    same.push(alias);
    index.set(key, same);
  }
  for (const same of index.values()) same.sort((a, b) => b.text.length - a.text.length);
  return index;
}

function startKey(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
}

/** Writes the names into a line: wherever a word, or what is behind a bracket or quote, begins like one of the texts. */
export function applyAliases(line: string, index: AliasIndex): string {
  let out = "";
  let done = 0;
  let inside = false;
  const last = line.length - MIN_LENGTH;
  for (let at = 0; at <= last; at++) {
    const code = line.charCodeAt(at);
    const starts = !inside;
    inside = code > 32 && !isBracket(code);
    if (!starts || code <= 32) continue;
    const same = index.get(startKey(line, at));
    if (same === undefined) continue;
    for (const { name, text } of same) {
      if (!line.startsWith(text, at)) continue;
      out += line.slice(done, at) + name;
      done = at + text.length;
      at = done - 1;
      inside = true;
      break;
    }
  }
  return done === 0 ? line : out + line.slice(done);
}

/** Expands every name. `undefined` for a name nobody gave. */
export function expandAliases(line: string, texts: ReadonlyMap<string, string>): string {
  let at = line.indexOf(SIGN);
  if (at < 0 || texts.size === 0) return line;
  let out = "";
  let done = 0;
  for (; at >= 0; at = line.indexOf(SIGN, at + 1)) {
    const text = texts.get(line.slice(at, at + 2));
    if (text === undefined) continue;
    out += line.slice(done, at) + text;
    done = at + 2;
  }
  return out + line.slice(done);
}

/**
 * Calls `visit` with each place a name could begin and the ends it could have, ascending. The same places when counting and
 * when writing.
 */
function scanPlaces(line: string, visit: (start: number, ends: readonly number[]) => void): void {
  const { length } = line;
  let at = 0;
  // The end of a stamp stays as it is.
  if (line.charCodeAt(0) === 94) at = Math.max(0, line.indexOf(" "));
  while (at < length && line.charCodeAt(at) <= 32) at++;
  lineStarts(line, at, visit);
  while (at < length) {
    const code = line.charCodeAt(at);
    if (code <= 32) {
      at++;
      continue;
    }
    if (code === 34) {
      const end = line.indexOf('"', at + 1);
      if (end > 0 && end - at >= MIN_LENGTH && end - at < MAX_LENGTH) {
        visit(at, [end + 1]);
      }
    }
    let start = at;
    while (start < length && isBracket(line.charCodeAt(start))) start++;
    const ends: number[] = [];
    let end = start;
    for (; end < length && line.charCodeAt(end) > 32; end++) {
      if (end - start >= MAX_LENGTH) break;
      if (
        end - start + 1 >= MIN_LENGTH &&
        ends.length < MAX_PREFIXES &&
        isJoint(line.charCodeAt(end))
      )
        ends.push(end + 1);
    }
    if (end - start >= MIN_LENGTH && ends.at(-1) !== end) ends.push(end);
    if (ends.length > 0) visit(start, ends);
    at = Math.max(end, at + 1);
  }
}

function lineStarts(
  line: string,
  from: number,
  visit: (start: number, ends: readonly number[]) => void,
): void {
  const ends: number[] = [];
  let words = 0;
  for (
    let at = line.indexOf(" ", from);
    at >= 0 && words < MAX_WORDS && at - from < MAX_LENGTH;
    at = line.indexOf(" ", at + 1)
  ) {
    words++;
    if (at + 1 - from >= MIN_LENGTH && words > 1) ends.push(at + 1);
  }
  if (ends.length > 0) visit(from, ends);
}

function isBracket(code: number): boolean {
  return code === 40 || code === 91 || code === 39 || code === 96 || code === 60 || code === 123;
}

/** `/ : . - = @ , _ ? & m(end of a colour code)` */
function isJoint(code: number): boolean {
  return (
    code === 47 ||
    code === 58 ||
    code === 46 ||
    code === 45 ||
    code === 61 ||
    code === 64 ||
    code === 95 ||
    code === 63
  );
}
