/** When to stop asking a server that does not answer. After a pause one call is let through to try. */
export interface BreakerOptions {
  /** Failures in a row after which the breaker opens. @default 5 */
  readonly failures?: number;
  /**
   * Milliseconds. The breaker opens when 95 % of the last 40 calls took longer. Time in which this process is busy does not count.
   * @default 100
   */
  readonly slowMs?: number;
  /** Milliseconds that the breaker stays open. @default 1000 */
  readonly pauseMs?: number;
}

export interface BreakerHooks {
  /** A clock in milliseconds, by which calls are slow. */
  readonly now: () => number;
  /** The error of a call that is not tried. */
  readonly refuse: (why: string) => Error;
  /** Whether an error speaks of the server rather than of the request. */
  readonly counts: (error: unknown) => boolean;
  readonly onChange: (open: boolean, why: string) => void;
}

const WINDOW = 40;

/**
 * @returns a function that runs calls, or rejects with `refuse()` while the breaker is open. The call gets a function that
 * says how many milliseconds more it may take without being slow.
 */
export function breaker(
  { failures = 5, slowMs = 100, pauseMs = 1_000 }: BreakerOptions,
  { now, refuse, counts, onChange }: BreakerHooks,
): <Result>(call: (allow: (milliseconds: number) => void) => Promise<Result>) => Promise<Result> {
  let failed = 0;
  let latencies: number[] = [];
  let openedAt: number | undefined;
  let why = "";
  let probing = false;

  const open = (reason: string): void => {
    if (openedAt === undefined) onChange(true, reason);
    // The pause is real time: a process that blocks its own event loop for a second has waited for a second.
    openedAt = performance.now();
    why = reason;
    latencies = [];
  };
  const failedWith = (error: unknown): void => {
    failed++;
    if (openedAt !== undefined || failed >= failures)
      open(
        `${failed} failures in a row, the last: ${error instanceof Error ? error.message : String(error)}`,
      );
  };
  const answered = (milliseconds: number): void => {
    failed = 0;
    if (openedAt !== undefined) onChange(false, "the server answers again");
    openedAt = undefined;
    latencies.push(milliseconds);
    if (latencies.length < WINDOW) return;
    const sorted = latencies.toSorted((a, b) => a - b);
    if ((sorted[Math.floor(WINDOW * 0.95)] ?? 0) > slowMs)
      open(`95 % of calls take over ${slowMs} ms`);
    latencies = latencies.slice(WINDOW / 2);
  };

  return async (call) => {
    if (openedAt !== undefined && (probing || performance.now() - openedAt < pauseMs)) {
      const error = refuse(why);
      // Callers in a loop leave the event loop a turn, or the answer to the probe could never be read.
      await new Promise((resolve) => setImmediate(resolve));
      throw error;
    }
    const probe = openedAt !== undefined;
    if (probe) probing = true;
    const startedAt = now();
    let allowedMs = 0;
    const allow = (milliseconds: number): void => {
      allowedMs += milliseconds;
    };
    try {
      const result = await call(allow);
      answered(now() - startedAt - allowedMs);
      return result;
    } catch (error) {
      if (counts(error)) failedWith(error);
      else answered(now() - startedAt - allowedMs);
      throw error;
    } finally {
      if (probe) probing = false;
    }
  };
}
