/**
 * Prints the lines that stay, and in place of each run that does not, one line that says how many, where and what like.
 *
 * `… 214 lines like: Compiling * * (120-333)`: numbers are 1-based lines of the original, as retrieval takes them. A gap that
 * is no shorter than its own line is printed instead. Shown and omitted lines add up to all lines.
 */

import { firstInOrder } from "../../query/first-in-order.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Templates } from "./mine.ts";
import { ERROR_WORDS, FAILURE_INSIDE } from "./patterns.ts";

export interface Folded {
  readonly text: string;
  readonly hiddenLines: number;
  /** Characters cut out of shown lines. */
  readonly cutCharacters: number;
}

/** About four characters are a token; a gap line costs about twelve tokens. */
const GAP_COST = 44;
/** A longer shown line keeps its ends and the neighbourhood of what failed. */
const MAX_LINE = 1_200;
const LINE_HEAD = 500;
const LINE_TAIL = 200;
const WINDOW = 160;
const MAX_WINDOWS = 3;

export function* fold(
  lines: readonly string[],
  shown: Uint8Array,
  templates: Templates,
  query: (line: string) => number = () => -1,
  firstLine = 1,
): Steps<Folded> {
  const meter = new Meter();
  const out: string[] = [];
  let hiddenLines = 0;
  let cutCharacters = 0;
  for (let i = 0; i < lines.length; i++) {
    if (shown[i] === 1) {
      const { text, cut } = shorten(lines[i] ?? "", query);
      out.push(text);
      cutCharacters += cut;
      if (meter.isDue((lines[i] ?? "").length + LINE_WORK)) yield;
      continue;
    }
    let end = i + 1;
    let size = (lines[i] ?? "").length;
    while (end < lines.length && shown[end] !== 1) {
      size += (lines[end] ?? "").length + 1;
      end++;
      if (meter.isDue(1)) yield;
    }
    if (size <= GAP_COST && end - i <= 4) {
      // Blank lines among them too, or the lines would not add up.
      for (; i < end; i++) out.push(lines[i] ?? "");
      i--;
      continue;
    }
    hiddenLines += end - i;
    out.push(yield* gapLine(lines, i, end, templates, firstLine));
    i = end - 1;
  }
  return { text: yield* joinInSteps(out, "\n"), hiddenLines, cutCharacters };
}

function* gapLine(
  lines: readonly string[],
  start: number,
  end: number,
  { ids, templates }: Templates,
  firstLine: number,
): Steps<string> {
  const meter = new Meter();
  const count = end - start;
  const from = start + firstLine;
  const range = count === 1 ? `${from}` : `${from}-${from + count - 1}`;
  const noun = count === 1 ? "line" : "lines";
  const tally = new Map<number, number>();
  let filled = 0;
  for (let i = start; i < end; i++) {
    const id = ids[i] ?? -1;
    if (meter.isDue(LINE_WORK)) yield;
    if (id < 0) continue;
    filled++;
    tally.set(id, (tally.get(id) ?? 0) + 1);
  }
  if (filled === 0) return `… ${count} blank ${noun} (${range})`;
  const most = yield* firstInOrder(tally, 3, (a, b) => b[1] - a[1] || a[0] - b[0]);
  const [top] = most;
  const skipped = commonWords(most.map(([id]) => templates[id]?.words ?? []));
  const name = (id: number, size: number): string => {
    const { words = [], first = 0 } = templates[id] ?? {};
    const own = words.slice(skipped);
    // A shape without any word says nothing; its first line does.
    return excerpt(own.some(hasLetter) ? own : (lines[first] ?? "").trim().split(" "), size);
  };
  if (top !== undefined && top[1] * 5 >= filled * 3)
    return `… ${count} ${noun} like: ${name(top[0], 60)} (${range})`;
  if (count < 12) return `… ${count} ${noun} (${range})`;
  const kinds = most.map(([id, n]) => `${n}× ${name(id, 32)}`);
  return `… ${count} ${noun} (${range}): ${kinds.join(", ")}${tally.size > 3 ? ", …" : ""}`;
}

/** How many words at the start say nothing: stamps, and what all these shapes begin with. */
function commonWords(shapes: readonly (readonly string[])[]): number {
  const [first = [], ...others] = shapes;
  let at = 0;
  while (
    at < first.length &&
    (first[at] === "*" || others.length > 0) &&
    others.every((shape) => shape[at] === first[at])
  )
    at++;
  return at;
}

function hasLetter(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) >= 65) return true;
  return false;
}

/** A template in few characters; `*` stands for what varies. */
function excerpt(words: readonly string[], size: number): string {
  let out = "";
  for (const word of words) {
    if (word === "*" && out.endsWith("*")) continue;
    const next = out === "" ? word : `${out} ${word}`;
    if (next.length > size) return out === "" ? `${next.slice(0, size)}…` : `${out} …`;
    out = next;
  }
  return out;
}

/** Cuts the middle of a long line, but not what failed in it or what was asked for. */
function shorten(line: string, query: (line: string) => number): { text: string; cut: number } {
  if (line.length <= MAX_LINE) return { text: line, cut: 0 };
  const spans: [number, number][] = [[0, LINE_HEAD]];
  for (const at of notable(line, query))
    spans.push([Math.max(0, at - WINDOW), Math.min(line.length, at + WINDOW)]);
  spans.push([line.length - LINE_TAIL, line.length]);
  spans.sort((a, b) => a[0] - b[0]);
  let text = "";
  let at = 0;
  let cut = 0;
  for (const [start, end] of spans) {
    const from = onBoundary(line, Math.max(start, at));
    const to = onBoundary(line, end);
    if (to <= from) continue;
    if (from > at) {
      text += ` … ${from - at} characters … `;
      cut += from - at;
    }
    text += line.slice(from, to);
    at = to;
  }
  return { text, cut };
}

function notable(line: string, query: (line: string) => number): readonly number[] {
  const places: number[] = [];
  const asked = query(line);
  if (asked >= 0) places.push(asked);
  for (const pattern of FAILURE_INSIDE) {
    const failure = line.search(pattern);
    if (failure >= 0 && places.length < MAX_WINDOWS) places.push(failure);
  }
  ERROR_WORDS.lastIndex = LINE_HEAD;
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
