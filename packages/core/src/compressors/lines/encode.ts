/**
 * The lossless form of lines (docs/notation.md): blocks and lines of one shape as rows, lines that begin alike under a heading, names for
 * long texts.
 *
 *     #a[212, 3 lines]=Package: {}
 *     Status: install ok installed
 *     Priority: {}
 *     #a bash required
 *     #a curl optional
 *     #=net.ipv4.conf.
 *      all.forwarding = 0
 *      default.forwarding = 1
 *
 * Trap: whatever a plain line could be mistaken for is escaped with a backslash; the decoder runs on every result.
 */
import { chooseDittos, DITTO } from "../../notation/ditto.ts";
import { type Feature, printLegend } from "../../notation/legend.ts";
import { readDefinition } from "../../notation/names.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks, splitInSteps } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { isAllCrlf, VALUE } from "../log/lossless.ts";
import { shapeId } from "../log/syntax.ts";
import { Draft, type Style } from "../shared/draft.ts";
import { FAILURE, failureOf, failuresIn, WARN } from "./failures.ts";
import { groupRows, type Row } from "./group.ts";
import { type Placed, placeUnderHeadings } from "./headings.ts";
import { keyEnd } from "./key.ts";
import { isBytes } from "./prose.ts";
import { eachOnce } from "./repeated.ts";
import { AGAIN, HEADING, looksLikeNotation, PLAIN, printHead } from "./syntax.ts";

/** Characters. A longer setting may have a name. */
const MAX_SETTING = 60;
/** Rows. A reader has to find the last row of a shape to know what `^` stands for. */
const LOOK_BACK = 20;

/** `undefined` where there is nothing to write. */
export function* encodeLines(text: string): Steps<string | undefined> {
  if (text === "") return undefined;
  const closed = text.endsWith("\n");
  const split = text.includes("\r\n") ? yield* splitInSteps(text) : undefined;
  const crlf = split !== undefined && isAllCrlf(split.end);
  const all = crlf ? split.text : yield* splitAtBreaks(closed ? text.slice(0, -1) : text);
  const { lines, more } = yield* eachOnce(all);
  const failures = yield* failuresIn(lines);
  // A failure is always printed in full: no part of it stands in a definition or a heading. Bytes have no shape.
  const isAlone = (at: number): boolean => failures[at] === FAILURE || more.has(at);
  const rows = yield* groupRows(lines, (at) => isAlone(at) || isBytes(lines[at] ?? ""));
  const printer = new Printer();
  const meter = new Meter();
  for (let at = 0; at < lines.length; ) {
    const row = rows[at];
    if (row !== undefined) {
      printer.row(row);
      at += row.height;
      if (meter.isDue(LINE_WORK)) yield;
      continue;
    }
    if (isAlone(at)) {
      printer.alone(lines[at] ?? "", more.get(at) ?? 0);
      if (meter.isDue((lines[at] ?? "").length + LINE_WORK)) yield;
      at++;
      continue;
    }
    let end = at;
    while (end < lines.length && rows[end] === undefined && !isAlone(end)) end++;
    for (const placed of yield* placeUnderHeadings(lines.slice(at, end))) {
      printer.placed(placed);
      if (meter.isDue(placed.text.length + LINE_WORK)) yield;
    }
    at = end;
  }
  const { features } = printer;
  if (crlf) features.add("crlf");
  const { definitions, body } = yield* printer.draft.print(text, mayName);
  if (definitions.length > 0) features.add("names");
  return [
    printLegend("lines", features, { count: all.length, unit: "lines" }),
    ...definitions,
    closed ? body : body.slice(0, -1),
  ].join("\n");
}

/** What a reader looks for by its words has no name: a failure, a warning, a setting with its value. */
function mayName(text: string): boolean {
  if (text.length < MAX_SETTING && keyEnd(text) >= 0) return false;
  const severity = failureOf(text);
  return severity !== FAILURE && severity !== WARN;
}

/** What stands between the slots of a shape, and in a heading. */
const PART: Style = { part: true };

/** A line, or what a heading leaves of it: with names in it, it must not read like something else. */
const LINE: Style = {
  accepts: (named) => readDefinition(named) === undefined && !looksLikeNotation(named),
};

interface Above {
  readonly values: readonly string[];
  readonly row: number;
}

/** Prints from top to bottom. Its state: the shapes seen so far with their last rows, and how deep the last line stood. */
class Printer {
  readonly draft: Draft = new Draft();
  readonly features: Set<Feature> = new Set();
  readonly #shapes = new Map<Row["definition"], { readonly id: string; above?: Above }>();
  #rows = 0;
  /** Headings that a line with enough blanks would stand under. */
  #depth = 0;

  row({ definition, values, height }: Row): void {
    this.#rows++;
    this.#depth = 0;
    let shape = this.#shapes.get(definition);
    if (shape === undefined) {
      shape = { id: shapeId(this.#shapes.size) };
      this.#shapes.set(definition, shape);
      this.#define(shape.id, definition, height);
    }
    const { above } = shape;
    const isNear = above !== undefined && this.#rows - above.row <= LOOK_BACK;
    const dittos = isNear ? chooseDittos(values, above.values) : [];
    shape.above = { values, row: this.#rows };
    if (dittos.length > 0) this.features.add("aboveOfShape");
    this.draft.verbatim(shape.id);
    for (let at = 0; at < values.length; at++) {
      if (dittos.includes(at)) this.draft.verbatim(` ${DITTO}`);
      else this.draft.text(values[at] ?? "", VALUE);
    }
    this.draft.verbatim("\n");
  }

  placed({ depth, text, isHeading }: Placed): void {
    const below = this.#depth;
    this.#depth = isHeading ? depth + 1 : depth;
    this.draft.verbatim(" ".repeat(depth));
    if (isHeading) {
      this.features.add("begins");
      this.draft.verbatim(HEADING);
      this.draft.text(text, PART);
    } else if (
      looksLikeNotation(text) ||
      (depth === 0 && readDefinition(text) !== undefined) ||
      (below > depth && text.startsWith(" "))
    ) {
      this.features.add("escaped");
      this.draft.verbatim(PLAIN + text);
    } else this.draft.text(text, LINE);
    this.draft.verbatim("\n");
  }

  /** A line that is printed as it stands, and how many more of it there are. */
  alone(line: string, more: number): void {
    const isMisread =
      looksLikeNotation(line) ||
      readDefinition(line) !== undefined ||
      (this.#depth > 0 && line.startsWith(" "));
    this.#depth = 0;
    if (isMisread) this.features.add("escaped");
    this.draft.verbatim(`${isMisread ? PLAIN : ""}${line}\n`);
    if (more === 0) return;
    this.features.add("again");
    this.draft.verbatim(`${AGAIN}${more}\n`);
  }

  #define(id: string, { texts, slots, count }: Row["definition"], height: number): void {
    this.features.add(height === 1 ? "shapes" : "blocks");
    this.draft.verbatim(printHead({ id, count, height }));
    for (const [at, text] of texts.entries()) {
      const slot = slots[at - 1];
      if (slot !== undefined) this.draft.verbatim(slot === 0 ? "{}" : `{${slot}}`);
      if (slot !== undefined && slot > 0) this.features.add("repeats");
      for (const [line, piece] of text.split("\n").entries()) {
        if (line > 0) this.draft.verbatim("\n");
        this.draft.text(piece, PART);
      }
    }
    this.draft.verbatim("\n");
  }
}
