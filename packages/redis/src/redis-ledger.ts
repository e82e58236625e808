/**
 * The ledger of a shared context whose agents live in many processes.
 *
 * All keys of one session share a hash tag, so they live in one slot. Versions are numbered by HINCRBY, so no two puts get
 * the same; a record is written under its number and never changes.
 */
import {
  InvalidOptionError,
  type SharedCount,
  type SharedLedger,
  type SharedRecord,
  StoreError,
} from "@headroom/core";
import { type ConnectOptions, connect } from "./client.ts";
import { deadlines } from "./deadlines.ts";
import { cleanCause, messageOf } from "./errors.ts";
import { recordFrom, sightingFrom } from "./ledger-json.ts";
import { keyed, scopeKey } from "./scope.ts";
import { teller } from "./teller.ts";

/** The hash, list and publish commands the ledger uses; `Redis` and `Cluster` of ioredis 5 and 6 fit. */
export interface RedisLedgerClient {
  hget(key: string, field: string): Promise<string | null>;
  hset(key: string, field: string, value: string): Promise<number>;
  hsetnx(key: string, field: string, value: string): Promise<number>;
  hincrby(key: string, field: string, by: number): Promise<number>;
  hgetall(key: string): Promise<Record<string, string>>;
  rpush(key: string, value: string): Promise<number>;
  lrange(key: string, start: number, stop: number): Promise<string[]>;
  pexpire(key: string, milliseconds: number): Promise<number>;
  publish(channel: string, message: string): Promise<number>;
  /** A second connection: a subscribed one can do nothing else. */
  duplicate(): RedisSubscriber;
}

/** A connection that listens. */
export interface RedisSubscriber {
  readonly status: string;
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  on(event: "ready", listener: () => void): unknown;
  on(event: "message", listener: (channel: string, message: string) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  disconnect(): void;
}

/** Something that happened in a ledger, for logs and alerts. It carries no content. */
export interface RedisLedgerEvent {
  /** `ignored`: something that is no record of this package stood in the ledger or came over its channel. */
  readonly type: "error" | "ignored";
  readonly message: string;
}

export interface RedisLedgerOptions extends ConnectOptions<RedisLedgerClient> {
  /** Names what the agents share, for example a thread id. Any string; it does not show in Redis. */
  readonly session: string;
  /** Keeps tenants apart: must be the store's. @default "default" */
  readonly namespace?: string;
  /** Enters into the names in Redis: must be the store's. @default "" */
  readonly secret?: string;
  /** Seconds that the session lives after its last put. @default 86_400 (a day) */
  readonly ttlSeconds?: number;
  /** Milliseconds that one call is waited for. @default 500 */
  readonly timeoutMs?: number;
  /** Text that every key starts with. @default "" */
  readonly keyPrefix?: string;
  readonly onEvent?: (event: RedisLedgerEvent) => void;
}

const MAX_SESSION = 256;
/** Versions that were counted and whose records are still on their way. */
const MAX_UNWRITTEN = 256;

/** A ledger in Redis for `createSharedContext`. @throws InvalidOptionError */
export function redisLedger(options: RedisLedgerOptions): SharedLedger {
  const { session, ttlSeconds = 86_400, timeoutMs = 500, keyPrefix = "" } = options;
  if (
    typeof session !== "string" ||
    session === "" ||
    session.length > MAX_SESSION ||
    !session.isWellFormed()
  )
    throw new InvalidOptionError(
      "session",
      session,
      `a string of 1 to ${MAX_SESSION} characters, without lone surrogates`,
    );
  for (const [name, value] of Object.entries({ ttlSeconds, timeoutMs }))
    if (!(Number.isFinite(value) && value > 0))
      throw new InvalidOptionError(name, value, "a positive number");
  const root = scopeKey(options);
  const tag = keyed(root, "tag").toString("hex").slice(0, 16);
  const sessionTag = keyed(root, "session", session).toString("hex").slice(0, 24);
  const key = (part: string): string => `${keyPrefix}hr1:${tag}:{ctx-${sessionTag}}:${part}`;
  const keys = {
    versions: key("versions"),
    records: key("records"),
    names: key("names"),
    firsts: key("firsts"),
    seen: key("seen"),
    counts: key("counts"),
  };
  // Channels are listed to whoever may ask; this name is not made of the namespace's.
  const channel = `${keyPrefix}hr1:${keyed(root, "channel", session).toString("hex").slice(0, 32)}`;
  const tell = teller<RedisLedgerEvent["type"]>(options.onEvent);
  const ignored = (where: string): void =>
    tell("ignored", `${where} is not a record of this package and is ignored.`);
  const connection = connect<RedisLedgerClient>(options, (message) => tell("error", message));
  const clock = deadlines();
  const ask = async <Answer>(
    call: (client: RedisLedgerClient) => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      return await clock.within(timeoutMs, () => connection.client().then(call));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError("redis", "use the ledger", messageOf(error), {
        cause: cleanCause(error),
      });
    }
  };

  const recordOf = async (
    client: RedisLedgerClient,
    name: string,
  ): Promise<SharedRecord | undefined> => {
    // A version is counted before its record is written: until then the one before is the latest.
    const newest = Number(await client.hget(keys.versions, name)) || 0;
    for (let version = newest; version > newest - MAX_UNWRITTEN && version > 0; version--) {
      const json = await client.hget(keys.records, fieldOf(name, version));
      const record = json === null ? undefined : recordFrom(json);
      if (record) return record;
      if (json !== null) ignored("a version in the ledger");
    }
    return undefined;
  };

  return {
    name: "redis",
    append: (draft) =>
      ask(async (client) => {
        const version = await client.hincrby(keys.versions, draft.name, 1);
        const record: SharedRecord = { ...draft, version };
        await Promise.all([
          client.hset(keys.records, fieldOf(draft.name, version), JSON.stringify(record)),
          version === 1 ? client.rpush(keys.names, draft.name) : undefined,
          ...Object.values(keys).map((each) => client.pexpire(each, ttlSeconds * 1_000)),
        ]);
        await client.publish(channel, JSON.stringify(record));
        return record;
      }),
    latest: (name) => ask((client) => recordOf(client, name)),
    list: () =>
      ask(async (client) => {
        const names = await client.lrange(keys.names, 0, -1);
        const records = await Promise.all(names.map((name) => recordOf(client, name)));
        return records.filter((record) => record !== undefined);
      }),
    first: (ref, candidate) =>
      ask(async (client) => {
        if ((await client.hsetnx(keys.firsts, ref, JSON.stringify(candidate))) === 1)
          return candidate;
        const first = await client.hget(keys.firsts, ref);
        return (first === null ? undefined : recordFrom(first)) ?? candidate;
      }),
    seen: (agent, name) =>
      ask(async (client) =>
        sightingFrom(await client.hget(keys.seen, seenField(agent, "name", name))),
      ),
    seenContent: (agent, ref) =>
      ask(async (client) =>
        sightingFrom(await client.hget(keys.seen, seenField(agent, "ref", ref))),
      ),
    markSeen: (agent, sighting) =>
      ask(async (client) => {
        const value = JSON.stringify(sighting);
        await Promise.all([
          client.hset(keys.seen, seenField(agent, "name", sighting.name), value),
          sighting.whole
            ? client.hset(keys.seen, seenField(agent, "ref", sighting.ref), value)
            : undefined,
        ]);
      }),
    add: (counts) =>
      ask(async (client) => {
        await Promise.all(
          Object.entries(counts).map(([name, by]) => client.hincrby(keys.counts, name, by)),
        );
      }),
    counts: () =>
      ask(async (client) => {
        const kept = await client.hgetall(keys.counts);
        const of = (name: SharedCount): number => Number(kept[name]) || 0;
        return {
          puts: of("puts"),
          duplicates: of("duplicates"),
          reads: of("reads"),
          tokensPut: of("tokensPut"),
          tokensFull: of("tokensFull"),
          tokensServed: of("tokensServed"),
        };
      }),
    subscribe: (listener) =>
      ask(async (client) => {
        const subscriber = client.duplicate();
        subscriber.on("error", () => {});
        // Whoever may PUBLISH can send anything, and nothing it sends may end this process.
        subscriber.on("message", (_, message) => {
          const record = recordFrom(message);
          if (!record) return ignored("a message");
          try {
            listener(record);
          } catch (error) {
            tell("error", `a listener failed: ${messageOf(error)}`);
          }
        });
        await ready(subscriber);
        await subscriber.subscribe(channel);
        return async () => subscriber.disconnect();
      }),
    close: () => connection.close(),
  };
}

function fieldOf(name: string, version: number): string {
  return `${version}:${name}`;
}

function seenField(agent: string, what: "name" | "ref", value: string): string {
  return `${agent.length}:${agent}:${what}:${value}`;
}

/** Without an offline queue a command sent before the connection stands is refused. */
async function ready(subscriber: RedisSubscriber): Promise<void> {
  if (subscriber.status === "wait") await subscriber.connect();
  else if (subscriber.status !== "ready")
    await new Promise<void>((resolve) => subscriber.on("ready", resolve));
}
