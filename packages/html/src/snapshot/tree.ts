/** The lines of a snapshot as a tree, by their indentation. */
import type { Steps } from "@headroom/core";
import { type NodeLine, printNodeLine, readNodeLine } from "./node-line.ts";

export interface SnapshotTree {
  readonly lines: readonly string[];
  /** By line; `undefined` for lines that are no element, or have no place in the tree. */
  readonly nodes: readonly (NodeLine | undefined)[];
  /** By line: the line of the element that an element is in; -1 where it is in none. */
  readonly parents: readonly number[];
  /** Lines that say where the element above them leads. */
  readonly urls: ReadonlySet<number>;
  /** Whether an element that holds others ends in a colon. */
  readonly hasColons: boolean;
}

export function* readTree(text: string): Steps<SnapshotTree> {
  const lines = text.split("\n");
  const nodes: (NodeLine | undefined)[] = [];
  const parents: number[] = [];
  const urls = new Set<number>();
  /** The innermost elements so far, by depth. */
  const open: number[] = [];
  let hasColons = false;
  for (const [at, line] of lines.entries()) {
    if (at % 1_024 === 1_023) yield;
    const node = readNodeLine(line);
    const isPlaced =
      node !== undefined && node.depth <= open.length && printNodeLine(node) === line;
    nodes.push(isPlaced ? node : undefined);
    parents.push(-1);
    if (!isPlaced) continue;
    open.length = node.depth;
    open.push(at);
    if (node.hasColon && node.value === "") hasColons = true;
    const parent = node.depth > 0 ? (open[node.depth - 1] ?? -1) : -1;
    parents[at] = parent;
    if (parent === at - 1 && parent >= 0 && isUrl(node)) urls.add(at);
  }
  return { lines, nodes, parents, urls, hasColons };
}

/** `- /url: /home`, which can stand behind an arrow. */
function isUrl({ role, name, attributes, value, isQuoted }: NodeLine): boolean {
  const isPlain = name === "" && attributes.length === 0 && !isQuoted;
  return role === "/url" && isPlain && isArrowed(value);
}

/** Whether an address can be told from what stands behind it. */
export function isArrowed(url: string): boolean {
  return url !== "" && !/\s/.test(url) && !url.startsWith("~");
}
