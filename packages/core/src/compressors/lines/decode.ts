/** Reads the lossless form of lines back, with no more state than the shapes defined so far and the headings above. */
import { NotationError, readOrUndefined } from "../../notation/error.ts";
import { readLegend } from "../../notation/legend.ts";
import { readDefinition, replaceNames } from "../../notation/names.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { countValues, type LineTemplate, parseTemplate } from "../log/line-template.ts";
import { readRowValues } from "../log/row-values.ts";
import { idEnd, looksLikeRow } from "../log/syntax.ts";
import { ABSENT, AGAIN, HEADING, PLAIN, readHead } from "./syntax.ts";

/** The exact inverse of `encodeLines`; `undefined` where the text is not ours. */
export function* decodeLines(form: string): Steps<string | undefined> {
  return yield* readOrUndefined(readInSteps(form));
}

function* readInSteps(form: string): Steps<string> {
  const legend = readLegend("lines", form);
  if (legend?.size === undefined) throw new NotationError("a legend of lines", 1);
  const closed = form.endsWith("\n");
  const lines = yield* splitAtBreaks(form.slice(legend.end, closed ? -1 : undefined));
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
  let count = 0;
  let length = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    reader.lineNumber = at + 2;
    const head = readHead(line);
    if (head !== undefined) {
      const rest = lines.slice(at + 1, at + head.height);
      reader.define(head.id, head.count, [head.text, ...rest]);
      at += head.height;
    } else {
      const more = readAgain(line);
      const read = more === undefined ? reader.read(line) : undefined;
      if (read !== undefined) {
        out.push(read.text);
        count += read.height;
        length += read.text.length + 1;
      }
      if (more !== undefined) {
        const last = out.at(-1) ?? "";
        length += more * (last.length + 1);
        if (length > MAX_LENGTH) throw new NotationError("fewer lines", at + 2);
        for (let n = 0; n < more; n++) out.push(last);
        count += more;
      }
      at++;
    }
    if (meter.isDue(line.length + LINE_WORK)) yield;
  }
  reader.finish();
  if (count !== legend.size.count) throw new NotationError(`${legend.size.count} lines`);
  const text = (yield* joinInSteps(out, "\n")) + (closed ? "\n" : "");
  return legend.features.has("crlf") ? text.replaceAll("\n", "\r\n") : text;
}

/** Characters. No text that we encode is longer. */
const MAX_LENGTH = 1 << 28;

/** Reads `#*12`. */
function readAgain(line: string): number | undefined {
  if (!line.startsWith(AGAIN)) return undefined;
  const more = Number(line.slice(AGAIN.length));
  return Number.isSafeInteger(more) && more > 0 ? more : undefined;
}

interface DefinedShape {
  /** One a line. */
  readonly lines: readonly LineTemplate[];
  readonly values: number;
  above: readonly (string | undefined)[];
  /** Rows that are still to come. */
  left: number;
}

interface Lines {
  readonly text: string;
  readonly height: number;
}

class Reader {
  lineNumber = 1;
  readonly #names: ReadonlyMap<string, string>;
  readonly #shapes = new Map<string, DefinedShape>();
  /** The beginnings that the headings above give. */
  #headings: string[] = [];

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  define(id: string, left: number, lines: readonly string[]): void {
    const templates = lines.map((line) => {
      const { texts, slots } = parseTemplate(line);
      return { texts: texts.map((piece) => this.#spell(piece)), slots };
    });
    const values = templates.reduce((sum, template) => sum + countValues(template), 0);
    this.#shapes.set(id, { lines: templates, values, above: [], left });
  }

  /** What a line of the form stands for; nothing for a heading. */
  read(line: string): Lines | undefined {
    let depth = 0;
    while (depth < this.#headings.length && line.charCodeAt(depth) === 32) depth++;
    this.#headings.length = depth;
    const start = this.#headings.at(-1) ?? "";
    const text = line.slice(depth);
    if (text.startsWith(PLAIN)) return { text: start + text.slice(1), height: 1 };
    if (text.startsWith(HEADING)) {
      this.#headings.push(start + this.#spell(text.slice(HEADING.length)));
      return undefined;
    }
    if (depth > 0 || !looksLikeRow(text)) return { text: start + this.#spell(text), height: 1 };
    const end = idEnd(text);
    const shape = this.#shapes.get(text.slice(0, end));
    if (shape === undefined) return this.#fail("a shape that is defined above");
    const values = readRowValues(text.slice(end + 1), {
      above: shape.above,
      count: shape.values,
      lineNumber: this.lineNumber,
      spell: (word) => this.#spell(word),
      absent: shape.lines.length > 1 ? ABSENT : undefined,
    });
    shape.above = values;
    shape.left--;
    return this.#filled(shape, values);
  }

  /** The lines of a row, without those that it lacks. */
  #filled({ lines }: DefinedShape, values: readonly (string | undefined)[]): Lines {
    const out: string[] = [];
    let next = 0;
    for (const { texts, slots } of lines) {
      let line = texts[0] ?? "";
      let isThere = true;
      for (const [at, slot] of slots.entries()) {
        const value = slot === 0 ? values[next++] : values[slot - 1];
        if (value === undefined) isThere = false;
        line += (value ?? "") + (texts[at + 1] ?? "");
      }
      if (isThere) out.push(line);
    }
    return { text: out.join("\n"), height: out.length };
  }

  /** Checks that each shape had as many rows as it says. */
  finish(): void {
    for (const [id, { left }] of this.#shapes)
      if (left !== 0) throw new NotationError(`${left} more rows of ${id}`);
  }

  #spell(text: string): string {
    return replaceNames(text, this.#names);
  }

  #fail(expected: string): never {
    throw new NotationError(expected, this.lineNumber);
  }
}
