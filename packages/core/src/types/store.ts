/** Name of an original: 21 letters of a keyed digest and a check letter. See `ccr/ref.ts`. */
export type CcrRef = string & { readonly __ref: "CcrRef" };

/** An original, as it is put into a store and read from it. */
export interface CcrEntry {
  readonly ref: CcrRef;
  readonly text: string;
  /** When it expires, in milliseconds since the epoch. Absent: it has no deadline of its own. */
  readonly expiresAt?: number;
}

/** Keeps originals until they expire. `@headroom/conformance` is the executable definition. */
export interface CcrStore {
  readonly name: string;
  /**
   * True when `put` reads the record back and compares it before it resolves. Otherwise the pipeline does so with `get`
   * before a marker leaves.
   */
  readonly readsBack?: boolean;
  /**
   * `"process"`: originals are gone when this process ends. `"restart"`: they can outlive it. Where short texts are kept for later
   * (a checkpoint, a shared ledger), a `"process"` store is refused or warned about.
   * @default unknown: nothing is refused, and `warnings` tells what the store knows
   */
  readonly survives?: "process" | "restart";
  /**
   * Resolves when the entry is durable to the level the store promises. Idempotent: putting the same ref again may only
   * lengthen its life. Rejects when the ref already holds another text.
   */
  put(entry: CcrEntry): Promise<void>;
  /**
   * Puts all originals of a request at once, for stores that save round trips this way. Resolves to an error, or `undefined`, for
   * each entry. May reject when all failed.
   */
  putMany?(entries: readonly CcrEntry[]): Promise<readonly (Error | undefined)[]>;
  /** `undefined` when absent or expired; rejects when the backend fails or the bytes are wrong (`StoreError`). */
  get(ref: CcrRef): Promise<CcrEntry | undefined>;
  /** Resolves to true when there was something to delete. */
  delete(ref: CcrRef): Promise<boolean>;
  /**
   * What may keep originals from being read later, in plain sentences without content or secrets: "the server evicts keys when it
   * is full". Empty where there is nothing to warn about. Every report row whose original is in this store repeats them in its
   * reason.
   */
  warnings?(): readonly string[];
  /** Ends connections and timers. Closing twice is fine. */
  close?(): Promise<void>;
}
