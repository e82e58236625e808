/**
 * What must be known of a reply when a later request comes: calls and answers that its caller did not see.
 *
 * It is kept in this process and beside the originals, so that a later request may come to another process. A store that fails or
 * hangs costs its deadline, never the request: then only this process knows.
 */
import { refOf, refScope } from "../ccr/ref.ts";
import { isRecord, type UnknownRecord } from "../kit/json.ts";
import { lru } from "../kit/lru.ts";
import { withinStoreTime } from "../save.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";

/** How many replies this process remembers by itself. */
const REMEMBERED = 2_000;
/** As for originals. */
const STORE_TIMEOUT_MS = 1_000;

export interface TurnMemoryOptions {
  readonly store?: CcrStore | undefined;
  readonly namespace?: string | undefined;
  readonly secret?: string | undefined;
  readonly storeTimeoutMs?: number | undefined;
}

export interface ReadOptions {
  /** The value may have changed in another process: the store is asked first. @default false: written once */
  readonly changes?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Values that are JSON objects, by keys that are the same in every process. No method rejects. */
export interface TurnMemory {
  /** What is known; keys that are not, or whose value could not be read in time, are absent. */
  read(keys: readonly string[], options?: ReadOptions): Promise<ReadonlyMap<string, UnknownRecord>>;
  /** Resolves when another process can read it, or the store's time is over. A value may be replaced. */
  write(key: string, value: UnknownRecord): Promise<void>;
  /** Of several processes that share a store too. */
  forget(key: string): Promise<void>;
  /** A short name of a text, to tell later whether another one is the same. */
  nameOf(text: string): string;
}

export function turnMemory({
  store,
  namespace = "default",
  secret,
  storeTimeoutMs = STORE_TIMEOUT_MS,
}: TurnMemoryOptions): TurnMemory {
  /** `null` for what is known to be nowhere. */
  const known = lru<string, UnknownRecord | null>({ max: REMEMBERED });
  const scope = refScope(namespace, secret);
  const refFor = (key: string): CcrRef => refOf(`headroom turn\0${key}`, scope);

  const fromStore = async (key: string, from: CcrStore): Promise<void> => {
    const entry = await from.get(refFor(key));
    known.set(key, entry === undefined ? null : (recordOf(entry.text) ?? null));
  };

  return {
    nameOf: (text) => refOf(text, scope),
    async read(keys, { changes = false, signal } = {}) {
      const wanted = [...new Set(keys)];
      const asked = changes ? wanted : wanted.filter((key) => known.get(key) === undefined);
      if (store && asked.length > 0) {
        const all = Promise.allSettled(asked.map((key) => fromStore(key, store)));
        await withinStoreTime(all, storeTimeoutMs, signal);
      }
      return new Map(
        wanted.flatMap((key) => {
          const value = known.get(key);
          return value ? [[key, value] as const] : [];
        }),
      );
    },
    async write(key, value) {
      known.set(key, value);
      if (store) await withinStoreTime(put(store, refFor(key), value), storeTimeoutMs);
    },
    async forget(key) {
      known.set(key, null);
      if (store) await withinStoreTime(store.delete(refFor(key)), storeTimeoutMs);
    },
  };
}

async function put(store: CcrStore, ref: CcrRef, value: UnknownRecord): Promise<void> {
  const entry = { ref, text: JSON.stringify(value) };
  try {
    await store.put(entry);
  } catch {
    // A store keeps the first text of a ref: this one is to take its place.
    await store.delete(ref);
    await store.put(entry);
  }
}

function recordOf(text: string): UnknownRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
