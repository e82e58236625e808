/**
 * Which documents fit, best first.
 *
 * A retriever's order and the words of the question are two rankings that see different things; they are fused by reciprocal ranks
 * (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", 2009).
 */
import { rankByQuery } from "@headroom/core/kit";

/** From the paper: how little the first places count before the others. */
const K = 60;

/** Indices of the texts, best first. `texts` stand in the retriever's order. */
export function bestFirst(texts: readonly string[], query: string): number[] {
  const scores = rankByQuery(query, texts);
  const byWords = [...texts.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const fused = texts.map((_, place) => 1 / (K + place));
  // A text with none of the words has no place among them.
  for (const [place, index] of byWords.entries())
    if ((scores[index] ?? 0) > 0) fused[index] = (fused[index] ?? 0) + 1 / (K + place);
  return [...texts.keys()].sort((a, b) => (fused[b] ?? 0) - (fused[a] ?? 0) || a - b);
}

export interface Room {
  /** @default no bound */
  readonly maxDocuments?: number | undefined;
  /** @default no bound */
  readonly maxTokens?: number | undefined;
}

/** Those of the indices that fit, in their order; one that is too large leaves its room to smaller ones behind it. */
export function fitting(
  indices: readonly number[],
  tokens: readonly number[],
  { maxDocuments = Number.POSITIVE_INFINITY, maxTokens = Number.POSITIVE_INFINITY }: Room,
): number[] {
  const kept: number[] = [];
  let used = 0;
  for (const index of indices) {
    const its = tokens[index] ?? 0;
    if (kept.length >= maxDocuments || used + its > maxTokens) continue;
    kept.push(index);
    used += its;
  }
  return kept;
}
