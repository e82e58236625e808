/** Lays out what a question found: lines with those around them, parts of long lines, records. */

import { type Chunk, MAX_RECORD } from "./chunks.ts";
import { clipPlace } from "./clip.ts";
import type { Occurrence } from "./literal.ts";
import type { Span } from "./spans.ts";

/** Longer lines and records are served in windows of this size. */
const MAX_LINE = 2_000;
/** Longer lines are no context. */
const MAX_CONTEXT = 400;
/** What is served of a long line on both sides of a match. */
const AROUND = 200;
/** From more hits on each stands on one line with its place. */
const FEW_HITS = 5;
const SOME_HITS = 20;

/** Lines on each side of a hit. */
function contextOf(hits: number): number {
  return hits <= FEW_HITS ? 2 : hits <= SOME_HITS ? 1 : 0;
}

/**
 * Spans of hits, in their order. A chunk that is part of an earlier span is not served twice.
 *
 * @param found where the matches in a long chunk are
 */
export function spansOf(
  hits: readonly number[],
  chunks: readonly Chunk[],
  original: string,
  found: (chunk: Chunk) => Iterable<Occurrence>,
): readonly Span[] {
  const context = contextOf(hits.length);
  const wanted = new Set(hits);
  const shown = new Set<number>();
  const spans: Span[] = [];
  const brief = hits.length > FEW_HITS;
  for (const hit of hits) {
    const chunk = chunks[hit];
    if (!chunk || shown.has(hit)) continue;
    if (isLong(chunk)) {
      const parts = windows(chunk, original, found(chunk));
      shown.add(hit);
      spans.push(...parts);
      if (parts.length > 0) continue;
    }
    let from = hit;
    let to = hit;
    const goesOn = (at: number, next: number): boolean =>
      !shown.has(next) && isContext(chunks[at], chunks[next]);
    while (hit - from < context && goesOn(from, from - 1)) from--;
    while (to - hit < context && goesOn(to, to + 1)) to++;
    const ends: number[] = [];
    for (let at = from; at <= to; at++) {
      shown.add(at);
      if (wanted.has(at)) ends.push(chunks[at]?.end ?? 0);
    }
    const [first, last] = [chunks[from] ?? chunk, chunks[to] ?? chunk];
    const label = from === to ? first.label : `${first.label} to ${last.label}`;
    spans.push({
      label,
      start: first.start,
      end: last.end,
      hits: ends,
      ...(brief && from === to ? { name: `${clipPlace(first.label)}: ` } : {}),
      ...(chunk.source === original ? {} : { source: chunk.source }),
    });
  }
  return spans;
}

/** Long chunks in windows, for questions whose words may stand anywhere in them. */
export function windowed(chunks: readonly Chunk[]): readonly Chunk[] {
  return chunks.flatMap((chunk): readonly Chunk[] => {
    const { source, start, end, label } = chunk;
    if (!isLong(chunk)) return [chunk];
    const parts: Chunk[] = [];
    for (let from = start; from < end; ) {
      const to = whole(source, Math.min(end, from + MAX_LINE));
      parts.push({
        ...chunk,
        label: `${label}, from character ${from - start}`,
        start: from,
        end: to,
      });
      from = to;
    }
    return parts;
  });
}

/** Whether only parts of it are served: the match may stand far behind the end of a page. */
function isLong({ start, end, line }: Chunk): boolean {
  return end - start > (line === undefined ? MAX_RECORD : MAX_LINE);
}

function isContext(chunk: Chunk | undefined, next: Chunk | undefined): boolean {
  if (chunk?.line === undefined || next?.line === undefined) return false;
  if (chunk.source !== next.source || next.end - next.start > MAX_CONTEXT) return false;
  return chunk.end === next.start || next.end === chunk.start;
}

/** The surroundings of each match in a long chunk, those that touch put together. */
function windows(
  { source, start, end, label }: Chunk,
  original: string,
  found: Iterable<Occurrence>,
): readonly Span[] {
  const spans: { start: number; end: number; hits: number[] }[] = [];
  for (const match of found) {
    const from = whole(source, Math.max(start, start + match.start - AROUND));
    const to = whole(source, Math.min(end, start + match.end + AROUND));
    const last = spans.at(-1);
    if (last && from <= last.end) {
      last.end = Math.max(last.end, to);
      last.hits.push(start + match.end);
    } else spans.push({ start: from, end: to, hits: [start + match.end] });
  }
  return spans.map((span) => ({
    ...span,
    label: `${label}, from character ${span.start - start}`,
    ...(source === original ? {} : { source }),
  }));
}

/** An offset that is not between the halves of a character. */
function whole(text: string, at: number): number {
  return at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at + 1 : at;
}
