/**
 * The one marker grammar: a line above every changed block.
 *
 *     [[hr json]]                  re-encoded without loss, no original kept
 *     [[hr:REF json]]              re-encoded without loss, original redeemable
 *     [[hr:REF json+log, omitted: 1385 of 1400 rows (items), 12 of 90 lines; get them with headroom_retrieve]]
 *                                  shortened, original redeemable
 *
 * Nothing between the brackets has a bracket or a line break, so one look at each character finds every marker.
 *
 * A marker in content proves nothing by itself. Text that carries a marker which this namespace can have issued is left alone: a
 * marker whose ref proves the scope, anywhere in the text, or one without a ref as the whole first line. Everything else that
 * looks like a marker is text. See docs/decisions/2026-11-28-whose-marker.md.
 */
import { isLowerLetter } from "../text/chars.ts";
import type { Omission } from "../types/compressor.ts";
import type { CcrRef } from "../types/store.ts";
import { isInScope, parseRef, type RefScope, refToHex } from "./ref.ts";

const OPEN = "[[hr";
const CLOSE = "]]";
/** The longest ref, in its second spelling. */
const MAX_REF = 24;
/** Different foreign refs looked at in one text: to prove a scope costs a digest. */
const MAX_REFS = 1_000;

export interface Marker {
  readonly ref?: CcrRef;
  /** How the ref is written. @default "letters" */
  readonly spelling?: RefSpelling;
  /** Kinds of content below, joined by `+`. */
  readonly kind: string;
  readonly omitted?: readonly Omission[];
}

/** 22 letters, which cost the fewest tokens, or 24 hexadecimal digits. Both are read wherever a ref is. */
export type RefSpelling = "letters" | "hex";

/** A marker in a text. */
export interface FoundMarker {
  /** Absent where the form below is lossless and no original was stored. */
  readonly ref?: CcrRef;
  /** Offset of its first character in the text. */
  readonly start: number;
  /** Offset behind its last character. */
  readonly end: number;
}

/** The marker line, without a line break. */
export function printMarker({ ref, spelling, kind, omitted = [] }: Marker): string {
  const name = ref && spelling === "hex" ? refToHex(ref) : ref;
  const head = name ? `${OPEN}:${name} ${clean(kind)}` : `${OPEN} ${clean(kind)}`;
  if (omitted.length === 0) return head + CLOSE;
  const what = omitted.map(
    ({ count, total, unit, what }) =>
      `${count} of ${total} ${clean(unit)}${what ? ` (${clean(what)})` : ""}`,
  );
  return `${head}, omitted: ${what.join(", ")}; get them with headroom_retrieve${CLOSE}`;
}

/**
 * Everything in a text that is written like a marker, in order. Markers with a well-formed ref are found anywhere, those without
 * one only as the first line. That a marker is found does not mean that its original can be retrieved.
 */
export function findMarkers(text: string): readonly FoundMarker[] {
  const found: FoundMarker[] = [];
  const first = plainMarkerOf(text);
  if (first) found.push(first);
  for (const marker of markersWithRef(text)) found.push(marker);
  return found;
}

/**
 * Whether a text carries a marker that this scope can have issued.
 *
 * @param kinds kinds of content this instance prints; a marker without a ref has nothing else to show
 */
export function carriesOwnMarker(
  text: string,
  scope: RefScope,
  kinds: ReadonlySet<string>,
): boolean {
  const first = plainMarkerOf(text);
  if (first) {
    const kind = text.slice(OPEN.length + 1, first.end - CLOSE.length);
    if (kind.split("+").every((part) => kinds.has(part))) return true;
  }
  const foreign = new Set<CcrRef>();
  for (const { ref } of markersWithRef(text)) {
    if (foreign.has(ref)) continue;
    if (isInScope(ref, scope)) return true;
    foreign.add(ref);
    if (foreign.size >= MAX_REFS) return false;
  }
  return false;
}

/**
 * Whether a form shows a marker with a ref that its original does not show, or shows one at the start of a line that the original
 * has inside a line. A reader could not tell it from a marker of this instance.
 */
export function addsMarker(form: string, original: string): boolean {
  if (!form.includes(OPEN)) return false;
  let given: ReturnType<typeof markerTexts> | undefined;
  for (const marker of markersWithRef(form)) {
    given ??= markerTexts(original);
    const printed = form.slice(marker.start, marker.end);
    const known = startsLine(form, marker.start) ? given.atLineStart : given.anywhere;
    if (!known.has(printed)) return true;
  }
  return false;
}

/** The text below the marker line; the text itself when it does not start with one. */
export function stripMarker(text: string): string {
  const marker = plainMarkerOf(text) ?? markerWithRefAt(text, 0);
  if (!marker) return text;
  return text.slice(text[marker.end] === "\n" ? marker.end + 1 : marker.end);
}

interface MarkerWithRef extends FoundMarker {
  readonly ref: CcrRef;
}

function* markersWithRef(text: string): Generator<MarkerWithRef, undefined> {
  for (let start = text.indexOf(OPEN); start >= 0; ) {
    const marker = markerWithRefAt(text, start);
    if (marker) yield marker;
    start = text.indexOf(OPEN, marker ? marker.end : start + OPEN.length);
  }
}

function markerWithRefAt(text: string, start: number): MarkerWithRef | undefined {
  const from = start + OPEN.length + 1;
  if (!text.startsWith(`${OPEN}:`, start)) return undefined;
  const head = text.slice(from, from + MAX_REF + 1);
  const space = head.indexOf(" ");
  if (space < 0 || !isLowerLetter(text.charCodeAt(from + space + 1))) return undefined;
  const close = indexOfClose(text, from + space + 1);
  const typed = head.slice(0, space);
  const ref = close < 0 || typed !== typed.trim() ? undefined : parseRef(typed);
  return ref && { ref, start, end: close + CLOSE.length };
}

/** `[[hr KIND]]` as the whole first line. */
function plainMarkerOf(text: string): FoundMarker | undefined {
  const from = OPEN.length + 1;
  if (!text.startsWith(`${OPEN} `) || !isLowerLetter(text.charCodeAt(from))) return undefined;
  const close = indexOfClose(text, from);
  const end = close + CLOSE.length;
  if (close < 0 || (end < text.length && text[end] !== "\n")) return undefined;
  const kind = text.slice(from, close);
  return kind.includes(" ") || kind.includes(",") ? undefined : { start: 0, end };
}

/** Stops at what no marker has inside, so that the next opening is never passed. */
function indexOfClose(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 93) return text.charCodeAt(i + 1) === 93 ? i : -1;
    if (code === 91 || code === 10 || code === 13) return -1;
  }
  return -1;
}

function markerTexts(text: string): {
  readonly anywhere: ReadonlySet<string>;
  readonly atLineStart: ReadonlySet<string>;
} {
  const anywhere = new Set<string>();
  const atLineStart = new Set<string>();
  for (const { start, end } of markersWithRef(text)) {
    const printed = text.slice(start, end);
    anywhere.add(printed);
    if (startsLine(text, start)) atLineStart.add(printed);
  }
  return { anywhere, atLineStart };
}

function startsLine(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === "\n" || text[at - 1] === "\r";
}

/** Takes out what would close the marker or break its line. */
function clean(words: string): string {
  let line = "";
  for (const char of words.slice(0, 120).toWellFormed())
    line += char < " " || char === "[" || char === "]" ? " " : char;
  return line.trim();
}
