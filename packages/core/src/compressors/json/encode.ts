/**
 * Writes a JSON document for a model to read: the lossless form, and the view of a document from which a plan leaves
 * things out.
 */
import type { TokenCounter } from "../../types/tokens.ts";
import { cutLexeme } from "./cut.ts";
import { decodeBody } from "./decode.ts";
import type { JsonDocument } from "./document.ts";
import { lexeme } from "./lexer.ts";
import { flatten, nameNodes } from "./out.ts";
import { printDocument } from "./print.ts";
import { findRecordTypes } from "./record.ts";
import { chooseRules } from "./rule.ts";
import { buildTables } from "./table.ts";
import { isDigit } from "./text.ts";
import type { JsonNode, OmissionPlan } from "./tree.ts";
import { readValues } from "./value.ts";

/** First line of every lossless form, always the same. */
export const legend =
  "[json] Name(a,b=x${a}) heads records: rows list a; b follows from its rule unless a row says ;b=… (${} is the row's own cell, empty = no such key). @1 is short for its text.";

/** The lossless form, not yet proven: `decode` has to give the document back. */
export function encodeDocument(document: JsonDocument, _counter: TokenCounter): string {
  const values = readValues(document.source, document.root);
  const types = findRecordTypes(values);
  const tables = buildTables(types);
  for (const table of tables.values()) chooseRules(table);
  const printed = printDocument(values.root, types, tables);
  let next = 0;
  const free = (): string => {
    do next++;
    while (document.source.includes(`@${next}`));
    return `@${next}`;
  };
  const named = nameNodes(printed.nodes, free, 200);
  const out: string[] = [legend, "\n"];
  for (const node of named) {
    out.push(`${node.alias}=`);
    flatten(node.parts, out);
    out.push("\n");
  }
  for (const header of printed.headers) {
    flatten(header, out);
    out.push("\n");
  }
  out.push("\n");
  flatten(printed.body, out);
  return out.join("");
}

/** The JSON text of a lossless form; `undefined` where it is not one. */
export function decodeDocument(text: string): string | undefined {
  const lines = text.split("\n");
  if (lines[0] !== legend) return undefined;
  const names = new Map<string, string>();
  const headers: string[] = [];
  let at = 1;
  for (; at < lines.length && lines[at] !== ""; at++) {
    const line = lines[at] as string;
    if (line.startsWith("@")) {
      const equals = line.indexOf("=");
      names.set(line.slice(0, equals), spellOut(line.slice(equals + 1), names));
    } else headers.push(spellOut(line, names));
  }
  return decodeBody(headers, spellOut(lines.slice(at + 1).join("\n"), names));
}

/** Replaces short names by what they stand for. */
function spellOut(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  let out = "";
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    const long = names.get(text.slice(at, end));
    if (long === undefined) continue;
    out += text.slice(from, at) + long;
    from = end;
  }
  return out + text.slice(from);
}

/**
 * The text of a document without what `plan` omits. Every gap is shown where it is; literals are copied from the source.
 *
 * Pure, and never throws: a plan that names nodes of another document changes nothing.
 */
export function renderPlan(
  document: JsonDocument,
  plan: OmissionPlan,
  _counter: TokenCounter,
): string {
  const out: string[] = [document.before];
  write(document.source, document.root, plan, out);
  out.push(document.after);
  return out.join("");
}

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
  const total = node.type === "array" ? node.items.length : node.members.length;
  const kept = plan.kept.get(node) ?? Array.from({ length: total }, (_, index) => index);
  out.push(node.type === "array" ? "[" : "{");
  let first = true;
  for (const index of kept) {
    if (!first) out.push(",");
    first = false;
    if (node.type === "array") {
      const item = node.items[index];
      if (item !== undefined) write(source, item, plan, out);
    } else {
      const member = node.members[index];
      if (member === undefined) continue;
      out.push(lexeme(source, member.key), ":");
      write(source, member.value, plan, out);
    }
  }
  if (kept.length < total) {
    const unit = node.type === "array" ? "items" : "keys";
    const note = plan.notes.get(node);
    out.push(`… ${total - kept.length} ${unit} omitted${note ? `: ${note}` : ""}`);
  }
  out.push(node.type === "array" ? "]" : "}");
}
