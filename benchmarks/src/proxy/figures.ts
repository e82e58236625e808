/** What is made of the times of two arms. */

/** @param share 0.5 for the median */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Times of one round: both arms were asked in turn, under the same load. */
export interface Round {
  readonly direct: readonly number[];
  readonly proxy: readonly number[];
}

export interface Added {
  /** Median of the rounds. */
  readonly p50: number;
  readonly p99: number;
  /** Of the direct arm, in the median of the rounds. */
  readonly directP50: number;
  readonly directP99: number;
  /** How far apart the rounds' added medians are: the middle half of them. */
  readonly spread: number;
}

/** What the proxy adds: of each round apart, and the median of those. */
export function added(rounds: readonly Round[]): Added {
  const at = (share: number): number[] =>
    rounds.map(({ direct, proxy }) => percentile(proxy, share) - percentile(direct, share));
  const of = (share: number): number =>
    median(rounds.map(({ direct }) => percentile(direct, share)));
  const p50s = at(0.5);
  return {
    p50: median(p50s),
    p99: median(at(0.99)),
    directP50: of(0.5),
    directP99: of(0.99),
    spread: percentile(p50s, 0.75) - percentile(p50s, 0.25),
  };
}

/**
 * Why a figure says nothing of the proxy: the direct arm alone moves by as much as the target allows.
 *
 * @returns a sentence; `undefined` where the figure can be judged
 */
export function tooNoisy(
  rounds: readonly Round[],
  share: number,
  allowedMs: number,
): string | undefined {
  const direct = rounds.map(({ direct }) => percentile(direct, share));
  const apart = Math.max(...direct) - Math.min(...direct);
  return apart > NOISE * allowedMs
    ? `the direct arm alone moved by ${apart.toFixed(2)} ms between rounds, with ${allowedMs} ms allowed`
    : undefined;
}

/** A machine whose own times move by more than this many times what is allowed cannot tell. */
const NOISE = 1.5;
