/**
 * The lossless form of a log: shapes of lines named once, rows of what varies, stamps by their changed end, names for long
 * texts (docs/notation.md).
 *
 *     #a[2]=npm http fetch GET 200 https://registry.npmjs.org/{} {}ms (cache miss)
 *     #a lodash 26
 *     #a axios 29
 *     …8412 a line whose stamp differs from the one above in its last digits
 *
 * A shape stands where it is first used, and lines without one are printed as they are, so that the text reads from top to
 * bottom like the log. Follows the template coding of Drain and of Logzip (Liu et al., 2019), with the rows left in order.
 *
 * Trap: whatever a plain line could be mistaken for is escaped with a backslash; the decoder runs on every result.
 */
import { chooseDittos, DITTO } from "../../notation/ditto.ts";
import { type Feature, printLegend } from "../../notation/legend.ts";
import { readDefinition } from "../../notation/names.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK, type LineEnd, splitAtBreaks, splitInSteps } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { Draft, type Style } from "../shared/draft.ts";
import { mapInSteps } from "../shared/in-steps.ts";
import { SAME_START, stampTail, zoneStart } from "../shared/stamp-tail.ts";
import { braceLists, looksBraced } from "./braces.ts";
import { type Assigned, type Definition, groupLines } from "./grouping.ts";
import { MAX_SCAN } from "./patterns.ts";
import { FAILURE, severityOf, WARN } from "./severity.ts";
import { type Entry, entryOf, looksLikeRow, shapeId } from "./syntax.ts";

/** A stamp is printed in full at least every so many lines. */
const FULL_STAMP_EVERY = 20;
/** Lines. A reader has to find the last line of a shape to know what `^` stands for. */
const LOOK_BACK = 20;

/** `undefined` when there is nothing to gain. */
export function* encodeLog(text: string): Steps<string | undefined> {
  const closed = text.endsWith("\n");
  const split = text.includes("\r\n") ? yield* splitInSteps(text) : undefined;
  const crlf = split !== undefined && isAllCrlf(split.end);
  const lines = crlf ? split.text : yield* splitAtBreaks(closed ? text.slice(0, -1) : text);
  if (lines.length < 4 && text.length < 4_000) return undefined;
  const printer = new Printer();
  const entries = yield* mapInSteps(lines, entryOf);
  const contents = yield* mapInSteps(entries, ({ content }) => content);
  const meter = new Meter();
  const plain = new Uint8Array(contents.length);
  for (let at = 0; at < contents.length; at++) {
    const content = contents[at] ?? "";
    if (isPlain(content)) plain[at] = 1;
    if (meter.isDue(Math.min(content.length, MAX_SCAN * 2) + LINE_WORK)) yield;
  }
  const assigned = yield* groupLines(contents, (at) => plain[at] === 1);
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] as Entry;
    printer.line(entry, assigned[at], plain[at] === 1);
    if (meter.isDue(entry.content.length + LINE_WORK)) yield;
  }
  const { features } = printer;
  if (crlf) features.add("crlf");
  const { definitions, body } = yield* printer.draft.print(text, mayName);
  if (definitions.length > 0) features.add("names");
  return [
    printLegend("log", features, { count: lines.length, unit: "lines" }),
    ...definitions,
    closed ? body : body.slice(0, -1),
  ].join("\n");
}

/** A failure is always printed in full: no part of it stands in the definition of a shape. */
function isPlain(line: string): boolean {
  return severityOf(line, line) === FAILURE;
}

/** What a reader looks for by its words has no name: a failure or a warning. */
function mayName(text: string): boolean {
  const severity = severityOf(text, text);
  return severity !== FAILURE && severity !== WARN;
}

/** What stands between the slots of a shape. */
const PART: Style = { part: true };

/** A line without a stamp: with names in it, it must not read like one that has a stamp. */
const LINE: Style = { accepts: (named) => entryOf(named).stamp === undefined };

/** A value of a row: a space, and quotes around what has spaces. */
export const VALUE: Style = {
  print: (value) => {
    if (value === "" || hasSpace(value)) return ` "${value}"`;
    return value === DITTO || value[0] === "\\" || value[0] === '"' ? ` \\${value}` : ` ${value}`;
  },
};

function hasSpace(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) <= 32) return true;
  return false;
}

/** Lines of which some end in CRLF and some do not keep their `\r` as text. */
export function isAllCrlf(ends: readonly LineEnd[]): boolean {
  return ends.every((end, i) => end === "\r\n" || (end === "" && i === ends.length - 1));
}

/** Prints a log line by line. Its state: the stamp above, and the shapes seen so far with the values above. */
class Printer {
  readonly draft: Draft = new Draft();
  readonly features: Set<Feature> = new Set();
  readonly #ids = new Map<Definition, string>();
  /** The last row of each shape, and the number of its line. */
  readonly #above = new Map<
    Definition,
    { readonly values: readonly string[]; readonly line: number }
  >();
  #line = 0;
  #stamp: string | undefined;
  #sinceFull = 0;

  line({ content, stamp, bare }: Entry, row: Assigned | undefined, isPlain: boolean): void {
    this.#line++;
    if (row) this.#define(row.definition);
    if (stamp !== undefined) this.draft.verbatim(this.#stampOf(stamp) + (bare ? "" : " "));
    this.#sinceFull++;
    if (row) this.#row(row);
    else if (!bare) this.#content(content, stamp === undefined, isPlain);
    this.draft.verbatim("\n");
  }

  #stampOf(stamp: string): string {
    const above = this.#stamp;
    this.#stamp = stamp;
    const tail =
      above === undefined || this.#sinceFull >= FULL_STAMP_EVERY
        ? undefined
        : stampTail(above, stamp);
    if (tail === undefined) {
      this.#sinceFull = 0;
      return stamp;
    }
    this.features.add(tail === "" ? "sameStamp" : "stamps");
    if (tail !== "" && zoneStart(stamp) < stamp.length) this.features.add("zones");
    return SAME_START + tail;
  }

  #define(shape: Definition): void {
    if (this.#ids.has(shape)) return;
    const id = shapeId(this.#ids.size);
    this.#ids.set(shape, id);
    this.features.add("shapes");
    this.draft.verbatim(`${id}[${shape.count}]=`);
    this.draft.text(shape.texts[0] ?? "", PART);
    for (const [at, slot] of shape.slots.entries()) {
      if (slot > 0) this.features.add("repeats");
      this.draft.verbatim(slot === 0 ? "{}" : `{${slot}}`);
      this.draft.text(shape.texts[at + 1] ?? "", PART);
    }
    this.draft.verbatim("\n");
  }

  #row({ definition, values }: Assigned): void {
    const above = this.#above.get(definition);
    const isNear = above !== undefined && this.#line - above.line <= LOOK_BACK;
    const dittos = isNear ? chooseDittos(values, above.values) : [];
    this.#above.set(definition, { values, line: this.#line });
    if (dittos.length > 0) this.features.add("aboveOfShape");
    this.draft.verbatim(this.#ids.get(definition) ?? "");
    for (let at = 0; at < values.length; at++) {
      if (dittos.includes(at)) this.draft.verbatim(` ${DITTO}`);
      else this.draft.text(values[at] ?? "", VALUE);
    }
  }

  /** A line with braces: what stands in a pair of them can have a name. */
  #lists(braced: string): void {
    let done = 0;
    for (let open = braced.indexOf("{", 1); open >= 0; ) {
      const next = braced.indexOf("{", open + 1);
      const close = braced.indexOf("}", open);
      if (next < 0 || close < next) {
        this.draft.verbatim(braced.slice(done, open + 1));
        this.draft.text(braced.slice(open + 1, close));
        done = close;
      }
      open = next;
    }
    this.draft.verbatim(braced.slice(done));
  }

  #content(content: string, isWhole: boolean, isPlain: boolean): void {
    const braced = braceLists(content);
    if (braced !== undefined) {
      this.features.add("braces");
      this.#lists(braced);
    } else if (looksLikeNotation(content) || (isWhole && looksLikeLine(content))) {
      this.features.add("escaped");
      this.draft.verbatim(`\\${content}`);
    } else if (isPlain) this.draft.verbatim(content);
    else this.draft.text(content, isWhole ? LINE : undefined);
  }
}

/** A content that could be taken for something else. */
function looksLikeNotation(content: string): boolean {
  return content[0] === "\\" || looksLikeRow(content) || looksBraced(content);
}

/** A line without a stamp that could be taken for something else. */
function looksLikeLine(line: string): boolean {
  return line[0] === SAME_START || readDefinition(line) !== undefined;
}
