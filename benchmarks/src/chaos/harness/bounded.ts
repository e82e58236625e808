/**
 * Runs a call and says whether it ended in time. One that never ends counts like one that is late.
 *
 * Time is counted in ticks of this process: where the machine gives it no processor for a second, its stores had none either,
 * and nothing has hung. Work of its own counts in full: a call that computes for seconds is late.
 */
export interface Bounded<Value> {
  readonly value?: Value;
  readonly error?: unknown;
  readonly hung: boolean;
  /** Wall-clock time. */
  readonly ms: number;
}

const TICK_MS = 50;
/** What one tick may count for, however long it took. */
const MOST_TICK_MS = 2 * TICK_MS;

export async function bounded<Value>(
  limitMs: number,
  call: () => Promise<Value>,
): Promise<Bounded<Value>> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  let ticked = 0;
  let last = started;
  let timer: NodeJS.Timeout | undefined;
  const count = (): number => {
    const now = performance.now();
    ticked += Math.min(now - last, MOST_TICK_MS);
    last = now;
    const { user, system } = process.cpuUsage(cpu);
    return Math.min(now - started, Math.max(ticked, (user + system) / 1_000));
  };
  const late = new Promise<Bounded<Value>>((resolve) => {
    timer = setInterval(() => {
      if (count() > limitMs) resolve({ hung: true, ms: performance.now() - started });
    }, TICK_MS);
  });
  const ended = (
    answer: { readonly value: Value } | { readonly error: unknown },
  ): Bounded<Value> => ({
    ...answer,
    hung: count() > limitMs,
    ms: performance.now() - started,
  });
  try {
    const answered = call().then(
      (value) => ended({ value }),
      (error: unknown) => ended({ error: error ?? new Error("rejected with nothing") }),
    );
    return await Promise.race([late, answered]);
  } finally {
    clearInterval(timer);
  }
}
