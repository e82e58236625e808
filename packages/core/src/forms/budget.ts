import type { Mode } from "../types/report.ts";

const SHARE: Readonly<Record<Mode, number>> = {
  audit: 0.1,
  lossless: 1,
  balanced: 0.1,
  aggressive: 0.05,
};
const FLOOR_TOKENS = 120;

/**
 * Tokens the lossy form of one block should fit in: a share of the block, with a floor under which nothing useful can be
 * said. It depends on the block alone, so that a block's form never changes when the transcript grows.
 */
export function budgetFor(tokens: number, mode: Mode): number {
  return Math.max(FLOOR_TOKENS, Math.round(tokens * SHARE[mode]));
}
