/**
 * What is said in place of lines that are left out: how many, where, and what like.
 *
 *     … 42 lines like: CONFIG_*=y (120-161)
 *     … 50 lines (200-249): 30 like: # CONFIG_* is not set, 20 like: CONFIG_*=m
 *     … 400 lines: aclocal–bzip2, ascending (16-415)
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Statement, UnitRange } from "../../types/statement.ts";
import { allHold, isSorted, printFact } from "../../view/fact.ts";
import { patternOf } from "./pattern.ts";
import { isBytes } from "./prose.ts";

/** Like lines in a gap, of which so many kinds are named. */
const MAX_KINDS = 3;
/** Kinds of which a pattern is looked for. */
const MAX_LOOKED = 12;
/** Characters of a line that is named as the end of a range. */
const MAX_END = 48;
/** Lines of a sorted list that one sentence speaks of, at least. */
const MIN_CHUNK = 40;
const MAX_CHUNKS = 12;
/** So many lines of a kind are worth a word. */
const LEAST_LIKE = 3;

export interface Gap {
  readonly text: string;
  readonly statements: readonly Statement[];
}

export interface GapContext {
  readonly lines: readonly string[];
  /** For each line the number of its kind, -1 for one of its own. */
  readonly kinds: Int32Array;
  /** The words of a kind's template. */
  readonly words: (kind: number) => readonly string[] | undefined;
  /** The number of the first line. */
  readonly firstLine: number;
}

/** The lines of the view that stand for lines `from` to `to`, which are left out. */
export function* gapOf(from: number, to: number, context: GapContext): Steps<readonly Gap[]> {
  const { lines } = context;
  const own = lines.slice(from, to);
  const size = to - from;
  if (own.every((line) => line.trim() === "")) return [plain(from, to, "blank lines", context)];
  if (own.every(isBytes)) return [plain(from, to, "lines of bytes", context)];
  const groups = yield* kindsIn(from, to, context);
  const [largest] = groups;
  if (largest !== undefined && largest.at.length === size) {
    const pattern = patternOf(own, context.words(largest.kind));
    if (pattern !== undefined) return [like(from, to, pattern, context)];
  }
  const isList = own.every((line) => line.length <= MAX_END && line !== "");
  if (isList && size >= 8 && isSorted(own, "ascending")) return yield* chunks(from, to, context);
  const shared = patternOf(own, undefined);
  if (shared !== undefined && shared.length > 5) return [like(from, to, shared, context)];
  const patterns = new Map<string, number[]>();
  for (const { kind, at } of groups.slice(0, MAX_LOOKED)) {
    if (at.length < LEAST_LIKE) break;
    const texts = at.map((line) => lines[line] ?? "");
    const pattern = patternOf(texts, context.words(kind));
    if (pattern === undefined) continue;
    const known = patterns.get(pattern);
    if (known) known.push(...at);
    else patterns.set(pattern, [...at]);
  }
  const parts = [...patterns]
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, MAX_KINDS)
    .map(([pattern, at], n): Statement => {
      const fact = { says: "like", pattern } as const;
      const about = rangesOf(at.toSorted((a, b) => a - b));
      // With the sign before it, no sentence is found within another: `8 like: a` in `18 like: a`.
      const text = `${n === 0 ? ":" : ","} ${at.length} ${printFact(fact)}`;
      return { text, of: "", about, facts: [fact] };
    });
  const head = plain(from, to, "lines", context);
  if (parts.length === 0) return [head];
  return [
    {
      text: head.text + parts.map(({ text }) => text).join(""),
      statements: [...head.statements, ...parts],
    },
  ];
}

function where(from: number, to: number, firstLine: number): string {
  return to - from === 1 ? `${from + firstLine}` : `${from + firstLine}-${to - 1 + firstLine}`;
}

function plain(from: number, to: number, noun: string, { firstLine }: GapContext): Gap {
  const size = to - from;
  const name = size === 1 ? noun.replace("lines", "line") : noun;
  const text = `… ${size} ${name} (${where(from, to, firstLine)})`;
  return { text, statements: [{ text, of: "", about: [[from, to]], facts: [] }] };
}

function like(from: number, to: number, pattern: string, { firstLine }: GapContext): Gap {
  const fact = { says: "like", pattern } as const;
  const size = to - from;
  const text = `… ${size} ${size === 1 ? "line" : "lines"} ${printFact(fact)} (${where(from, to, firstLine)})`;
  return { text, statements: [{ text, of: "", about: [[from, to]], facts: [fact] }] };
}

/** A sorted list, in stretches with their ends: where something would stand is found without asking. */
function* chunks(from: number, to: number, context: GapContext): Steps<readonly Gap[]> {
  const { lines, firstLine } = context;
  const size = to - from;
  const count = Math.max(1, Math.min(MAX_CHUNKS, Math.floor(size / MIN_CHUNK)));
  const gaps: Gap[] = [];
  for (let chunk = 0; chunk < count; chunk++) {
    const start = from + Math.floor((chunk * size) / count);
    const end = from + Math.floor(((chunk + 1) * size) / count);
    const [least, most] = [lines[start] ?? "", lines[end - 1] ?? ""];
    const range = { says: "range", least, most } as const;
    const sorted = { says: "sorted", order: "ascending" } as const;
    // Values that measure something are in another order than texts, and a stretch has values of its own.
    if (!(yield* allHold([range, sorted], lines.slice(start, end)))) {
      gaps.push(plain(start, end, "lines", context));
      continue;
    }
    const text = `… ${end - start} lines: ${printFact(range)}, ${printFact(sorted)} (${where(start, end, firstLine)})`;
    gaps.push({
      text,
      statements: [{ text, of: "", about: [[start, end]], facts: [range, sorted] }],
    });
    yield;
  }
  return gaps;
}

interface Group {
  readonly kind: number;
  readonly at: readonly number[];
}

/** The lines of each kind, the most frequent first; blank lines belong to all of them. */
function* kindsIn(from: number, to: number, { lines, kinds }: GapContext): Steps<readonly Group[]> {
  const meter = new Meter();
  const groups = new Map<number, number[]>();
  for (let at = from; at < to; at++) {
    const kind = kinds[at] ?? -1;
    if (meter.isDue(LINE_WORK)) yield;
    if (kind < 0 || lines[at] === "") continue;
    const known = groups.get(kind);
    if (known) known.push(at);
    else groups.set(kind, [at]);
  }
  return [...groups]
    .map(([kind, at]) => ({ kind, at }))
    .sort((a, b) => b.at.length - a.at.length || a.kind - b.kind);
}

/** Ascending numbers as ranges. */
export function rangesOf(numbers: readonly number[]): readonly UnitRange[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number) last[1] = number + 1;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}
