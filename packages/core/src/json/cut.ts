/** What readers of JSON that breaks off have in common. */
import type { JsonNode } from "./node.ts";

/** The offset of the quote that ends the string at `start`, or `limit`. */
export function endOfString(source: string, start: number, limit: number): number {
  for (let i = start + 1; i < limit; i++) {
    const code = source.charCodeAt(i);
    if (code === 34) return i;
    if (code === 92) i++;
  }
  return limit;
}

/** A value without the brackets that were added behind `end`. */
export function endingAt(node: JsonNode, end: number): JsonNode {
  if (node.end <= end) return node;
  if (node.type === "array") {
    const last = node.items.at(-1);
    const items = last ? [...node.items.slice(0, -1), endingAt(last, end)] : node.items;
    return { ...node, end, items };
  }
  if (node.type !== "object") return node;
  const last = node.members.at(-1);
  const members = last
    ? [...node.members.slice(0, -1), { key: last.key, value: endingAt(last.value, end) }]
    : node.members;
  return { ...node, end, members };
}
