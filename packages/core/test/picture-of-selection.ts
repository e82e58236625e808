/** What a view of a JSON document leaves out, as text: which rows stay, what is said of the others, where strings are cut. */
import type { Selection } from "../src/compressors/json/select/found.ts";
import type { JsonDocument } from "../src/json/document.ts";
import type { JsonNode, StringCut } from "../src/json/node.ts";

export function pictureOfSelection(
  document: JsonDocument,
  selection: Selection | undefined,
): string {
  if (selection === undefined) return "nothing\n";
  const { plan, omitted } = selection;
  const lines: string[] = [];
  const cuts: string[] = [];
  const visit = (node: JsonNode, source: string, path: string): void => {
    if (node.type === "string") {
      const cut = plan.cut.get(node);
      if (cut !== undefined)
        cuts.push(`${path} ${pictureOfCut(cut)} of ${node.end - node.start - 2}`);
      const held = plan.embedded?.get(node);
      if (held !== undefined) visit(held.root, held.source, `${path} text:`);
    }
    if (node.type !== "array" && node.type !== "object") return;
    const children = childrenOf(node, source);
    const kept = plan.kept.get(node);
    if (kept !== undefined) {
      const note = plan.notes.get(node);
      lines.push(`${path || "root"}: ${kept.join(" ")} of ${children.length}`);
      if (note !== undefined) lines.push(`  ${note}`);
    }
    children.forEach(({ key, value }, at) => {
      if (kept === undefined || kept.includes(at)) visit(value, source, `${path}/${key}`);
    });
  };
  visit(document.root, document.source, "");
  if (cuts.length > 0) lines.push(`cut: ${cuts.join(", ")}`);
  for (const { unit, count, total, what } of omitted)
    lines.push(`omitted: ${count} of ${total} ${unit} ${what ?? ""}`.trimEnd());
  return `${lines.join("\n")}\n`;
}

function childrenOf(node: JsonNode, source: string): { key: string; value: JsonNode }[] {
  if (node.type === "array") return node.items.map((value, at) => ({ key: `${at}`, value }));
  if (node.type !== "object") return [];
  return node.members.map(({ key, value }) => ({
    key: source.slice(key.start + 1, key.end - 1),
    value,
  }));
}

/** `120+80`: so many characters at the start and at the end; `120+[300-340]+80`: a passage between them, too. */
export function pictureOfCut({ head, between = [], tail, what }: StringCut): string {
  const passages = between.map(({ start, end }) => `[${start}-${end}]`);
  return [head, ...passages, what === undefined ? tail : `${tail} (${what})`].join("+");
}
