/**
 * Splits mixed text by offset: fenced code, JSON values that stand on lines of their own, and what lies between.
 *
 * Segments cover the text without gaps or overlaps, so that joining unchanged ones gives the text back byte for byte;
 * nothing is validated away, no fence is invented, no blank line added. Trap: trying to read JSON at every `{`, or
 * to close every fence, would be quadratic, so failed tries are counted in characters and stop at twice the text.
 */
import { scanInSteps } from "../json/lexer.ts";
import { Meter } from "../steps.ts";
import { isJsonSpace } from "../text/chars.ts";
import type { Steps } from "../types/compressor.ts";

/** A slice of a block that is compressed on its own. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Marked off by the text itself: inside of a fence, or JSON on lines of its own. */
  readonly marked?: true;
  /** Inside of a fence that names a language in which programs are written. */
  readonly isProgram?: true;
}

/** Smaller pieces are not worth a legend of their own. */
const MIN_SEGMENT = 400;
/** More parts than this is not a mix but a log with data in it: left whole. */
const MAX_SEGMENTS = 24;
const MAX_FENCE_INDENT = 3;
/** What stands behind a fence that holds data, or what a tool printed. Any other name is the language of a program. */
const OUTPUTS: ReadonlySet<string> = new Set(
  (
    "ansi bash bat console csv diff http ini json json5 jsonc jsonl log logs md markdown ndjson none output patch plain plaintext " +
    "powershell properties ps1 pwsh sh shell shell-session shellsession stderr stdout terminal text toml tsv txt xml yaml yml zsh"
  ).split(" "),
);

/** Splits at structure: one segment when there is none. */
export function* segment(text: string): Steps<readonly Segment[]> {
  const meter = new Meter();
  const found: Segment[] = [];
  let spent = 0;
  for (let line = 0; line < text.length; ) {
    const lineEnd = endOfLine(text, line);
    const first = firstInk(text, line, lineEnd);
    // A blank line has no ink: what stands behind it is the next line's.
    const code = first < lineEnd ? text.charCodeAt(first) : 0;
    let next = lineEnd;
    // Failed tries are work too: thousands of short ones would not rest in between.
    let tried = 0;
    if ((code === 96 || code === 126) && spent <= 2 * text.length) {
      const inside = yield* fenced(text, line, first, lineEnd);
      if (inside) {
        if (inside.end - inside.start >= MIN_SEGMENT) found.push(inside);
        next = endOfLine(text, inside.end);
      } else if (isFence(text, first)) spent += text.length - first;
    } else if ((code === 123 || code === 91) && spent <= 2 * text.length) {
      const scan = yield* scanInSteps(text, first);
      if (scan.node === undefined) {
        tried = scan.at - first;
        spent += tried;
      } else if (onlySpace(text, scan.node.end, endOfLine(text, scan.node.end))) {
        if (scan.node.end - first >= MIN_SEGMENT) found.push({ start: first, end: scan.node.end });
        next = endOfLine(text, scan.node.end);
      }
    }
    if (meter.isDue(next - line + tried)) yield;
    line = next;
  }
  return found.length === 0 || found.length > MAX_SEGMENTS
    ? [{ start: 0, end: text.length }]
    : between(text, joinNeighbours(text, found));
}

/** Splits at blank lines into pieces of some size, and at lines that name what follows. For text that nobody is sure of as a whole. */
export function* paragraphs(text: string): Steps<readonly Segment[]> {
  const meter = new Meter();
  const found: Segment[] = [];
  let start = 0;
  for (let line = 0; line < text.length; ) {
    const next = endOfLine(text, line);
    if (isDivider(text, line, next)) {
      if (line > start) found.push({ start, end: line });
      found.push({ start: line, end: next });
      start = next;
    } else if (onlySpace(text, line, next) && next - start >= MIN_SEGMENT) {
      found.push({ start, end: next });
      start = next;
    }
    if (meter.isDue(next - line)) yield;
    line = next;
  }
  if (start < text.length) found.push({ start, end: text.length });
  return found;
}

/** `==> a.log <==`, `=== Disks ===`, `--- df -h ---`, `$ df -h`: the outputs of several commands, one below the other. */
function isDivider(text: string, start: number, end: number): boolean {
  if (end - start > MAX_DIVIDER) return false;
  const line = text.slice(start, end).trimEnd();
  if (line.startsWith("$ ")) return /[A-Za-z]/.test(line);
  const [first = "", second] = line;
  if (!"=-#*".includes(first) || first !== second || line.length < MIN_DIVIDER) return false;
  return line.endsWith(first + first) && /[A-Za-z]/.test(line);
}

/** Characters. */
const MIN_DIVIDER = 8;
const MAX_DIVIDER = 160;

/** What is inside a fence, without the fence lines; to the end of the text where it is not closed. */
function* fenced(
  text: string,
  line: number,
  first: number,
  lineEnd: number,
): Steps<Segment | undefined> {
  if (first - line > MAX_FENCE_INDENT) return undefined;
  if (!isFence(text, first)) return undefined;
  const char = text.charCodeAt(first);
  const meter = new Meter();
  let length = 3;
  while (text.charCodeAt(first + length) === char) length++;
  for (let at = lineEnd; at < text.length; ) {
    const end = endOfLine(text, at);
    const ink = firstInk(text, at, end);
    let closing = 0;
    while (ink + closing < end && text.charCodeAt(ink + closing) === char) closing++;
    if (closing >= length && onlySpace(text, ink + closing, end)) {
      const inside = { start: lineEnd, end: at };
      return isProgram(text.slice(first + length, lineEnd))
        ? { ...inside, isProgram: true }
        : inside;
    }
    if (meter.isDue(end - at)) yield;
    at = end;
  }
  return undefined;
}

/** Whether the words behind a fence name a language: `ts`, `python title="a.py"`, `{.rust}`. */
function isProgram(info: string): boolean {
  const name = /[A-Za-z][A-Za-z0-9+#-]{0,30}/.exec(info.slice(0, 80))?.[0].toLowerCase();
  return name !== undefined && !OUTPUTS.has(name);
}

function isFence(text: string, first: number): boolean {
  return text.startsWith("```", first) || text.startsWith("~~~", first);
}

/** JSON values that follow each other are one document (NDJSON). */
function joinNeighbours(text: string, found: readonly Segment[]): readonly Segment[] {
  const joined: Segment[] = [];
  for (const next of found) {
    const last = joined.at(-1);
    const together =
      last && isJson(text, last) && isJson(text, next) && onlySpace(text, last.end, next.start);
    if (last && together) joined[joined.length - 1] = { start: last.start, end: next.end };
    else joined.push(next);
  }
  return joined;
}

function isJson(text: string, { start }: Segment): boolean {
  const code = text.charCodeAt(start);
  return code === 123 || code === 91;
}

function between(text: string, found: readonly Segment[]): readonly Segment[] {
  const all: Segment[] = [];
  let at = 0;
  for (const part of found) {
    if (part.start > at) all.push({ start: at, end: part.start });
    all.push({ ...part, marked: true });
    at = part.end;
  }
  if (at < text.length) all.push({ start: at, end: text.length });
  return all;
}

/** The offset behind the line break of the line that `at` stands in. */
function endOfLine(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline + 1;
}

function firstInk(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isJsonSpace(text.charCodeAt(at))) at++;
  return at;
}

function onlySpace(text: string, start: number, end: number): boolean {
  return firstInk(text, start, end) >= end;
}
