/** Sending the request of a hidden round again: the rounds before it were paid for, and no retry of the client would repeat it alone. */

export interface RetryOptions {
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly signal?: AbortSignal | null | undefined;
  /** What the server asked to be waited for, in milliseconds; out of 0 to 60,000 it is not followed. */
  readonly waitMs?: number | undefined;
}

/** A server that asks for more than this is not waited for. */
const MAX_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/**
 * Waits before the next attempt, as the official clients do, without their jitter.
 *
 * @param attempt 1 for the first retry
 * @returns false where there is none left. Rejects with the signal's reason.
 */
export async function waitToRetry(
  attempt: number,
  { maxRetries, signal, waitMs = Number.NaN }: RetryOptions,
): Promise<boolean> {
  signal?.throwIfAborted();
  if (attempt > maxRetries) return false;
  const own = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  await pause(waitMs >= 0 && waitMs <= MAX_WAIT_MS ? waitMs : own, signal);
  return true;
}

function pause(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
