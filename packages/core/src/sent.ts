/**
 * Which texts have left shortened, so that a request whose model cannot retrieve repeats their bytes. An original in the store is
 * no proof: lossless forms keep theirs, too.
 */
import { type RefScope, refOf } from "./ccr/ref.ts";
import { type Lru, lru } from "./kit/lru.ts";
import type { CcrEntry, CcrRef, CcrStore } from "./types/store.ts";

export interface SentViews {
  /** Whether an instance of this process over the same store has sent the text shortened. */
  has(ref: CcrRef): boolean;
  add(ref: CcrRef): void;
  /** What tells other processes, to be stored beside the original. Absent where no other process reads the store. */
  markOf(ref: CcrRef): CcrEntry | undefined;
}

/** How many shortened texts are known without asking the store. */
const MAX_REFS = 10_000;

/** Refs prove their namespace, so one memory serves all instances over a store. It is gone when the store is. */
const memories = new WeakMap<CcrStore, Lru<CcrRef, true>>();

export function sentViews(store: CcrStore | undefined, scope: RefScope): SentViews {
  const known = (store && memories.get(store)) ?? lru<CcrRef, true>({ max: MAX_REFS });
  if (store) memories.set(store, known);
  return {
    has: (ref) => known.get(ref) === true,
    add: (ref) => void known.set(ref, true),
    markOf: (ref) =>
      store === undefined || store.survives === "process"
        ? undefined
        : { ref: refOf(`headroom sent\0${ref}`, scope), text: "sent shortened" },
  };
}
