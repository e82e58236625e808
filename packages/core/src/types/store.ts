/** Name of an original: 21 letters of a keyed digest and a check letter. See `ccr/ref.ts`. */
export type CcrRef = string & { readonly __ref: "CcrRef" };

/** An original as a store hands it out. */
export interface CcrEntry {
  readonly ref: CcrRef;
  readonly text: string;
  /** Milliseconds since the epoch. Absolute, so that write latency never lengthens a life. Absent: no deadline. */
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
   * How long what was acknowledged is there at best: as long as this `"process"`, or beyond its `"restart"`. Where short texts
   * are kept for later (a checkpoint, a shared ledger) a `"process"` store is refused or warned of.
   * @default unknown; nothing is said, and `warnings` tells what the store knows
   */
  readonly survives?: "process" | "restart";
  /**
   * Resolves when the entry is durable to the level the store promises. Idempotent: putting the same ref again may only
   * lengthen its life. Rejects when the ref already holds another text.
   */
  put(entry: CcrEntry): Promise<void>;
  /** All of a request at once, for stores with a round trip to save. Resolves to what failed, by index; may reject when all did. */
  putMany?(entries: readonly CcrEntry[]): Promise<readonly (Error | undefined)[]>;
  /** `undefined` when absent or expired; rejects when the backend fails or the bytes are wrong (`StoreError`). */
  get(ref: CcrRef): Promise<CcrEntry | undefined>;
  /** True when there was something to delete. */
  delete(ref: CcrRef): Promise<boolean>;
  /**
   * What somebody who relies on the originals has to know now, in plain sentences without content or secrets: "the server
   * evicts keys when it is full". Empty while there is nothing to say. The pipeline adds them to the reason of every report
   * row whose original it stored, so that a warning is seen without a listener.
   */
  warnings?(): readonly string[];
  close?(): Promise<void>;
}
