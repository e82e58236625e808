/**
 * The one marker grammar: a line above every changed block.
 *
 *     [[hr json]]                                              re-encoded without loss, no original kept
 *     [[hr:REF json]]                                          re-encoded without loss, original redeemable
 *     [[hr:REF json, 1385 of 1400 rows omitted; …how…]]        shortened, original redeemable
 *
 * A marker in content proves nothing: it is looked at only to leave text alone that already carries one. Which refs are
 * redeemable is the store's business, never the text's.
 */
import type { Omission } from "../types/compressor.ts";
import type { CcrRef } from "../types/store.ts";
import { parseRef } from "./ref.ts";

const OPEN = "[[hr";
const CLOSE = "]]";
const MAX_LENGTH = 2_000;

export interface Marker {
  readonly ref?: CcrRef;
  /** Kinds of content below, joined by `+`. */
  readonly kind: string;
  readonly omitted?: readonly Omission[];
}

export interface FoundMarker {
  readonly ref?: CcrRef;
  readonly start: number;
  readonly end: number;
}

/** The marker line, without a line break. */
export function printMarker({ ref, kind, omitted = [] }: Marker): string {
  const head = ref ? `${OPEN}:${ref} ${kind}` : `${OPEN} ${kind}`;
  if (omitted.length === 0) return head + CLOSE;
  const what = omitted.map(
    ({ count, total, unit, what }) =>
      `${count} of ${total} ${unit}${what ? ` (${clean(what)})` : ""}`,
  );
  return `${head}, omitted: ${what.join(", ")}; get them with headroom_retrieve${CLOSE}`;
}

/** All well-formed markers of a text, in order. Linear: every `[[hr` is looked at once, up to the end of its line. */
export function findMarkers(text: string): readonly FoundMarker[] {
  const found: FoundMarker[] = [];
  for (let start = text.indexOf(OPEN); start >= 0; ) {
    const marker = parseMarkerAt(text, start);
    if (marker) found.push(marker);
    start = text.indexOf(OPEN, marker ? marker.end : start + OPEN.length);
  }
  return found;
}

/** Whether a text carries a marker anywhere. */
export function hasMarker(text: string): boolean {
  for (
    let start = text.indexOf(OPEN);
    start >= 0;
    start = text.indexOf(OPEN, start + OPEN.length)
  ) {
    if (parseMarkerAt(text, start)) return true;
  }
  return false;
}

/** The text below the marker line; the text itself when it does not start with one. */
export function stripMarker(text: string): string {
  const marker = parseMarkerAt(text, 0);
  if (!marker) return text;
  return text.slice(text[marker.end] === "\n" ? marker.end + 1 : marker.end);
}

function parseMarkerAt(text: string, start: number): FoundMarker | undefined {
  if (!text.startsWith(OPEN, start)) return undefined;
  const limit = Math.min(text.length, start + MAX_LENGTH);
  const close = indexOfClose(text, start + OPEN.length, limit);
  if (close < 0) return undefined;
  const end = close + CLOSE.length;
  const body = text.slice(start + OPEN.length, close);
  if (body.startsWith(" ")) return startsWithKind(body.slice(1)) ? { start, end } : undefined;
  if (!body.startsWith(":")) return undefined;
  const space = body.indexOf(" ");
  const ref = space < 0 ? undefined : parseRef(body.slice(1, space));
  return ref && startsWithKind(body.slice(space + 1)) ? { ref, start, end } : undefined;
}

function indexOfClose(text: string, from: number, limit: number): number {
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return -1;
    if (code === 93 && text.charCodeAt(i + 1) === 93) return i;
  }
  return -1;
}

function startsWithKind(body: string): boolean {
  const code = body.charCodeAt(0);
  return code >= 97 && code <= 122;
}

/** A compressor's words must not be able to close the marker or break its line. */
function clean(words: string): string {
  let line = "";
  for (const char of words.slice(0, 120))
    line += char < " " || char === "[" || char === "]" ? " " : char;
  return line.trim();
}
