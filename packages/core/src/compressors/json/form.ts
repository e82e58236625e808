/**
 * The frame of a lossless form: legend, what the document was besides one value, names, record types, body.
 *
 * ```
 * [json] …legend, only the sentences that are needed…
 * %lines                      the document was one value a line
 * %escaped 47 128             it escapes `/` and everything beyond ASCII
 * %text 18,4                  18 characters of other text follow, 4 more stand behind the body
 * @1=https://example.com      names, then record types, then a blank line and the body
 * ```
 */
import { decodeBody } from "./decode.ts";
import { type EscapeStyle, escapeText, readStyle, writeStyle } from "./escape.ts";
import { Unreadable } from "./notation.ts";
import type { Uses } from "./print.ts";
import { isDigit } from "./text.ts";

const TAG = "[json]";
const TYPES = " rows of T(a,b) give a,b in order.";
const CONSTANTS = " c=x in it: c is x";
const RULES =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
  " c=x${a} in it: c follows from its rule (${a} is the field a, ${} the row's own cell)";
const EXCEPTIONS = " unless the row says ;c=…";
const EMPTY = " An empty cell: no such key.";
const NAMES = " @1 stands for its text.";

/** The legend of a form that uses everything the notation has. */
export const legend: string = `${TAG}${TYPES}${RULES}${EXCEPTIONS}.${EMPTY}${NAMES}`;

/** Every first line a form can have: fixed sentences, only those that are needed, so that small answers pay little. */
const legends: ReadonlySet<string> = new Set(
  ["", NAMES].flatMap((names) => [
    TAG + names,
    ...[
      "",
      `${CONSTANTS}.`,
      `${CONSTANTS}${EXCEPTIONS}.`,
      `${RULES}.`,
      `${RULES}${EXCEPTIONS}.`,
    ].flatMap((rules) => ["", EMPTY].map((empty) => TAG + TYPES + rules + empty + names)),
  ]),
);

function legendOf({ names, headers, uses }: Form): string {
  const shown = names.length > 0 ? NAMES : "";
  if (headers.length === 0) return TAG + shown;
  const rule = headers.some((header) => header.includes("${"))
    ? RULES
    : headers.some((header) => header.includes("="))
      ? CONSTANTS
      : "";
  const exceptions = rule !== "" && uses.exceptions ? EXCEPTIONS : "";
  return `${TAG}${TYPES}${rule}${exceptions}${rule === "" ? "" : "."}${uses.emptyCells ? EMPTY : ""}${shown}`;
}

/** Whether a text is a lossless form already, by its first line. */
export function hasLegend(text: string): boolean {
  const end = text.indexOf("\n");
  return end !== -1 && end <= legend.length && legends.has(text.slice(0, end));
}

export interface Form {
  readonly before: string;
  readonly after: string;
  /** The values stood on lines of their own. */
  readonly lines: boolean;
  /** Characters that the document escapes. */
  readonly escapes: EscapeStyle | undefined;
  readonly names: readonly { readonly name: string; readonly text: string }[];
  readonly headers: readonly string[];
  readonly body: string;
  readonly uses: Uses;
}

export function writeForm(form: Form): string {
  const out = [legendOf(form)];
  if (form.lines) out.push("%lines");
  if (form.escapes !== undefined) out.push(writeStyle(form.escapes));
  if (form.before !== "" || form.after !== "") {
    out.push(`%text ${form.before.length},${form.after.length}`, form.before);
  }
  for (const { name, text } of form.names) out.push(`${name}=${text}`);
  out.push(...form.headers, "", form.body);
  if (form.after !== "") out.push(form.after);
  return out.join("\n");
}

/** The JSON text of a lossless form; `undefined` where it is not one. */
export function decodeForm(text: string): string | undefined {
  if (!hasLegend(text)) return undefined;
  try {
    return decodeFrame(text, text.indexOf("\n") + 1);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Names that explain names can grow without bound: no document we write comes near this. */
const maxLength = 1 << 26;

function decodeFrame(text: string, start: number): string {
  let at = start;
  let lines = false;
  let before = "";
  let after = "";
  function line(): string {
    const end = text.indexOf("\n", at);
    if (end === -1) throw new Unreadable();
    const found = text.slice(at, end);
    at = end + 1;
    return found;
  }
  if (text.startsWith("%lines\n", at)) {
    lines = true;
    line();
  }
  let end = text.length;
  const style = text.startsWith("%escaped ", at) ? readStyle(line()) : undefined;
  if (text.startsWith("%text ", at)) {
    const [above, below] = line().slice(6).split(",").map(Number);
    if (above === undefined || below === undefined || !(above >= 0) || !(below >= 0)) {
      throw new Unreadable();
    }
    before = text.slice(at, at + above);
    at += above + 1;
    after = text.slice(text.length - below);
    if (below > 0) end = text.length - below - 1;
  }
  const names = new Map<string, string>();
  const headers: string[] = [];
  for (let next = line(); next !== ""; next = line()) {
    const equals = next.startsWith("@") ? next.indexOf("=") : -1;
    if (equals > 1 && isNumber(next, 1, equals)) {
      names.set(next.slice(0, equals), spellOut(next.slice(equals + 1), names));
    } else headers.push(spellOut(next, names));
  }
  const items = decodeBody(headers, spellOut(text.slice(at, end), names), lines);
  const json = items.join("\n");
  return `${before}${style === undefined ? json : escapeText(json, style)}${after}`;
}

function isNumber(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

/** Replaces names by what they stand for. */
function spellOut(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  const out: string[] = [];
  let length = 0;
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    const long = names.get(text.slice(at, end));
    if (long === undefined) continue;
    out.push(text.slice(from, at), long);
    length += at - from + long.length;
    if (length > maxLength) throw new Unreadable();
    from = end;
  }
  out.push(text.slice(from));
  return out.join("");
}
