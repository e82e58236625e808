/**
 * Turns lines of one shape into a template and rows.
 *
 * What is equal in all rows moves into the template: whole columns, common starts and ends, and columns that repeat or begin
 * with an earlier one (`{1}`).
 */
import { roughTokens } from "./shape.ts";

/** A line shape with `{}` for each value of a row and `{n}` for a repeat of value n. */
export interface RowTemplate {
  readonly text: string;
  /** One column per `{}`, each with one value per row. */
  readonly columns: readonly (readonly string[])[];
  /** Rough tokens a row is shorter than its line, without the template's own cost. */
  readonly saving: number;
}

interface Constant {
  readonly type: "constant";
  text: string;
}
interface Slot {
  readonly type: "slot";
  readonly values: readonly string[];
}
interface Reference {
  readonly type: "reference";
  readonly to: Slot;
}
type Piece = Constant | Slot | Reference;

/** Later columns are compared with this many earlier ones. */
const MAX_BACK = 6;

/** `undefined` where the text would read like a slot. */
export function buildTemplate(
  constants: readonly string[],
  rows: readonly (readonly string[])[],
): RowTemplate | undefined {
  const pieces: Piece[] = [{ type: "constant", text: constants[0] ?? "" }];
  const slots: Slot[] = [];
  const addText = (text: string): void => {
    if (text === "") return;
    const last = pieces.at(-1);
    if (last?.type === "constant") last.text += text;
    else pieces.push({ type: "constant", text });
  };
  for (let column = 0; column + 1 < constants.length; column++) {
    addColumn(
      rows.map((row) => row[column] ?? ""),
      pieces,
      slots,
      addText,
    );
    addText(constants[column + 1] ?? "");
  }
  let text = "";
  let fixed = "";
  for (const piece of pieces) {
    if (piece.type === "constant") {
      if (looksLikeSlot(piece.text)) return undefined;
      text += piece.text;
      fixed += piece.text;
    } else if (piece.type === "slot") {
      text += "{}";
      fixed += " ";
    } else {
      text += `{${slots.indexOf(piece.to) + 1}}`;
      fixed += piece.to.values[0] ?? "";
    }
  }
  return { text, columns: slots.map(({ values }) => values), saving: roughTokens(fixed) - 2 };
}

function addColumn(
  values: string[],
  pieces: Piece[],
  slots: Slot[],
  addText: (text: string) => void,
): void {
  const [first = ""] = values;
  if (values.every((value) => value === first)) {
    addText(first);
    return;
  }
  let start = commonStart(values);
  let end = commonEnd(values, start);
  for (const value of values)
    if (value.length < start + end) end = Math.max(0, value.length - start);
  start = Math.min(start, ...bounded(values, end));
  addText(first.slice(0, start));
  let middle = values.map((value) => value.slice(start, value.length - end));
  const tail = end > 0 ? first.slice(-end) : "";
  if (values.length >= 4) {
    const source = slots
      .slice(-MAX_BACK)
      .find((slot) => middle.every((value, row) => startsWithWord(value, slot.values[row] ?? "")));
    if (source) {
      pieces.push({ type: "reference", to: source });
      middle = middle.map((value, row) => value.slice(source.values[row]?.length ?? 0));
      if (middle.every((value) => value === middle[0])) {
        addText((middle[0] ?? "") + tail);
        return;
      }
      const more = commonStart(middle);
      addText((middle[0] ?? "").slice(0, more));
      middle = middle.map((value) => value.slice(more));
    }
  }
  const slot: Slot = { type: "slot", values: middle };
  slots.push(slot);
  pieces.push(slot);
  addText(tail);
}

/** How much every value can give to a common start when `end` is taken. */
function bounded(values: readonly string[], end: number): readonly number[] {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value.length - end);
  return [least];
}

/** Whether `value` is `word`, or goes on after it with something that is not a letter or digit. */
function startsWithWord(value: string, word: string): boolean {
  if (word.length < 2 || !value.startsWith(word)) return false;
  return value.length === word.length || !isAlnum(value.charCodeAt(word.length));
}

function commonStart(values: readonly string[]): number {
  const [first = ""] = values;
  let length = first.length;
  for (const value of values) {
    length = Math.min(length, value.length);
    let at = 0;
    while (at < length && value.charCodeAt(at) === first.charCodeAt(at)) at++;
    length = at;
    if (length === 0) return 0;
  }
  // Words and numbers are not cut in two.
  while (length > 0 && isAlnum(first.charCodeAt(length - 1))) length--;
  return length;
}

function commonEnd(values: readonly string[], start: number): number {
  const [first = ""] = values;
  let length = first.length - start;
  for (const value of values) {
    length = Math.min(length, value.length - start);
    let at = 0;
    while (
      at < length &&
      value.charCodeAt(value.length - 1 - at) === first.charCodeAt(first.length - 1 - at)
    )
      at++;
    length = at;
    if (length <= 0) return 0;
  }
  while (length > 0 && isAlnum(first.charCodeAt(first.length - length))) length--;
  return length;
}

function looksLikeSlot(text: string): boolean {
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at + 1)) {
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (text[end] === "}") return true;
  }
  return false;
}

function isAlnum(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A printed template taken apart: texts around slots, and for each gap the slot number, or 0 for the next value. */
export interface ParsedTemplate {
  readonly texts: readonly string[];
  readonly slots: readonly number[];
}

export function parseTemplate(text: string): ParsedTemplate {
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

/** A line from a template and the values of its row. `undefined` when they do not fit. */
export function fillTemplate(
  { texts, slots }: ParsedTemplate,
  values: readonly string[],
): string | undefined {
  let line = texts[0] ?? "";
  let next = 0;
  for (const [at, slot] of slots.entries()) {
    const value = slot === 0 ? values[next++] : values[slot - 1];
    if (value === undefined) return undefined;
    line += value + (texts[at + 1] ?? "");
  }
  return next === values.length ? line : undefined;
}
