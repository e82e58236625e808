/**
 * Writes a JSON document for a model to read: the lossless form, and the view of a document from which a plan leaves
 * things out.
 */
import type { TokenCounter } from "../../types/tokens.ts";
import { aliasTexts } from "./alias.ts";
import { cutLexeme } from "./cut.ts";
import { type JsonDocument, readDocument } from "./document.ts";
import { type EscapeStyle, findEscapeStyle, unescapeText } from "./escape.ts";
import { writeForm } from "./form.ts";
import { lexeme, minifyText } from "./lexer.ts";
import { flatten, nameNodes, type Out } from "./out.ts";
import { printDocument } from "./print.ts";
import { findRecordTypes } from "./record.ts";
import { chooseRules } from "./rule.ts";
import { buildTables } from "./table.ts";
import { isDigit } from "./text.ts";
import type { JsonMember, JsonNode, OmissionPlan } from "./tree.ts";
import { readValues } from "./value.ts";

/** Values that get a name, at most: a reader has to look each of them up. */
const maxNames = 200;
/** The same for parts of strings. */
const maxAliases = 80;

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
  const shared = readValues(document.source, document.root, plan);
  const types = findRecordTypes(shared);
  const tables = buildTables(types);
  // Where things are missing already, what is shown should stand there in full.
  for (const table of tables.values()) chooseRules(table, plan === undefined);
  const printed = printDocument(shared.root, types, tables);
  const free = freeNames(document.source);
  const named = nameNodes(printed.nodes, free, maxNames, counter);
  const longTexts = named.map((node) => textOf(node.parts));
  const given = new Map(named.map((node, index) => [longTexts[index] ?? "", node.alias ?? ""]));
  const { texts, names } = aliasTexts(
    [...longTexts, ...printed.headers.map(textOf), textOf(printed.body)],
    given,
    free,
    plan === undefined ? maxAliases : 0,
    counter,
  );
  const explained = new Set(names.map(({ name }) => name));
  const values = named
    .map((node, index) => ({ name: node.alias ?? "", text: texts[index] ?? "" }))
    .filter(({ name }) => !explained.has(name));
  return writeForm({
    before: document.before,
    after: document.after,
    lines: document.lines,
    escapes,
    names: [...names, ...values],
    headers: texts.slice(named.length, -1),
    body: texts.at(-1) ?? "",
    uses: printed.uses,
  });
}

function textOf(parts: readonly Out[]): string {
  const out: string[] = [];
  flatten(parts, out);
  return out.join("");
}

/** `@1`, `@2`, … without those that stand in the source already. */
function freeNames(source: string): () => string {
  const taken = new Set<string>();
  for (let at = source.indexOf("@"); at !== -1; at = source.indexOf("@", at + 1)) {
    let end = at + 1;
    while (end < source.length && isDigit(source.charCodeAt(end))) end++;
    // `@12` also forbids `@1`: a name must not be mistaken for the beginning of another.
    for (let cut = at + 2; cut <= end && cut < at + 6; cut++) taken.add(source.slice(at, cut));
  }
  let next = 0;
  return () => {
    do next++;
    while (taken.has(`@${next}`));
    return `@${next}`;
  };
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
  const out: string[] = [document.before];
  write(document.source, document.root, plan, out);
  out.push(document.after);
  const plain = out.join("");
  const encoded = encode(document, plan, counter, undefined);
  return counter.count(encoded) < counter.count(plain) ? encoded : plain;
}

/** The view as JSON with gaps: what is shortest where nothing repeats. */
function write(source: string, node: JsonNode, plan: OmissionPlan, out: string[]): void {
  if (node.type === "string") {
    const cut = plan.cut.get(node);
    out.push(cut === undefined ? lexeme(source, node) : cutLexeme(source, node, cut));
    return;
  }
  if (node.type !== "array" && node.type !== "object") {
    out.push(lexeme(source, node));
    return;
  }
  const children = node.type === "array" ? node.items : node.members.map(({ value }) => value);
  const kept = plan.kept.get(node);
  const isMissing = kept !== undefined && kept.length < children.length;
  const records = isMissing && children.some(isContainer);
  out.push(node.type === "array" ? "[" : "{");
  let next = 0;
  for (const index of kept ?? children.keys()) {
    if (next > 0) out.push(",");
    if (node.type === "object")
      out.push(lexeme(source, (node.members[index] as JsonMember).key), ":");
    else if (records) out.push(`#${index} `);
    else if (isMissing && index > next) out.push(`… ${index - next} omitted …,`);
    next = index + 1;
    write(source, children[index] as JsonNode, plan, out);
  }
  if (isMissing) {
    const unit = node.type === "object" ? "keys" : records ? "rows" : "items";
    const note = plan.notes.get(node);
    const missing = `${children.length - kept.length} of ${children.length} ${unit} omitted`;
    out.push(`${next > 0 ? "," : ""}… ${missing}${note === undefined ? "" : `: ${note}`}`);
  }
  out.push(node.type === "array" ? "]" : "}");
}

function isContainer(node: JsonNode | undefined): boolean {
  return node?.type === "array" || node?.type === "object";
}
