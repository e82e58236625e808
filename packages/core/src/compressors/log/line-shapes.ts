/**
 * What the lines of a gap have in common, as a sentence can say it: the words of their template, and between them the values, by
 * their counts or their range.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Fact, LineShape } from "../../types/statement.ts";
import { compareQuantities, type Quantity, quantityOf } from "../../view/quantity.ts";
import { findSlots, slotValues, spaced } from "../../view/shape.ts";
import type { Template } from "./mine.ts";
import { ID_NAME, OPAQUE_ID, STAMP_PART } from "./patterns.ts";

export type ShapesFact = Fact & { readonly says: "shapes" };

/** How much is said about values. */
export interface Detail {
  /** So many different values are named, with their counts. */
  readonly values: number;
  /** Characters of the values that are named in one place. */
  readonly characters: number;
  /** Ranges are told. */
  readonly ranges: boolean;
  /** Characters of a list of values that all differ; 0 for no list. */
  readonly list: number;
}

export const PATTERN_ONLY: Detail = { values: 1, characters: 40, ranges: false, list: 0 };
export const BRIEF: Detail = { values: 3, characters: 40, ranges: true, list: 0 };
export const FULL: Detail = { values: 12, characters: 160, ranges: true, list: 0 };

/**
 * The shape of a template from its n-th word on, in about `size` characters. Values at its start are left out: they are
 * stamps.
 */
export function shapeOf(template: Template, from: number, size: number): LineShape {
  const all = template.words.map((word) => (template.strict ? word.replace(/\d+/g, "*") : word));
  const words = all.slice(afterStamp(all, from));
  let text = "";
  let isOpen = false;
  for (const word of words) {
    const next = text === "" ? word : `${text} ${word}`;
    if (next.length > size) {
      text = text === "" ? withoutHalf(next.slice(0, size)) : text;
      isOpen = true;
      break;
    }
    text = next;
  }
  // Mining reads the start of a line.
  if (text.length > 300) isOpen = true;
  const texts = text.split("*");
  // A `*` that nothing stands behind goes on to the end of the line.
  if (isOpen && texts.length > 1 && texts.at(-1)?.trim() === "") texts[texts.length - 1] = "";
  return { texts, slots: texts.slice(1).map(() => undefined), open: isOpen };
}

/** Where the words behind a time stamp begin. */
function afterStamp(words: readonly string[], from: number): number {
  let at = from;
  if (MONTHS.has(words[at] ?? "") && words[at + 1] === "*") at += 2;
  const isStamp = (place: number): boolean => STAMP_PART.test(words[place] ?? "");
  while (isStamp(at) || (BRACKETS.has(words[at] ?? "") && isStamp(at + 1))) at++;
  // Nothing but values: they are all there is to say.
  return at === words.length ? from : at;
}

const BRACKETS: ReadonlySet<string> = new Set(["[", "("]);
const MONTHS: ReadonlySet<string> = new Set(
  "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
);

function withoutHalf(text: string): string {
  const code = text.charCodeAt(text.length - 1);
  return code >= 0xd800 && code <= 0xdbff ? text.slice(0, -1) : text;
}

/** What is true of lines: how many have each of these shapes, and which values stand in them. */
export function* shapesFact(
  lines: readonly string[],
  shapesToTry: readonly LineShape[],
  detail: Detail,
  listed = false,
): Steps<ShapesFact> {
  const meter = new Meter();
  // Shapes of values alone fit all lines: they are tried last.
  const candidates = [
    ...shapesToTry.filter(hasText),
    ...shapesToTry.filter((shape) => !hasText(shape)),
  ];
  const counts = candidates.map(() => 0);
  const values = candidates.map(({ slots }) => slots.map((): string[] => []));
  let others = 0;
  let blank = 0;
  for (const line of lines) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    const text = spaced(line);
    if (text === "") {
      blank++;
      continue;
    }
    let isFound = false;
    for (const [at, shape] of candidates.entries()) {
      const places = findSlots(shape, text);
      if (places === undefined) continue;
      isFound = true;
      counts[at] = (counts[at] ?? 0) + 1;
      for (const [slot, value] of slotValues(text, places).entries())
        values[at]?.[slot]?.push(value);
      break;
    }
    if (!isFound) others++;
  }
  const shapes: [LineShape, number][] = [];
  for (const [at, shape] of candidates.entries()) {
    const count = counts[at] ?? 0;
    if (count > 0) shapes.push([yield* described(shape, values[at] ?? [], detail), count]);
  }
  for (let last = shapes.at(-1); last && saysNothing(last[0]); last = shapes.at(-1)) {
    others += last[1];
    shapes.pop();
  }
  return { says: "shapes", shapes, others, blank, ...(listed ? { listed } : {}) };
}

/** Whether a shape has any letter or digit besides its values. */
export function hasText({ texts }: LineShape): boolean {
  return texts.some((text) => /[\p{L}\d]/u.test(text));
}

function saysNothing(shape: LineShape): boolean {
  return !hasText(shape) && shape.slots.every((slot) => slot === undefined);
}

function* described(
  { texts, open }: LineShape,
  values: readonly (readonly string[])[],
  detail: Detail,
): Steps<LineShape> {
  const meter = new Meter();
  const out: string[] = [texts[0] ?? ""];
  const slots: (Fact | undefined)[] = [];
  const listed = detail.list > 0 ? bestList(texts, values, detail.list) : NONE;
  for (const [at, own] of values.entries()) {
    const said: string | Fact | undefined =
      at === listed ? { says: "list", values: own } : describe(own, detail);
    const text = texts[at + 1] ?? "";
    if (meter.isDue(own.length * 4)) yield;
    if (typeof said === "string") {
      out[out.length - 1] += said + text;
      continue;
    }
    slots.push(said);
    out.push(text);
  }
  return { texts: out, slots, ...(open ? { open } : {}) };
}

/** The value that all have, a fact about the values, or nothing. */
function describe(values: readonly string[], detail: Detail): string | Fact | undefined {
  const counts = new Map<string, number>();
  let characters = 0;
  const most = Math.max(detail.values, 1);
  for (const value of values) {
    const count = counts.get(value);
    if (count === undefined) {
      characters += value.length + 4;
      if (counts.size >= most) break;
    }
    counts.set(value, (count ?? 0) + 1);
  }
  const areAll = [...counts.values()].reduce((sum, count) => sum + count, 0) === values.length;
  const [only = ""] = counts.keys();
  if (areAll && counts.size === 1 && only.length <= detail.characters) return only;
  if (areAll && counts.size > 1 && characters <= detail.characters && areNames(counts.keys())) {
    if (counts.size === values.length) return { says: "list", values };
    return {
      says: "counts",
      counts: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
    };
  }
  return detail.ranges ? rangeOf(values) : undefined;
}

const NONE = -1;
/** So many values tell what all are. */
const LOOKED_AT = 8;

/** Which values are listed, of those that all differ: ids before numbers. */
function bestList(
  texts: readonly string[],
  values: readonly (readonly string[])[],
  characters: number,
): number {
  let best = NONE;
  let most = NONE;
  for (const [at, own] of values.entries()) {
    const isOpaque = own.slice(0, LOOKED_AT).some((value) => OPAQUE_ID.test(value));
    const score = (isOpaque ? 2 : 0) + (ID_NAME.test(texts[at] ?? "") ? 1 : 0);
    if (score > most && isList(own, characters)) {
      best = at;
      most = score;
    }
  }
  return best;
}

/** Values that can be told from what stands around them. */
function areNames(values: Iterable<string>): boolean {
  for (const value of values) if (value.trim() === "" || value.endsWith("…")) return false;
  return true;
}

/** The least and the greatest of values that measure the same. */
function rangeOf(values: readonly string[]): Fact | undefined {
  let least: { text: string; quantity: Quantity } | undefined;
  let most = least;
  for (const text of values) {
    const quantity = text.length > 24 ? undefined : quantityOf(text);
    if (quantity === undefined || quantity.kind === "version") return undefined;
    if (least !== undefined && least.quantity.kind !== quantity.kind) return undefined;
    if (least === undefined || compareQuantities(quantity, least.quantity) < 0)
      least = { text, quantity };
    if (most === undefined || compareQuantities(quantity, most.quantity) > 0)
      most = { text, quantity };
  }
  return least && most && { says: "range", least: least.text, most: most.text };
}

function isList(values: readonly string[], characters: number): boolean {
  const size = values.reduce((sum, value) => sum + value.length + 2, 0);
  return size <= characters && new Set(values).size === values.length && areNames(values);
}
