/** Whether what was sampled over a long run grows. */
import { median } from "../../report.ts";

export interface Sample {
  readonly rss: number;
  readonly heap: number;
  readonly handles: number;
}

/** Growth of the median of the last third over that of the second; the first third warms up. Undefined under nine samples. */
export function flatness(
  samples: readonly Sample[],
): Readonly<Record<keyof Sample, number>> | undefined {
  if (samples.length < 9) return undefined;
  const third = Math.floor(samples.length / 3);
  const growthOf = (what: keyof Sample): number => {
    const before = median(samples.slice(third, 2 * third).map((sample) => sample[what]));
    const after = median(samples.slice(2 * third).map((sample) => sample[what]));
    return before === 0 ? 0 : after / before - 1;
  };
  return { rss: growthOf("rss"), heap: growthOf("heap"), handles: growthOf("handles") };
}
