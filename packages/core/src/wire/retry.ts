/** HTTP for the further requests of a call, which no retry of the SDK around us would repeat alone. */

export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** As many as the SDKs make by default: the first and two more. */
const TRIES = 3;
/** A server that asks for more than this is not waited for. */
const MAX_WAIT_SECONDS = 60;

/**
 * Sends the request of a further round, and sends it again as SDKs do when it fails for the moment: the rounds before it were
 * paid for. @param round 1 for the first further request; makes the idempotency key of the call one of its own
 */
export async function sendAgain(
  base: Fetch,
  url: string | URL | Request,
  init: RequestInit,
  body: string,
  round: number,
): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = headers.get("idempotency-key");
  if (key !== null) headers.set("idempotency-key", `${key}-${round}`);
  for (let attempt = 1; ; attempt++) {
    const response = await base(url, { ...init, headers, body }).catch((error: unknown) => {
      if (attempt >= TRIES || init.signal?.aborted) throw error;
      return undefined;
    });
    if (response && (attempt >= TRIES || !isTransient(response.status))) return response;
    const after = Number(response?.headers.get("retry-after") ?? Number.NaN);
    await response?.body?.cancel();
    const isAccepted = after >= 0 && after <= MAX_WAIT_SECONDS;
    await pause(isAccepted ? after * 1_000 : 250 * 2 ** attempt, init.signal);
  }
}

/** Statuses after which the same request may succeed. */
function isTransient(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
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
