/**
 * The JSON values of an original: one that is all of it, several one below the other, some between other text, one in a string of
 * another, and one that breaks off.
 *
 * Lines that a file viewer has numbered count as they would without their numbers.
 *
 * The first is what the json kind reads (`json/document.ts`), so that rows have the numbers its views print. One trap: trying to
 * read a value at every bracket would be quadratic, so tries are counted in characters and stop at a multiple of the text.
 */
import { learnStyle } from "../compressors/read/number-prefix.ts";
import { readCutValue } from "../json/cut-value.ts";
import { readDocument } from "../json/document.ts";
import { scanValue, skipSpace, stringValue } from "../json/lexer.ts";
import { isContainer, type JsonArray, type JsonNode, type JsonString } from "../json/node.ts";
import { isJsonSpace } from "../text/chars.ts";

/** One value, or a run of values each on a line of its own. */
export interface Value {
  /** Of a run: an array made of its values. */
  readonly root: JsonNode;
  /** Whether `root` is such a run. */
  readonly lines: boolean;
}

/** A text and the JSON in it. */
export interface Original {
  readonly text: string;
  readonly values: readonly Value[];
}

/** An original, read for JSON. */
export function readOriginal(text: string): Original {
  return { text, values: valuesOf(text) };
}

/** Failed tries may read so many times the text before no more are made. */
const MAX_TRIES = 4;
/** Values inside a line, behind other text, count from this size on. */
const MIN_INLINE = 200;
/** Lines that are no JSON may stand between the lines of a run. */
const MAX_BROKEN_LINES = 3;
/** From so many values on a run goes on behind any line. */
const MIN_RUN = 10;

/** The values of a text in source order. Linear. */
export function valuesOf(text: string): readonly Value[] {
  const found: Found[] = [];
  const document = readDocument(text);
  const start = document?.root.start ?? text.length;
  // The document may stand inside a value that begins above it and breaks off.
  let end = findIn(text, 0, start, found);
  if (document && end <= start) {
    const { root, lines } = document;
    const own = lines && root.type === "array" ? root.items : [root];
    for (const node of own) found.push({ node, alone: standsAlone(text, node) });
    end = root.end;
  }
  if (document) findIn(text, end, text.length, found);
  return joined(text, found);
}

/** The values that the text of a string holds; `undefined` where it is no JSON. */
export function openString(source: string, node: JsonString): Original | undefined {
  // What is shorter holds nothing worth an address of its own.
  if (node.end - node.start < 4) return undefined;
  const text = stringValue(source, node);
  const values = valuesOf(text);
  return values.length === 0 ? undefined : { text, values };
}

interface Found {
  readonly node: JsonNode;
  /** Nothing else stands on its lines. */
  readonly alone: boolean;
}

/** Adds the values that begin between two offsets; gives the end of the last one, or the second offset. */
function findIn(text: string, start: number, end: number, found: Found[]): number {
  let left = MAX_TRIES * (end - start) + 1_000;
  for (let line = start; line < end && left > 0; ) {
    const newline = text.indexOf("\n", line);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const at = openingIn(text, line, next);
    if (at < 0) {
      line = next;
      continue;
    }
    const scan = scanValue(text, at);
    left -= (scan.node === undefined ? scan.at : scan.node.end) - at;
    let node: JsonNode | undefined = scan.node;
    if (scan.node === undefined) {
      // A broken line of NDJSON stays a line; what goes on over lines or to the end of the text was cut.
      const wasCut = scan.truncated || scan.at >= next || text.charCodeAt(at) === 91;
      if (wasCut && scan.at - at >= MIN_INLINE) {
        node = readCutValue(text, at, scan.at);
        // It reads the value twice more, and copies what stands above it.
        left -= 2 * (scan.at - at) + at / 8;
      }
    }
    if (node === undefined) line = next;
    else {
      const alone = standsAlone(text, node);
      if (alone || node.end - node.start >= MIN_INLINE) found.push({ node, alone });
      const after = text.indexOf("\n", node.end);
      line = after < 0 ? text.length : after + 1;
      if (node.end > end) return node.end;
    }
  }
  return end;
}

/** Where a value may open in a line: at its first ink, else behind a blank, a colon or an equals sign. */
function openingIn(text: string, start: number, end: number): number {
  const ink = skipSpace(text, behindNumber(text, start));
  if (ink >= end) return -1;
  if (isOpening(text.charCodeAt(ink))) return ink;
  if (end - ink < MIN_INLINE) {
    // A value that goes on over the next lines opens at the end of this one.
    const last = text.slice(ink, end).trimEnd();
    const at = ink + last.length - 1;
    return isOpening(text.charCodeAt(at)) && isBefore(text.charCodeAt(at - 1)) ? at : -1;
  }
  for (let at = ink + 1; at < end; at++) {
    if (!isOpening(text.charCodeAt(at)) || !isBefore(text.charCodeAt(at - 1))) continue;
    const code = text.charCodeAt(skipSpace(text, at + 1));
    if (code === 34 || code === 123 || code === 91) return at;
  }
  return -1;
}

/** Longer than any line number with what fills and follows it. */
const MAX_PREFIX = 32;

/** Where a line goes on behind the number of a file viewer; its start where it has none. */
function behindNumber(text: string, line: number): number {
  const head = text.slice(line, line + MAX_PREFIX);
  const style = learnStyle(head)?.style;
  if (style === undefined) return line;
  const end = style.lead.length + style.width + style.separator.length;
  return end < head.length && !head.slice(0, end).includes("\n") ? line + end : line;
}

/** Whether there is nothing but white space, and the number of the last line. */
function isBlank(between: string): boolean {
  const last = between.lastIndexOf("\n") + 1;
  if (between.slice(0, last).trim() !== "") return false;
  return between.slice(behindNumber(`${between}{`, last)).trim() === "";
}

function isOpening(code: number): boolean {
  return code === 123 || code === 91;
}

function isBefore(code: number): boolean {
  return code === 32 || code === 9 || code === 58 || code === 61;
}

function standsAlone(text: string, { start, end }: JsonNode): boolean {
  let before = start;
  while (before > 0 && text[before - 1] !== "\n" && isJsonSpace(text.charCodeAt(before - 1)))
    before--;
  if (before > 0 && text[before - 1] !== "\n") {
    const line = text.lastIndexOf("\n", Math.max(0, start - 1)) + 1;
    if (start - line > MAX_PREFIX || skipSpace(text, behindNumber(text, line)) !== start)
      return false;
  }
  const after = skipSpace(text, end);
  return after >= text.length || text.slice(end, after).includes("\n");
}

/** Runs: values on lines of their own, with nothing, or with a few broken lines, between them. */
function joined(text: string, found: readonly Found[]): readonly Value[] {
  const values: Value[] = [];
  let run: Found[] = [];
  const flush = (): void => {
    const [first] = run;
    const last = run.at(-1);
    if (first && last && run.length > 1) {
      const items = run.map(({ node }) => node);
      const root: JsonArray = { type: "array", start: first.node.start, end: last.node.end, items };
      values.push({ root, lines: true });
    } else if (first) values.push({ root: first.node, lines: false });
    run = [];
  };
  for (const next of found) {
    if (run.length > 0 && !goesOn(text, run, next)) flush();
    run.push(next);
  }
  flush();
  return values;
}

function goesOn(text: string, run: readonly Found[], next: Found): boolean {
  const last = run.at(-1);
  if (!last?.alone || !next.alone) return false;
  if (!isContainer(last.node) || !isContainer(next.node)) return false;
  const between = text.slice(last.node.end, next.node.start);
  if (isBlank(between)) return between.includes("\n");
  if (!isOneLine(text, last.node) || !isOneLine(text, next.node)) return false;
  const broken = between.split("\n", MAX_BROKEN_LINES + 3).slice(1, -1);
  if (broken.length > MAX_BROKEN_LINES) return false;
  // Other text between values is a heading, unless they are many.
  return run.length >= MIN_RUN || broken.every((line) => isOpening(line.trim().charCodeAt(0)));
}

function isOneLine(text: string, { start, end }: JsonNode): boolean {
  const newline = text.indexOf("\n", start);
  return newline < 0 || newline >= end;
}
