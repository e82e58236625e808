/** Lays what was selected end to end and serves one page of it: what fits in `maxTokens` from an offset on. */
import type { CcrRef } from "../types/store.ts";
import type { Selection, Span } from "./spans.ts";

/** An exact piece of the original. */
export interface RetrievedSlice {
  /** What it is: `lines 120-180 of 1400`. */
  readonly label: string;
  readonly text: string;
}

export interface RetrieveResult {
  /** Whether the original is there. It may be, and the selection be empty: `note` says so. */
  readonly found: boolean;
  /**
   * The whole answer as text for the model: labels, slices, what follows. Never more than 200 tokens over `maxTokens`, and over
   * it only where that is too little for one character with its label, or for a note that says what was wrong.
   */
  readonly text: string;
  readonly slices: readonly RetrievedSlice[];
  readonly ref?: CcrRef;
  /** What `total` counts. */
  readonly unit: Selection["unit"];
  /** How many lines, rows, matches or characters there are to serve, by `unit`. */
  readonly total: number;
  /** Characters of the original served by this call. */
  readonly shown: number;
  /** What to pass as `offset` to get what follows, in characters. Absent at the end. */
  readonly nextOffset?: number;
  /** Why nothing, or less than asked for, is served. */
  readonly note?: string;
}

/** Where a page starts and how much fits on it. */
export interface PageRequest {
  readonly offset: number;
  readonly maxTokens: number;
  readonly count: (text: string) => number;
  /** What was odd about the request, for the model to read. */
  readonly remarks: readonly string[];
}

/** A page as long as the original: nothing is counted. */
const UNLIMITED = 2 ** 50;
const MAX_NOTE_TOKENS = 150;
const MAX_LABEL_TOKENS = 60;
/** What the line that tells how to go on takes, and a range of characters behind a label. */
const FRAME_TOKENS = 40;

/** One page of a selection. */
export function pageOf(
  original: string,
  { spans, unit, total, note }: Selection,
  { offset, maxTokens, count, remarks }: PageRequest,
): RetrieveResult {
  const slices: RetrievedSlice[] = [];
  const limited = maxTokens < UNLIMITED;
  let left = limited
    ? maxTokens - FRAME_TOKENS - count(remarks.join(" "))
    : Number.POSITIVE_INFINITY;
  let skipped = 0;
  let shown = 0;
  for (const span of spans) {
    const size = span.end - span.start;
    if (skipped + size <= offset) {
      skipped += size;
      continue;
    }
    const from = span.start + Math.max(0, offset - skipped);
    const name = limited ? shortened(span.label, MAX_LABEL_TOKENS, count) : span.label;
    if (limited) left -= count(headOf(name));
    // One character is always served: a caller that goes on by the offset comes to the end.
    const text = limited
      ? fit(original.slice(from, span.end), left, count, shown === 0)
      : original.slice(from, span.end);
    if (text.length === 0) break;
    slices.push({ label: labelOf(name, span, from, text.length), text });
    shown += text.length;
    if (limited) left -= count(text);
    if (from + text.length < span.end) break;
    skipped += size;
  }
  const size = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const next = Math.min(offset, size) + shown;
  const more = next < size;
  const rest = more
    ? `[${size - next} more characters: call again with offset ${next}]`
    : undefined;
  const atEnd =
    shown === 0 && offset > 0
      ? `Offset ${offset} is at the end: the selection has ${size} characters.`
      : undefined;
  const said = [...remarks, note ?? atEnd].filter((part) => part !== undefined).join(" ");
  const end = said === "" ? undefined : shortened(said, MAX_NOTE_TOKENS, count);
  const parts = [...slices.map(({ label, text }) => `${headOf(label)}${text}`), rest, end];
  return {
    found: true,
    text: parts.filter((part) => part !== undefined).join("\n"),
    slices,
    unit,
    total,
    shown,
    ...(more ? { nextOffset: next } : {}),
    ...(end === undefined ? {} : { note: end }),
  };
}

function headOf(label: string): string {
  return `[${label}]\n`;
}

function shortened(words: string, tokens: number, count: (text: string) => number): string {
  const short = fit(words, tokens, count, true);
  return short.length < words.length ? `${short.trimEnd()} …` : words;
}

/** The longest head of a text within `tokens`, cut behind a line where one ends in its last quarter. */
function fit(
  text: string,
  tokens: number,
  count: (text: string) => number,
  atLeastOne: boolean,
): string {
  let head = text;
  for (let cost = costOf(head, tokens, count); cost > tokens; cost = count(head)) {
    const length = Math.floor((head.length * Math.max(0, tokens) * 0.97) / cost);
    if (length < 1) return atLeastOne ? whole(text, 1) : "";
    head = atLine(whole(text, Math.min(length, head.length - 1)));
  }
  return head;
}

/** Counting megabytes to serve a few thousand tokens is waste: no token is longer than 128 characters in practice. */
function costOf(text: string, tokens: number, count: (text: string) => number): number {
  const bound = Math.max(1, tokens) * 128;
  return text.length > bound ? (text.length / bound) * Math.max(1, tokens) * 8 : count(text);
}

function whole(text: string, length: number): string {
  const splits = (text.charCodeAt(length) & 0xfc00) === 0xdc00;
  // A first character of two halves is served whole.
  return text.slice(0, splits ? (length === 1 ? 2 : length - 1) : length);
}

function atLine(head: string): string {
  const line = head.lastIndexOf("\n");
  return line > head.length * 0.75 ? head.slice(0, line + 1) : head;
}

function labelOf(name: string, span: Span, from: number, length: number): string {
  const start = from - span.start;
  if (start === 0 && length === span.end - span.start) return name;
  return `${name}, characters ${start}-${start + length} of ${span.end - span.start}`;
}
