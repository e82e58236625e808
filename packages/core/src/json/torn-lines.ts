/**
 * JSON lines of which some are broken: a writer died, two wrote at once, a line was cut. Broken lines are rows like the others, of
 * text; what stands between the lines is no content.
 */
import { Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { scanInSteps, skipSpace } from "./lexer.ts";
import { isContainer, type JsonArray, type JsonNode, type JsonString } from "./node.ts";

/** From so many whole lines on a text is a list of JSON lines. */
const MIN_WHOLE = 5;
/** One line in so many may be broken. */
const MIN_SHARE = 5;
/** And one in so many may be something else, which does not even begin like JSON. */
const MIN_OTHER_SHARE = 20;

/**
 * The rows of a text, from its first whole line to its last; broken lines are strings with `isRaw`. `undefined` where it is no such
 * list, or no line is broken.
 */
export function* readTornLines(source: string): Steps<JsonArray | undefined> {
  const meter = new Meter();
  const rows: JsonNode[] = [];
  let whole = 0;
  let torn = 0;
  let others = 0;
  /** Rows up to the last whole line. */
  let last = 0;
  for (let line = 0; line < source.length; ) {
    const newline = source.indexOf("\n", line);
    const end = newline < 0 ? source.length : newline;
    const at = skipSpace(source, line);
    const next = end + 1;
    if (meter.isDue(next - line)) yield;
    if (at >= end) {
      line = next;
      continue;
    }
    const node = yield* lineAt(source, at, end);
    if (node !== undefined) {
      rows.push(node);
      whole++;
      last = rows.length;
    } else if (whole > 0) {
      const code = source.charCodeAt(at);
      if (code === 123 || code === 91) torn++;
      else others++;
      if (isHopeless(whole, torn + others)) return undefined;
      const row: JsonString = { type: "string", start: line, end, escaped: false, isRaw: true };
      rows.push(row);
    }
    line = next;
  }
  const items = rows.slice(0, last);
  const broken = items.length - whole;
  if (broken === 0 || whole < MIN_WHOLE) return undefined;
  if ((torn + others) * MIN_SHARE > whole || others * MIN_OTHER_SHARE > whole) return undefined;
  const [first] = items;
  const final = items.at(-1);
  if (first === undefined || final === undefined) return undefined;
  return { type: "array", start: first.start, end: final.end, items };
}

/** The array or object that is all of a line. */
function* lineAt(source: string, at: number, end: number): Steps<JsonNode | undefined> {
  const code = source.charCodeAt(at);
  if (code !== 123 && code !== 91) return undefined;
  const { node } = yield* scanInSteps(source, at);
  if (node === undefined || !isContainer(node) || node.end > end) return undefined;
  return skipSpace(source, node.end) >= end ? node : undefined;
}

/** Whether there are too many broken lines for what may still come: text of another kind is given up early. */
function isHopeless(whole: number, broken: number): boolean {
  return broken > MIN_WHOLE && broken > 2 * whole;
}

/** JSON lines that are all whole, and which of them stand for broken ones. */
export interface MendedLines {
  readonly text: string;
  readonly raw: readonly number[];
}

/** Rows as JSON lines: broken ones as strings. */
export function mendLines(source: string, { items }: JsonArray): MendedLines {
  const raw: number[] = [];
  const lines = items.map((item, at) => {
    const text = source.slice(item.start, item.end);
    if (item.type !== "string" || item.isRaw !== true) return text;
    raw.push(at);
    return JSON.stringify(text);
  });
  return { text: lines.join("\n"), raw };
}

/** JSON lines, read: an array of them. */
export function* readMended({ text }: MendedLines): Steps<JsonArray | undefined> {
  const meter = new Meter();
  const items: JsonNode[] = [];
  for (let at = 0; at < text.length; ) {
    const { node } = yield* scanInSteps(text, at);
    if (node === undefined) return undefined;
    items.push(node);
    if (meter.isDue(node.end - at)) yield;
    at = skipSpace(text, node.end);
  }
  return { type: "array", start: 0, end: text.length, items };
}
