/** What share of the changes was noticed, for each room and in all. */
import type { Named } from "./named.ts";
import type { Mutant } from "./sample.ts";

export interface Outcome {
  readonly mutant: Mutant;
  /** A hang is noticed as well: no test that hangs passes. */
  readonly fate: "noticed" | "timed out" | "survived" | "no test loads it";
}

export interface Score {
  readonly name: string;
  readonly run: number;
  readonly noticed: number;
  readonly timedOut: number;
  readonly equivalent: number;
  readonly accepted: number;
  /** Noticed of those that can be noticed, 0 to 1; NaN where there are none. */
  readonly share: number;
  readonly target: number;
}

const ROOM_TARGET = 0.8;
const TARGET = 0.85;

/** One score for each room that was run, in the order they were run; the last is that of all. */
export function scoresOf(outcomes: readonly Outcome[], named: readonly Named[]): readonly Score[] {
  const rooms = [...new Set(outcomes.map(({ mutant }) => mutant.room))];
  return [
    ...rooms.map((room) =>
      scoreOf(
        room,
        outcomes.filter(({ mutant }) => mutant.room === room),
        named,
        ROOM_TARGET,
      ),
    ),
    scoreOf("all", outcomes, named, TARGET),
  ];
}

/** Nothing measured is not enough. */
export function isReached({ share, target }: Score): boolean {
  return share >= target;
}

export function wasNoticed({ fate }: Outcome): boolean {
  return fate === "noticed" || fate === "timed out";
}

export function nameOf({ mutant }: Outcome, named: readonly Named[]): Named | undefined {
  return named.find(
    ({ file, before, after }) =>
      file === mutant.file && before === mutant.before && after === mutant.after,
  );
}

function scoreOf(
  name: string,
  outcomes: readonly Outcome[],
  named: readonly Named[],
  target: number,
): Score {
  const noticed = outcomes.filter(wasNoticed).length;
  const verdicts = outcomes
    .filter((outcome) => !wasNoticed(outcome))
    .map((outcome) => nameOf(outcome, named)?.verdict);
  const equivalent = verdicts.filter((verdict) => verdict === "equivalent").length;
  return {
    name,
    run: outcomes.length,
    noticed,
    timedOut: outcomes.filter(({ fate }) => fate === "timed out").length,
    equivalent,
    accepted: verdicts.filter((verdict) => verdict === "accepted").length,
    share: noticed / (outcomes.length - equivalent),
    target,
  };
}
