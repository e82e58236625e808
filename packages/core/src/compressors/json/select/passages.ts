/**
 * Where in a whole document the answer to a question stands, whatever the nesting.
 *
 * The document is read as a sequence of passages (a few neighbouring leaves with their keys, or a piece of a long string) and
 * ranked once, with one idf for all of it. The best few are pinned: they and the way to them stay. One trap: what pins cost
 * is bounded by the caller's budget, since every word of a question matches something in a large document.
 */

import type { JsonArray, JsonNode, JsonObject, JsonString } from "../../../json/node.ts";
import { rankInSteps } from "../../../query/query.ts";
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { type CostOf, textCost } from "./cost.ts";
import { type Piece, piecesInSteps, pieceText, plainText } from "./cut.ts";
import type { Ask } from "./question.ts";

export interface Pins {
  /** Scalars that stay whole, and containers on the way to something pinned. */
  readonly nodes: ReadonlySet<JsonNode>;
  /** Pieces of long strings that stay. */
  readonly pieces: ReadonlyMap<JsonString, readonly Piece[]>;
}

const PASSAGE = 320;
/** Strings longer than this are split into pieces. */
const LONG = 400;
const MAX_PINS = 6;

interface Passage {
  readonly text: string;
  readonly leaves: readonly {
    readonly node: JsonNode;
    readonly parent: number;
    readonly piece?: Piece;
  }[];
}

/** Pins the passages that answer `ask` best, up to about `budget` tokens. */
export function* pinPassages(
  source: string,
  root: JsonNode,
  ask: Ask,
  costOf: CostOf,
  budget: number,
): Steps<Pins> {
  const parents: { node: JsonArray | JsonObject; parent: number }[] = [];
  const passages: Passage[] = [];
  let leaves: { node: JsonNode; parent: number }[] = [];
  let text = "";
  const flush = (): void => {
    if (leaves.length > 0) passages.push({ text: plainText(text), leaves });
    leaves = [];
    text = "";
  };
  const meter = new Meter();
  /** What is still to be read, the next one last. */
  const open: { node: JsonNode; parent: number; way: string }[] = [
    { node: root, parent: -1, way: "" },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent, way } = next;
    if (node.type === "array" || node.type === "object") {
      if (meter.isDue(16)) yield;
      const id = parents.length;
      parents.push({ node, parent });
      if (node.type === "array") {
        // Rows of a table are ranked as rows.
        if (node.items.length > 8 && costOf(node) <= 150 * node.items.length) continue;
        for (const item of node.items.toReversed()) open.push({ node: item, parent: id, way });
        continue;
      }
      if (text.length > PASSAGE / 2) flush();
      for (const { key, value } of node.members.toReversed()) {
        const name = source.slice(key.start + 1, key.end - 1);
        const nested = value.type === "array" || value.type === "object";
        open.push({ node: value, parent: id, way: nested ? `${way.slice(-60)} ${name}` : name });
      }
      continue;
    }
    if (node.type === "string" && node.end - node.start > LONG) {
      flush();
      let before = "";
      for (const piece of yield* piecesInSteps(source, node)) {
        if (meter.isDue(2 * (piece.end - piece.start))) yield;
        // Each piece is read with the end of the one before it: an answer often follows the words that ask for it.
        const own = pieceText(source, node, piece);
        passages.push({
          text: `${way.slice(-60)} ${before} ${own}`,
          leaves: [{ node, parent, piece }],
        });
        before = own.slice(-120);
      }
      continue;
    }
    text += ` ${way} ${source.slice(node.start, node.end)}`;
    leaves.push({ node, parent });
    if (text.length > PASSAGE) flush();
    if (meter.isDue(2 * (node.end - node.start))) yield;
  }
  flush();

  const nodes = new Set<JsonNode>();
  const kept = new Map<JsonString, Piece[]>();
  const scores = yield* rankInSteps(
    ask.query,
    passages.map((passage) => passage.text),
    { b: 0.4 },
  );
  const order: number[] = [];
  for (let at = 0; at < scores.length; at++) if ((scores[at] ?? 0) > 0) order.push(at);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const best = scores[order[0] ?? 0] ?? 0;
  let used = 0;
  for (const at of order.slice(0, MAX_PINS)) {
    if ((scores[at] ?? 0) < 0.55 * best) break;
    const passage = passages[at] as Passage;
    let cost = 0;
    for (const { node, piece } of passage.leaves) {
      cost +=
        piece === undefined
          ? costOf(node)
          : textCost(source, node.start + 1 + piece.start, node.start + 1 + piece.end);
    }
    if (used > 0 && used + cost > budget) break;
    used += cost;
    for (const { node, parent, piece } of passage.leaves) {
      if (piece === undefined || node.type !== "string") nodes.add(node);
      else {
        const list = kept.get(node) ?? [];
        list.push(piece);
        kept.set(node, list);
      }
      for (let up = parents[parent]; up && !nodes.has(up.node); up = parents[up.parent])
        nodes.add(up.node);
    }
  }
  return { nodes, pieces: kept };
}
