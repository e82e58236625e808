/** By which rules a YAML text seems to be written. Whether it is, printing it shows. */
import { childrenOf, isContainer, type Reading, type SourceNode } from "./node.ts";

/** The rules by the first place that shows each. */
export function guessYamlRules(text: string, { root, several }: Reading): Map<string, string> {
  const found = new Map<string, string>();
  const inline = new Set<string>();
  const spaced = new Map<string, { all: number; first: number; count: number; parents: number }>();
  const lines = text.split("\n");
  const isAfterBlank = (node: SourceNode): boolean => lines[node.firstLine - 2] === "";
  const quotes = { single: 0, double: 0 };
  const nulls = new Map<string, number>();
  const documents = several && root.type === "list" ? root.items.toReversed() : [root];
  const stack: { node: SourceNode; key: string }[] = documents.map((node) => ({ node, key: "" }));
  for (let open = stack.pop(); open !== undefined; open = stack.pop()) {
    const { node, key } = open;
    if (!isContainer(node)) {
      const { lexeme = node.text } = node;
      if (lexeme.startsWith("'")) quotes.single++;
      if (lexeme.startsWith('"')) quotes.double++;
      if (node.type === "literal" && node.text === "null")
        nulls.set(lexeme, (nulls.get(lexeme) ?? 0) + 1);
      continue;
    }
    const children = childrenOf(node);
    if (node.isInline) {
      if (children.length > 0) inline.add(key);
      if (children.length > 0 && !found.has("pad") && /^[[{] /.test(inlineAt(lines, node)))
        found.set("pad", "");
    } else {
      const blanks = children.map(({ value }) => isAfterBlank(value));
      const known = spaced.get(key) ?? { all: 0, first: 0, count: 0, parents: 0 };
      spaced.set(key, known);
      known.parents++;
      known.count += children.length;
      known.all += blanks.filter(Boolean).length;
      if (blanks[0] === true) known.first++;
    }
    for (const child of children.toReversed()) stack.push({ node: child.value, key: child.key });
  }
  const indent = indentOf(lines, root);
  found.set("indent", `${indent.map}`);
  if (indent.list > 0) found.set("lists", `${indent.list}`);
  const item = blanksOfItem(lines);
  if (item > 1) found.set("item", `${item + 1}`);
  if (quotes.single > quotes.double) found.set("single", "");
  const [nothing = "null"] = [...nulls].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (nothing !== "null") found.set("null", nothing === "" ? "-" : nothing);
  if (inline.size > 0) found.set("inline", [...inline].join("\n"));
  const all: string[] = [];
  const rest: string[] = [];
  for (const [key, { all: blanks, first, count, parents }] of spaced) {
    if (blanks === count && first === parents && count > 0) all.push(key);
    else if (first === 0 && blanks > 0 && blanks === count - parents) rest.push(key);
  }
  if (all.length > 0) found.set("apart", all.join("\n"));
  if (rest.length > 0) found.set("between", rest.join("\n"));
  if (!text.endsWith("\n")) found.set("open", "");
  return found;
}

/** Blanks between the sign of an item and the first key of the map that it is. */
function blanksOfItem(lines: readonly string[]): number {
  for (const line of lines) {
    const text = line.trimStart();
    const rest = text.slice(1).trimStart();
    if (text.startsWith("- ") && /^[^\s"']/.test(rest) && rest.includes(": "))
      return text.length - 1 - rest.length;
  }
  return 1;
}

function inlineAt(lines: readonly string[], { firstLine }: SourceNode): string {
  const line = lines[firstLine - 1] ?? "";
  const at = line.search(/[[{]/);
  return at < 0 ? "" : line.slice(at, at + 2);
}

/** How far the first map in a map, and the first list in a map, stands in from it. */
function indentOf(lines: readonly string[], root: SourceNode): { map: number; list: number } {
  let map: number | undefined;
  let list: number | undefined;
  const stack: SourceNode[] = [root];
  const columnOf = (line: number): number => (lines[line - 1] ?? "").search(/\S/);
  for (
    let node = stack.pop();
    node !== undefined && (map === undefined || list === undefined);
    node = stack.pop()
  ) {
    if (!isContainer(node)) continue;
    const children = childrenOf(node);
    if (node.type === "map" && !node.isInline)
      for (const { value } of node.entries) {
        if (!isContainer(value) || value.isInline) continue;
        const [first] = childrenOf(value);
        if (first === undefined || first.value.firstLine <= value.firstLine) continue;
        const own = columnOf(value.firstLine);
        // A key behind the sign of an item stands two further in than its line.
        const sign = /^\s*((?:- +)*)/.exec(lines[value.firstLine - 1] ?? "")?.[1]?.length ?? 0;
        const inner = columnOf(first.value.firstLine) - own - sign;
        if (value.type === "map") map ??= inner;
        else list ??= inner;
      }
    for (const { value } of children.toReversed()) stack.push(value);
  }
  return { map: map ?? 2, list: list ?? 0 };
}
