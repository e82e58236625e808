/**
 * The output before it is text: pieces that may occur more than once are shared nodes, so that a repeated record, list
 * or long string can be given a short name.
 *
 * Counts are per different parent: what is inside a repeated node is written once, where the name is explained.
 */
import type { TokenCounter } from "../../types/tokens.ts";
import { estimateTokens } from "./estimate.ts";

export type Out = string | OutNode;

export interface OutNode {
  readonly id: number;
  readonly parts: readonly Out[];
  /** Estimated tokens. */
  readonly cost: number;
  /** Times it is referred to from different parents. */
  uses: number;
  /** `@12` once it has been given one. */
  alias: string | undefined;
}

export class OutNodes {
  readonly #known = new Map<string, OutNode>();

  /** The shared node made of these parts. */
  node(parts: readonly Out[]): OutNode {
    let key = "";
    for (const part of parts) key += typeof part === "string" ? `${part}\0` : `\u0001${part.id}\0`;
    let node = this.#known.get(key);
    if (node === undefined) {
      let cost = 0;
      for (const part of parts) {
        if (typeof part === "string") cost += part.length < 3 ? 0.7 : estimateTokens(part);
        else {
          part.uses++;
          cost += part.cost;
        }
      }
      node = { id: this.#known.size, parts, cost, uses: 0, alias: undefined };
      this.#known.set(key, node);
    }
    return node;
  }

  /** In order of creation: a node's parts stand before it. */
  all(): IterableIterator<OutNode> {
    return this.#known.values();
  }
}

/** Estimated tokens a name has to save: a reader has to look it up. */
const minGain = 12;

/** Gives the nodes names that are worth one, most saved first. */
export function nameNodes(
  nodes: OutNodes,
  free: () => string,
  limit: number,
  counter: TokenCounter,
): OutNode[] {
  const worth: { node: OutNode; gain: number }[] = [];
  for (const node of nodes.all()) {
    if (node.uses < 2) continue;
    const gain = gainOf(node, node.cost);
    if (gain >= minGain) worth.push({ node, gain });
  }
  worth.sort((a, b) => b.gain - a.gain || a.node.id - b.node.id);
  const named = worth
    .slice(0, limit)
    .map((entry) => entry.node)
    .filter((node) => {
      // Estimates are least reliable where it matters most, on single long words.
      const text = node.parts.length === 1 ? node.parts[0] : undefined;
      return typeof text !== "string" || gainOf(node, counter.count(text)) >= minGain;
    });
  named.sort((a, b) => a.id - b.id);
  for (const node of named) node.alias = free();
  return named;
}

function gainOf(node: OutNode, cost: number): number {
  return (node.uses - 1) * cost - node.uses * 2 - 3;
}

/** The text of pieces, names used where there are some. */
export function flatten(parts: readonly Out[], out: string[]): void {
  for (const part of parts) {
    if (typeof part === "string") out.push(part);
    else if (part.alias !== undefined) out.push(part.alias);
    else flatten(part.parts, out);
  }
}
