/** The few commands this package uses, as a structural type: `Redis` and `Cluster` of ioredis 5 and 6 fit. */
import { InvalidOptionError, StoreError } from "@headroom/core";
import { cleanCause, messageOf } from "./errors.ts";

/** An ioredis-like client. Only core commands of Redis 7.0: Debian's redis-server, Valkey and a cluster all have them. */
export interface RedisClient {
  set(key: string, value: Buffer, px: "PX", milliseconds: number): Promise<unknown>;
  set(key: string, value: Buffer, px: "PX", milliseconds: number, nx: "NX"): Promise<unknown>;
  set(key: string, value: Buffer, keepTtl: "KEEPTTL"): Promise<unknown>;
  getrangeBuffer(key: string, start: number, end: number): Promise<Buffer>;
  pexpire(key: string, milliseconds: number, gt: "GT"): Promise<unknown>;
  pexpire(key: string, milliseconds: number, lt: "LT"): Promise<unknown>;
  pexpire(key: string, milliseconds: number, nx: "NX"): Promise<unknown>;
  pttl(key: string): Promise<unknown>;
  unlink(key: string): Promise<unknown>;
  wait(replicas: number, milliseconds: number): Promise<unknown>;
  info(...sections: string[]): Promise<string>;
  config(get: "GET", parameter: string): Promise<unknown>;
  quit(): Promise<unknown>;
  disconnect(): void;
  /** The connection, a `net.Socket`: another one is another server until it is asked. */
  readonly stream?: unknown;
  /** Clusters only. */
  nodes?(role: "master"): readonly RedisClient[];
}

/** A client of ours or of the caller's. */
export interface Connection<Client> {
  client(): Promise<Client>;
  /** Replaces the connection of a client of ours, because nothing is heard on it; leaves the caller's alone. */
  renew(): void;
  /** Ends a client of ours; leaves the caller's alone. */
  close(): Promise<void>;
}

/**
 * What was measured to fail fast instead of hanging: no queue while offline, no retries. There is no `socketTimeout`: its timer
 * fires as well when this process was busy; a silent connection is replaced by `renew`. The ready check needs INFO, which
 * an ACL may forbid.
 */
const FAIL_FAST = {
  autoResendUnfulfilledCommands: false,
  connectTimeout: 3_000,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  lazyConnect: true,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt: number): number => Math.min(1_000, 50 * 2 ** attempt),
};

export interface ConnectOptions<Client = RedisClient> {
  /** A client of yours; it is not closed by us. Give it `enableOfflineQueue: false`, or a dead server costs `timeoutMs` each call. */
  readonly client?: Client;
  /** `redis://` or `rediss://`; needs the package `ioredis`. */
  readonly url?: string;
  /** Options for the client made for `url`, over the fail-fast ones of this package. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Connects lazily, on first use. @throws InvalidOptionError unless exactly one of `client` and `url` is given */
export function connect<Client>(
  { client, url, options }: ConnectOptions<Client>,
  onError: (message: string) => void,
): Connection<Client> {
  if ((client === undefined) === (url === undefined))
    throw new InvalidOptionError("client", client, "either { client } or { url }, not both");
  if (client !== undefined) {
    if (
      typeof client !== "object" ||
      client === null ||
      !("hgetall" in client || "getrangeBuffer" in client)
    )
      throw new InvalidOptionError("client", client, "an ioredis Redis or Cluster instance");
    return {
      client: () => Promise.resolve(client),
      renew: () => undefined,
      close: () => Promise.resolve(),
    };
  }
  let own: Promise<Owned> | undefined;
  let made: Owned | undefined;
  return {
    async client() {
      own ??= create(String(url), options, onError).then(
        (owned) => {
          made = owned;
          return owned;
        },
        (error: unknown) => {
          own = undefined;
          throw error;
        },
      );
      const owned = await own;
      // A connection that is being made is waited for, as long as the call may take; one that is down is not.
      if (owned.redis.status === "connecting" || owned.redis.status === "connect")
        await owned.settled();
      // Ours is an ioredis client, which has every command that the structural types of this package name.
      return owned.redis as OwnedRedis & Client;
    },
    renew: () => void made?.redis.stream?.destroy(),
    async close() {
      const owned = await own?.catch(() => undefined);
      owned?.redis.disconnect();
      // A peer that never answers would not end its half either.
      if (owned && owned.redis.status !== "end") owned.redis.stream?.destroy();
    },
  };
}

interface OwnedRedis {
  readonly status: string;
  readonly stream?: { destroy(): unknown };
  disconnect(): void;
}

interface Owned {
  readonly redis: OwnedRedis;
  /** Resolves when the connection stands or is down. */
  settled(): Promise<void>;
}

async function create(
  url: string,
  options: Readonly<Record<string, unknown>> = {},
  onError: (message: string) => void,
): Promise<Owned> {
  const { Redis } = await import("ioredis").catch((error: unknown) => {
    throw new StoreError(
      "redis",
      "connect",
      'cannot import "ioredis". Install it or pass { client }.',
      { cause: cleanCause(error) },
    );
  });
  const redis = new Redis(url, { ...FAIL_FAST, ...options });
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  redis.on("ready", wake).on("close", wake).on("end", wake);
  // Without a listener ioredis prints to the console; errors reach the caller through the commands that fail.
  const tell = (error: unknown): void => onError(messageOf(error));
  redis.on("error", tell);
  // Not waited for: a peer that accepts and never answers would keep `close` waiting as well.
  redis.connect().catch(tell);
  return { redis, settled: () => new Promise((resolve) => void waiting.push(resolve)) };
}
