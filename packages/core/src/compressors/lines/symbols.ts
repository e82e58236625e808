/**
 * What each line is like, as a number: lines with the same key (`Version: 1.2`), lines that are equal but for their values, equal lines.
 *
 * Sequences of these numbers show which lines come back together (`blocks.ts`).
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import {
  constantsOf,
  findValues,
  hashShape,
  MAX_SHAPED,
  makeSpans,
  type Spans,
} from "../log/shape.ts";
import { keyEnd } from "./key.ts";

/** A line taken apart: one text more than there are values. */
export interface Parts {
  readonly constants: readonly string[];
  readonly values: readonly string[];
}

export interface Symbols {
  /** For each line the number of what it is like, -1 where no other is. */
  readonly ids: Int32Array;
  /** For each number whether its lines are all equal. */
  readonly isConstant: readonly boolean[];
  /** The number of empty lines, -1 where there are none. */
  readonly blank: number;
  /** Takes a line apart as its number says. */
  parts(line: number): Parts;
}

/** Fewer lines are not alike. */
const LEAST = 3;
/** Characters. A longer value is best read on a line of its own. */
const MAX_VALUE = 90;
/** Words. */
const MAX_WORDS = 6;

/** @param isPlain Lines that stay as they are. */
export function* symbolsOf(
  lines: readonly string[],
  isPlain: (line: number) => boolean,
): Steps<Symbols> {
  const spans = makeSpans();
  const meter = new Meter();
  const keys = new Map<string, number>();
  const shapes = new Map<number, number>();
  const keyOf = new Int32Array(lines.length).fill(-1);
  const shapeOf = new Int32Array(lines.length).fill(-1);
  const keyCounts: number[] = [];
  const shapeCounts: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (meter.isDue(line.length + LINE_WORK)) yield;
    if (line.length > MAX_SHAPED || isPlain(at)) continue;
    const end = keyEnd(line);
    if (end > 0 && isValue(line, end)) keyOf[at] = count(line.slice(0, end), keys, keyCounts);
    findValues(line, spans);
    shapeOf[at] = count(hashShape(line, spans), shapes, shapeCounts);
  }
  const ids = new Int32Array(lines.length).fill(-1);
  const numbers = new Map<number, number>();
  const firsts: number[] = [];
  const isConstant: boolean[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (meter.isDue(LINE_WORK)) yield;
    const symbol = symbolAt(at);
    if (symbol === undefined) continue;
    let id = numbers.get(symbol);
    if (id === undefined) {
      id = firsts.length;
      numbers.set(symbol, id);
      firsts.push(at);
      isConstant.push(true);
    } else if (isConstant[id] && lines[at] !== lines[firsts[id] ?? 0]) isConstant[id] = false;
    ids[at] = id;
  }
  const empty = lines.indexOf("");
  const blank = empty < 0 ? -1 : (ids[empty] ?? -1);
  return {
    ids,
    isConstant,
    blank,
    parts: (line) => partsOf(lines[line] ?? "", isKeyed(line), spans),
  };

  function isKeyed(at: number): boolean {
    return (keyCounts[keyOf[at] ?? -1] ?? 0) >= LEAST;
  }

  /** Keys are even numbers, shapes odd ones. */
  function symbolAt(at: number): number | undefined {
    if (isKeyed(at)) return (keyOf[at] ?? 0) * 2;
    const shape = shapeOf[at] ?? -1;
    return (shapeCounts[shape] ?? 0) >= LEAST ? shape * 2 + 1 : undefined;
  }
}

function count<Key>(key: Key, numbers: Map<Key, number>, counts: number[]): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = counts.length;
    numbers.set(key, number);
    counts.push(0);
  }
  counts[number] = (counts[number] ?? 0) + 1;
  return number;
}

function partsOf(line: string, keyed: boolean, spans: Spans): Parts {
  if (keyed) {
    const end = keyEnd(line);
    return { constants: [line.slice(0, end), ""], values: [line.slice(end)] };
  }
  findValues(line, spans);
  const values: string[] = [];
  for (let n = 0; n < spans.count; n++)
    values.push(line.slice(spans.at[n * 2], spans.at[n * 2 + 1]));
  return { constants: constantsOf(line, spans), values };
}

/** Whether the rest of a line can be one value of a row: what has spaces stands in quotes there, and has none of its own. */
function isValue(line: string, from: number): boolean {
  if (line.length - from > MAX_VALUE) return false;
  let blanks = 0;
  for (let at = line.indexOf(" ", from); at >= 0; at = line.indexOf(" ", at + 1)) blanks++;
  return blanks < MAX_WORDS && (blanks === 0 || line.indexOf('"', from) < 0);
}
