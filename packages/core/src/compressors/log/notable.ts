/** Lines that stand out among their likes: the slowest, the only one with another value, the last of a long run, totals. */
import { Meter } from "../../steps.ts";
import { isDigit } from "../../text/chars.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { quantityOf } from "../../view/quantity.ts";
import type { Templates } from "./mine.ts";
import { DURATIONS, MAX_SCAN, SUMMARY } from "./patterns.ts";

/** Timed templates show their slowest line from this many lines on. */
const TIMED = 8;
/** Times stand this near to the end of a line. */
const TIMED_WITHIN = 300;

/** Where each timed template was slowest: 1h is more than 90s. */
export function* slowest(
  lines: readonly string[],
  { ids, templates }: Templates,
): Steps<readonly number[]> {
  const meter = new Meter();
  const longest = new Map<number, { at: number; seconds: number }>();
  for (let i = 0; i < lines.length; i++) {
    const id = ids[i] ?? -1;
    if (id < 0 || (templates[id]?.count ?? 0) < TIMED) continue;
    const line = lines[i] ?? "";
    if (meter.isDue(Math.min(line.length, TIMED_WITHIN) + LINE_WORK)) yield;
    const seconds = secondsOf(line.length > TIMED_WITHIN ? line.slice(-TIMED_WITHIN) : line);
    if (seconds === undefined || seconds === 0) continue;
    const old = longest.get(id);
    if (old === undefined || seconds > old.seconds) longest.set(id, { at: i, seconds });
  }
  return [...longest.values()].map(({ at }) => at);
}

/** The longest time that a line names. */
function secondsOf(text: string): number | undefined {
  let most: number | undefined;
  DURATIONS.lastIndex = 0;
  for (let match = DURATIONS.exec(text); match; match = DURATIONS.exec(text)) {
    const quantity = quantityOf(match[1] ?? "");
    if (quantity?.kind === "duration" && quantity.value > (most ?? -1)) most = quantity.value;
  }
  return most;
}

/** Numbers of a line that are looked at, within so many characters. */
const MAX_NUMBERS = 16;
const NUMBERS_WITHIN = 400;
/** Of fewer lines no number stands out. */
const LEAST_NUMBERS = 20;
/** A number that far from the mean, in standard deviations, stands out; of many lines it has to make up much of the deviation. */
const FAR = 4;
const FAR_SHARE = 0.45;

/** A running mean and deviation, and where the number was largest. */
interface Column {
  count: number;
  mean: number;
  squares: number;
  most: number;
  at: number;
}

/** Lines with a number that is far larger than the same number of their likes: `"ms":98211` among hundreds. */
export function* outliers(
  lines: readonly string[],
  { ids, templates }: Templates,
): Steps<readonly number[]> {
  const meter = new Meter();
  const columns = templates.map(({ count }): Column[] | undefined =>
    count >= LEAST_NUMBERS ? [] : undefined,
  );
  for (let i = 0; i < lines.length; i++) {
    const own = columns[ids[i] ?? -1];
    if (own === undefined) continue;
    const line = lines[i] ?? "";
    const end = Math.min(line.length, NUMBERS_WITHIN);
    if (meter.isDue(end + LINE_WORK)) yield;
    let number = 0;
    for (let at = 0; at < end && number < MAX_NUMBERS; at++) {
      if (!isDigit(line.charCodeAt(at))) continue;
      const start = at;
      while (isNumberPart(line.charCodeAt(at))) at++;
      if (isInWord(line.charCodeAt(start - 1))) continue;
      own[number] ??= { count: 0, mean: 0, squares: 0, most: Number.NEGATIVE_INFINITY, at: i };
      add(own[number] as Column, Number.parseFloat(line.slice(start, at)), i);
      number++;
    }
  }
  const far: number[] = [];
  for (const own of columns) {
    for (const { count, mean, squares, most, at } of own ?? []) {
      if (count < LEAST_NUMBERS) continue;
      const deviation = Math.sqrt(squares / count);
      if (most - mean > deviation * Math.max(FAR, FAR_SHARE * Math.sqrt(count))) far.push(at);
    }
  }
  return far;
}

function add(column: Column, value: number, at: number): void {
  column.count++;
  const difference = value - column.mean;
  column.mean += difference / column.count;
  column.squares += difference * (value - column.mean);
  if (value <= column.most) return;
  column.most = value;
  column.at = at;
}

function isNumberPart(code: number): boolean {
  return isDigit(code) || code === 46;
}

/** A letter, `_` or `-`: what follows is part of a name. */
function isInWord(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 45;
}

/** Columns with more values than this have no usual value. */
const MAX_VALUES = 8;
const MAX_ODD = 6;
/** Fewer lines than this have no usual value. */
const COLUMN_ROWS = 5;
const MAX_COLUMNS = 24;
/** A value that so few lines have is rare. */
const RARE = 3;

/**
 * Lines that differ from their many likes in one value: the only `true` among `false`, the only large instance type. Where
 * one value fills most of a column, those seen once or twice are rare.
 */
export function* rareValues(
  lines: readonly string[],
  { ids, templates }: Templates,
  hidden: Uint8Array,
): Steps<readonly number[]> {
  const meter = new Meter();
  const columns = templates.map(
    ({ count }): (Map<string, { count: number; at: number }> | undefined)[] | undefined =>
      count >= COLUMN_ROWS ? [] : undefined,
  );
  for (let i = 0; i < lines.length; i++) {
    const own = columns[ids[i] ?? -1];
    if (own === undefined || hidden[i] === 1) continue;
    if (meter.isDue(Math.min((lines[i] ?? "").length, 400) * 2 + LINE_WORK)) yield;
    const words = (lines[i] ?? "").slice(0, 400).trim().split(/\s+/, MAX_COLUMNS);
    for (const [at, word] of words.entries()) {
      if (at >= own.length) own.push(new Map());
      const values = own[at];
      if (values === undefined) continue;
      const value = values.get(word);
      if (value) value.count++;
      else if (values.size < MAX_VALUES) values.set(word, { count: 1, at: i });
      else own[at] = undefined;
    }
  }
  const rare: number[] = [];
  for (const [id, own] of columns.entries()) {
    const rows = templates[id]?.count ?? 0;
    if (meter.isDue(MAX_VALUES * MAX_COLUMNS)) yield;
    let odd = 0;
    for (const values of own ?? []) {
      if (values === undefined || values.size < 2) continue;
      let most = 0;
      for (const { count } of values.values()) most = Math.max(most, count);
      if (most * 2 < rows) continue;
      for (const { count, at } of values.values()) {
        if (count >= RARE || count * 4 > most || odd >= MAX_ODD) continue;
        rare.push(at);
        odd++;
      }
    }
  }
  return rare;
}

/** A template this frequent shows its last line as well: where it stopped. */
const LASTING = 20;

/** The last of each kind of line and of total: where things ended, and the final count. */
export function* totals(
  lines: readonly string[],
  { templates }: Templates,
  hidden: Uint8Array,
): Steps<readonly number[]> {
  const meter = new Meter();
  const last: number[] = [];
  for (const template of templates) {
    const line = lines[template.last] ?? "";
    if (meter.isDue(Math.min(line.length, MAX_SCAN) + LINE_WORK)) yield;
    if (template.count < RARE || hidden[template.last] === 1) continue;
    if (template.count >= LASTING || SUMMARY.test(line.slice(0, MAX_SCAN).trimStart()))
      last.push(template.last);
  }
  return last;
}
