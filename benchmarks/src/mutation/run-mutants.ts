/** Runs every mutant against the tests that load its file, after a run without any change. */
import type { Stage } from "./change.ts";
import { type Loads, loadsIn } from "./loads.ts";
import { type Room, testsOf } from "./rooms.ts";
import { runTests } from "./run-tests.ts";
import type { Mutant } from "./sample.ts";
import type { Outcome } from "./score.ts";

export interface RunOptions {
  readonly root: string;
  /** Mutants that run at the same time. */
  readonly atOnce: number;
  /** The shortest time after which a mutant counts as hanging. */
  readonly timeOutMs: number;
  /** Called when a mutant is done, in the order they end. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** A run without a change has to be green; this long may it take. */
const CHECK_MS = 900_000;
/** Slow tests are no hang: a mutant has this many times what the run without a change took. */
const SLACK = 3;

/** The tests fail without any change. */
export class NotGreenError extends Error {}

/** @throws NotGreenError - The tests fail without any change. */
export async function runMutants(
  room: Room,
  mutants: readonly Mutant[],
  options: RunOptions,
): Promise<readonly Outcome[]> {
  const { root } = options;
  const loads = loadsIn(root);
  const stages = new Map(
    mutants.map(({ file }) => [file, stagesFor(room, file, loads, root)] as const),
  );
  const checked = await check(room, [...stages.values()].flat(), root);
  const timeOutMs = Math.max(options.timeOutMs, checked * SLACK);
  const outcomes: Outcome[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
      const fate = await fateOf(mutant, stages.get(mutant.file) ?? [], root, timeOutMs);
      const outcome: Outcome = { mutant, fate };
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return mutants.flatMap((mutant) => outcomes.filter((outcome) => outcome.mutant === mutant));
}

async function fateOf(
  change: Mutant,
  stages: readonly Stage[],
  root: string,
  timeOutMs: number,
): Promise<Outcome["fate"]> {
  if (stages.length === 0) return "no test loads it";
  const { outcome } = await runTests({ root, change, stages }, timeOutMs);
  if (outcome === "timed out") return outcome;
  return outcome === "failed" ? "noticed" : "survived";
}

/** Runs every test file of some stages once. @returns the milliseconds it took */
async function check(room: Room, stages: readonly Stage[], root: string): Promise<number> {
  const all = [true, false].map((isolate) => ({
    isolate,
    files: [
      ...new Set(stages.filter((stage) => stage.isolate === isolate).flatMap(({ files }) => files)),
    ],
  }));
  const some = all.filter(({ files }) => files.length > 0);
  if (some.length === 0) return 0;
  const { outcome, ms, output } = await runTests({ root, stages: some }, CHECK_MS);
  if (outcome === "passed") return ms;
  throw new NotGreenError(`The tests of ${room.name} ${outcome} without any change:\n${output}`);
}

/** Test files that load the source; each stands in the first stage that names it. */
function stagesFor(room: Room, source: string, loads: Loads, root: string): readonly Stage[] {
  const taken = new Set<string>();
  return room.stages
    .map((stage) => {
      const files = testsOf(stage, root).filter(
        (test) => !taken.has(test) && loads(test).has(source),
      );
      for (const file of files) taken.add(file);
      return { isolate: stage.isolate, files };
    })
    .filter(({ files }) => files.length > 0);
}
