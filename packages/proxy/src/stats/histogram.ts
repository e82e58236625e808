/** How often a request was held up for how long. A fixed number of counters, whatever comes. */

/** Upper bounds of the buckets, in milliseconds. What is longer is counted in one more. */
export const BOUNDS_MS: readonly number[] = [
  0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500,
  750, 1_000, 2_000,
];

export interface Histogram {
  /** Of each bucket, with that for what is longer than the last bound. */
  readonly counts: readonly number[];
  readonly count: number;
  /** Milliseconds. */
  readonly sum: number;
}

export interface CountingHistogram {
  add(milliseconds: number): void;
  read(): Histogram;
}

export function histogram(): CountingHistogram {
  const counts = new Array<number>(BOUNDS_MS.length + 1).fill(0);
  let [count, sum] = [0, 0];
  return {
    add(milliseconds) {
      if (!(milliseconds >= 0 && milliseconds < Number.POSITIVE_INFINITY)) return;
      let at = 0;
      while (at < BOUNDS_MS.length && milliseconds > (BOUNDS_MS[at] ?? 0)) at++;
      counts[at] = (counts[at] ?? 0) + 1;
      count++;
      sum += milliseconds;
    },
    read: () => ({ counts: [...counts], count, sum }),
  };
}

/**
 * The time that a share of the requests stays under, in milliseconds; within a bucket they are taken as spread evenly. For what is
 * longer than the last bound it is that bound.
 * @param share 0 to 1
 */
export function quantile({ counts, count }: Histogram, share: number): number | undefined {
  if (count === 0) return undefined;
  const wanted = share * count;
  let seen = 0;
  for (const [at, here] of counts.entries()) {
    const [from, to] = [BOUNDS_MS[at - 1] ?? 0, BOUNDS_MS[at]];
    if (to === undefined) return from;
    if (here > 0 && seen + here >= wanted) return from + ((to - from) * (wanted - seen)) / here;
    seen += here;
  }
  return undefined;
}
