/**
 * Writes a JSON document for a model to read: the lossless form, and the view of a document from which a plan leaves
 * things out.
 */

import type { Feature } from "../../notation/legend.ts";
import { freeNames, MIN_NAMED_TOKENS, settleNames } from "../../notation/names.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { arrange } from "./arrange.ts";
import { type JsonDocument, readDocument } from "./document.ts";
import { type EscapeStyle, findEscapeStyle, unescapeText } from "./escape.ts";
import { writeForm } from "./form.ts";
import { minifyText } from "./lexer.ts";
import { printOrder } from "./order.ts";
import { type Pieces, Printer } from "./print.ts";
import { findRecordTypes } from "./record.ts";
import { repeatedValues } from "./repeated-values.ts";
import { nameRepeats } from "./repeats.ts";
import { planRows } from "./rule.ts";
import { buildTable } from "./table.ts";
import type { OmissionPlan } from "./tree.ts";
import { readValues } from "./value.ts";

/** The lossless form, not yet proven: `decodeForm` has to give the document back. */
export function encodeDocument(document: JsonDocument, counter: TokenCounter): string {
  const { root, source } = document;
  const escapes = findEscapeStyle(source, root.start, root.end);
  if (escapes === undefined) return encode(document, undefined, counter, undefined);
  const plain = readDocument(unescapeText(source.slice(root.start, root.end), escapes));
  if (plain === undefined || plain.lines !== document.lines) {
    return encode(document, undefined, counter, undefined);
  }
  const { before, after } = document;
  return encode({ ...plain, before, after }, undefined, counter, escapes);
}

function encode(
  document: JsonDocument,
  plan: OmissionPlan | undefined,
  counter: TokenCounter,
  escapes: EscapeStyle | undefined,
): string {
  const { source } = document;
  const shared = readValues(source, document.root, plan);
  const types = findRecordTypes(shared);
  const plans = new Map(types.all.map((type) => [type, planRows(buildTable(type, types))]));
  const arrangement = arrange(shared.root, types, plans);
  const free = freeNames(source);
  const features = new Set<Feature>();
  const plain = new Printer(arrangement, new Map(), features);
  const values = repeatedValues(arrangement)
    .map((item) => ({ item, text: plain.textOf(item) }))
    .filter(({ text }) => text.length > 64 || counter.count(text) >= MIN_NAMED_TOKENS)
    .map((value) => ({ ...value, name: free() }));
  const names = new Map(values.map(({ item, name }) => [item, name]));
  const printer = new Printer(arrangement, names, features);
  const printed = [...[...plans.values()].map((each) => printer.header(each)), printer.body()];
  // Where things are missing already, what is shown should stand there in full.
  const repeats = plan === undefined ? nameRepeats(leavesOf(printed), free, counter) : undefined;
  const settled = settleNames(
    [...values, ...(repeats?.definitions ?? [])],
    textsOf(printed, repeats?.texts),
    freeNames(source),
  );
  if (settled.definitions.length > 0) features.add("names");
  return writeForm({
    features,
    names: settled.definitions,
    headers: settled.texts.slice(0, -1),
    body: settled.texts.at(-1) ?? "",
    before: document.before,
    after: document.after,
    settings:
      plan === undefined
        ? { lines: document.lines, escapes, orders: [...plans.values()].map(printOrder) }
        : undefined,
  });
}

function leavesOf(printed: readonly Pieces[]): string[] {
  return printed.flatMap(({ texts, leaves }) => leaves.map((index) => texts[index] as string));
}

/** The texts that pieces make, with other leaves where there are some. */
function textsOf(printed: readonly Pieces[], leaves: readonly string[] | undefined): string[] {
  let next = 0;
  return printed.map((pieces) => {
    if (leaves === undefined) return pieces.texts.join("");
    const texts = [...pieces.texts];
    for (const index of pieces.leaves) texts[index] = leaves[next++] as string;
    return texts.join("");
  });
}

/** The document without white space: the simplest lossless form. */
export function minifyDocument(document: JsonDocument): string {
  const out: string[] = [document.before];
  const { root, source } = document;
  const values = document.lines && root.type === "array" ? root.items : [root];
  values.forEach((value, index) => {
    if (index > 0) out.push("\n");
    out.push(minifyText(source, value.start, value.end));
  });
  out.push(document.after);
  return out.join("");
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
): string {
  return encode(document, plan, counter, undefined);
}
