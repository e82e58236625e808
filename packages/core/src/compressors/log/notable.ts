/** Lines that stand out among their likes: the slowest, the only one with another value, the last of a long run, totals. */
import { Meter } from "../../steps.ts";
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
