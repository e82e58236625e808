import type { CcrRef } from "../types/store.ts";
import type { RetrieveResult } from "./page.ts";

/** Different originals that may be missed within the window before one that was missed in it is not looked up again. */
const MISSES = 20;
const WINDOW_MS = 60_000;
/** Misses remembered: what comes after is looked up. */
const MEMORY = 1_000;

/**
 * Holds back a model in a loop that asks again and again for originals that are not there.
 *
 * Only a ref of this scope that the store did not have counts. Junk, and what another namespace issued, is told by the ref
 * alone, costs no look-up and takes nothing from anybody. A ref that was not missed is always looked up, and so is one that has
 * been stored since, so that no conversation can take from another what is there.
 */
export interface GuessBudget {
  missed(ref: CcrRef): void;
  /** This instance has stored the original. */
  stored(ref: CcrRef): void;
  /** Whether to look no more for a ref that was missed a moment ago. */
  refuses(ref: CcrRef): boolean;
  readonly refusal: RetrieveResult;
}

/** @param now milliseconds that only go forward */
export function guessBudget(now: () => number = () => performance.now()): GuessBudget {
  /** When each ref was missed last, oldest first. */
  const misses = new Map<CcrRef, number>();
  const note = `More than ${MISSES} hashes were not found within a minute, this one among them: not looked up again. Use a hash that stands after [[hr: in a marker, or run the command again.`;
  const forgetOld = (): void => {
    for (const [ref, at] of misses) {
      if (now() - at < WINDOW_MS && misses.size <= MEMORY) break;
      misses.delete(ref);
    }
  };
  return {
    missed(ref) {
      misses.delete(ref);
      misses.set(ref, now());
      forgetOld();
    },
    stored(ref) {
      misses.delete(ref);
    },
    refuses(ref) {
      forgetOld();
      return misses.size > MISSES && misses.has(ref);
    },
    refusal: { found: false, text: note, slices: [], unit: "characters", total: 0, shown: 0, note },
  };
}
