/** The rows that a question asks for. */
import { firstInOrder } from "../../../query/first-in-order.ts";
import { linesMentioning } from "../../../query/mention.ts";
import { rankInSteps } from "../../../query/query.ts";
import type { Steps } from "../../../types/compressor.ts";
import { indexesInSteps } from "../../shared/in-steps.ts";

const MAX_MATCHES = 16;
const MAX_MENTIONS = 40;
/** Of the best score. */
const MIN_SHARE = 0.3;

/** Best first. @param texts one a row */
export function* askedFor(
  texts: readonly string[],
  query: string | undefined,
): Steps<readonly number[]> {
  if (query === undefined) return [];
  const scores = yield* rankInSteps(query, texts);
  const found = yield* indexesInSteps(texts, (_, at) => (scores[at] ?? 0) > 0);
  const byScore = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b;
  const best = yield* firstInOrder(found, MAX_MATCHES, byScore);
  const floor = MIN_SHARE * (scores[best[0] ?? -1] ?? 0);
  const mentions = (yield* linesMentioning(query, texts)).slice(0, MAX_MENTIONS);
  return [...new Set([...best.filter((at) => (scores[at] ?? 0) >= floor), ...mentions])];
}
