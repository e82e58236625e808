/**
 * The parts of an original that answer a question: records of JSON, lines of anything else, in source order.
 *
 * They cover the whole text. A string that is larger than a record is opened: what it holds are records and lines of its own.
 */
import { stringValue } from "../json/lexer.ts";
import type { JsonNode } from "../json/node.ts";
import { clipPlace } from "./clip.ts";
import { lineAt, lineStarts } from "./spans.ts";
import { type Original, readOriginal } from "./values.ts";
import { MAX_OPENED, under } from "./walk.ts";

/** A part of the original, or of the text of a string in it. */
export interface Chunk {
  /** Its place: `row 41`, `data.items[3]`, `line 7`. */
  readonly label: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** A line: neighbours are its context. Its number counts in `source`. */
  readonly line?: number;
  /** Where the string stands whose text `source` is. */
  readonly place?: string;
}

/** Array elements up to this size are served whole; larger ones are taken apart. */
export const MAX_RECORD = 8_000;
/** Members of objects are served together up to this size. */
const MAX_GROUP = 1_500;

/** All parts of an original. */
export function chunksOf(original: Original): readonly Chunk[] {
  const chunks: Chunk[] = [];
  addText(original, "", 0, chunks);
  return chunks;
}

interface Visit {
  readonly source: string;
  /** Where its lines start, where the value is not the only one of its text. */
  readonly starts: readonly number[] | undefined;
  readonly opened: number;
  readonly chunks: Chunk[];
}

function addText({ text, values }: Original, place: string, opened: number, chunks: Chunk[]): void {
  const starts = lineStarts(text);
  const labelled = place === "" ? "" : `${place} `;
  const visit: Visit = {
    source: text,
    starts: values.length === 1 ? undefined : starts,
    opened,
    chunks,
  };
  let line = 0;
  const addLines = (from: number, to: number): void => {
    while (line + 1 < starts.length && (starts[line] ?? 0) < to) {
      const start = Math.max(from, starts[line] ?? 0);
      const next = starts[line + 1] ?? text.length;
      const end = Math.min(to, next);
      // Nothing but white space beside a value is no part.
      const isPiece = start > (starts[line] ?? 0) || end < next;
      if (end > start && !(isPiece && text.slice(start, end).trim() === ""))
        chunks.push({
          label: `${labelled}line ${line + 1}`,
          source: text,
          start,
          end,
          line,
          ...(place === "" ? {} : { place }),
        });
      if (next > to) break;
      line++;
    }
  };
  let at = 0;
  for (const { root, lines } of values) {
    addLines(at, root.start);
    if (!lines || root.type !== "array") addNode(visit, root, root.start, place, false);
    else {
      // Broken lines between those of a run are lines.
      let end = root.start;
      for (const [index, item] of root.items.entries()) {
        while ((starts[line + 1] ?? text.length) <= end && line + 1 < starts.length) line++;
        addLines(end, item.start);
        addNode(visit, item, item.start, `${place}[${index}]`, true);
        end = item.end;
      }
    }
    at = root.end;
    while (line + 1 < starts.length && (starts[line + 1] ?? text.length) <= at) line++;
  }
  addLines(at, text.length);
}

/** Array elements and groups of members that are small enough to be served whole. */
function addNode(visit: Visit, node: JsonNode, start: number, path: string, isItem: boolean): void {
  const { source, opened, chunks } = visit;
  const isSmall = node.end - start <= (isItem ? MAX_RECORD : MAX_GROUP);
  if (node.type === "array" && !isSmall) {
    for (const [index, item] of node.items.entries())
      addNode(visit, item, item.start, `${path}[${index}]`, true);
    return;
  }
  if (node.type === "object" && !isSmall) {
    for (const { key, value } of node.members)
      addNode(visit, value, key.start, under(path, stringValue(source, key)), false);
    return;
  }
  const isText = node.type === "string" && (node.escaped || node.end - node.start > MAX_RECORD);
  if (isText && !isSmall && opened < MAX_OPENED) {
    // Its name is asked for as well.
    if (start < node.start) chunks.push({ label: clipPlace(path), source, start, end: node.start });
    addText(readOriginal(stringValue(source, node)), path, opened + 1, chunks);
    return;
  }
  chunks.push({ label: labelOf(visit, path, start), source, start, end: node.end });
}

/** `row 41` for an element of the only array of a text, `the whole value` for its value. */
function labelOf({ starts }: Visit, path: string, start: number): string {
  const where = starts ? ` (line ${lineAt(starts, start)})` : "";
  if (path === "") return `the whole value${where}`;
  const isRow = path.startsWith("[") && path.indexOf("]") === path.length - 1;
  return `${isRow ? `row ${path.slice(1, -1)}` : clipPlace(path)}${where}`;
}
