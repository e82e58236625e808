/**
 * Originals in Redis, Valkey or a Redis Cluster.
 *
 * One original is one key (and its chunks, in the same slot); a put is one round trip: write if absent, read the header
 * back. A record that was there already costs a second one, which lengthens its life. Commands of one tick travel together,
 * so a batch is one round trip too, in a cluster one per node, without pipelines that a cluster would refuse.
 */
import {
  type CcrEntry,
  type CcrRef,
  type CcrStore,
  InvalidOptionError,
  StoreError,
} from "@headroom/core";
import { type BreakerOptions, breaker } from "./breaker.ts";
import { type ConnectOptions, connect, type RedisClient } from "./client.ts";
import { localCache } from "./local-cache.ts";
import { type Durability, probe } from "./probe.ts";
import {
  HEADER_BYTES,
  type Header,
  type Original,
  open,
  originalOf,
  parseHeader,
  seal,
} from "./record.ts";
import { scopeOf } from "./scope.ts";
import { within } from "./within.ts";

/** What the store has to tell besides answers. Never content, never a secret. */
export interface RedisStoreEvent {
  readonly type: "warning" | "error" | "breaker" | "corrupt" | "collision";
  readonly message: string;
}

export interface RedisStoreOptions extends ConnectOptions {
  /** Keeps tenants apart: another namespace cannot find, overwrite or even name this one's originals. @default "default" */
  readonly namespace?: string;
  /** Keys the names and digests in Redis. @default "" */
  readonly secret?: string;
  /** Life of an original; every put and get starts it anew, none shortens it. @default 86_400 */
  readonly ttlSeconds?: number;
  /**
   * `"redis"`: acknowledged by the primary. `"strict"`: on disk there (`appendfsync always`) or on `replicas` replicas, and
   * never on a server that evicts; otherwise `put` is refused and only lossless forms leave.
   * @default "redis"
   */
  readonly durability?: "redis" | "strict";
  /** Replicas `"strict"` waits for where the primary does not sync every write. @default 1 */
  readonly replicas?: number;
  /** How long one call may take. @default 500 */
  readonly timeoutMs?: number;
  /** Encrypts originals with AES-256-GCM under a key derived from this; at least 32 bytes. @default none */
  readonly encryptionKey?: string | Uint8Array;
  /** Bytes of recent originals kept in this process for reads. 0 turns it off. @default 67_108_864 */
  readonly localCacheBytes?: number;
  /** Stands before every key. @default "" */
  readonly keyPrefix?: string;
  readonly breaker?: Omit<BreakerOptions, "counts" | "onChange">;
  readonly onEvent?: (event: RedisStoreEvent) => void;
  /** Current time in milliseconds, for the copies in this process; tests pass their own. @default Date.now */
  readonly now?: () => number;
}

/** Redis values stay well under what hosted services accept. */
const MAX_CHUNK = 1_048_576;
const MAX_ORIGINAL = 67_108_864;
/** Chunks outlive their manifest, so that a manifest that can be read can be served. */
const CHUNK_LIFE = 1.1;
/** How long an answer about durability is believed. */
const PROBE_MS = 10_000;

/** A store in Redis. @throws InvalidOptionError */
export function redisStore(options: RedisStoreOptions): CcrStore {
  const {
    ttlSeconds = 86_400,
    durability = "redis",
    replicas = 1,
    timeoutMs = 500,
    localCacheBytes = 67_108_864,
    keyPrefix = "",
    now = Date.now,
  } = options;
  for (const [name, value] of Object.entries({ ttlSeconds, timeoutMs, replicas }))
    if (!(Number.isFinite(value) && value > 0))
      throw new InvalidOptionError(name, value, "a positive number");
  if (durability !== "redis" && durability !== "strict")
    throw new InvalidOptionError("durability", durability, '"redis" or "strict"');
  if (typeof keyPrefix !== "string" || /[{}]/.test(keyPrefix))
    throw new InvalidOptionError("keyPrefix", keyPrefix, "a string without braces");
  const scope = scopeOf(
    options.namespace === undefined ? "default" : options.namespace,
    options.secret === undefined ? "" : options.secret,
    options.encryptionKey,
  );
  const tell = (type: RedisStoreEvent["type"], message: string): void =>
    options.onEvent?.({ type, message });
  const connection = connect<RedisClient>(options, (error) => tell("error", error.message));
  const local = localCache(localCacheBytes);
  const ttlMs = Math.ceil(ttlSeconds * 1_000);
  const fail = (operation: string, message: string, cause?: unknown): StoreError =>
    new StoreError("redis", operation, message, { cause });
  const guarded = breaker((why) => fail("reach the server", `not tried, ${why}.`), {
    ...options.breaker,
    // What this file throws itself is an answer of the server that says no, not a server that does not answer.
    counts: (error) => !(error instanceof StoreError),
    onChange: (isOpen, why) => tell("breaker", isOpen ? `open: ${why}` : `closed: ${why}`),
  });
  const keyOf = (ref: CcrRef): string => `${keyPrefix}hr1:${scope.tag}:{${ref}}`;
  let probed: { readonly at: number; readonly answer: Durability } | undefined;

  /** One call to the server: bounded in time, counted by the breaker. */
  const ask = async <Answer>(
    operation: string,
    call: (client: RedisClient) => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      return await guarded(async () => within(timeoutMs, connection.client().then(call)));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw fail(operation, messageOf(error), error);
    }
  };

  const durable = async (client: RedisClient): Promise<Durability> => {
    if (probed && performance.now() - probed.at < PROBE_MS) return probed.answer;
    const answer = await probe(client);
    const first = probed === undefined;
    probed = { at: performance.now(), answer };
    if (first && answer.evicts === true)
      tell(
        "warning",
        "the server evicts keys when it is full (maxmemory-policy is not noeviction): originals can vanish while a marker lives.",
      );
    if (first && answer.persists === false && (answer.replicas ?? 0) === 0)
      tell(
        "warning",
        "the server keeps no append-only file and has no replica: a restart loses originals.",
      );
    return answer;
  };

  /** In strict mode: replicas to wait for, or a refusal. */
  const demand = async (client: RedisClient): Promise<number> => {
    if (durability === "redis") {
      // Only for its warnings: a put must not wait for them.
      durable(client).catch(() => undefined);
      return 0;
    }
    const answer = await durable(client);
    if (answer.evicts !== false)
      throw fail("put", "durability is strict and the server evicts keys, or would not say.");
    if (answer.syncsEveryWrite === true) return 0;
    if ((answer.replicas ?? 0) >= replicas) return replicas;
    throw fail(
      "put",
      `durability is strict, and the server neither syncs every write (appendfsync always) nor has ${replicas} replica(s).`,
    );
  };

  const keep = async (client: RedisClient, { ref, text, expiresAt }: CcrEntry): Promise<void> => {
    const waitFor = await demand(client);
    const key = keyOf(ref);
    const life = expiresAt === undefined ? ttlMs : expiresAt - now();
    if (life <= 0) return;
    const original = originalOf(text, key, scope);
    const known = local.has(key, text) && (await refresh(client, key, original, life));
    if (!known) await write(client, key, original, life);
    if (waitFor > 0) {
      const reached = await client.wait(waitFor, timeoutMs);
      if (reached < waitFor) throw fail("put", `only ${reached} of ${waitFor} replicas have it.`);
    }
    local.set(key, text, now() + life);
  };

  const put = async (entry: CcrEntry): Promise<void> => {
    if (entry.text.length * 2 > MAX_ORIGINAL && Buffer.byteLength(entry.text) > MAX_ORIGINAL)
      throw fail("put", `the original has over ${MAX_ORIGINAL} bytes.`);
    // One call, however many commands it takes: it is over in time, and counts once.
    await ask("put", (client) => keep(client, entry));
  };

  /** The record is there and whole: its life is lengthened, nothing is sent again. */
  const refresh = async (
    client: RedisClient,
    key: string,
    { digest }: Original,
    life: number,
  ): Promise<boolean> => {
    const [head, lengthened] = await Promise.all([
      client.getrangeBuffer(key, 0, HEADER_BYTES - 1),
      lengthen(client, key, life),
    ]);
    const header = parseHeader(head);
    return (
      header !== undefined &&
      lengthened &&
      header.digest.equals(digest) &&
      (await lengthenChunks(client, key, header, life))
    );
  };

  const write = async (
    client: RedisClient,
    key: string,
    original: Original,
    life: number,
  ): Promise<void> => {
    const { header, head, payload } = seal(original, key, scope, {
      createdAt: now(),
      maxChunk: MAX_CHUNK,
    });
    const value = header.chunks === 0 ? Buffer.concat([head, payload]) : head;
    await Promise.all(
      chunksOf(key, header).map((chunk, index) =>
        client.set(
          chunk,
          payload.subarray(index * MAX_CHUNK, (index + 1) * MAX_CHUNK),
          "PX",
          Math.ceil(life * CHUNK_LIFE),
        ),
      ),
    );
    const [, back] = await Promise.all([
      client.set(key, value, "PX", life, "NX"),
      client.getrangeBuffer(key, 0, HEADER_BYTES - 1),
    ]);
    const kept = parseHeader(back);
    if (kept?.putId === header.putId && kept.digest.equals(original.digest)) return;
    await Promise.all(chunksOf(key, header).map((chunk) => client.unlink(chunk)));
    if (!kept) throw fail("put", "the record could not be read back.");
    if (!kept.digest.equals(original.digest)) {
      tell("collision", "another text stands under a ref of this namespace: refused.");
      throw fail("put", "another text stands under this ref.");
    }
    // Another put of the same text was first. Its record serves, if its chunks are all there; else it makes room.
    const [, whole] = await Promise.all([
      lengthenKnown(client, key, life),
      lengthenChunks(client, key, kept, life),
    ]);
    if (whole) return;
    await client.unlink(key);
    throw fail(
      "put",
      "an earlier record of this original was incomplete and has been removed; the next put writes it anew.",
    );
  };

  const read = async (client: RedisClient, ref: CcrRef): Promise<string | undefined> => {
    const key = keyOf(ref);
    const value = await client.getBuffer(key);
    if (value === null) return undefined;
    const header = parseHeader(value);
    if (!header) throw corrupt(ref, "it is not a record of this package");
    const parts = await Promise.all(chunksOf(key, header).map((chunk) => client.getBuffer(chunk)));
    if (parts.includes(null)) throw corrupt(ref, "a part of it is missing");
    const payload =
      header.chunks === 0
        ? value.subarray(HEADER_BYTES)
        : Buffer.concat(parts.filter((part) => part !== null));
    try {
      return open(header, payload, key, scope);
    } catch (error) {
      throw corrupt(ref, messageOf(error));
    }
  };

  const corrupt = (ref: CcrRef, why: string): StoreError => {
    tell("corrupt", `the record of ${ref.slice(0, 4)}… is damaged: ${why}.`);
    return fail("get", `the record is damaged (${why}) and is not served.`);
  };

  return {
    name: "redis",
    readsBack: true,
    put,
    async putMany(entries) {
      return Promise.all(
        entries.map((entry) =>
          put(entry).then(
            () => undefined,
            (error: unknown) => (error instanceof Error ? error : fail("put", String(error))),
          ),
        ),
      );
    },
    async get(ref) {
      const key = keyOf(ref);
      const time = now();
      const copy = local.get(key, time);
      if (copy !== undefined) {
        // The life of the record is lengthened behind the answer; that it fails changes nothing for this reader.
        ask("get", (client) => lengthen(client, key, ttlMs)).catch(() => undefined);
        return { ref, text: copy };
      }
      const text = await ask("get", async (client) => {
        const found = await read(client, ref);
        if (found !== undefined) await lengthen(client, key, ttlMs);
        return found;
      });
      if (text === undefined) return undefined;
      local.set(key, text, time + ttlMs);
      return { ref, text, expiresAt: time + ttlMs };
    },
    async delete(ref) {
      const key = keyOf(ref);
      local.delete(key);
      return ask("delete", async (client) => {
        const header = parseHeader(await client.getrangeBuffer(key, 0, HEADER_BYTES - 1));
        const removed = await client.unlink(key);
        if (header) await Promise.all(chunksOf(key, header).map((chunk) => client.unlink(chunk)));
        return removed > 0;
      });
    },
    close: () => connection.close(),
  };
}

function chunksOf(key: string, { chunks, putId }: Header): readonly string[] {
  return Array.from({ length: chunks }, (_, index) => `${key}:${putId}:${index}`);
}

async function lengthenChunks(
  client: RedisClient,
  key: string,
  header: Header,
  life: number,
): Promise<boolean> {
  const lengthened = await Promise.all(
    chunksOf(key, header).map((chunk) => lengthen(client, chunk, Math.ceil(life * CHUNK_LIFE))),
  );
  return lengthened.every(Boolean);
}

/** Lengthens a life, never shortens it. @returns whether the key exists */
async function lengthen(client: RedisClient, key: string, life: number): Promise<boolean> {
  return (await lengthenKnown(client, key, life)) || (await client.pttl(key)) !== -2;
}

/** The same for a key that is known to be there: one command. @returns whether the life is longer now */
async function lengthenKnown(client: RedisClient, key: string, life: number): Promise<boolean> {
  try {
    return (await client.pexpire(key, life, "GT")) === 1;
  } catch (error) {
    // Redis before 7.0 has no GT.
    if (!(error instanceof Error && error.message.includes("wrong number of arguments")))
      throw error;
    const left = await client.pttl(key);
    return left >= 0 && left < life && (await client.pexpire(key, life)) === 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
