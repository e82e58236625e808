import type { UnitScorer } from "@headroom/core/documents";

/** A scorer whose model is on this machine. */
export interface LocalScorer extends UnitScorer {
  /** Frees what the model takes. The next question loads it again. */
  close(): Promise<void>;
}

/** The share of one of the numbers between two offsets. */
export function softmaxAt(
  logits: ArrayLike<number>,
  start: number,
  count: number,
  at: number,
): number {
  if (count === 1) return sigmoid(logits[start] ?? 0);
  let most = Number.NEGATIVE_INFINITY;
  for (let each = 0; each < count; each++) most = Math.max(most, logits[start + each] ?? 0);
  let sum = 0;
  for (let each = 0; each < count; each++) sum += Math.exp((logits[start + each] ?? 0) - most);
  return Math.exp((logits[start + at] ?? 0) - most) / sum;
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
