/**
 * Originals in Redis, Valkey or a Redis Cluster.
 *
 * One original is one key (and its chunks, in the same slot). A put and a get are one round trip each. Commands of one tick
 * travel together, so a batch is one round trip too, in a cluster one per node, without pipelines that a cluster would refuse.
 */
import { type CcrEntry, type CcrRef, type CcrStore, StoreError } from "@headroom/core";
import { breaker } from "./breaker.ts";
import { connect, type RedisClient } from "./client.ts";
import { deadlines, LateError, waitedMs } from "./deadlines.ts";
import { acknowledged, strict } from "./durability.ts";
import { AnswerError, cleanCause, isRefusal, messageOf } from "./errors.ts";
import { localCache } from "./local-cache.ts";
import { inOneWrite } from "./one-write.ts";
import { type RedisStoreEvent, type RedisStoreOptions, resolve } from "./options.ts";
import { proofs } from "./proofs.ts";
import { type Call, readRecord, readValue } from "./read-record.ts";
import { MAX_ORIGINAL, originalOf } from "./record.ts";
import { scopeOf } from "./scope.ts";
import { teller } from "./teller.ts";
import { endOutdated, removeRecord, writeRecord } from "./write-record.ts";

/** What a MiB more may take: 16 Mbit/s. */
const MS_PER_BYTE = 500 / 1_048_576;
/** So many calls without an answer, one after the other, and the connection is replaced. */
const SILENT_CALLS = 3;
/** Redis refuses larger numbers; ten years are no deadline. */
const MAX_LIFE_MS = 315_360_000_000;

/** A store in Redis. @throws InvalidOptionError */
export function redisStore(options: RedisStoreOptions): CcrStore {
  const { ttlMs, durability, replicas, timeoutMs, localCacheBytes } = resolve(options);
  const { now = Date.now } = options;
  const scope = scopeOf(options);
  const tell = teller<RedisStoreEvent["type"]>(options.onEvent);
  const connection = connect<RedisClient>(options, (message) => tell("error", message));
  const clock = deadlines();
  const local = localCache(localCacheBytes);
  const proven = proofs();
  const level =
    durability === "strict"
      ? strict(replicas, timeoutMs)
      : acknowledged((message) => tell("warning", message));
  let readWarning: string | undefined;
  let silent = 0;

  const fail = (operation: string, message: string, cause?: unknown): StoreError =>
    new StoreError("redis", operation, message, cause === undefined ? {} : { cause });
  const guard = (what: "reads" | "writes") =>
    breaker(options.breaker ?? {}, {
      now: waitedMs,
      refuse: (why) => fail("reach the server", `not tried, ${why}.`),
      // A server that says no, or serves a bad record, is a server that answers.
      counts: (error) =>
        !(error instanceof StoreError || error instanceof AnswerError || isRefusal(error)),
      onChange: (isOpen, why) => tell("breaker", `${what}: ${isOpen ? "open" : "closed"}: ${why}`),
    });
  const reading = guard("reads");
  const writing = guard("writes");

  type Extend = Call["extend"];
  /** One call to the server: bounded in time, and one for the breaker, however many commands it takes. */
  const ask = async <Answer>(
    guarded: typeof reading,
    operation: string,
    call: (client: RedisClient, extend: Extend) => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      const answer = await guarded((allow) =>
        clock.within(timeoutMs, async (deadline) => {
          const extend = (bytes: number): void => {
            deadline.extend(bytes * MS_PER_BYTE);
            allow(bytes * MS_PER_BYTE);
          };
          const client = await connection.client();
          inOneWrite(client);
          return call(client, extend);
        }),
      );
      silent = 0;
      return answer;
    } catch (error) {
      silent = error instanceof LateError ? silent + 1 : 0;
      if (silent >= SILENT_CALLS) {
        silent = 0;
        connection.renew();
      }
      if (error instanceof StoreError) throw error;
      throw fail(operation, messageOf(error), cleanCause(error));
    }
  };

  /** A reader is served whether or not the life can be lengthened. */
  const lengthenIfAllowed =
    (client: RedisClient): Call["lengthen"] =>
    async (name, factor = 1) => {
      try {
        await client.pexpire(name, Math.ceil(ttlMs * factor), "GT");
        readWarning = undefined;
      } catch (error) {
        const warning = `reads do not lengthen the life of originals: ${messageOf(error)}`;
        if (readWarning !== warning) tell("warning", warning);
        readWarning = warning;
      }
    };

  const put = async ({ ref, text, expiresAt }: CcrEntry): Promise<void> => {
    const original = text.length > MAX_ORIGINAL ? undefined : originalOf(text);
    if (original === undefined || original.bytes.byteLength > MAX_ORIGINAL)
      throw fail("put", `the original has over ${MAX_ORIGINAL} bytes.`);
    const life = expiresAt === undefined ? ttlMs : expiresAt - now();
    if (life <= 0) return;
    const lifeMs = Math.min(Math.ceil(life), MAX_LIFE_MS);
    const name = scope.current.nameOf(ref);
    await ask(writing, "put", (client, extend) => {
      extend(original.bytes.byteLength);
      const lengthen: Call["lengthen"] = (key, factor = 1) =>
        client.pexpire(key, Math.ceil(lifeMs * factor), "GT");
      const call = { client, lengthen, extend, proofs: proven, lifeMs };
      return level.uphold(client, async () => {
        const written = await writeRecord(call, name, scope.current, original);
        if (!written || scope.outdated.length === 0) return;
        const outdated = scope.outdated.map((generation) => ({
          name: generation.nameOf(ref),
          isPlain: generation.sealKey === undefined,
        }));
        await endOutdated(call, name, outdated);
      });
    }).catch((error: unknown) => {
      if (causeOf(error, "CollisionError"))
        tell("collision", "another text stands under a ref of this namespace: refused.");
      throw error;
    });
    local.set(name, text, now() + life);
  };

  const get = async (ref: CcrRef): Promise<CcrEntry | undefined> => {
    const name = scope.current.nameOf(ref);
    const time = now();
    const copy = local.get(name, time);
    if (copy !== undefined && (await isServable(name))) return { ref, text: copy };
    const text = await ask(reading, "get", async (client, extend) => {
      const call = { client, lengthen: lengthenIfAllowed(client), extend };
      const found = await readRecord(call, name, scope.current);
      if (found !== undefined) return found;
      const others = scope.older.map((generation) =>
        readRecord(call, generation.nameOf(ref), generation),
      );
      return (await Promise.all(others)).find((other) => other !== undefined);
    }).catch((error: unknown) => {
      const cause = causeOf(error, "UnreadableError");
      if (!cause) throw error;
      tell("corrupt", `the record of ${ref.slice(0, 4)}… is damaged: ${cause.message}.`);
      throw fail("get", `the record is damaged (${cause.message}) and is not served.`);
    });
    if (text === undefined) return undefined;
    local.set(name, text, time + ttlMs);
    return { ref, text, expiresAt: time + ttlMs };
  };

  /** Whether a copy of this process may be served: the record is there, or the server does not say. */
  const isServable = async (name: string): Promise<boolean> => {
    try {
      const there = await ask(reading, "get", async (client) => {
        const [, head] = await Promise.all([
          lengthenIfAllowed(client)(name),
          readValue(client, name, 1),
        ]);
        return head.byteLength > 0;
      });
      if (!there) local.delete(name);
      return there;
    } catch {
      return true;
    }
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
    get,
    async delete(ref) {
      const names = [scope.current, ...scope.outdated].map((generation) => generation.nameOf(ref));
      local.delete(names[0] ?? "");
      return ask(writing, "delete", async (client) => {
        const removed = await Promise.all(names.map((name) => removeRecord({ client }, name)));
        return removed.includes(true);
      });
    },
    warnings: () =>
      readWarning === undefined ? level.warnings() : [...level.warnings(), readWarning],
    close: () => connection.close(),
  };
}

function causeOf(error: unknown, name: string): Error | undefined {
  const cause = error instanceof StoreError ? error.cause : undefined;
  return cause instanceof Error && cause.name === name ? cause : undefined;
}
