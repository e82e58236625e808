/**
 * What stood in a reply and the caller does not see, kept for his next request: in this process by recent use, and in the store,
 * so that another client, another process, or a serverless function's next call, finds it too.
 */
import { refOf, refScope } from "../ccr/ref.ts";
import { scheduler } from "../forms/schedule.ts";
import { lru } from "../kit/lru.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";

export interface AsideOptions {
  /** Tells the uses of one store apart. Part of what is stored: never change it. */
  readonly name: string;
  /** Where others may look: clients that were wrapped anew with the same store, and other processes. @default none */
  readonly store?: CcrStore | undefined;
  readonly namespace?: string | undefined;
  readonly secret?: string | undefined;
  /** A store that takes longer counts as failed. @default 1000 */
  readonly storeTimeoutMs?: number | undefined;
  /** Told of a store that failed: this process still has what it kept. */
  readonly failed?: (error: unknown) => void;
}

/** Values that JSON can hold, by the ids of what the caller will send back. */
export interface Asides<Value> {
  /** Resolves when another process could find it, or the store has failed. */
  keep(keys: readonly string[], value: Value): Promise<void>;
  /** `undefined` for what was not kept, and where the store fails. */
  find(key: string): Promise<Value | undefined>;
  /** The same for many keys, in their order; nothing is looked for where there is none. Others get their turn meanwhile. */
  findAll(keys: readonly (string | undefined)[]): Promise<readonly (Value | undefined)[]>;
  /**
   * Keeps a value under a key whose value changes, in place of the one before; `undefined` ends it. Resolves as `keep` does. What was
   * kept so is found by `findLatest` only.
   */
  replace(key: string, value: Value | undefined): Promise<void>;
  /** The value that a process wrote last; the last one of this process where the store fails. */
  findLatest(key: string): Promise<Value | undefined>;
}

/** Characters kept in this process, as JSON. */
const MAX_KEPT = 16_777_216;
/** Keys that were looked up in vain: an id is asked for once in a process, not with every turn. */
const MAX_MISSED = 20_000;

/** Names under which something was kept in a store that lives as long as this process: nobody else could have. */
const namesIn = new WeakMap<CcrStore, Set<string>>();

export function asides<Value>({
  name,
  store,
  namespace = "default",
  secret = "",
  storeTimeoutMs = 1_000,
  failed = () => {},
}: AsideOptions): Asides<Value> {
  const scope = refScope(namespace, secret);
  const kept = lru<string, Value>({ max: MAX_KEPT });
  const missed = lru<string, true>({ max: MAX_MISSED });
  // The store is keyed by the ref of the key. It is not the ref of what is stored there, so nobody can retrieve it with one.
  const refOfKey = (key: string): CcrRef => refOf(`headroom aside\0${name}\0${key}`, scope);

  const read = async (key: string): Promise<unknown> => {
    const entry = await within(storeTimeoutMs, store?.get(refOfKey(key)));
    return entry && JSON.parse(entry.text);
  };

  const replaced = lru<string, Value>({ max: MAX_KEPT });
  const names = (store && namesIn.get(store)) ?? new Set<string>();
  if (store) namesIn.set(store, names);
  const turns = scheduler();

  const find = async (key: string): Promise<Value | undefined> => {
    const known = kept.get(key);
    if (known !== undefined || !store || missed.get(key)) return known;
    // To name a key takes a few digests, and a transcript has hundreds.
    if (store.survives === "process" && !names.has(name)) return undefined;
    try {
      let found = await read(key);
      if (isLink(found)) found = await read(found.as);
      if (!isValue<Value>(found)) {
        missed.set(key, true);
        return undefined;
      }
      kept.set(key, found.value, JSON.stringify(found.value).length);
      return found.value;
    } catch (error) {
      failed(error);
      return undefined;
    }
  };

  return {
    async replace(key, value) {
      if (value === undefined) replaced.delete(key);
      else replaced.set(key, value, JSON.stringify(value).length);
      if (!store) return;
      const ref = refOfKey(`latest\0${key}`);
      const write = async (): Promise<void> => {
        // A store keeps the first text of a ref: it goes before another one can come.
        await store.delete(ref);
        if (value !== undefined) await store.put({ ref, text: JSON.stringify({ value }) });
      };
      await within(storeTimeoutMs, write()).catch(failed);
    },
    async findLatest(key) {
      if (!store) return replaced.get(key);
      try {
        const found = await read(`latest\0${key}`);
        return isValue<Value>(found) ? found.value : undefined;
      } catch (error) {
        failed(error);
        return replaced.get(key);
      }
    },
    async keep(keys, value) {
      const text = JSON.stringify(value);
      for (const key of keys) {
        missed.delete(key);
        kept.set(key, value, text.length);
      }
      const [first, ...others] = keys;
      if (!store || first === undefined) return;
      names.add(name);
      const put = (key: string, text: string): Promise<void> =>
        store.put({ ref: refOfKey(key), text });
      try {
        await within(
          storeTimeoutMs,
          Promise.all([
            put(first, `{"value":${text}}`),
            ...others.map((key) => put(key, JSON.stringify({ as: first }))),
          ]),
        );
      } catch (error) {
        failed(error);
      }
    },
    find,
    async findAll(keys) {
      const pace = turns.pace();
      const finding: (Promise<Value | undefined> | undefined)[] = [];
      for (const key of keys) {
        finding.push(key === undefined ? undefined : find(key));
        const resting = pace.rest();
        if (resting !== undefined) await resting;
      }
      return Promise.all(finding);
    },
  };
}

function isLink(found: unknown): found is { readonly as: string } {
  return typeof found === "object" && found !== null && "as" in found;
}

function isValue<Value>(found: unknown): found is { readonly value: Value } {
  return typeof found === "object" && found !== null && "value" in found;
}

async function within<Value>(
  milliseconds: number,
  promise: Promise<Value> | undefined,
): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = (): Error => new Error(`The store took more than ${milliseconds} ms.`);
    timer = setTimeout(() => reject(error()), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
