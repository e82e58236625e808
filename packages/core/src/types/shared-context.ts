import type { CcrRef } from "./store.ts";

/** One version of a name: who put what, and when. */
export interface SharedRecord {
  readonly name: string;
  /** 1, 2, 3 … for each name. */
  readonly version: number;
  /** The original, in the store. */
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

/** Names of the sums a ledger keeps. */
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
  latest(name: string): Promise<SharedRecord | undefined>;
  /** The latest version of every name, in the order the names were first put. */
  list(): Promise<readonly SharedRecord[]>;
  /** The record that brought a content first; `candidate` becomes it when there is none. */
  first(ref: CcrRef, candidate: SharedRecord): Promise<SharedRecord>;
  /** What `agent` has been shown of `name`. */
  seen(agent: string, name: string): Promise<Sighting | undefined>;
  /** A name under which `agent` has been shown all of a content. */
  seenContent(agent: string, ref: CcrRef): Promise<Sighting | undefined>;
  markSeen(agent: string, sighting: Sighting): Promise<void>;
  add(counts: Readonly<Partial<Record<SharedCount, number>>>): Promise<void>;
  counts(): Promise<Readonly<Record<SharedCount, number>>>;
  /** Calls `listener` for records appended from now on, by any process. Resolves to what ends it. */
  subscribe(listener: (record: SharedRecord) => void): Promise<() => Promise<void>>;
  close?(): Promise<void>;
}
