import { InvalidOptionError } from "@headroom/core";
import type { BreakerOptions } from "./breaker.ts";
import type { ConnectOptions } from "./client.ts";

/** Something that happened in a store, for logs and alerts. It carries no content and no secret. */
export interface RedisStoreEvent {
  readonly type: "warning" | "error" | "breaker" | "corrupt" | "collision";
  readonly message: string;
}

export interface RedisStoreOptions extends ConnectOptions {
  /** Keeps tenants apart: another namespace cannot find, overwrite or even name this one's originals. @default "default" */
  readonly namespace?: string;
  /** Enters into the names and proofs of records in Redis. Needed where tenants share a server. @default "" */
  readonly secret?: string;
  /**
   * Seconds that an original lives. Every put and get starts them anew, and none shortens the life.
   * @default 86_400 (a day) at level `"redis"`, 2_592_000 (30 days) at level `"strict"`
   */
  readonly ttlSeconds?: number;
  /**
   * `"redis"`: a put resolves when the primary has acknowledged it. `"strict"`: when it is on the primary's disk (`appendfsync
   * always`) or on `replicas` replicas, and the server does not evict keys. Otherwise the put is refused, and texts are sent in
   * their lossless form.
   * @default "redis"
   */
  readonly durability?: "redis" | "strict";
  /** How many replicas `"strict"` waits for where the primary does not sync every write. @default 1 */
  readonly replicas?: number;
  /**
   * Milliseconds that one call is waited for, and 500 more for each MiB of the original. Time in which this process is busy with
   * something else does not count.
   * @default 500
   */
  readonly timeoutMs?: number;
  /** Encrypts originals with AES-256-GCM under a key derived from this; at least 32 bytes. @default none */
  readonly encryptionKey?: string | Uint8Array;
  /**
   * The same with rotation: the first key encrypts, the others are still read. The next put of an original that stands under one
   * of the others, or unencrypted, writes it under the first. The old record expires within a minute; a plain one goes at once.
   * @default none
   */
  readonly encryptionKeys?: readonly (string | Uint8Array)[];
  /**
   * Bytes of recent originals kept in this process. A copy is served when the server says that the record is still there, or
   * when it cannot be reached. 0 turns it off. @default 67_108_864
   */
  readonly localCacheBytes?: number;
  /** Text that every key starts with. @default "" */
  readonly keyPrefix?: string;
  /** When a server that does not answer is left alone for a moment. Reads and writes have breakers of their own. */
  readonly breaker?: BreakerOptions;
  /** Called for warnings, errors, breakers that open or close, damaged records and collisions. @default none */
  readonly onEvent?: (event: RedisStoreEvent) => void;
  /** Current time in milliseconds, for the copies in this process; tests pass their own. @default Date.now */
  readonly now?: () => number;
}

const DAY_SECONDS = 86_400;

export interface Resolved {
  readonly ttlMs: number;
  readonly durability: "redis" | "strict";
  readonly replicas: number;
  readonly timeoutMs: number;
  readonly localCacheBytes: number;
}

/** @throws InvalidOptionError */
export function resolve(options: RedisStoreOptions): Resolved {
  const {
    durability = "redis",
    ttlSeconds = durability === "strict" ? 30 * DAY_SECONDS : DAY_SECONDS,
    replicas = 1,
    timeoutMs = 500,
    localCacheBytes = 67_108_864,
  } = options;
  for (const [name, value] of Object.entries({ ttlSeconds, timeoutMs, replicas }))
    if (!(Number.isFinite(value) && value > 0))
      throw new InvalidOptionError(name, value, "a positive number");
  if (durability !== "redis" && durability !== "strict")
    throw new InvalidOptionError("durability", durability, '"redis" or "strict"');
  return { ttlMs: Math.ceil(ttlSeconds * 1_000), durability, replicas, timeoutMs, localCacheBytes };
}
