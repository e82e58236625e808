import type { HeadroomOptions, Mode } from "@headroom/core";
import { InvalidOptionError } from "@headroom/core";
import type { LogEntry } from "./observe/log.ts";
import type { TracerLike } from "./observe/trace.ts";
import type { UpstreamTimes } from "./upstream.ts";
import type { Upstreams } from "./upstreams.ts";

/** Options of `createProxy`. */
export interface ProxyOptions {
  /** Where requests go. @default the providers' own hosts */
  readonly upstreams?: Partial<Upstreams>;
  /** Keeps originals. Without one only lossless forms are used. @default none */
  readonly store?: HeadroomOptions["store"];
  /** @default "balanced" with a store, else "lossless" */
  readonly mode?: Mode;
  /**
   * Who answers `headroom_retrieve`: `"inline"` offers the tool and answers it inside the proxy; `false` offers nothing, and
   * everything is lossless.
   * @default "inline"
   */
  readonly retrieval?: "inline" | false;
  /** The most replies of one request whose retrievals are answered. @default 8 */
  readonly maxRetrievals?: number;
  /** Further options of compression. @default those of `createHeadroom` */
  readonly compression?: Omit<
    HeadroomOptions,
    "adapter" | "mode" | "namespace" | "runner" | "signal" | "store"
  >;
  /** Isolates the originals of one tenant from another's. @default one namespace for each API key */
  readonly namespace?: string;
  /** Compression runs in worker threads. `false` keeps it in this thread. @default true */
  readonly workers?: boolean;
  /**
   * Nothing else runs in this process, so how its garbage is collected is for the proxy to say: it takes about half the memory, and up
   * to three quarters more processor time where many large requests come at once. It cannot be taken back.
   * @default false
   */
  readonly ownsProcess?: boolean;
  /**
   * The most a request may be held up by compression, in milliseconds; then it goes on as it came, except for what earlier requests
   * of the conversation have sent shortened.
   * @default 1_000; once something was compressed for an API key, 250 and one more for each KiB of the body, up to 1_000
   */
  readonly deadlineMs?: number;
  /** Larger bodies go through unread. @default 67_108_864 */
  readonly maxBodyBytes?: number;
  /**
   * A secret that clients send as `x-headroom-token`. A proxy that listens on other addresses than those of this machine has to have
   * one.
   * @default none
   */
  readonly token?: string;
  /** Names that a `Host` header may have, besides those of this machine. @default none */
  readonly allowedHosts?: readonly string[];
  /** Origins of web pages that may call the proxy. @default none */
  readonly allowedOrigins?: readonly string[];
  /**
   * WebSockets go through unread. `false` answers them with 426, and clients that can do both (Codex) use HTTP, where requests are
   * shortened.
   * @default true
   */
  readonly webSockets?: boolean;
  readonly times?: UpstreamTimes;
  /** Called for an error that did not stop a request. Never with a text of a request. @default none */
  readonly onError?: (error: unknown, phase: string) => void;
  /**
   * Called for each request that has ended, and for what went wrong, with figures and names of a fixed set: no text, no header, no
   * query, no path. `(entry) => console.log(JSON.stringify(entry))` makes it a log of JSON lines.
   * @default none
   */
  readonly log?: (entry: LogEntry) => void;
  /**
   * Gets one span for each request to a model: `trace.getTracer("headroom")` of `@opentelemetry/api`, or what has its `startSpan`.
   * @default none
   */
  readonly tracer?: TracerLike;
}

const COLD_DEADLINE_MS = 1_000;
/** What is loaded once is there: a request that takes longer has a text that is not worth the wait. */
const WARM_DEADLINE_MS = 250;

/** The most a request of so many bytes may be held up. */
export function deadlineFor(bytes: number, isWarm: boolean, given: number | undefined): number {
  if (given !== undefined) return given;
  return isWarm ? Math.min(COLD_DEADLINE_MS, WARM_DEADLINE_MS + bytes / 1_024) : COLD_DEADLINE_MS;
}

/** Shares of that for compressing: what has to be loaded first is no text's fault, and a request has to be written after it. */
const COLD_SHARE = 0.6;
const WARM_SHARE = 0.8;

/** The most that texts are compressed for; those left over then stay as they are. */
export function textDeadlineFor(
  characters: number,
  isWarm: boolean,
  given: number | undefined,
): number {
  return deadlineFor(characters, isWarm, given) * (isWarm ? WARM_SHARE : COLD_SHARE);
}

export type ResolvedProxyOptions = ProxyOptions &
  Required<Pick<ProxyOptions, "maxBodyBytes" | "workers" | "retrieval">>;

/** @throws InvalidOptionError */
export function resolveProxyOptions(options: ProxyOptions): ResolvedProxyOptions {
  const { deadlineMs = COLD_DEADLINE_MS, maxBodyBytes = 67_108_864, workers = true } = options;
  const { retrieval = "inline", token } = options;
  if (!(deadlineMs > 0))
    throw new InvalidOptionError("deadlineMs", deadlineMs, "a positive number of milliseconds");
  if (!(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0))
    throw new InvalidOptionError("maxBodyBytes", maxBodyBytes, "a positive number of bytes");
  if (retrieval !== "inline" && retrieval !== false)
    throw new InvalidOptionError("retrieval", retrieval, '"inline" or false');
  if (token !== undefined && (typeof token !== "string" || token.length < 32))
    throw new InvalidOptionError("token", "a short one", "a secret of 32 characters or more");
  if (options.ownsProcess !== undefined && typeof options.ownsProcess !== "boolean")
    throw new InvalidOptionError("ownsProcess", options.ownsProcess, "true or false");
  if (options.log !== undefined && typeof options.log !== "function")
    throw new InvalidOptionError("log", options.log, "a function");
  if (options.tracer !== undefined && typeof options.tracer?.startSpan !== "function")
    throw new InvalidOptionError("tracer", options.tracer, "a tracer of @opentelemetry/api");
  return { ...options, maxBodyBytes, workers, retrieval };
}
