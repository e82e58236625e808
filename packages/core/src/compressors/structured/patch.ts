/**
 * Lines of a text that are not as its values are printed: comments, blank lines, values that are written otherwise than the rest.
 *
 * Where they are few, the printed lines and these are the text. Lines are told by their numbers in the text, so that a reader can tell
 * where they stand; which printed lines they replace, only the decoder needs to know.
 */
import { Meter } from "../../steps.ts";
import { splitAtBreaks } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

export interface Patch {
  /** Lines of the text, by their index in it, ascending. */
  readonly lines: readonly (readonly [index: number, text: string])[];
  /** Indexes of printed lines that are not in the text, ascending. */
  readonly dropped: readonly number[];
}

/** More lines that differ are no exceptions. */
const MAX_SHARE = 0.2;
/** Blank lines cost nothing to speak of. */
const MAX_BLANK_SHARE = 0.4;
const FEW = 12;
/** Characters of lines that differ. */
const MAX_CHARACTER_SHARE = 0.25;
/** Lines that are looked ahead for the next line that is the same. */
const MAX_AHEAD = 32;

/** What makes `text` of `printed`; `undefined` where that is too much. */
export function* patchBetween(printed: string, text: string): Steps<Patch | undefined> {
  const meter = new Meter();
  const from = yield* splitAtBreaks(printed);
  const to = yield* splitAtBreaks(text);
  const lines: [number, string][] = [];
  const dropped: number[] = [];
  const most = FEW + to.length * MAX_SHARE;
  let characters = 0;
  let blank = 0;
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    if (meter.isDue(to[j]?.length ?? 16)) yield;
    if (i < from.length && j < to.length && from[i] === to[j]) {
      i++;
      j++;
      continue;
    }
    const next = nextSame(from, to, i, j);
    if (next === undefined) return undefined;
    for (; i < next[0]; i++) dropped.push(i);
    for (; j < next[1]; j++) {
      const line = to[j] ?? "";
      lines.push([j, line]);
      characters += line.length;
      if (line === "") blank++;
    }
    if (dropped.length > most || lines.length - blank > most) return undefined;
    if (blank > FEW + to.length * MAX_BLANK_SHARE) return undefined;
    if (characters > FEW * FEW + text.length * MAX_CHARACTER_SHARE) return undefined;
    if (meter.isDue(MAX_AHEAD * MAX_AHEAD)) yield;
  }
  return { lines, dropped };
}

/** The nearest place where both go on alike, or both end. */
function nextSame(
  from: readonly string[],
  to: readonly string[],
  i: number,
  j: number,
): readonly [number, number] | undefined {
  const left = [from.length - i, to.length - j] as const;
  for (let ahead = 1; ahead <= MAX_AHEAD; ahead++)
    for (let b = ahead; b >= 0; b--) {
      const a = ahead - b;
      if (a > left[0] || b > left[1]) continue;
      if (a === left[0] && b === left[1]) return [i + a, j + b];
      if (a === left[0] || b === left[1]) continue;
      if (from[i + a] === to[j + b] && isSure(from, to, i + a, j + b)) return [i + a, j + b];
    }
  return undefined;
}

/** One line that is the same may be so by chance; a blank one is no sign at all. */
function isSure(from: readonly string[], to: readonly string[], i: number, j: number): boolean {
  if (i === from.length - 1 && j === to.length - 1) return true;
  const line = from[i] ?? "";
  if (line.trim() === "") return false;
  return from[i + 1] === to[j + 1] || from[i + 2] === to[j + 2] || line.trim().length > 12;
}

/** The text that a patch makes of what was printed; `undefined` where it does not fit. */
export function* patched(printed: string, { lines, dropped }: Patch): Steps<string | undefined> {
  const meter = new Meter();
  const from = yield* splitAtBreaks(printed);
  const gone = new Set(dropped);
  const own = new Map(lines);
  const kept = from.filter((_, index) => !gone.has(index));
  const out: string[] = [];
  let next = 0;
  for (let index = 0; next < kept.length || own.has(index); index++) {
    const line = own.get(index) ?? kept[next++];
    if (line === undefined) return undefined;
    out.push(line);
    if (meter.isDue(line.length + 8)) yield;
  }
  return out.length === kept.length + own.size ? out.join("\n") : undefined;
}

/** Ascending numbers as differences: `3,1,1,40`. */
export function printNumbers(numbers: readonly number[]): string {
  return numbers.map((number, at) => number - (numbers[at - 1] ?? 0)).join(",");
}

/** What `printNumbers` wrote. */
export function readNumbers(text: string): readonly number[] {
  let sum = 0;
  return text === "" ? [] : text.split(",").map((part) => (sum += Number(part)));
}
