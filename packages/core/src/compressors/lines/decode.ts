/** Reads the lossless form of lines back, with no more state than the shapes defined so far and the headings above. */
import { NotationError, readOrUndefined } from "../../notation/error.ts";
import { readLegend } from "../../notation/legend.ts";
import { readDefinition, replaceNames } from "../../notation/names.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import {
  countValues,
  fillTemplate,
  type LineTemplate,
  parseTemplate,
} from "../log/line-template.ts";
import { readRowValues } from "../log/row-values.ts";
import { idEnd, looksLikeRow } from "../log/syntax.ts";
import { AGAIN, HEADING, PLAIN, readHead } from "./syntax.ts";

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
      reader.define(head.id, head.count, head.height, [head.text, ...rest].join("\n"));
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

interface DefinedShape extends LineTemplate {
  readonly values: number;
  readonly height: number;
  above: readonly string[];
  /** Rows that are still to come. */
  left: number;
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

  define(id: string, left: number, height: number, text: string): void {
    const { texts, slots } = parseTemplate(text);
    const template = { texts: texts.map((piece) => this.#spell(piece)), slots };
    const values = countValues(template);
    this.#shapes.set(id, { ...template, values, height, above: [], left });
  }

  /** What a line of the form stands for; nothing for a heading. */
  read(line: string): { readonly text: string; readonly height: number } | undefined {
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
    });
    shape.above = values;
    shape.left--;
    const filled = fillTemplate(shape, values) ?? this.#fail("a value for every slot");
    return { text: filled, height: shape.height };
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
