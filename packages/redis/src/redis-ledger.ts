/**
 * The ledger of a shared context whose agents live in many processes.
 *
 * All keys of one session share a hash tag, so they live in one slot. Versions are numbered by HINCRBY, so no two puts get
 * the same; a record is written under its number and never changes.
 */
import { createHmac } from "node:crypto";
import {
  InvalidOptionError,
  type SharedCount,
  type SharedLedger,
  type SharedRecord,
  type Sighting,
} from "@headroom/core";
import { type ConnectOptions, connect } from "./client.ts";
import { scopeOf } from "./scope.ts";
import { within } from "./within.ts";

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

export interface RedisLedgerOptions extends ConnectOptions<RedisLedgerClient> {
  /** Names what the agents share, for example a thread id. Any string; it does not show in Redis. */
  readonly session: string;
  /** @default "default" */
  readonly namespace?: string;
  /** @default "" */
  readonly secret?: string;
  /** Life of the session after its last put. @default 86_400 */
  readonly ttlSeconds?: number;
  /** How long one call may take. @default 500 */
  readonly timeoutMs?: number;
  /** Stands before every key. @default "" */
  readonly keyPrefix?: string;
}

const MAX_SESSION = 256;

/** A ledger in Redis for `createSharedContext`. @throws InvalidOptionError */
export function redisLedger(options: RedisLedgerOptions): SharedLedger {
  const { session, ttlSeconds = 86_400, timeoutMs = 500, keyPrefix = "" } = options;
  if (typeof session !== "string" || session === "" || session.length > MAX_SESSION)
    throw new InvalidOptionError("session", session, `a string of 1 to ${MAX_SESSION} characters`);
  if (!(ttlSeconds > 0))
    throw new InvalidOptionError("ttlSeconds", ttlSeconds, "a positive number of seconds");
  if (typeof keyPrefix !== "string" || /[{}]/.test(keyPrefix))
    throw new InvalidOptionError("keyPrefix", keyPrefix, "a string without braces");
  const scope = scopeOf(
    options.namespace === undefined ? "default" : options.namespace,
    options.secret === undefined ? "" : options.secret,
    undefined,
  );
  const tag = createHmac("sha256", scope.digestKey).update(session).digest("hex").slice(0, 24);
  const key = (part: string): string => `${keyPrefix}hr1:${scope.tag}:{ctx-${tag}}:${part}`;
  const keys = {
    versions: key("versions"),
    records: key("records"),
    names: key("names"),
    firsts: key("firsts"),
    seen: key("seen"),
    counts: key("counts"),
  };
  const channel = key("put");
  const connection = connect<RedisLedgerClient>(options, () => {});
  const ask = <Answer>(call: (client: RedisLedgerClient) => Promise<Answer>): Promise<Answer> =>
    within(timeoutMs, connection.client().then(call));

  const recordOf = async (
    client: RedisLedgerClient,
    name: string,
  ): Promise<SharedRecord | undefined> => {
    // A version is counted before its record is written: until then the one before is the latest.
    for (
      let version = Number((await client.hget(keys.versions, name)) ?? 0);
      version > 0;
      version--
    ) {
      const record = await client.hget(keys.records, fieldOf(name, version));
      if (record !== null) return JSON.parse(record) as SharedRecord;
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
        return parsed<SharedRecord>(await client.hget(keys.firsts, ref)) ?? candidate;
      }),
    seen: (agent, name) =>
      ask(async (client) =>
        parsed<Sighting>(await client.hget(keys.seen, seenField(agent, "name", name))),
      ),
    seenContent: (agent, ref) =>
      ask(async (client) =>
        parsed<Sighting>(await client.hget(keys.seen, seenField(agent, "ref", ref))),
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
        const of = (name: SharedCount): number => Number(kept[name] ?? 0);
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
        subscriber.on("message", (_, message) => listener(JSON.parse(message) as SharedRecord));
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

function parsed<Value>(json: string | null): Value | undefined {
  return json === null ? undefined : (JSON.parse(json) as Value);
}

/** Without an offline queue a command sent before the connection stands is refused. */
async function ready(subscriber: RedisSubscriber): Promise<void> {
  if (subscriber.status === "wait") await subscriber.connect();
  else if (subscriber.status !== "ready")
    await new Promise<void>((resolve) => subscriber.on("ready", resolve));
}
