/** The few commands this package uses, as a structural type: `Redis` and `Cluster` of ioredis 5 and 6 fit. */
import { InvalidOptionError, StoreError } from "@headroom/core";

/** An ioredis-like client. Only core commands: Debian's redis-server, Valkey and a cluster all have them. */
export interface RedisClient {
  set(key: string, value: Buffer, px: "PX", milliseconds: number): Promise<unknown>;
  set(key: string, value: Buffer, px: "PX", milliseconds: number, nx: "NX"): Promise<unknown>;
  getBuffer(key: string): Promise<Buffer | null>;
  getrangeBuffer(key: string, start: number, end: number): Promise<Buffer>;
  pexpire(key: string, milliseconds: number, gt: "GT"): Promise<number>;
  pexpire(key: string, milliseconds: number): Promise<number>;
  pttl(key: string): Promise<number>;
  unlink(key: string): Promise<number>;
  wait(replicas: number, milliseconds: number): Promise<number>;
  info(...sections: string[]): Promise<string>;
  config(get: "GET", parameter: string): Promise<unknown>;
  quit(): Promise<unknown>;
  disconnect(): void;
  /** Clusters only. */
  nodes?(role: "master"): readonly RedisClient[];
}

/** A client of ours or of the caller's. */
export interface Connection<Client> {
  client(): Promise<Client>;
  /** Ends a client of ours; leaves the caller's alone. */
  close(): Promise<void>;
}

/** What was measured to fail fast instead of hanging: no queue while offline, no retries, a silent peer replaced in 2 s. */
const FAIL_FAST = {
  autoResendUnfulfilledCommands: false,
  connectTimeout: 1_000,
  enableOfflineQueue: false,
  lazyConnect: true,
  maxRetriesPerRequest: 0,
  socketTimeout: 2_000,
  retryStrategy: (attempt: number): number => Math.min(1_000, 50 * 2 ** Math.min(attempt, 5)),
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
  onError: (error: Error) => void,
): Connection<Client> {
  if ((client === undefined) === (url === undefined))
    throw new InvalidOptionError("client", client, "either { client } or { url }, not both");
  if (client !== undefined) {
    if (
      typeof client !== "object" ||
      client === null ||
      !("hgetall" in client || "getBuffer" in client)
    )
      throw new InvalidOptionError("client", client, "an ioredis Redis or Cluster instance");
    return { client: () => Promise.resolve(client), close: () => Promise.resolve() };
  }
  let own: Promise<Owned> | undefined;
  return {
    client() {
      own ??= create(String(url), options, onError).catch((error: unknown) => {
        own = undefined;
        throw error;
      });
      // Ours is an ioredis client, which has every command that the structural types of this package name.
      return own as Promise<Owned & Client>;
    },
    async close() {
      const made = await own?.catch(() => undefined);
      made?.disconnect();
    },
  };
}

interface Owned {
  disconnect(): void;
}

async function create(
  url: string,
  options: Readonly<Record<string, unknown>> = {},
  onError: (error: Error) => void,
): Promise<Owned> {
  const { Redis } = await import("ioredis").catch((cause: unknown) => {
    throw new StoreError(
      "redis",
      "connect",
      'cannot import "ioredis". Install it or pass { client }.',
      { cause },
    );
  });
  const client = new Redis(url, { ...FAIL_FAST, ...options });
  // Without a listener ioredis prints to the console; errors reach the caller through the commands that fail.
  client.on("error", onError);
  await client.connect().catch(onError);
  return client;
}
