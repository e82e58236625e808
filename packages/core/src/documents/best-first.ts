/**
 * The order of documents, best first.
 *
 * A retriever's order and the words of the question are two rankings that see different things; they are fused by reciprocal ranks
 * (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", 2009).
 */
import { rankInSteps } from "../query/query.ts";
import type { Steps } from "../types/compressor.ts";

/** From the paper: how little the first places count before the others. */
const K = 60;

/** Indexes of the texts, best first. `texts` stand in the retriever's order. */
export function* bestFirst(texts: readonly string[], query: string): Steps<readonly number[]> {
  const scores = yield* rankInSteps(query, texts);
  const byWords = [...texts.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const fused = texts.map((_, place) => 1 / (K + place));
  // A text with none of the words has no place among them.
  for (const [place, index] of byWords.entries())
    if ((scores[index] ?? 0) > 0) fused[index] = (fused[index] ?? 0) + 1 / (K + place);
  return [...texts.keys()].sort((a, b) => (fused[b] ?? 0) - (fused[a] ?? 0) || a - b);
}
