/**
 * Requests to a provider: `undici` connections, without its own timeouts, retries or changes to headers and bytes.
 *
 * Trap: undici ends a response whose head or next chunk takes 300 seconds, which thinking models do. The times here are between two
 * signs of life, and no total.
 */
import { Readable } from "node:stream";
import { type Dispatcher, Pool } from "undici";
import type { RawHeaders } from "./headers.ts";

export interface UpstreamTimes {
  /** Until a connection stands, in milliseconds. @default 10_000 */
  readonly connectMs?: number;
  /** Until the head of the response, in milliseconds; 0 waits for ever. @default 1_800_000 */
  readonly firstByteMs?: number;
  /** Between two chunks of the response, in milliseconds; 0 waits for ever. @default 1_800_000 */
  readonly idleMs?: number;
  /** Between two chunks of a client's request, in milliseconds; 0 waits for ever. @default 120_000 */
  readonly uploadIdleMs?: number;
}

export interface UpstreamRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: RawHeaders;
  readonly body: Buffer | Readable | null;
  readonly signal?: AbortSignal | undefined;
}

/** A response whose body is read once, in the bytes that came. */
export interface UpstreamResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: RawHeaders;
  /** Destroyed with an error where the provider ended in the middle. */
  readonly body: Readable;
}

export interface Upstream {
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 256;

export function upstream(times: UpstreamTimes = {}): Upstream {
  const { connectMs = 10_000, firstByteMs = 1_800_000, idleMs = 1_800_000 } = times;
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, {
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      headersTimeout: firstByteMs,
      bodyTimeout: idleMs,
      connect: { timeout: connectMs },
    });
    pools.set(origin, pool);
    return pool;
  };
  return {
    send: (request) => dispatch(poolOf(request.origin), request),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function dispatch(pool: Pool, request: UpstreamRequest): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    const { signal } = request;
    let stop: ((error: Error) => void) | undefined;
    let body: Readable | undefined;
    let resume: () => void = () => {};
    const aborted = (): void => {
      const error = signal?.reason instanceof Error ? signal.reason : new Error("aborted");
      reject(error);
      stop?.(error);
      body?.destroy(error);
    };
    if (signal?.aborted) {
      aborted();
      return;
    }
    signal?.addEventListener("abort", aborted, { once: true });
    const done = (): void => signal?.removeEventListener("abort", aborted);
    pool.dispatch(optionsOf(request), {
      onConnect(abort) {
        stop = abort;
        if (signal?.aborted) abort(new Error("aborted"));
      },
      onHeaders(status, raw, resumeReading, statusText) {
        // Interim answers come before the one that counts.
        if (status < 200) return true;
        resume = resumeReading;
        body = new Readable({
          read: () => resume(),
          destroy(error, callback) {
            if (error) stop?.(error);
            done();
            callback(error);
          },
        });
        const headers = (raw as readonly Buffer[]).map((one) => one.toString("latin1"));
        resolve({ status, statusText, headers, body });
        return true;
      },
      onData: (chunk) => body?.push(chunk) ?? true,
      onComplete() {
        done();
        body?.push(null);
      },
      onError(error) {
        done();
        reject(error);
        body?.destroy(error);
      },
    });
  });
}

function optionsOf({ path, method, headers, body }: UpstreamRequest): Dispatcher.DispatchOptions {
  return { path, method: method as Dispatcher.HttpMethod, headers: [...headers], body };
}
