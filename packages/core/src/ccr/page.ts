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
  selection: Selection,
  { offset, maxTokens, count, remarks }: PageRequest,
): RetrieveResult {
  const { spans, unit, total, note, title } = selection;
  const limited = maxTokens < UNLIMITED;
  const end = endOf(selection, offset);
  const parts: string[] = [];
  const slices: RetrievedSlice[] = [];
  let left = limited
    ? maxTokens - FRAME_TOKENS - count(remarks.join(" "))
    : Number.POSITIVE_INFINITY;
  if (title !== undefined && spans.length > 0) {
    const head = `[${limited ? shortened(title, MAX_LABEL_TOKENS, count) : title}]`;
    parts.push(head);
    if (limited) left -= count(head);
  }
  let skipped = 0;
  let shown = 0;
  let matches = 0;
  const first = matchesBefore(spans, offset) + 1;
  for (const span of end.spans) {
    const size = span.end - span.start;
    if (skipped + size <= offset) {
      skipped += size;
      continue;
    }
    const from = span.start + Math.max(0, offset - skipped);
    const own = span.name ?? headOf(span.label);
    const name = limited ? shortened(span.label, MAX_LABEL_TOKENS, count) : span.label;
    const head = span.name === undefined ? headOf(name) : own;
    if (limited) left -= count(head);
    // One character is always served: a caller that goes on by the offset comes to the end.
    const whole = (span.source ?? original).slice(from, span.end);
    const text = limited ? fit(whole, left, count, shown === 0) : whole;
    if (text.length === 0) break;
    const label = labelOf(name, span, from, text.length);
    slices.push({ label, text });
    const isWhole = span.name !== undefined && label === name;
    parts.push(isWhole ? `${own}${withoutBreak(text)}` : `${headOf(label)}${text}`);
    shown += text.length;
    matches += (span.hits ?? [span.end]).filter(
      (at) => at > from && at <= from + text.length,
    ).length;
    if (limited) left -= count(text);
    if (from + text.length < span.end) break;
    skipped += size;
  }
  const next = Math.min(offset, end.size) + shown;
  const more = next < end.size;
  const rest =
    unit === "matches" && spans.length > 0
      ? matchesLine(selection, { first, matches, next, more, end })
      : more
        ? `[${end.size - next} more characters: call again with offset ${next}]`
        : undefined;
  const atEnd =
    shown === 0 && offset > 0
      ? `Offset ${offset} is at the end: the selection has ${end.size} characters.`
      : undefined;
  const said = [...remarks, note ?? atEnd].filter((part) => part !== undefined).join(" ");
  const last = said === "" ? undefined : shortened(said, MAX_NOTE_TOKENS, count);
  return {
    found: true,
    text: [...parts, rest, last].filter((part) => part !== undefined).join("\n"),
    slices,
    unit,
    total,
    shown,
    ...(more ? { nextOffset: next } : {}),
    ...(last === undefined ? {} : { note: last }),
  };
}

/** Where a page may end at the latest. */
interface End {
  readonly spans: readonly Span[];
  /** Characters of all spans that one can go on to. */
  readonly size: number;
}

/** Up to `perPage` matches from an offset on; weaker matches only on pages that begin with one. */
function endOf({ spans, perPage, weaker }: Selection, offset: number): End {
  const strong = weaker ? spans.slice(0, weaker.from) : spans;
  const strongSize = sizeOf(strong);
  const reachable = offset < strongSize ? strong : spans;
  const size = offset < strongSize ? strongSize : sizeOf(spans);
  if (perPage === undefined) return { spans: reachable, size };
  let at = 0;
  let matches = 0;
  let count = 0;
  for (const span of reachable) {
    count++;
    at += span.end - span.start;
    if (at > offset) matches += span.hits?.length ?? 1;
    if (matches >= perPage) break;
  }
  return { spans: reachable.slice(0, count), size };
}

/** Matches that end at or before an offset. */
function matchesBefore(spans: readonly Span[], offset: number): number {
  let at = 0;
  let matches = 0;
  for (const { start, end, hits = [end] } of spans) {
    if (at >= offset) break;
    matches += hits.filter((hit) => at + hit - start <= offset).length;
    at += end - start;
  }
  return matches;
}

/** `[4 of 4 matches]`, `[matches 21-40 of 73; for more call again with offset 5120]`. */
function matchesLine(
  { spans, total, weaker }: Selection,
  page: {
    readonly first: number;
    readonly matches: number;
    readonly next: number;
    readonly more: boolean;
    readonly end: End;
  },
): string {
  const { first, matches, next, more } = page;
  const isWeak = first > total;
  const all = isWeak ? total + (weaker?.count ?? 0) : total;
  const last = first + matches - 1;
  const many = `${all} ${all === 1 ? "match" : "matches"}`;
  const which =
    first === 1 || matches === 0
      ? `${matches} of ${many}`
      : `${first === last ? `match ${first}` : `matches ${first}-${last}`} of ${all}`;
  if (more) return `[${which}; for more call again with offset ${next}]`;
  if (!weaker || isWeak) return `[${which}]`;
  const from = sizeOf(spans.slice(0, weaker.from));
  return `[${which}; ${weaker.count} more ${weaker.why}: call again with offset ${from}]`;
}

function sizeOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** A slice that stands on one line with its name needs no line break of its own. */
function withoutBreak(text: string): string {
  return text.endsWith("\n") ? text.slice(0, text.endsWith("\r\n") ? -2 : -1) : text;
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
