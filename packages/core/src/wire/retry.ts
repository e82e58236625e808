/** HTTP for the further requests of a stream, which no retry of the SDK around us would repeat. */
import { waitToRetry } from "../inline/retry.ts";

export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The request of a further round. @param round 1 for the first; makes the idempotency key of the call one of its own */
export function furtherRequest(init: RequestInit, body: string, round: number): RequestInit {
  const headers = new Headers(init.headers);
  const key = headers.get("idempotency-key");
  if (key !== null) headers.set("idempotency-key", `${key}-${round}`);
  return { ...init, headers, body };
}

/**
 * Sends a request, and sends it again as the official clients do when it fails for the moment: connection errors, statuses after
 * which the same request may succeed, and what `x-should-retry` says.
 */
export async function sendAgain(
  base: Fetch,
  url: string | URL | Request,
  init: RequestInit,
  maxRetries: number,
): Promise<Response> {
  const { signal } = init;
  for (let attempt = 1; ; attempt++) {
    let response: Response | undefined;
    let failure: unknown;
    try {
      response = await base(url, init);
      if (response.ok || !mayRetry(response)) return response;
    } catch (error) {
      failure = error;
    }
    const goesOn = await waitToRetry(attempt, {
      maxRetries,
      signal,
      waitMs: askedWaitMs(response),
    });
    if (goesOn) {
      await response?.body?.cancel();
      continue;
    }
    if (response) return response;
    throw failure;
  }
}

function mayRetry({ status, headers }: Response): boolean {
  const said = headers.get("x-should-retry");
  if (said === "true" || said === "false") return said === "true";
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** `retry-after-ms`, or `retry-after` as seconds or as a date; `undefined` where neither is there. */
function askedWaitMs(response: Response | undefined): number | undefined {
  const milliseconds = response?.headers.get("retry-after-ms");
  if (milliseconds != null) return Number(milliseconds);
  const after = response?.headers.get("retry-after");
  if (after == null) return undefined;
  const seconds = Number(after);
  return Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1_000;
}
