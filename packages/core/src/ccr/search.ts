/** Finds the parts of an original that answer a question: records of JSON, lines of anything else. */
import type { JsonDocument } from "../json/document.ts";
import { stringValue } from "../json/lexer.ts";
import type { JsonNode } from "../json/node.ts";
import { rankByQuery } from "../query/query.ts";
import { clipPlace, quoted } from "./clip.ts";
import { lineStarts, none, type Selection, type Span, topLevel } from "./spans.ts";

/** Array elements up to this size are served whole; larger ones are taken apart. */
const MAX_RECORD = 8_000;
/** Members of objects are served together up to this size. */
const MAX_GROUP = 1_500;
/** Longer lines are searched in windows of this size. */
const MAX_LINE = 2_000;
const CONTEXT_LINES = 2;

/** The best matches, best first. */
export function selectByQuery(
  text: string,
  document: JsonDocument | undefined,
  query: string,
  limit: number,
): Selection {
  const chunks = document ? recordsOf(document) : linesOf(text);
  // A record answers to its place too: "hit 33" is items[33].
  const documents = chunks.map(
    ({ label, start, end }) => `${document ? label : ""} ${text.slice(start, end)}`,
  );
  const scores = rankByQuery(query, documents);
  // What is asked for literally is found even where it is part of a word, or no word at all.
  const exact = query.trim();
  const escaped = JSON.stringify(exact).slice(1, -1);
  if (exact.length >= 2)
    for (const [index, { start, end }] of chunks.entries()) {
      const slice = text.slice(start, end);
      if (slice.includes(exact) || (document && slice.includes(escaped)))
        scores[index] = (scores[index] ?? 0) + 1_000;
    }
  const hits = [...chunks.keys()].filter((index) => (scores[index] ?? 0) > 0);
  hits.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  if (hits.length === 0) {
    const size = document ? topLevel(document) : `The original has ${chunks.length} lines.`;
    return none("matches", chunks.length, `Nothing matches ${quoted(query)}. ${size}`);
  }
  const best = hits.slice(0, limit);
  const spans = document ? best.flatMap((index) => chunks[index] ?? []) : withContext(best, chunks);
  return { spans, unit: "matches", total: hits.length };
}

/** Each hit with the lines around it, unless an earlier hit has shown them. */
function withContext(hits: readonly number[], lines: readonly Span[]): readonly Span[] {
  const shown = new Set<number>();
  const spans: Span[] = [];
  for (const hit of hits) {
    if (shown.has(hit)) continue;
    let from = hit;
    let to = hit;
    while (from > 0 && hit - from < CONTEXT_LINES && !shown.has(from - 1)) from--;
    while (to + 1 < lines.length && to - hit < CONTEXT_LINES && !shown.has(to + 1)) to++;
    for (let line = from; line <= to; line++) shown.add(line);
    const start = lines[from];
    const end = lines[to];
    if (start && end)
      spans.push({
        label: from === to ? start.label : `${start.label} to ${end.label}`,
        start: start.start,
        end: end.end,
      });
  }
  return spans;
}

function linesOf(text: string): readonly Span[] {
  const starts = lineStarts(text);
  const spans: Span[] = [];
  for (let line = 0; line + 1 < starts.length; line++) {
    const start = starts[line] ?? 0;
    const end = starts[line + 1] ?? text.length;
    if (end - start <= MAX_LINE) spans.push({ label: `line ${line + 1}`, start, end });
    else
      for (const window of windowsOf(text, start, end))
        spans.push({
          ...window,
          label: `line ${line + 1}, from character ${window.start - start}`,
        });
  }
  return spans;
}

function windowsOf(
  text: string,
  start: number,
  end: number,
): readonly { start: number; end: number }[] {
  const windows: { start: number; end: number }[] = [];
  for (let from = start; from < end; ) {
    let to = Math.min(end, from + MAX_LINE);
    if (to < end && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to++;
    windows.push({ start: from, end: to });
    from = to;
  }
  return windows;
}

/** Array elements and groups of members that are small enough to be served whole, in source order. */
function recordsOf(document: JsonDocument): readonly Span[] {
  const { source, root } = document;
  const spans: Span[] = [];
  const visit = (node: JsonNode, start: number, path: string, isItem: boolean): void => {
    const size = node.end - start;
    if (
      (node.type !== "array" && node.type !== "object") ||
      size <= (isItem ? MAX_RECORD : MAX_GROUP)
    ) {
      spans.push({ label: path === "" ? "the whole value" : path, start, end: node.end });
    } else if (node.type === "array") {
      for (const [index, item] of node.items.entries())
        visit(
          item,
          item.start,
          path === "" ? `row ${index}` : clipPlace(`${path}[${index}]`),
          true,
        );
    } else {
      for (const { key, value } of node.members) {
        const name = stringValue(source, key);
        visit(value, key.start, clipPlace(path === "" ? name : `${path}.${name}`), false);
      }
    }
  };
  visit(root, root.start, "", false);
  return spans;
}
