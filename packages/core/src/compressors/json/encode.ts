/**
 * Writes a JSON document for a model to read: the lossless form, and the view of a document from which a plan leaves
 * things out.
 */
import type { TokenCounter } from "../../types/tokens.ts";
import { cutLexeme } from "./cut.ts";
import type { JsonDocument } from "./document.ts";
import { lexeme } from "./lexer.ts";
import type { JsonNode, OmissionPlan } from "./tree.ts";

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
