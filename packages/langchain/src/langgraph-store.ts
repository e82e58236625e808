/**
 * Originals in a LangGraph `BaseStore`: the store that a graph or agent was given, or one of your own.
 *
 * A `BaseStore` promises less than a `CcrStore`: it has no "only if absent" and no deadlines that can only grow, so both are made of
 * reading and writing here, which two processes may do at once. For refs that is no matter: the text of a ref is always the same.
 */
import { type CcrRef, type CcrStore, InvalidOptionError, StoreError } from "@headroom/core";
import { isRecord } from "@headroom/core/kit";

/** What is used of a `BaseStore`. */
export interface BaseStoreLike {
  get(
    namespace: string[],
    key: string,
  ): Promise<{ readonly value: Record<string, unknown> } | null>;
  put(
    namespace: string[],
    key: string,
    value: Record<string, unknown>,
    index?: false | string[],
  ): Promise<void>;
  delete(namespace: string[], key: string): Promise<void>;
}

export interface LangGraphStoreOptions {
  /** Where in the store the originals are. @default ["headroom", "originals"] */
  readonly prefix?: readonly string[];
  /** Current time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

const PREFIX = ["headroom", "originals"];

/** One adapter for each store: a run's instance is found by it. */
const known = new WeakMap<BaseStoreLike, CcrStore>();

/**
 * A `CcrStore` over a `BaseStore`. As an option it takes the store of the run: `store: ({ store }) => langGraphStore(store)`.
 *
 * What is stored is not indexed for search. How long it lives is the store's business: give it a time to live beyond that of the
 * checkpoints. `InMemoryStore` forgets with the process.
 *
 * @throws InvalidOptionError without a store
 */
export function langGraphStore(
  store: BaseStoreLike | undefined,
  options: LangGraphStoreOptions = {},
): CcrStore {
  const { prefix = PREFIX, now = Date.now } = options;
  if (typeof store?.get !== "function" || typeof store.put !== "function")
    throw new InvalidOptionError(
      "store",
      store,
      "a BaseStore of LangGraph; where it is the run's, give one to createAgent or compile",
    );
  const its = unbatched(store);
  const isPlain = options.prefix === undefined && options.now === undefined;
  const made = isPlain ? known.get(its) : undefined;
  if (made) return made;
  const adapter = adapterOver(its, [...prefix], now);
  if (isPlain) known.set(its, adapter);
  return adapter;
}

function adapterOver(store: BaseStoreLike, place: string[], now: () => number): CcrStore {
  const name = "langgraph";
  const find = async (ref: CcrRef) => {
    const item = await store.get([...place], ref);
    return item === null || item === undefined ? undefined : readRecord(item.value, ref);
  };
  const isOver = (expiresAt: number | undefined): boolean =>
    expiresAt !== undefined && expiresAt <= now();
  return {
    name,
    readsBack: true,
    ...(nameOf(store) === "InMemoryStore" ? { survives: "process" as const } : {}),
    async put({ ref, text, expiresAt }) {
      const present = await find(ref).catch(() => undefined);
      const isThere = present !== undefined && !isOver(present.expiresAt);
      if (isThere && present.text !== text)
        throw new StoreError(name, "put", `ref ${ref} already holds another text.`);
      if (isThere && !isLater(expiresAt, present.expiresAt)) return;
      await store.put([...place], ref, record(text, expiresAt), false);
      const written = await find(ref);
      if (written?.text !== text)
        throw new StoreError(name, "put", "what was stored could not be read back.");
    },
    async get(ref) {
      const found = await find(ref);
      if (found === undefined || isOver(found.expiresAt)) return undefined;
      const { text, expiresAt } = found;
      return { ref, text, ...(expiresAt === undefined ? {} : { expiresAt }) };
    },
    async delete(ref) {
      const found = await store.get([...place], ref);
      if (found === null || found === undefined) return false;
      await store.delete([...place], ref);
      return true;
    },
    warnings: () => {
      const minutes = timeToLive(store);
      return minutes === undefined
        ? []
        : [`the BaseStore forgets items after ${minutes} minutes, read or not as it is set up`];
    },
  };

  function readRecord(value: Record<string, unknown>, ref: CcrRef) {
    const { text, units, expiresAt } = value;
    const decoded = typeof units === "string" ? fromUnits(units) : text;
    if (typeof decoded !== "string")
      throw new StoreError(name, "get", `what is stored under ${ref} is no original.`);
    return {
      text: decoded,
      ...(typeof expiresAt === "number" ? { expiresAt } : {}),
    };
  }
}

/** JSON in a database holds no lone surrogates, and in PostgreSQL no NUL: such texts are stored by their code units. */
function record(text: string, expiresAt: number | undefined): Record<string, unknown> {
  const its = text.isWellFormed() && !text.includes("\0") ? { text } : { units: toUnits(text) };
  return { ...its, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function toUnits(text: string): string {
  let bytes = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += String.fromCharCode(unit & 0xff, unit >> 8);
  }
  return btoa(bytes);
}

function fromUnits(units: string): string {
  const bytes = atob(units);
  let text = "";
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode(bytes.charCodeAt(i) | (bytes.charCodeAt(i + 1) << 8));
  return text;
}

/** Whether a deadline asked for lies behind the one there is. No deadline is the last of all. */
function isLater(asked: number | undefined, present: number | undefined): boolean {
  if (present === undefined) return false;
  return asked === undefined || asked > present;
}

/** A graph wraps the store it is given anew for each run, to read and write in batches; `index` gets lost there. */
function unbatched(store: BaseStoreLike): BaseStoreLike {
  const { lg_name: name, store: inner } = store as { lg_name?: unknown; store?: BaseStoreLike };
  return name === "AsyncBatchedStore" && inner !== undefined ? inner : store;
}

function nameOf(store: unknown): string | undefined {
  return (store as { constructor?: { name?: string } }).constructor?.name;
}

/** Minutes, as LangGraph's Redis and PostgreSQL stores are told. */
function timeToLive(store: unknown): number | undefined {
  const { ttlConfig, ttl } = store as Record<string, unknown>;
  for (const config of [ttlConfig, ttl])
    if (isRecord(config) && typeof config.defaultTTL === "number") return config.defaultTTL;
  return undefined;
}
