/** A text as the lines that references compare: without the line numbers of a file viewer, and without volatile fields. */
import { learnStyle, type NumberStyle, readPadded } from "../compressors/read/number-prefix.ts";
import { maskOf } from "./volatile.ts";

/** The fewest lines a reference stands for. */
export const MIN_LINES = 6;
/** Longer texts, and texts of more lines, are not compared: a bound in work. */
const MAX_CHARACTERS = 262_144;
const MAX_LINES = 20_000;
/** A file viewer numbers this many lines in a row at least. */
const MIN_NUMBERED = 3;

export interface Document {
  /** The lines as they stand in the text. */
  readonly raw: readonly string[];
  /** The lines without their numbers; `raw` where the text is not numbered. */
  readonly lines: readonly string[];
  /** `lines` without volatile fields; `lines` where the text is numbered, because what an editor reads is compared exactly. */
  readonly masked: readonly string[];
  /** The number of each line, 0 for lines without one. Absent where the text is not numbered: its lines count from 1. */
  readonly numbers?: readonly number[];
  /** For each line at which `MIN_LINES` lines begin, a hash of them. */
  readonly windows: Int32Array;
  /** The same of the lines as they stand, volatile fields included; `windows` itself where there are none. */
  readonly exactWindows: Int32Array;
}

/** Whether a text is within the bounds. */
export function isComparable(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  let lines = 1;
  if (text.length >= MAX_LINES)
    for (
      let at = text.indexOf("\n");
      at >= 0 && lines <= MAX_LINES;
      at = text.indexOf("\n", at + 1)
    )
      lines++;
  return lines <= MAX_LINES;
}

/** Takes a text apart. */
export function documentOf(text: string): Document {
  const raw = text.split("\n");
  const numbered = numberedLines(raw);
  const lines = numbered?.lines ?? raw;
  const masked = numbered ? lines : lines.map(maskOf);
  const exactWindows = windowsOf(lines);
  const isMasked = masked.some((line, at) => line !== lines[at]);
  return {
    raw,
    lines,
    masked: isMasked ? masked : lines,
    ...(numbered ? { numbers: numbered.numbers } : {}),
    windows: isMasked ? windowsOf(masked) : exactWindows,
    exactWindows,
  };
}

/** What a line is called: the number its viewer gave it, else its place from 1. */
export function nameOfLine({ numbers }: Document, at: number): number {
  return numbers ? (numbers[at] ?? 0) : at + 1;
}

/** The index of the line with this name; -1 where there is none. */
export function lineNamed({ numbers, lines }: Document, name: number): number {
  if (!numbers) return name >= 1 && name <= lines.length ? name - 1 : -1;
  return numbers.indexOf(name);
}

/** The prefix of a numbered line as it stands. */
export function prefixOf({ raw, lines }: Document, at: number): string {
  const whole = raw[at] ?? "";
  return whole.slice(0, whole.length - (lines[at] ?? "").length);
}

/** Which lines of a text stand in a form of it as they are, in runs of at least `MIN_LINES`. */
export function linesShown(document: Document, form: Document): readonly boolean[] {
  const places = new Map<number, number>();
  for (const [at, hash] of form.exactWindows.entries()) places.set(hash, at);
  const shown = new Array<boolean>(document.lines.length).fill(false);
  for (const [at, hash] of document.exactWindows.entries()) {
    const place = places.get(hash);
    if (place === undefined) continue;
    let count = 0;
    while (count < MIN_LINES && document.raw[at + count] === form.raw[place + count]) count++;
    if (count === MIN_LINES) shown.fill(true, at, at + count);
  }
  return shown;
}

/** The contents and numbers of a text whose lines a viewer has numbered: at least half of them, and ascending. */
function numberedLines(
  raw: readonly string[],
): { readonly lines: readonly string[]; readonly numbers: readonly number[] } | undefined {
  const lines = [...raw];
  const numbers = new Array<number>(raw.length).fill(0);
  let style: NumberStyle | undefined;
  let start = 0;
  let count = 0;
  let last = 0;
  let highest = 0;
  const close = (end: number): void => {
    if (end - start < MIN_NUMBERED)
      for (let at = start; at < end; at++) {
        lines[at] = raw[at] ?? "";
        numbers[at] = 0;
      }
    else {
      count += end - start;
      highest = last;
    }
    style = undefined;
  };
  for (const [at, line] of raw.entries()) {
    const known = style && readPadded(line, style);
    if (style && known && !known.trimmed && known.number === last + 1) {
      lines[at] = known.content;
      numbers[at] = last = known.number;
      continue;
    }
    if (style) close(at);
    const learnt = learnStyle(line);
    const first = learnt && readPadded(line, learnt.style);
    if (!learnt || !first || first.trimmed || first.number <= highest) continue;
    style = learnt.style;
    start = at;
    lines[at] = first.content;
    numbers[at] = last = first.number;
  }
  if (style) close(raw.length);
  return 2 * count >= raw.length && count > 0 ? { lines, numbers } : undefined;
}

function windowsOf(lines: readonly string[]): Int32Array {
  const hashes = Int32Array.from(lines, hashOf);
  const windows = new Int32Array(Math.max(0, lines.length - MIN_LINES + 1));
  for (let at = 0; at < windows.length; at++) {
    let hash = 17;
    for (let next = at; next < at + MIN_LINES; next++)
      hash = (Math.imul(hash, 0x01000193) ^ (hashes[next] ?? 0)) | 0;
    windows[at] = hash;
  }
  return windows;
}

/** FNV-1a. What has the same hash is compared all the same. */
function hashOf(line: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < line.length; at++) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
  return hash;
}
