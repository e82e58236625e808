/**
 * The frame of a lossless form: legend, prose above, names, headers, body, prose below, and what only the decoder needs.
 *
 * ```
 * [json] …sentences for what the text uses…
 * Found 2 results:                   prose that stood above
 * @1=https://example.com/docs        names, then headers of record types, then a blank line and the body
 * Row(id | url=@1/${id})
 *
 * Row[2 rows
 * …
 * %decoder-only text=17,0 key-order=011  only where there is something to say; see `Settings`
 * ```
 */
import { lineAt, NotationError, readOrUndefined } from "../../notation/error.ts";
import { type Feature, hasLegend as hasLegendOf, printLegend } from "../../notation/legend.ts";
import {
  type Definition,
  printDefinition,
  readDefinition,
  replaceInSteps,
  replaceNames,
} from "../../notation/names.ts";
import { finish } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { decodeNotation } from "./decode.ts";
import { type EscapeStyle, escapeText, readStyle, writeStyle } from "./escape.ts";
import { LEFT_OUT } from "./value.ts";

const KIND = "json";
/** Ends the legend of a view in which values are left out. */
const GAPS = ` ${LEFT_OUT}: left out.`;
const DECODER = "%decoder-only";

/** Whether a text is a lossless form already, by its first line. */
export function hasLegend(text: string): boolean {
  const end = text.indexOf("\n");
  if (!text.endsWith(GAPS, end)) return hasLegendOf(KIND, text);
  return hasLegendOf(KIND, `${text.slice(0, end - GAPS.length)}\n`);
}

export interface Form {
  readonly features: ReadonlySet<Feature>;
  /** Values of a view are left out of its rows. */
  readonly hasGaps: boolean;
  readonly names: readonly Definition[];
  readonly headers: readonly string[];
  readonly body: string;
  /** Prose above and below. */
  readonly before: string;
  readonly after: string;
  /** Nothing for a view, which nobody decodes. */
  readonly settings: Settings | undefined;
}

/** What only the decoder needs. */
export interface Settings {
  /** The values stood on lines of their own. */
  readonly lines: boolean;
  /** How many brackets at its end the document lacks: it breaks off there. */
  readonly open: number;
  /** Values on lines of their own that are strings here, and were broken lines. */
  readonly raw: readonly number[];
  /** Characters that the document escapes. */
  readonly escapes: EscapeStyle | undefined;
  /** The order of the keys of each type, by header; `undefined` where it is that of the header. See `order.ts`. */
  readonly orders: readonly (string | undefined)[];
}

export function writeForm({
  features,
  hasGaps,
  names,
  headers,
  body,
  before,
  after,
  settings,
}: Form): string {
  const lines = [...names.map(printDefinition), ...headers, "", body].join("\n");
  const trailer = settings === undefined ? "" : printSettings(settings, before, after);
  return [
    `${printLegend(KIND, features)}${hasGaps ? GAPS : ""}\n`,
    before,
    isLineBreakNeeded(before, before.length - 1) ? "\n" : "",
    lines,
    isLineBreakNeeded(after, 0) ? "\n" : "",
    after,
    trailer === "" ? "" : `\n${DECODER}${trailer}`,
  ].join("");
}

/** Whether prose has to be parted from what stands before or behind it: it may have a line break there itself. */
function isLineBreakNeeded(prose: string, at: number): boolean {
  return prose !== "" && prose.charCodeAt(at) !== 10;
}

function printSettings(
  { lines, open, raw, escapes, orders }: Settings,
  before: string,
  after: string,
): string {
  let out = "";
  if (lines) out += " lines";
  if (raw.length > 0) out += ` raw=${raw.join(",")}`;
  if (open > 0) out += ` open=${open}`;
  if (before !== "" || after !== "") out += ` text=${before.length},${after.length}`;
  if (escapes !== undefined) out += ` escaped=${writeStyle(escapes)}`;
  const last = orders.findLastIndex((order) => order !== undefined);
  if (last >= 0) out += ` key-order=${orders.slice(0, last + 1).join(",")}`;
  return out;
}

/** The JSON text of a lossless form; `undefined` where it is not one. */
export function decodeForm(text: string): string | undefined {
  return finish(decodeInSteps(text));
}

/** `decodeForm`. */
export function decodeInSteps(text: string): Steps<string | undefined> {
  return readOrUndefined(readForm(text));
}

/**
 * The JSON text of a lossless form.
 *
 * @throws NotationError - It is not one; says where and why.
 */
export function* readForm(text: string): Steps<string> {
  if (!hasLegend(text)) throw new NotationError("a legend", 1);
  let end = text.lastIndexOf("\n");
  const settings = text.startsWith(`${DECODER} `, end + 1)
    ? text.slice(end + DECODER.length + 2).split(" ")
    : undefined;
  if (settings === undefined) end = text.length;
  const { before, after, lines, open, raw, escapes, orders } = readSettings(settings ?? []);
  let at = text.indexOf("\n") + 1;
  const above = text.slice(at, at + before);
  at += before + (isLineBreakNeeded(above, before - 1) ? 1 : 0);
  const below = text.slice(end - after, end);
  end -= after + (isLineBreakNeeded(below, 0) ? 1 : 0);
  let lineNumber = lineAt(text, at);
  const names = new Map<string, string>();
  const headers: string[] = [];
  for (; ; lineNumber++) {
    const next = text.indexOf("\n", at);
    if (next === -1 || next >= end) throw new NotationError("a blank line", lineNumber);
    const line = text.slice(at, next);
    at = next + 1;
    if (line === "") break;
    const definition = readDefinition(line);
    if (definition === undefined) headers.push(replaceNames(line, names));
    else names.set(definition.name, definition.text);
  }
  const json = yield* decodeNotation({
    headers,
    body: yield* replaceInSteps(text.slice(at, end), names),
    orders,
    lines,
    headerLine: lineNumber - headers.length,
    bodyLine: lineNumber + 1,
  });
  const escaped = escapes === undefined ? json : yield* escapeText(json, escapes);
  return `${above}${brokenAgain(escaped, open, raw)}${below}`;
}

/** JSON without the brackets at its end that the document lacks, and with its broken lines as they were. */
function brokenAgain(json: string, open: number, raw: readonly number[]): string {
  if (open > 0) {
    const end = json.length - open;
    if (end <= 0 || /[^\]}]/.test(json.slice(end))) throw new NotationError("open brackets");
    return json.slice(0, end);
  }
  if (raw.length === 0) return json;
  const lines = json.split("\n");
  for (const at of raw) {
    const line = lines[at];
    if (line === undefined || !line.startsWith('"')) throw new NotationError("a broken line");
    lines[at] = JSON.parse(line) as string;
  }
  return lines.join("\n");
}

interface ReadSettings extends Settings {
  /** Characters of prose. */
  readonly before: number;
  readonly after: number;
}

function readSettings(settings: readonly string[]): ReadSettings {
  const known = new Map(
    settings.map((setting) => {
      const equals = setting.indexOf("=");
      return equals === -1
        ? ([setting, ""] as const)
        : ([setting.slice(0, equals), setting.slice(equals + 1)] as const);
    }),
  );
  const [before = 0, after = 0] = (known.get("text") ?? "0,0").split(",").map(Number);
  if (!(before >= 0) || !(after >= 0)) throw new NotationError("lengths of the text around");
  const escaped = known.get("escaped");
  return {
    before,
    after,
    lines: known.has("lines"),
    open: wholeNumber(known.get("open") ?? "0"),
    raw: known.has("raw") ? (known.get("raw") ?? "").split(",").map(wholeNumber) : [],
    escapes: escaped === undefined ? undefined : readStyle(escaped),
    orders: (known.get("key-order") ?? "").split(","),
  };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new NotationError("a number");
  return number;
}
