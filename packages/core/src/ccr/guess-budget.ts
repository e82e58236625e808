import type { RetrieveResult } from "./retrieve.ts";

/** Misses an instance answers within the window before it stops looking. */
const MISSES = 20;
const WINDOW_MS = 60_000;

/** Holds back whoever asks for originals that are not there, again and again: a model in a loop, or one that guesses. */
export interface GuessBudget {
  count(): void;
  exhausted(): boolean;
  readonly refusal: RetrieveResult;
}

/** @param now milliseconds that only go forward */
export function guessBudget(now: () => number = () => performance.now()): GuessBudget {
  let misses: number[] = [];
  const note = `More than ${MISSES} unknown hashes within a minute: not looked up. Use a hash that stands after [[hr: in a marker, or run the command again.`;
  return {
    count() {
      misses.push(now());
    },
    exhausted() {
      misses = misses.filter((at) => now() - at < WINDOW_MS);
      return misses.length > MISSES;
    },
    refusal: { found: false, text: note, slices: [], unit: "characters", total: 0, shown: 0, note },
  };
}
