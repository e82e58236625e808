/**
 * A numbered read of a file of records, one JSON value a line. Agents look things up in such a file and seldom edit it, so it has a view,
 * as the same lines have without their numbers. JSON over several lines has none: it may be a configuration.
 *
 * Rows have the numbers that retrieval counts by, because both take the values of numbered lines in order. So a file with a broken line,
 * which only one of them might count, has no view.
 */
import { type JsonDocument, readInSteps } from "../../json/document.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { originalUnits, viewOf } from "../json/for-others.ts";
import { learnStyle, type NumberStyle, readPadded } from "./number-prefix.ts";

/** Fewer records are read at a glance. */
const MIN_RECORDS = 6;
/** Longer texts have no view: memory is a multiple of the text. */
const MAX_CHARACTERS = 16_000_000;

/** The records of a numbered read, shown as JSON is; `undefined` where its lines are no records, or all of them are shown. */
export function* viewOfRecords(text: string, context: ShortenContext): Steps<View | undefined> {
  const document = yield* recordsOf(text);
  return document && (yield* viewOf(document, context, {}));
}

/** The records read again. */
export function* unitsOfRecords(text: string): Steps<OriginalUnits> {
  const document = yield* recordsOf(text);
  return document ? originalUnits(document.source, document.root) : { values: () => undefined };
}

function* recordsOf(text: string): Steps<JsonDocument | undefined> {
  const end = text.indexOf("\n");
  const first = text.slice(0, Math.max(0, end));
  // Most files are no records: nothing more is read of them.
  if (text.length > MAX_CHARACTERS || !opensValue(contentOf(first) ?? "")) return undefined;
  const contents = yield* contentsOf(text);
  const document = contents === undefined ? undefined : yield* readInSteps(contents);
  if (!document?.lines || document.open > 0 || document.raw.length > 0) return undefined;
  const { root, before } = document;
  if (before !== "" || root.type !== "array" || root.items.length < MIN_RECORDS) return undefined;
  return document;
}

/** The text without its numbers, where they count up from the first line on and each numbered line opens a value. */
function* contentsOf(text: string): Steps<string | undefined> {
  const lines = yield* splitAtBreaks(text);
  const first = learnStyle(lines[0] ?? "");
  if (!first) return undefined;
  const contents: string[] = [];
  const meter = new Meter();
  let next = first.number;
  for (const line of lines) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    const content = next > 0 ? contentAt(line, next, first.style) : undefined;
    // What a harness writes below a file has no numbers; numbers that begin anew belong to another file.
    if (content === undefined) next = learnStyle(line) ? -1 : 0;
    if (next < 0) return undefined;
    if (content !== undefined) {
      if (content !== "" && !opensValue(content)) return undefined;
      next++;
    }
    contents.push(content ?? line);
  }
  return contents.join("\n");
}

function contentOf(line: string): string | undefined {
  const learnt = learnStyle(line);
  return learnt && contentAt(line, learnt.number, learnt.style);
}

function contentAt(line: string, number: number, style: NumberStyle): string | undefined {
  const numbered = readPadded(line, style);
  return numbered?.number === number ? numbered.content : undefined;
}

function opensValue(content: string): boolean {
  return content.startsWith("{") || content.startsWith("[");
}
