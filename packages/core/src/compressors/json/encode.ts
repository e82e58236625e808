/**
 * Writes a JSON document for a model to read: the lossless form, and the view of a document from which a plan leaves
 * things out.
 */

import { type JsonDocument, readInSteps } from "../../json/document.ts";
import { minifyInSteps } from "../../json/lexer.ts";
import type { OmissionPlan } from "../../json/node.ts";
import { mendLines, readMended } from "../../json/torn-lines.ts";
import type { Feature } from "../../notation/legend.ts";
import { freeNames, MIN_NAMED_TOKENS, settleNames } from "../../notation/names.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { arrange } from "./arrange.ts";
import { withCopies } from "./copies.ts";
import { type EscapeStyle, findEscapeStyle, unescapeText } from "./escape.ts";
import { writeForm } from "./form.ts";
import { printOrder } from "./order.ts";
import { type Pieces, Printer } from "./print.ts";
import { findRecordTypes, type RecordType } from "./record.ts";
import { repeatedValues } from "./repeated-values.ts";
import { nameRepeats } from "./repeats.ts";
import { planRows, type RowPlan } from "./rule.ts";
import { buildTable } from "./table.ts";
import { readValues } from "./value.ts";

/** The lossless form, not yet proven: `decodeForm` has to give the document back. */
export function* encodeDocument(given: JsonDocument, counter: TokenCounter): Steps<string> {
  const document = yield* mended(given);
  const { root, source } = document;
  const escapes = yield* findEscapeStyle(source, root.start, root.end);
  if (escapes === undefined) return yield* encode(document, undefined, counter, undefined);
  const unescaped = yield* unescapeText(source.slice(root.start, root.end), escapes);
  const plain = yield* readInSteps(unescaped);
  const { before, after, lines, open, raw } = document;
  if (plain === undefined || plain.lines !== lines || plain.open !== open || raw.length > 0) {
    return yield* encode(document, undefined, counter, undefined);
  }
  return yield* encode({ ...plain, before, after }, undefined, counter, escapes);
}

/** A document whose rows are all JSON: broken lines as strings of what they are. */
export function* mended(document: JsonDocument): Steps<JsonDocument> {
  const { root, source, raw } = document;
  if (raw.length === 0 || root.type !== "array") return document;
  const lines = mendLines(source, root);
  const whole = yield* readMended(lines);
  return whole === undefined ? document : { ...document, source: lines.text, root: whole };
}

function* encode(
  document: JsonDocument,
  plan: OmissionPlan | undefined,
  counter: TokenCounter,
  escapes: EscapeStyle | undefined,
): Steps<string> {
  const { source } = document;
  const shared = yield* readValues(source, document.root, plan);
  const types = yield* findRecordTypes(shared);
  const plain = new Map<RecordType, RowPlan>();
  for (const type of types.all) plain.set(type, yield* planRows(yield* buildTable(type, types)));
  const plans = yield* withCopies(plain, types);
  const arrangement = yield* arrange(shared.root, types, plans);
  const free = freeNames(source);
  const features = new Set<Feature>();
  const speller = new Printer(arrangement, new Map(), features);
  const values = (yield* repeatedValues(arrangement))
    .map((item) => ({ item, text: speller.textOf(item) }))
    .filter(({ text }) => text.length > 64 || counter.count(text) >= MIN_NAMED_TOKENS)
    .map((value) => ({ ...value, name: free() }));
  const names = new Map(values.map(({ item, name }) => [item, name]));
  const printer = new Printer(arrangement, names, features);
  const headers = [...plans.values()].map((each) => printer.header(each));
  const printed = [...headers, yield* printer.body()];
  // Where things are missing already, what is shown should stand there in full.
  const repeats =
    plan === undefined ? yield* nameRepeats(yield* leavesOf(printed), free, counter) : undefined;
  const settled = yield* settleNames(
    [...values, ...(repeats?.definitions ?? [])],
    yield* textsOf(printed, repeats?.texts),
    freeNames(source),
  );
  if (settled.definitions.length > 0) features.add("names");
  return writeForm({
    features,
    hasGaps: printer.hasGaps,
    names: settled.definitions,
    headers: settled.texts.slice(0, -1),
    body: settled.texts.at(-1) ?? "",
    before: document.before,
    after: document.after,
    settings:
      plan === undefined
        ? {
            lines: document.lines,
            open: document.open,
            raw: document.raw,
            escapes,
            orders: [...plans.values()].map(printOrder),
          }
        : undefined,
  });
}

function* leavesOf(printed: readonly Pieces[]): Steps<readonly string[]> {
  const meter = new Meter();
  const found: string[] = [];
  for (const { texts, leaves } of printed)
    for (const index of leaves) {
      found.push(texts[index] as string);
      if (meter.isDue(1)) yield;
    }
  return found;
}

/** The texts that pieces make, with other leaves where there are some. */
function* textsOf(
  printed: readonly Pieces[],
  leaves: readonly string[] | undefined,
): Steps<readonly string[]> {
  const meter = new Meter();
  const joined: string[] = [];
  let next = 0;
  for (const pieces of printed) {
    const texts = leaves === undefined ? pieces.texts : [...pieces.texts];
    if (leaves !== undefined)
      for (const index of pieces.leaves) {
        texts[index] = leaves[next++] as string;
        if (meter.isDue(1)) yield;
      }
    joined.push(yield* joinInSteps(texts));
  }
  return joined;
}

/** The document without white space: the simplest lossless form. */
export function* minifyDocument(document: JsonDocument): Steps<string> {
  const meter = new Meter();
  const lines: string[] = [];
  const { root, source, before, after } = document;
  const values = document.lines && root.type === "array" ? root.items : [root];
  for (const value of values) {
    const { start, end } = value;
    const isRaw = value.type === "string" && value.isRaw === true;
    lines.push(isRaw ? source.slice(start, end) : yield* minifyInSteps(source, start, end));
    if (meter.isDue(end - start)) yield;
  }
  return before + (yield* joinInSteps(lines, "\n")) + after;
}

/**
 * The text of a document without what `plan` omits. Every gap is shown where it is; literals are copied from the source.
 *
 * Pure, and never throws: a plan that names nodes of another document changes nothing.
 */
export function renderPlan(
  document: JsonDocument,
  plan: OmissionPlan,
  counter: TokenCounter,
): Steps<string> {
  return encode(document, plan, counter, undefined);
}
