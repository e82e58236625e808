/**
 * Turns lines of one shape into a template and rows.
 *
 * What is equal in all rows moves into the template: whole columns, common starts and ends, and columns that repeat or begin
 * with an earlier one (`{1}`).
 */

import { isDigit } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import { isCut } from "../shared/edges.ts";
import { everyInSteps, mapInSteps } from "../shared/in-steps.ts";
import { cost } from "../shared/text-cost.ts";

/** A line shape: texts around slots. */
export interface LineTemplate {
  /** One more than there are slots. */
  readonly texts: readonly string[];
  /** For each slot 0, which takes the row's next value, or the number of the value it repeats, from 1. */
  readonly slots: readonly number[];
}

/** A shape with the values of its lines. */
export interface Shape extends LineTemplate {
  /** One column per slot that takes a value, each with one value per row. */
  readonly columns: readonly (readonly string[])[];
  /** Rough tokens that a row is shorter than its line. */
  readonly saving: number;
  /** Rough tokens of the definition. */
  readonly cost: number;
}

/** Later columns are compared with this many earlier ones. */
const MAX_BACK = 6;

/**
 * The shape of lines that have `constants` around the values of `rows`.
 *
 * @returns `undefined` where the text would read like a slot, and for lines that are all the same: those have no values.
 */
export function* buildShape(
  constants: readonly string[],
  rows: readonly (readonly string[])[],
): Steps<Shape | undefined> {
  const builder = new Builder(constants[0] ?? "");
  for (let column = 0; column + 1 < constants.length; column++) {
    yield* builder.column(yield* mapInSteps(rows, (row) => row[column] ?? ""));
    builder.text(constants[column + 1] ?? "");
  }
  const { texts, slots, columns } = builder;
  if (columns.length === 0 || texts.some(looksLikeSlot)) return undefined;
  const spared = slots.map((slot) => (slot === 0 ? "" : (columns[slot - 1]?.[0] ?? "")));
  const saving = cost([...texts, ...spared].join(" ")) - 2;
  return { texts, slots, columns, saving, cost: cost(printTemplate({ texts, slots })) };
}

class Builder {
  readonly texts: string[];
  readonly slots: number[] = [];
  readonly columns: (readonly string[])[] = [];

  constructor(text: string) {
    this.texts = [text];
  }

  text(text: string): void {
    this.texts[this.texts.length - 1] += text;
  }

  slot(number: number): void {
    this.slots.push(number);
    this.texts.push("");
  }

  *column(values: readonly string[]): Steps<void> {
    const [first = ""] = values;
    if (yield* everyInSteps(values, (value) => value === first)) {
      this.text(first);
      return;
    }
    const { start, end } = yield* commonEnds(values);
    this.text(first.slice(0, start));
    const inner = yield* mapInSteps(values, (value) => value.slice(start, value.length - end));
    const rest = yield* this.#afterRepeat(inner);
    if (rest !== undefined) {
      this.slot(0);
      this.columns.push(rest);
    }
    this.text(end > 0 ? first.slice(-end) : "");
  }

  /** Writes that the values repeat or begin with those of an earlier column; what is left of them, if anything. */
  *#afterRepeat(values: readonly string[]): Steps<readonly string[] | undefined> {
    if (values.length < 4) return values;
    const source = yield* this.#sourceOf(values);
    if (source < 0) return values;
    this.slot(source + 1);
    const earlier = this.columns[source] ?? [];
    const rest = yield* mapInSteps(values, (value, row) => value.slice(earlier[row]?.length));
    const [first = ""] = rest;
    if (yield* everyInSteps(rest, (value) => value === first)) {
      this.text(first);
      return undefined;
    }
    const start = yield* commonStart(rest);
    this.text(first.slice(0, start));
    return yield* mapInSteps(rest, (value) => value.slice(start));
  }

  /** The first of the last columns that the values repeat or begin with, or -1. */
  *#sourceOf(values: readonly string[]): Steps<number> {
    for (let at = Math.max(0, this.columns.length - MAX_BACK); at < this.columns.length; at++) {
      const column = this.columns[at] ?? [];
      const repeats = (value: string, row: number): boolean =>
        startsWithWord(value, column[row] ?? "");
      if (yield* everyInSteps(values, repeats)) return at;
    }
    return -1;
  }
}

/** Whether `value` is `word`, or goes on behind it with another word. */
function startsWithWord(value: string, word: string): boolean {
  return word.length >= 2 && value.startsWith(word) && isCut(value, word.length);
}

/** How much all values start and end with, without overlap. */
function* commonEnds(values: readonly string[]): Steps<{ start: number; end: number }> {
  const start = yield* commonStart(values);
  const [first = ""] = values;
  let end = first.length;
  const endsLikeFirst = (value: string): boolean => {
    end = Math.min(end, value.length - start);
    let at = 0;
    while (
      at < end &&
      value.charCodeAt(value.length - 1 - at) === first.charCodeAt(first.length - 1 - at)
    )
      at++;
    end = at;
    return end > 0;
  };
  if (!(yield* everyInSteps(values, endsLikeFirst))) return { start, end: 0 };
  while (end > 0 && !(yield* everyInSteps(values, (value) => isCut(value, value.length - end))))
    end--;
  return { start, end };
}

function* commonStart(values: readonly string[]): Steps<number> {
  const [first = ""] = values;
  let start = first.length;
  const startsLikeFirst = (value: string): boolean => {
    start = Math.min(start, value.length);
    let at = 0;
    while (at < start && value.charCodeAt(at) === first.charCodeAt(at)) at++;
    start = at;
    return start > 0;
  };
  if (!(yield* everyInSteps(values, startsLikeFirst))) return 0;
  while (start > 0 && !(yield* everyInSteps(values, (value) => isCut(value, start)))) start--;
  return start;
}

function looksLikeSlot(text: string): boolean {
  return parseTemplate(text).slots.length > 0;
}

export function printTemplate({ texts, slots }: LineTemplate): string {
  let out = texts[0] ?? "";
  for (const [at, slot] of slots.entries())
    out += `{${slot === 0 ? "" : slot}}${texts[at + 1] ?? ""}`;
  return out;
}

/** Reads what `printTemplate` wrote. */
export function parseTemplate(text: string): LineTemplate {
  const texts: string[] = [];
  const slots: number[] = [];
  let start = 0;
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at + 1)) {
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (text[end] !== "}") continue;
    texts.push(text.slice(start, at));
    slots.push(end === at + 1 ? 0 : Number(text.slice(at + 1, end)));
    start = end + 1;
  }
  texts.push(text.slice(start));
  return { texts, slots };
}

/** How many values a row has. */
export function countValues({ slots }: LineTemplate): number {
  let count = 0;
  for (const slot of slots) if (slot === 0) count++;
  return count;
}

/** A line from a template and the values of its row; `undefined` where a slot repeats a value that the row does not have. */
export function fillTemplate(
  { texts, slots }: LineTemplate,
  values: readonly (string | undefined)[],
): string | undefined {
  let line = texts[0] ?? "";
  let next = 0;
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] ?? 0;
    const value = slot === 0 ? values[next++] : values[slot - 1];
    if (value === undefined) return undefined;
    line += value + (texts[at + 1] ?? "");
  }
  return line;
}
