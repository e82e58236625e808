/**
 * Reads the lossless form of a log back, line by line, with no more state than the stamp above, the shapes defined so far and
 * the values above in each of them.
 */
import { NotationError, readOrUndefined } from "../../notation/error.ts";
import { readLegend } from "../../notation/legend.ts";
import { readDefinition, replaceNames } from "../../notation/names.ts";
import { finish, joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { fromStampTail, SAME_START } from "../shared/stamp-tail.ts";
import { looksBraced, unbraceLists } from "./braces.ts";
import { countValues, fillTemplate, type LineTemplate, parseTemplate } from "./line-template.ts";
import { readRowValues } from "./row-values.ts";
import { entryOf, idEnd, isDefinition, looksLikeRow } from "./syntax.ts";

/** The exact inverse of `encodeLog`; `undefined` where the text is not ours. */
export function decodeLog(encoded: string): string | undefined {
  return finish(readOrUndefined(readInSteps(encoded)));
}

/** Whether `decodeLog` gives the text back from its form. */
export function* proveLog(text: string, form: string): Steps<boolean> {
  return (yield* readOrUndefined(readInSteps(form))) === text;
}

/**
 * As `decodeLog`.
 *
 * @throws NotationError - The text is not ours.
 */
export function readLog(encoded: string): string {
  return finish(readInSteps(encoded));
}

function* readInSteps(encoded: string): Steps<string> {
  const legend = readLegend("log", encoded);
  if (legend?.size === undefined) throw new NotationError("a legend of a log", 1);
  const closed = encoded.endsWith("\n");
  const lines = yield* splitAtBreaks(encoded.slice(legend.end, closed ? -1 : undefined));
  const names = new Map<string, string>();
  let at = 0;
  for (; at < lines.length; at++) {
    const definition = readDefinition(lines[at] ?? "");
    if (definition === undefined) break;
    names.set(definition.name, definition.text);
  }
  const reader = new Reader(names);
  const meter = new Meter();
  const out: string[] = [];
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    reader.lineNumber = at + 2;
    if (isDefinition(line)) reader.define(line);
    else out.push(reader.read(line));
    if (meter.isDue(line.length + LINE_WORK)) yield;
  }
  reader.finish();
  if (out.length !== legend.size.count) throw new NotationError(`${legend.size.count} lines`);
  const end = legend.features.has("crlf") ? "\r\n" : "\n";
  return (yield* joinInSteps(out, end)) + (closed ? end : "");
}

interface DefinedShape extends LineTemplate {
  readonly values: number;
  above: readonly string[];
  /** Lines that are still to come. */
  left: number;
}

class Reader {
  lineNumber = 1;
  readonly #names: ReadonlyMap<string, string>;
  readonly #shapes = new Map<string, DefinedShape>();
  #stamp: string | undefined;

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** `#a[3]=GET {} took {} ms` */
  define(line: string): void {
    const end = idEnd(line);
    const close = line.indexOf("]=", end);
    const count = close < 0 ? Number.NaN : Number(line.slice(end + 1, close));
    if (!Number.isSafeInteger(count) || count < 1) this.#fail("#a[lines]=…");
    const { texts, slots } = parseTemplate(line.slice(close + 2));
    const template = { texts: texts.map((text) => this.#spell(text)), slots };
    const values = countValues(template);
    this.#shapes.set(line.slice(0, end), { ...template, values, above: [], left: count });
  }

  /** A line of the log. */
  read(line: string): string {
    if (line[0] === SAME_START) {
      const space = line.indexOf(" ");
      const tail = line.slice(1, space < 0 ? undefined : space);
      const stamp = this.#stamp === undefined ? undefined : fromStampTail(this.#stamp, tail);
      if (stamp === undefined) return this.#fail("a full stamp");
      this.#stamp = stamp;
      return space < 0 ? stamp : `${stamp} ${this.#content(line.slice(space + 1))}`;
    }
    const { stamp, content, bare } = entryOf(line);
    if (stamp === undefined) return this.#content(line);
    this.#stamp = stamp;
    return bare ? line : `${stamp} ${this.#content(content)}`;
  }

  /** Checks that each shape had as many lines as it says. */
  finish(): void {
    for (const [id, { left }] of this.#shapes)
      if (left !== 0) throw new NotationError(`${left} more lines of ${id}`);
  }

  #content(text: string): string {
    if (text[0] === "\\") return text.slice(1);
    if (looksBraced(text)) return unbraceLists(this.#spell(text)) ?? this.#fail("braces in pairs");
    if (!looksLikeRow(text)) return this.#spell(text);
    const end = idEnd(text);
    const shape = this.#shapes.get(text.slice(0, end));
    if (shape === undefined) return this.#fail("a shape that is defined above");
    const values = readRowValues(text.slice(end + 1), {
      above: shape.above,
      count: shape.values,
      lineNumber: this.lineNumber,
      spell: (word) => this.#spell(word),
    });
    shape.above = values;
    shape.left--;
    return fillTemplate(shape, values) ?? this.#fail("a value for every slot");
  }

  #spell(text: string): string {
    return replaceNames(text, this.#names);
  }

  #fail(expected: string): never {
    throw new NotationError(expected, this.lineNumber);
  }
}
