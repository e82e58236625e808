import type { Mode } from "../types/report.ts";

/**
 * The tokens a view may take, by the tokens of its block. A cap, not a target: a view that shows everything unusual and says
 * something true about the rest stops there, however small it is. Between the rows the cap grows as a power of the block, and so
 * it does beyond the last one. It is concave: a longer block may show more, but a smaller share of itself.
 *
 * | block   | balanced | aggressive |
 * |---------|----------|------------|
 * | < 1,500 | lossless forms only   |
 * | 1,500   | 724      | 362        |
 * | 4,000   | 1,500    | 750        |
 * | 15,000  | 4,000    | 2,000      |
 * | 50,000  | 8,000    | 4,000      |
 * | 200,000 | 16,000   | 8,000      |
 * | 800,000 | 32,000   | 16,000     |
 */
const CAPS: readonly (readonly [block: number, cap: number])[] = [
  [4_000, 1_500],
  [15_000, 4_000],
  [50_000, 8_000],
  [200_000, 16_000],
  [800_000, 32_000],
];

/** Tokens. Of a smaller block nothing is left out: a view would save less than the call costs that it may cause. */
export const MIN_VIEW_TOKENS = 1_500;

const SHARE: Readonly<Record<Mode, number>> = {
  audit: 1,
  lossless: 1,
  balanced: 1,
  aggressive: 0.5,
};

/** The most tokens a view of a block may take. It depends on the block alone, so that a view never changes when the transcript grows. */
export function capFor(tokens: number, mode: Mode): number {
  return Math.round(balancedCap(Math.max(1, tokens)) * SHARE[mode]);
}

function balancedCap(tokens: number): number {
  let at = 1;
  while (at + 1 < CAPS.length && tokens > (CAPS[at]?.[0] ?? 0)) at++;
  const [fromBlock, fromCap] = CAPS[at - 1] ?? [1, 1];
  const [toBlock, toCap] = CAPS[at] ?? [1, 1];
  const power = Math.log(toCap / fromCap) / Math.log(toBlock / fromBlock);
  return fromCap * (tokens / fromBlock) ** power;
}
