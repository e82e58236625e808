/**
 * Long lines: the middle is cut, but not what failed in it or what was asked for. A list on one line is cut between its items,
 * which are counted.
 */
import { ERROR_WORDS, FAILURE_INSIDE } from "./patterns.ts";

/** A line as it is shown. */
export interface CutLine {
  readonly text: string;
  readonly cuts: readonly Cut[];
  /** The cuts count items, not characters. */
  readonly isList: boolean;
}

/** What is cut out of a line: characters or items, counted from 0. */
export interface Cut {
  /** What the line says of it. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Characters. Lines up to this length are shown whole. */
export const WHOLE_LINE = 1_200;
/** The share of the room, and the characters, that a line may always take. */
const LINE_SHARE = 1 / 8;
const LEAST_LIMIT = 300;
const MOST_LIMIT = 6_000;
/** The share of the room that all long lines may take. */
const LONG_LINES_SHARE = 0.5;
/** The part of a cut line that is its start. */
const HEAD_SHARE = 0.7;
const WINDOW = 160;
const MAX_WINDOWS = 3;
const SEPARATORS: readonly string[] = [", ", "; ", ",", ";", " "];
/** A list has so many items, of so many characters at most on average. */
const MIN_ITEMS = 20;
const MAX_ITEM = 150;

/** Characters that a line may have, however many long ones there are. */
export function leastLimit(room: number): number {
  return Math.floor(Math.max(LEAST_LIMIT, Math.min(WHOLE_LINE, room * LINE_SHARE)));
}

/** Characters that a line may have where so many lines are long: they share what room there is. */
export function limitOf(room: number, longLines: number): number {
  const share = Math.floor((room * LONG_LINES_SHARE) / Math.max(1, longLines));
  return Math.max(leastLimit(room), Math.min(MOST_LIMIT, share));
}

/** The items of a line that is a list; `undefined` for other lines. */
export function itemsOf(line: string): readonly string[] | undefined {
  const separator = separatorOf(line);
  return separator === undefined ? undefined : line.split(separator);
}

function separatorOf(line: string): string | undefined {
  // Records are no lists: a comma in them ends a field.
  if (line.includes('":') || line.includes("{")) return undefined;
  return SEPARATORS.find((separator) => {
    let count = 1;
    for (let at = line.indexOf(separator); at >= 0; count++)
      at = line.indexOf(separator, at + separator.length);
    return count >= MIN_ITEMS && line.length / count <= MAX_ITEM;
  });
}

/**
 * Cuts a line that is longer than `limit` characters.
 *
 * @param asked - where in a line stands what the question asks for, or -1
 */
export function cutLine(line: string, limit: number, asked: (line: string) => number): CutLine {
  if (line.length <= limit) return { text: line, cuts: [], isList: false };
  const head = Math.floor(limit * HEAD_SHARE);
  const spans: [start: number, end: number][] = [[0, head]];
  for (const at of notable(line, head, asked))
    spans.push([Math.max(0, at - WINDOW), Math.min(line.length, at + WINDOW)]);
  spans.push([line.length - (limit - head), line.length]);
  spans.sort((a, b) => a[0] - b[0]);
  const separator = separatorOf(line);
  const items = separator === undefined ? [] : line.split(separator);
  // A list with one item that is long as a page is cut within it.
  return separator === undefined || items.some((item) => item.length * 2 > limit)
    ? cutCharacters(line, spans)
    : cutItems(items, separator, spans, line.length);
}

type Spans = readonly (readonly [start: number, end: number])[];

function cutCharacters(line: string, spans: Spans): CutLine {
  const cuts: Cut[] = [];
  let text = "";
  let at = 0;
  for (const [start, end] of spans) {
    const from = onBoundary(line, Math.max(start, at));
    const to = onBoundary(line, end);
    if (to <= from) continue;
    if (from > at) {
      const cut = ` … ${from - at} characters … `;
      cuts.push({ text: cut, from: at, to: from });
      text += cut;
    }
    text += line.slice(from, to);
    at = to;
  }
  return { text, cuts, isList: false };
}

/** Shows the items that stand in the spans, whole. */
function cutItems(
  items: readonly string[],
  separator: string,
  spans: Spans,
  length: number,
): CutLine {
  const cuts: Cut[] = [];
  const parts: string[] = [];
  let span = 0;
  let at = 0;
  let hidden = 0;
  for (const [index, item] of items.entries()) {
    const end = at + item.length;
    while (span < spans.length && (spans[span]?.[1] ?? 0) <= at) span++;
    const [from = length] = spans[span] ?? [];
    if (from < Math.max(end, at + 1)) {
      if (hidden > 0) parts.push(cut(index - hidden, index));
      hidden = 0;
      parts.push(item);
    } else hidden++;
    at = end + separator.length;
  }
  if (hidden > 0) parts.push(cut(items.length - hidden, items.length));
  return { text: parts.join(separator), cuts, isList: true };

  function cut(from: number, to: number): string {
    const text = `${to - from} of ${items.length} items`;
    cuts.push({ text, from, to });
    return `… ${text} …`;
  }
}

function notable(line: string, head: number, asked: (line: string) => number): readonly number[] {
  const places: number[] = [];
  const place = asked(line);
  if (place >= 0) places.push(place);
  for (const pattern of FAILURE_INSIDE) {
    const failure = line.search(pattern);
    if (failure >= 0 && places.length < MAX_WINDOWS) places.push(failure);
  }
  ERROR_WORDS.lastIndex = head;
  for (
    let match = ERROR_WORDS.exec(line);
    match && places.length < MAX_WINDOWS;
    match = ERROR_WORDS.exec(line)
  ) {
    places.push(match.index);
    ERROR_WORDS.lastIndex = match.index + WINDOW;
  }
  return places;
}

/** Not between the halves of a surrogate pair. */
function onBoundary(line: string, at: number): number {
  const code = line.charCodeAt(at);
  return at > 0 && at < line.length && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
