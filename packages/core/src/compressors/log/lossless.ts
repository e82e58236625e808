/**
 * The lossless form of a log: shapes of lines named once, rows of what varies, stamps by their changed end, short names for
 * long text, counts for repeated lines.
 *
 *     #a=npm http fetch GET 200 https://registry.npmjs.org/{} {}ms (cache miss)
 *     #a lodash 26
 *     #a axios 29
 *     ^8412 a line whose stamp differs from the one above in its last digits
 *     ×3
 *
 * A shape stands where it is first used, and lines without one are printed as they are, so that the text reads from top to
 * bottom like the log. Follows the template coding of Drain and of Logzip (Liu et al., 2019), with the rows left in order.
 *
 * Trap: whatever a plain line could be mistaken for is escaped with a backslash; the decoder runs on every result.
 */
import { splitLines } from "../shared/lines.ts";
import {
  type Alias,
  aliasName,
  applyAliases,
  chooseAliases,
  expandAliases,
  indexAliases,
  SIGN,
} from "./alias.ts";
import { braceLists, looksBraced, unbraceLists } from "./braces.ts";
import {
  buildTemplate,
  fillTemplate,
  type ParsedTemplate,
  parseTemplate,
  type RowTemplate,
} from "./columns.ts";
import { fromStampTail, fromTail, stampTail, tailOf } from "./ditto.ts";
import { FAILURE, severityOf } from "./severity.ts";
import {
  constantsOf,
  findValues,
  findWords,
  hashShape,
  hashWord,
  MAX_SHAPED,
  makeSpans,
  mix,
  roughTokens,
  type Spans,
  valuesOf,
} from "./shape.ts";
import { stampEnd } from "./stamp.ts";

export const LEGEND =
  "[log: #a={}… is a line shape and #a x y a line of it ({1} repeats its 1st value, values not given are those above); ^ is the stamp or value above, ^12 the same ending in 12; §a is short for the text after §a=; {, } means a{b, c} is ab, ac; ×2 repeats the line above twice]";
const CRLF = "#crlf";
/** Failures of one shape are printed whole up to this many. */
const SPARE_FAILURES = 12;

interface Entry {
  /** The line after its stamp. */
  readonly content: string;
  readonly stamp: string | undefined;
  /** A stamped line with nothing after the stamp, not even a space. */
  readonly bare: boolean;
}

export interface EncodeOptions {
  /**
   * Print every failure in full, without shapes and names, for a reader who shall see it at once.
   * @default false
   */
  readonly plainFailures?: boolean;
}

/** `undefined` when there is nothing to gain or the text cannot be coded. */
export function encodeLog(text: string, options: EncodeOptions = {}): string | undefined {
  const { plainFailures = false } = options;
  const closed = text.endsWith("\n");
  const split = splitLines(text);
  const crlf =
    split.end.length > 1 &&
    split.end.every((end, i) => end === "\r\n" || (end === "" && i === split.end.length - 1));
  const lines = crlf ? split.text : (closed ? text.slice(0, -1) : text).split("\n");
  if (lines.length < 4 && text.length < 4_000) return undefined;
  const entries = lines.map(entryOf);
  const isPlain = (line: string): boolean => plainFailures && severityOf(line, line) === FAILURE;
  const templates = findTemplates(entries, isPlain);
  const body = printBody(lines, entries, templates);
  const aliases = text.includes(SIGN) ? [] : chooseAliases(body);
  const index = indexAliases(aliases);
  const out: string[] = [LEGEND];
  if (crlf) out.push(CRLF);
  for (const { name, text: long } of aliases) out.push(`${name}=${long}`);
  printRepeats(
    index.size === 0
      ? body
      : body.map((line) =>
          isDefinition(line) || isPlain(afterTail(line)) ? line : applyAliases(line, index),
        ),
    out,
  );
  return out.join("\n") + (closed ? "\n" : "");
}

/** A body line without the end of its stamp. */
function afterTail(line: string): string {
  return line[0] === "^" ? line.slice(line.indexOf(" ") + 1) : line;
}

function entryOf(line: string): Entry {
  const end = line.length > 0 && isStampStart(line.charCodeAt(0)) ? stampEnd(line) : -1;
  if (end < 8) return { content: line, stamp: undefined, bare: false };
  if (end === line.length) return { content: "", stamp: line, bare: true };
  if (line.charCodeAt(end) !== 32) return { content: line, stamp: undefined, bare: false };
  return { content: line.slice(end + 1), stamp: line.slice(0, end), bare: false };
}

function isStampStart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 91 || code === 40 || (code >= 65 && code <= 90);
}

interface Assigned {
  readonly template: RowTemplate;
  /** Row within the template. */
  readonly row: number;
}

/** How lines are compared: how to find their values, and how to hash what must be equal. */
interface Attempt {
  readonly least: number;
  find(content: string, spans: Spans): void;
  hash(content: string, spans: Spans): number;
}

const byWords = (least: number, ...places: readonly number[]): Attempt => ({
  least,
  find: findWords,
  // All words are values, but lines go together only when the words at these places are the same.
  hash: (content, spans) =>
    mix(hashShape(content, spans), ...places.map((place) => hashWord(content, spans, place))),
});

/** Finer shapes first, then coarser ones for what is left. */
const ATTEMPTS: readonly Attempt[] = [
  { least: 3, find: (content, spans) => findValues(content, true, spans), hash: hashShape },
  { least: 4, find: (content, spans) => findValues(content, false, spans), hash: hashShape },
  byWords(4, 0, 1, -1),
  byWords(4, 0, 1),
  byWords(4, 0),
];

/** Which lines become rows of which shape. */
function findTemplates(
  entries: readonly Entry[],
  isPlain: (line: string) => boolean,
): readonly (Assigned | undefined)[] {
  const assigned: (Assigned | undefined)[] = new Array(entries.length);
  const spans = makeSpans();
  let open: number[] = [];
  for (const [i, { content }] of entries.entries()) {
    if (content.length > 2 && content.length <= MAX_SHAPED && !isPlain(content)) open.push(i);
  }
  for (const attempt of ATTEMPTS) {
    const hashes = new Float64Array(open.length);
    const sizes = new Map<number, number>();
    for (const [n, i] of open.entries()) {
      const { content } = entries[i] as Entry;
      attempt.find(content, spans);
      const hash = attempt.hash(content, spans);
      hashes[n] = hash;
      sizes.set(hash, (sizes.get(hash) ?? 0) + 1);
    }
    const groups = new Map<number, number[]>();
    const left: number[] = [];
    for (const [n, i] of open.entries()) {
      const hash = hashes[n] ?? 0;
      if ((sizes.get(hash) ?? 0) < attempt.least) left.push(i);
      else {
        const group = groups.get(hash);
        if (group) group.push(i);
        else groups.set(hash, [i]);
      }
    }
    for (const lines of groups.values()) {
      const template = templateOf(lines, entries, attempt, spans);
      if (
        template === undefined ||
        template.saving * lines.length < roughTokens(template.text) + 5
      ) {
        for (const i of lines) left.push(i);
      } else for (const [row, i] of lines.entries()) assigned[i] = { template, row };
    }
    open = left.sort((a, b) => a - b);
  }
  return assigned;
}

function templateOf(
  lines: readonly number[],
  entries: readonly Entry[],
  attempt: Attempt,
  spans: Spans,
): RowTemplate | undefined {
  const rows: (readonly string[])[] = [];
  let constants: readonly string[] = [];
  const sample = entries[lines[0] ?? 0]?.content ?? "";
  // A failure is read as it stands, unless it comes again and again.
  if (lines.length < SPARE_FAILURES && severityOf(sample, sample) === FAILURE) return undefined;
  for (const i of lines) {
    const { content } = entries[i] as Entry;
    attempt.find(content, spans);
    if (rows.length === 0) constants = constantsOf(content, spans);
    rows.push(valuesOf(content, spans));
  }
  return buildTemplate(constants, rows);
}

function printBody(
  lines: readonly string[],
  entries: readonly Entry[],
  assigned: readonly (Assigned | undefined)[],
): readonly string[] {
  const out: string[] = [];
  const ids = nameTemplates(assigned);
  const defined = new Set<RowTemplate>();
  const above = new Map<RowTemplate, string[]>();
  let previous: string | undefined;
  for (const [i, { content, stamp, bare }] of entries.entries()) {
    const row = assigned[i];
    let body: string;
    if (row) {
      const id = ids.get(row.template) ?? "";
      if (!defined.has(row.template)) {
        defined.add(row.template);
        out.push(`#${id}=${row.template.text}`);
      }
      const values = row.template.columns.map((column) => column[row.row] ?? "");
      body = printRow(id, values, above.get(row.template));
      above.set(row.template, values);
    } else {
      body = content;
    }
    if (stamp === undefined) {
      out.push(row ? body : escapeLine(body));
      continue;
    }
    let tail = previous === undefined ? undefined : stampTail(previous, stamp);
    if (tail !== undefined && hasSpace(tail)) tail = undefined;
    previous = stamp;
    const head = tail === undefined ? stamp : `^${tail}`;
    if (bare) out.push(tail === undefined ? escapeLine(lines[i] ?? "") : head);
    else out.push(`${head} ${row ? body : escapeContent(body)}`);
  }
  return out;
}

/** Short names for the most used shapes. */
function nameTemplates(
  assigned: readonly (Assigned | undefined)[],
): ReadonlyMap<RowTemplate, string> {
  const uses = new Map<RowTemplate, number>();
  for (const row of assigned) if (row) uses.set(row.template, (uses.get(row.template) ?? 0) + 1);
  const ranked = [...uses.keys()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
  return new Map(ranked.map((template, at) => [template, letters(at)]));
}

function letters(index: number): string {
  let name = "";
  for (let at = index + 1; at > 0; at = Math.floor((at - 1) / 26))
    name = String.fromCharCode(97 + ((at - 1) % 26)) + name;
  return name;
}

function printRow(
  id: string,
  values: readonly string[],
  above: readonly string[] | undefined,
): string {
  const printed = values.map((value, at) => {
    const old = above?.[at];
    if (old !== undefined) {
      if (old === value) return "^";
      const tail = value.length >= 6 ? tailOf(old, value) : undefined;
      if (tail !== undefined && tail.length * 2 <= value.length && !hasSpace(tail))
        return `^${tail}`;
    }
    return quoted(value);
  });
  while (printed.at(-1) === "^") printed.pop();
  return printed.length === 0 ? `#${id}` : `#${id} ${printed.join(" ")}`;
}

function quoted(value: string): string {
  if (value === "" || hasSpace(value)) return `"${value}"`;
  const first = value[0];
  return first === "^" || first === "\\" || first === '"' ? `\\${value}` : value;
}

function hasSpace(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) <= 32) return true;
  return false;
}

/** A plain line that could be taken for something else. */
function escapeLine(line: string): string {
  const first = line[0];
  if (first === "^" || first === "×" || first === SIGN || line === CRLF) return `\\${line}`;
  return escapeContent(line);
}

function escapeContent(content: string): string {
  const braced = braceLists(content);
  if (braced !== undefined) return braced;
  return content[0] === "\\" || looksLikeRow(content) || looksBraced(content)
    ? `\\${content}`
    : content;
}

function looksLikeRow(content: string): boolean {
  if (content[0] !== "#") return false;
  const end = idEnd(content);
  return end > 1 && (end === content.length || content[end] === " " || content[end] === "=");
}

function idEnd(content: string): number {
  let end = 1;
  while (content.charCodeAt(end) >= 97 && content.charCodeAt(end) <= 122) end++;
  return end;
}

function isDefinition(line: string): boolean {
  return line[0] === "#" && line[idEnd(line)] === "=" && idEnd(line) > 1;
}

function printRepeats(body: readonly string[], out: string[]): void {
  for (let i = 0; i < body.length; i++) {
    const line = body[i] ?? "";
    out.push(line);
    let end = i + 1;
    while (end < body.length && body[end] === line) end++;
    // One more short line is cheaper than a count.
    if (end - i > 2 && (line.length > 0 || end - i > 3)) {
      out.push(`×${end - i - 1}`);
      i = end - 1;
    }
  }
}

/** The exact inverse; `undefined` where the text is not ours. */
export function decodeLog(encoded: string): string | undefined {
  if (!encoded.startsWith(`${LEGEND}\n`)) return undefined;
  const closed = encoded.endsWith("\n");
  const lines = encoded.slice(LEGEND.length + 1, closed ? -1 : undefined).split("\n");
  let at = 0;
  const end = lines[0] === CRLF ? "\r\n" : "\n";
  if (end === "\r\n") at++;
  const aliases: Alias[] = [];
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    // Names come in order, and a name is used only after it: `§a===` in the first body line defines nothing.
    if (!line.startsWith(`${aliasName(aliases.length)}=`)) break;
    aliases.push({ name: line.slice(0, 2), text: line.slice(3) });
  }
  const texts = new Map(aliases.map(({ name, text }): [string, string] => [name, text]));
  const reader = new Reader();
  const out: string[] = [];
  let above: string | undefined;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line[0] === "×") {
      const times = Number(line.slice(1));
      if (above === undefined || !Number.isSafeInteger(times) || times < 1 || times > 1e8)
        return undefined;
      for (let n = 0; n < times; n++) {
        const read = reader.read(above);
        if (typeof read !== "string") return undefined;
        out.push(read);
      }
      continue;
    }
    if (isDefinition(line)) {
      reader.define(line);
      continue;
    }
    above = expandAliases(line, texts);
    const read = reader.read(above);
    if (read === undefined) return undefined;
    out.push(read);
  }
  return out.join(end) + (closed ? end : "");
}

/** Reads body lines one after another. The only state: the stamp above, and the values above of each shape. */
class Reader {
  private readonly shapes = new Map<string, ParsedTemplate>();
  private readonly above = new Map<string, string[]>();
  private stamp: string | undefined;

  define(line: string): void {
    const end = idEnd(line);
    this.shapes.set(line.slice(1, end), parseTemplate(line.slice(end + 1)));
  }

  read(line: string): string | undefined {
    if (line[0] === "^") {
      const space = line.indexOf(" ");
      const tail = line.slice(1, space < 0 ? undefined : space);
      const stamp = this.stamp === undefined ? undefined : fromStampTail(this.stamp, tail);
      if (stamp === undefined) return undefined;
      this.stamp = stamp;
      if (space < 0) return stamp;
      const content = this.content(line.slice(space + 1));
      return content === undefined ? undefined : `${stamp} ${content}`;
    }
    if (line[0] === "\\") {
      const raw = line.slice(1);
      const { stamp } = entryOf(raw);
      if (stamp !== undefined) this.stamp = stamp;
      return raw;
    }
    const { stamp, content, bare } = entryOf(line);
    if (stamp === undefined) return this.content(line);
    this.stamp = stamp;
    if (bare) return line;
    const read = this.content(content);
    return read === undefined ? undefined : `${stamp} ${read}`;
  }

  private content(text: string): string | undefined {
    if (text[0] === "\\") return text.slice(1);
    if (looksBraced(text)) return unbraceLists(text);
    if (!looksLikeRow(text)) return text;
    const end = idEnd(text);
    const id = text.slice(1, end);
    const shape = this.shapes.get(id);
    if (shape === undefined) return undefined;
    const values = readValues(text.slice(end + 1), this.above.get(id), slotCount(shape));
    if (values === undefined) return undefined;
    this.above.set(id, values);
    return fillTemplate(shape, values);
  }
}

function slotCount({ slots }: ParsedTemplate): number {
  let count = 0;
  for (const slot of slots) if (slot === 0) count++;
  return count;
}

function readValues(
  text: string,
  above: readonly string[] | undefined,
  count: number,
): string[] | undefined {
  const values: string[] = [];
  let at = 0;
  while (at < text.length && values.length < count) {
    const first = text[at];
    if (first === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) return undefined;
      values.push(text.slice(at + 1, end));
      at = end + 2;
      continue;
    }
    const space = text.indexOf(" ", at);
    const word = text.slice(at, space < 0 ? undefined : space);
    at = space < 0 ? text.length : space + 1;
    if (first === "^") {
      const old = above?.[values.length];
      const value = old === undefined ? undefined : fromTail(old, word.slice(1));
      if (value === undefined) return undefined;
      values.push(value);
    } else values.push(first === "\\" ? word.slice(1) : word);
  }
  while (values.length < count) {
    const old = above?.[values.length];
    if (old === undefined) return undefined;
    values.push(old);
  }
  return values;
}
