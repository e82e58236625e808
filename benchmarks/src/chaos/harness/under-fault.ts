/**
 * The course of most rows: writers get under way, something happens while they go on and another process reads, they go on
 * for a while after it, and a fresh process redeems every marker that left; then every text is sent once more, as the next
 * turn of a transcript does, and another fresh process looks again.
 */
import type { Demand, Measured } from "../measured.ts";
import type { RunContext } from "../row.ts";
import { judge } from "./judge.ts";
import { type LoadOptions, startLoad } from "./load.ts";
import type { Call } from "./protocol.ts";
import type { StoreSpec } from "./spec.ts";
import { markersOf, totalsOf, unredeemed } from "./tally.ts";

/** Breakers of several processes close one after the other; from then on puts have to be acknowledged. */
const SETTLE_MS = 2_000;

export type Faults = Readonly<Record<string, number>>;

/** The calls of a run, cut where the fault began and ended. */
export interface Course {
  readonly before: readonly Call[];
  readonly during: readonly Call[];
  readonly after: readonly Call[];
  readonly again: readonly Call[];
}

export interface UnderFault extends LoadOptions {
  /** Already sabotaged where it has to be. */
  readonly spec: StoreSpec;
  /** What judges use. @default `spec` */
  readonly judgeSpec?: StoreSpec;
  /** Puts that have to be acknowledged before the fault begins. @default 200 */
  readonly warmPuts?: number;
  /** Puts that are waited for after the fault; 0 where none can be expected. @default 100 */
  readonly afterPuts?: number;
  /** Calls of the whole run. @default 2000 */
  readonly calls?: number;
  /** How long writers are given to have a put acknowledged after the fault. @default 12_000 */
  readonly patienceMs?: number;
  /** Which calls the row answers for. @default all */
  judged?(call: Call): boolean;
  /** Makes the fault happen and counts what happened. */
  fault(): Promise<Faults>;
  /** Runs when the writers have stopped, before the first look: counters to read, a limit to lift. */
  settle?(calls: readonly Call[]): Promise<Faults>;
  demands?(course: Course): readonly Demand[];
}

export async function underFault(context: RunContext, options: UnderFault): Promise<Measured> {
  const {
    spec,
    judgeSpec = spec,
    warmPuts = 200,
    afterPuts = 100,
    calls = 2_000,
    patienceMs = 12_000,
  } = options;
  // A reduced run waits less, and leaves the machine to the runs beside it.
  const patience = patienceMs * Math.max(0.4, context.scale);
  const load = await startLoad(spec, { paceMs: context.scale < 1 ? 20 : 6, ...options });
  try {
    if (warmPuts > 0)
      await load.until((all) => acknowledged(all) >= context.count(warmPuts), 12_000);
    const began = Date.now();
    const fault = options.fault();
    await load.readUntil(fault);
    const faults = await fault;
    const ended = Date.now();
    const later = (all: readonly Call[]): readonly Call[] => all.filter(({ at }) => at >= ended);
    await load.until(
      (all) =>
        afterPuts === 0 ||
        acknowledged(all.filter(({ at }) => at >= ended + SETTLE_MS)) >= context.count(afterPuts),
      patience,
    );
    await load.until((all) => all.length >= context.count(calls), 60_000);
    await load.stop();
    const settled = await options.settle?.(load.calls);
    const first = [...load.calls];
    const markers = markersOf(first.filter((call) => options.judged?.(call) ?? true));
    const firstLook = await judge(judgeSpec, markers);
    const again = context.withoutNextTurn ? [] : await load.sendAgain(markers);
    const secondLook = context.withoutNextTurn ? undefined : await judge(judgeSpec, markers);
    const reads = load.reads();
    const after = later(first);
    const back = after.find((call) => call.acknowledged);
    const fromThen = after.filter(({ at }) => at >= ended + SETTLE_MS);
    const totals = totalsOf([...first, ...again]);
    return {
      ...totals,
      tried: first.length,
      acknowledged: acknowledged(first),
      markers: markers.length,
      lostAtFirstLook: unredeemed(firstLook),
      lostHow: `${firstLook.missed.length} not there, ${firstLook.refused.length} refused${firstLook.why ? `, one with: ${firstLook.why}` : ""}`,
      ...(secondLook ? { lostAfterNextTurn: unredeemed(secondLook) } : {}),
      wrong: reads.wrong + firstLook.wrong + (secondLook?.wrong ?? 0),
      hung: totals.hung + reads.hung + firstLook.hung + (secondLook?.hung ?? 0) + load.stuck(),
      reads,
      after: {
        waitedMs: back ? Math.round(back.at + back.ms - ended) : undefined,
        tried: fromThen.length,
        acknowledged: acknowledged(fromThen),
      },
      faults: { ...faults, ...settled },
      demands:
        options.demands?.({
          before: first.filter(({ at }) => at < began),
          during: first.filter(({ at }) => at >= began && at < ended),
          after,
          again,
        }) ?? [],
    };
  } finally {
    await load.end();
  }
}

function acknowledged(calls: readonly Call[]): number {
  return calls.filter((call) => call.acknowledged).length;
}
