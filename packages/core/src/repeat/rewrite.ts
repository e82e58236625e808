/** A text with references in place of the lines that stand above already, and back. */
import { learnStyle, readPadded, writePadded } from "../compressors/read/number-prefix.ts";
import { applied, type Difference } from "./difference.ts";
import { type Document, lineNamed, MIN_LINES, nameOfLine, prefixOf } from "./document.ts";
import {
  looksLikeReference,
  mayHoldReference,
  parseChanged,
  parseReference,
  printChanged,
  printReference,
  type Reference,
  UNCHANGED,
} from "./reference.ts";
import type { Place, Seen, Source } from "./seen.ts";
import { volatileValues, withValues } from "./volatile.ts";

/** What is left of a text when the lines that stand above are gone. */
export interface Rest {
  readonly text: string;
  /** The contents of the lines that refer back, in order. */
  readonly references: readonly string[];
  /** Lines of the original that are written out; absent where none is. */
  readonly visible?: readonly boolean[];

  /** The changes since a text above. */
  readonly isDiff?: true;
  /** The text above is shown shortened: so is this one, by what is not in it. */
  readonly isShortened?: true;
  /** Of a rest that is shortened: the one that leaves nothing out, where there is one. */
  readonly whole?: Rest | undefined;
}

/** A reference has to spare this many characters more than it has. */
const LEAST_SPARED = 60;
/** The most values that are said to have changed; more are listed in the order of their places. */
const MAX_CHANGES = 4;

/** The most lines by which a run begins before the place where it was found: a bound in work. */
const MAX_BACK = 64;

/** A run of lines of a text that stand elsewhere. */
interface Run {
  readonly source: Source;
  /** The first line there. */
  readonly from: number;
  readonly count: number;
  /** The first line here. */
  readonly here: number;
}

/** What a text becomes; `undefined` where nothing of it stands above. Linear: a line is compared with a few places at most. */
export function restOf(text: string, document: Document | undefined, seen: Seen): Rest | undefined {
  const same = seen.whole(text);
  if (same) return restOfSame(text, same, seen);
  if (!document) return undefined;
  const { lines, raw } = document;
  const out: string[] = [];
  const references: string[] = [];
  const visible = new Array<boolean>(lines.length).fill(true);
  let last: Source | undefined;
  let at = 0;
  /** The first line that is not written yet. */
  let next = 0;
  const writeUpTo = (end: number): void => {
    for (; next < end; next++) out.push(written(raw[next] ?? ""));
  };
  while (at + MIN_LINES <= lines.length) {
    const run = longestAt(document, at, next, seen);
    if (!run) {
      at++;
      continue;
    }
    const printed = print(run, document, last, seen);
    const end = run.here + run.count;
    let characters = 0;
    for (let line = run.here; line < end; line++)
      characters += (document.raw[line] ?? "").trimStart().length;
    if (characters < printed.length + LEAST_SPARED) {
      at = end;
      continue;
    }
    writeUpTo(run.here);
    out.push(prefixOf(document, run.here) + printed);
    references.push(printed);
    visible.fill(false, run.here, end);
    last = run.source;
    at = next = end;
  }
  if (references.length === 0) return undefined;
  writeUpTo(lines.length);
  return { text: out.join("\n"), references, visible };
}

/** The changes since a text that stands above, as a rest. */
export function restOfChanges({ text, visible }: Difference, source: Source, seen: Seen): Rest {
  const head = printChanged(source.label, source.nth, seen.count(source.label));
  const whole = text === "" ? head : `${head}\n${text}`;
  return { text: whole, references: [head], visible, isDiff: true };
}

/** What a rest stands for. */
export interface Expanded {
  readonly text: string;
  /** Lines of the text that are written out. */
  readonly visible: readonly boolean[];
}

/** The text that a rest stands for; `undefined` where it names what is not there. */
export function expand(rest: string, seen: Seen): Expanded | undefined {
  const [head = ""] = rest.split("\n", 1);
  const changed = parseChanged(head);
  if (changed) {
    const source = seen.named(changed.label, changed.nth);
    const document = source?.document ?? source?.shortened?.();
    return document && applied(rest.slice(head.length + 1), document);
  }
  const out: string[] = [];
  const visible: boolean[] = [];
  let last: Source | undefined;
  for (const line of rest.split("\n")) {
    const start = startOfReference(line);
    if (start < 0) {
      out.push(line);
      visible.push(true);
      continue;
    }
    const reference = parseReference(line.slice(start));
    if (!reference) {
      out.push(line[start] === "\\" ? line.slice(0, start) + line.slice(start + 1) : line);
      visible.push(true);
      continue;
    }
    const { label, nth } = reference;
    const source = label === undefined ? last : seen.named(label, nth ?? 1);
    const lines = source && linesOf(reference, source);
    if (!lines) return undefined;
    const numbered = start > 0 ? learnStyle(line) : undefined;
    for (const [index, content] of lines.entries())
      out.push(
        numbered
          ? writePadded(
              { number: numbered.number + index, content, trimmed: false },
              numbered.style,
            )
          : content,
      );
    while (visible.length < out.length) visible.push(false);
    last = source;
  }
  return { text: out.join("\n"), visible };
}

/** Where a line of a rest has what looks like a reference, backslashes included: at its start, or behind its number. */
function startOfReference(line: string): number {
  if (!mayHoldReference(line)) return -1;
  if (looksLikeReference(line)) return 0;
  const learnt = learnStyle(line);
  const content = learnt && readPadded(line, learnt.style)?.content;
  return content !== undefined && looksLikeReference(content) ? line.length - content.length : -1;
}

/** A line of the original as it stands between references. */
function written(line: string): string {
  const start = startOfReference(line);
  return start < 0 ? line : `${line.slice(0, start)}\\${line.slice(start)}`;
}

export function restOfSame(text: string, { label, nth }: Source, seen: Seen): Rest {
  const count = lineCount(text);
  const printed = printReference({ count, label, nth, now: NONE }, { of: seen.count(label) });
  return { text: printed, references: [printed] };
}

/** The lines a reference stands for. */
function linesOf(
  { from, count, now, values }: Reference,
  { text, document }: Source,
): readonly string[] | undefined {
  if (from === undefined) {
    const lines = text.split("\n");
    return lines.length === count ? lines : undefined;
  }
  if (!document) return undefined;
  const at = lineNamed(document, from);
  if (at < 0 || at + count > document.lines.length) return undefined;
  const lines = document.lines.slice(at, at + count);
  if (!values) return lines.map((line) => withValues(line, (value) => now.get(value) ?? value));
  let next = 0;
  const changed = lines.map((line) =>
    withValues(line, (value) => {
      const listed = values[next++] ?? UNCHANGED;
      return listed === UNCHANGED ? value : listed;
    }),
  );
  return next === values.length ? changed : undefined;
}

/** The longest run of visible lines that the text repeats around a line, but not before `first`. */
function longestAt(document: Document, at: number, first: number, seen: Seen): Run | undefined {
  const exact = document.exactWindows[at] as number;
  const masked = document.windows[at] as number;
  let best: Run | undefined;
  const consider = (places: readonly Place[]): void => {
    // The latest first: it is the nearest to the reader.
    for (let index = places.length - 1; index >= 0; index--) {
      const place = places[index] as Place;
      const run = runAt(document, at, first, place);
      if (run && run.count > (best?.count ?? 0)) best = run;
    }
  };
  consider(seen.places(exact));
  if (masked !== exact && !document.numbers) consider(seen.places(masked));
  return best;
}

/** The lines around `at` that stand around a place. */
function runAt(
  document: Document,
  at: number,
  first: number,
  { source, at: there }: Place,
): Run | undefined {
  const other = source.document;
  if (!other) return undefined;
  const fits = (here: number, place: number): boolean => {
    if (here >= document.lines.length || place < 0 || place >= other.lines.length) return false;
    if (source.visible && !source.visible[place]) return false;
    return sameLine(document, here, other, place);
  };
  const offset = there - at;
  let end = at;
  while (isNext(document, end, at) && isNext(other, end + offset, there) && fits(end, end + offset))
    end++;
  if (end - at < MIN_LINES) return undefined;
  let here = at;
  const earliest = Math.max(first, at - MAX_BACK);
  while (
    here > earliest &&
    isNext(document, at, here - 1) &&
    isNext(other, there, here - 1 + offset) &&
    fits(here - 1, here - 1 + offset)
  )
    here--;
  return { source, from: here + offset, here, count: end - here };
}

/** Whether the number of a line follows from that of an earlier one by counting. */
function isNext({ numbers }: Document, at: number, before: number): boolean {
  if (!numbers) return true;
  const [number = 0, earlier = 0] = [numbers[at], numbers[before]];
  return number > 0 && earlier > 0 && number - earlier === at - before;
}

/** Whether lines are the same but for their volatile fields. What an editor reads is compared exactly. */
function sameLine(document: Document, here: number, other: Document, there: number): boolean {
  const line = document.lines[here];
  if (document.numbers || other.numbers) return line === other.lines[there];
  const masked = document.masked[here];
  return masked === other.masked[there] && (masked !== line || line === other.lines[there]);
}

function print(run: Run, document: Document, last: Source | undefined, seen: Seen): string {
  const { source, from, count } = run;
  const { label, nth, document: other } = source;
  if (!other) throw new Error("A run stands in a text without lines.");
  const ends = other.numbers ? undefined : endsOf(other.lines.slice(from, from + count));
  return printReference(
    {
      count,
      from: nameOfLine(other, from),
      ...changedIn(run, document, other),
      ...(source === last ? {} : { label, nth }),
    },
    { of: seen.count(label), ...(ends && source !== last ? { ends } : {}) },
  );
}

/** What is different here, in the fewest words: the values that changed wherever they stand, or the values of all fields in turn. */
function changedIn(
  { from, count, here }: Run,
  document: Document,
  other: Document,
): Pick<Reference, "now" | "values"> {
  const now = new Map<string, string>();
  const values: string[] = [];
  let isConsistent = true;
  for (let at = 0; at < count; at++) {
    const [line = "", before = ""] = [document.lines[here + at], other.lines[from + at]];
    const isMasked = document.masked[here + at] !== line;
    if (!isMasked || document.numbers || other.numbers) continue;
    const was = volatileValues(before);
    for (const [index, value] of volatileValues(line).entries()) {
      const old = was[index] ?? "";
      values.push(value === old ? UNCHANGED : value);
      if ((now.get(old) ?? value) !== value) isConsistent = false;
      now.set(old, value);
    }
  }
  for (const [old, value] of now) if (old === value) now.delete(old);
  if (values.every((value) => value === UNCHANGED)) return { now: NONE };
  return isConsistent && now.size <= MAX_CHANGES ? { now } : { now: NONE, values };
}

/** The first and the last line that are not blank. */
function endsOf(lines: readonly string[]): readonly [string, string] {
  const filled = lines.filter((line) => line.trim() !== "");
  return [filled[0] ?? "", filled.at(-1) ?? ""];
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

const NONE: ReadonlyMap<string, string> = new Map();
