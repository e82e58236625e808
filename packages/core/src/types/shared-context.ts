import type { CcrRef } from "./store.ts";

/** One version of a name: who put what, and when. */
export interface SharedRecord {
  readonly name: string;
  /** 1, 2, 3 … for each name. */
  readonly version: number;
  /** Names the original in the store. */
  readonly ref: CcrRef;
  /** Who put it. */
  readonly agent: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Tokens of the original. */
  readonly tokens: number;
}

/** What an agent has been shown of a name. */
export interface Sighting {
  readonly name: string;
  readonly version: number;
  readonly ref: CcrRef;
  /** Everything was shown, so that a difference against it, or a reference to it, can be understood. */
  readonly whole: boolean;
}

/** Names of the sums a ledger keeps. Those that begin with `tokens` count tokens, the others count calls. */
export type SharedCount =
  | "puts"
  | "duplicates"
  | "reads"
  | "tokensPut"
  | "tokensFull"
  | "tokensServed";

/**
 * Where a shared context keeps who put what and who has seen what. Contents are in the `CcrStore`; a ledger holds only names,
 * refs and numbers. Appending must be atomic: two agents never get the same version of a name.
 */
export interface SharedLedger {
  readonly name: string;
  /** Adds a version and resolves to it, its number given. */
  append(record: Omit<SharedRecord, "version">): Promise<SharedRecord>;
  /** The latest version of a name; `undefined` where there is none. */
  latest(name: string): Promise<SharedRecord | undefined>;
  /** The latest version of every name, in the order the names were first put. */
  list(): Promise<readonly SharedRecord[]>;
  /** The record that first put this content. Where there is none, `candidate` is kept as it. */
  first(ref: CcrRef, candidate: SharedRecord): Promise<SharedRecord>;
  /** What `agent` has been shown of `name`. */
  seen(agent: string, name: string): Promise<Sighting | undefined>;
  /** A name under which `agent` has been shown all of a content. */
  seenContent(agent: string, ref: CcrRef): Promise<Sighting | undefined>;
  /** Remembers what `agent` has been shown. */
  markSeen(agent: string, sighting: Sighting): Promise<void>;
  /** Adds to the sums. */
  add(counts: Readonly<Partial<Record<SharedCount, number>>>): Promise<void>;
  /** The sums. */
  counts(): Promise<Readonly<Record<SharedCount, number>>>;
  /** Calls `listener` for records appended from now on, by any process. Resolves to a function that ends this. */
  subscribe(listener: (record: SharedRecord) => void): Promise<() => Promise<void>>;
  close?(): Promise<void>;
}
