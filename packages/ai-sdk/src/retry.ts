/**
 * Tries a hidden round of a stream again.
 *
 * While the caller has seen nothing, a failure is the SDK's to handle: it repeats the call as often as its `maxRetries` says. Once
 * something was shown it cannot, and the round alone is repeated here, as often as the SDK does by default.
 */
import { isRecord, waitToRetry } from "@headroom/core/kit";

/** The SDK's own default. What a caller passes to it does not reach a model. */
const MAX_RETRIES = 2;

/** @param isLeft true once nobody wants the reply any more */
export async function retrying<Reply>(
  ask: () => PromiseLike<Reply>,
  signal: AbortSignal | undefined,
  isLeft: () => boolean,
): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!isRetryable(error) || signal?.aborted || isLeft()) throw error;
      const options = { maxRetries: MAX_RETRIES, signal, waitMs: askedWaitMs(error) };
      if (!(await waitToRetry(attempt, options)) || isLeft()) throw error;
    }
  }
}

/** What the SDK would repeat. */
function isRetryable(error: unknown): boolean {
  return error instanceof Error && "isRetryable" in error && error.isRetryable === true;
}

/** What the provider asks for in its headers, in milliseconds. */
function askedWaitMs(error: unknown): number | undefined {
  const headers = error instanceof Error && "responseHeaders" in error ? error.responseHeaders : {};
  if (!isRecord(headers)) return undefined;
  const { "retry-after-ms": milliseconds, "retry-after": seconds } = headers;
  if (milliseconds !== undefined) return Number(milliseconds);
  return seconds === undefined ? undefined : 1_000 * Number(seconds);
}
