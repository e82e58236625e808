/** The store behind a state that keeps only short texts: whether it lasts, and who is told when it may not. */
import { type CcrStore, InvalidOptionError } from "@headroom/core";

export interface LastingStoreOptions {
  /** Keeps the originals, which the state no longer has: `sqliteStore`, `redisStore`, or one of your own. */
  readonly store: CcrStore;
  /**
   * Accepts a store that forgets with the process (`memoryStore`). For tests, and for graphs without a checkpointer.
   * @default false
   */
  readonly acceptMemoryStore?: boolean;
  /**
   * Told what may keep the state's short texts from being redeemed, each once: at the start that the store forgets with the
   * process, later what the store says of itself (`CcrStore.warnings`). The report's reasons have the same words.
   */
  readonly onWarning?: (message: string) => void;
}

/**
 * The store with its warnings told. @throws InvalidOptionError for what is no store, or one that forgets with the process and was
 * not accepted
 */
export function lastingStore(options: LastingStoreOptions, user: string): CcrStore {
  const { store, acceptMemoryStore, onWarning } = options ?? {};
  const wanted = `for ${user} a store that outlives the process (sqliteStore, redisStore): the state keeps only the short text`;
  if (typeof store?.put !== "function") throw new InvalidOptionError("store", store, wanted);
  if (onWarning !== undefined && typeof onWarning !== "function")
    throw new InvalidOptionError("onWarning", onWarning, "a function");
  const forgets = store.survives === "process";
  if (forgets && acceptMemoryStore !== true)
    throw new InvalidOptionError(
      "store",
      store.name === "memory" ? "memoryStore()" : store,
      `${wanted}; or acceptMemoryStore: true`,
    );
  const told = new Set<string>();
  const warnings = (): readonly string[] => {
    const all = [
      ...(forgets ? [`store "${store.name}" forgets with this process, the state may not`] : []),
      ...(store.warnings?.() ?? []),
    ];
    for (const warning of all) {
      // The same sentence with another count is no news.
      const kind = warning.replaceAll(/\d+/g, "#");
      if (!told.has(kind)) onWarning?.(warning);
      told.add(kind);
    }
    return all;
  };
  warnings();
  // Not spread: a store may be an instance of a class.
  return {
    name: store.name,
    ...(store.readsBack === undefined ? {} : { readsBack: store.readsBack }),
    ...(store.survives === undefined ? {} : { survives: store.survives }),
    put: (entry) => store.put(entry),
    ...(store.putMany
      ? { putMany: (entries) => store.putMany?.(entries) ?? Promise.resolve([]) }
      : {}),
    get: (ref) => store.get(ref),
    delete: (ref) => store.delete(ref),
    warnings,
    ...(store.close ? { close: () => store.close?.() ?? Promise.resolve() } : {}),
  };
}
