/** How much of a text its parser could not read. */
import type { Steps } from "@headroom/core";
import type { Node, Tree } from "web-tree-sitter";

/** Nodes that are visited between two yields. */
const NODES_A_STEP = 2_000;

/** Characters that stand in errors, and one for each part that is missing. Stops counting above `most`. */
export function* brokenCharacters(tree: Tree, most: number): Steps<number> {
  const open: Node[] = [tree.rootNode];
  let broken = 0;
  let visited = 0;
  for (let node = open.pop(); node && broken <= most; node = open.pop()) {
    if (node.isMissing) broken++;
    else if (node.isError) broken += node.endIndex - node.startIndex;
    else if (node.hasError) open.push(...node.children);
    if (++visited % NODES_A_STEP === 0) yield;
  }
  return broken;
}
