/** Stops asking a server that does not answer, and asks again, once, after a pause. */
export interface BreakerOptions {
  /** @default 5 */
  readonly failures?: number;
  /** Opens when 95 % of the last 40 calls take longer. @default 100 */
  readonly slowMs?: number;
  /** @default 1000 */
  readonly pauseMs?: number;
  /** Whether an error speaks of the server rather than of the request. */
  readonly counts?: (error: unknown) => boolean;
  readonly onChange?: (open: boolean, why: string) => void;
}

const WINDOW = 40;

/** @returns a function that runs calls, or rejects at once with `refuse()` while the breaker is open */
export function breaker(
  refuse: (why: string) => Error,
  {
    failures = 5,
    slowMs = 100,
    pauseMs = 1_000,
    counts = () => true,
    onChange,
  }: BreakerOptions = {},
): <Result>(call: () => Promise<Result>) => Promise<Result> {
  let failed = 0;
  let latencies: number[] = [];
  let openedAt: number | undefined;
  let why = "";
  let probing = false;

  const open = (reason: string): void => {
    if (openedAt === undefined) onChange?.(true, reason);
    openedAt = performance.now();
    why = reason;
    latencies = [];
  };
  const settle = (ok: boolean, milliseconds: number, error?: unknown): void => {
    if (!ok) {
      failed++;
      if (openedAt !== undefined || failed >= failures)
        open(
          `${failed} failures in a row, the last: ${error instanceof Error ? error.message : String(error)}`,
        );
      return;
    }
    failed = 0;
    if (openedAt !== undefined) onChange?.(false, "the server answers again");
    openedAt = undefined;
    latencies.push(milliseconds);
    if (latencies.length < WINDOW) return;
    const sorted = latencies.toSorted((a, b) => a - b);
    if ((sorted[Math.floor(WINDOW * 0.95)] ?? 0) > slowMs)
      open(`95 % of calls take over ${slowMs} ms`);
    latencies = latencies.slice(WINDOW / 2);
  };

  return async (call) => {
    if (openedAt !== undefined && (probing || performance.now() - openedAt < pauseMs))
      throw refuse(why);
    const probe = openedAt !== undefined;
    if (probe) probing = true;
    const started = performance.now();
    try {
      const result = await call();
      settle(true, performance.now() - started);
      return result;
    } catch (error) {
      settle(!counts(error), performance.now() - started, error);
      throw error;
    } finally {
      if (probe) probing = false;
    }
  };
}
