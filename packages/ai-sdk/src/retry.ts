/**
 * Tries a hidden round of a stream again.
 *
 * While the caller has seen nothing, a failure is the SDK's to handle: it repeats the call as often as its `maxRetries` says. Once
 * something was shown it cannot, and the round is repeated here, in the way the SDK does: what the provider calls retryable, after
 * the time the provider asks for, else after 2 and 4 seconds.
 */
import { isRecord } from "@headroom/core/kit";

/** As in the SDK. */
const MAX_RETRIES = 2;
const FIRST_DELAY_MS = 2_000;
/** A provider that asks for more is not waited for that long. */
const MAX_DELAY_MS = 60_000;

/** @param isLeft true once nobody wants the reply any more */
export async function retrying<Reply>(
  ask: () => PromiseLike<Reply>,
  signal: AbortSignal | undefined,
  isLeft: () => boolean,
): Promise<Reply> {
  for (let retry = 0; ; retry++) {
    try {
      return await ask();
    } catch (error) {
      if (retry >= MAX_RETRIES || !isRetryable(error) || signal?.aborted || isLeft()) throw error;
      await delay(delayOf(error, FIRST_DELAY_MS * 2 ** retry), signal);
      if (isLeft()) throw error;
    }
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && "isRetryable" in error && error.isRetryable === true;
}

/** What the provider asks for in its headers, in milliseconds. */
function delayOf(error: unknown, otherwise: number): number {
  const headers = error instanceof Error && "responseHeaders" in error ? error.responseHeaders : {};
  if (!isRecord(headers)) return otherwise;
  const milliseconds = headers["retry-after-ms"];
  const seconds = headers["retry-after"];
  const asked =
    milliseconds !== undefined
      ? Number(milliseconds)
      : seconds === undefined
        ? Number.NaN
        : 1_000 * Number(seconds);
  return asked >= 0 && asked <= MAX_DELAY_MS ? asked : otherwise;
}

function delay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
