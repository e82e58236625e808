/** What a row of the suite is: a fault, what the store promises under it, and the sabotage that must turn the row red. */

import type { SabotageName } from "./harness/sabotage.ts";
import type { StoreSpec } from "./harness/spec.ts";
import type { Demand, Measured } from "./measured.ts";

/**
 * What the level of the row promises of originals whose markers left:
 * - `keeps`: none is lost at the first look
 * - `heals`: none is lost after the next turn; what is lost at the first look is a figure, not a failure
 * - `refuses`: no marker leaves at all, from the start
 */
export type PromisedLevel = "keeps" | "heals" | "refuses";

/** Why a row is red. */
export interface Finding {
  readonly kind:
    | "load"
    | "fault"
    | "lost"
    | "not healed"
    | "wrong"
    | "hung"
    | "accepted"
    | "reads"
    | "recovery"
    | "demand"
    | "not run"
    | "error";
  readonly text: string;
}

/** A store that breaks what the row guards, and the finding that has to show it. */
export interface Sabotage {
  /** One sentence, the store is its subject. */
  readonly does: string;
  readonly store?: SabotageName;
  /** Options of the store that break it; no wrapper is needed then. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Options of the Redis client. */
  readonly clientOptions?: Readonly<Record<string, unknown>>;
  readonly turns: Finding["kind"];
  /** Words of that finding, where a row has several of the kind. */
  readonly says?: string;
}

export interface RunContext {
  /** 1 for the plain run; a sabotage run multiplies loads and pauses by less. */
  readonly scale: number;
  /** Set where a sabotage is on that the next turn says nothing about: it is left out. */
  readonly withoutNextTurn: boolean;
  /** A number of calls for this run, never under 20. */
  count(full: number): number;
  /** The store as this run has it: sabotaged, or as it is. */
  store(spec: StoreSpec): StoreSpec;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly promise: PromisedLevel;
  readonly sabotages: readonly Sabotage[];
  /** Fewer calls than this prove nothing. @default 2000 */
  readonly minTried?: number;
  /** Reads during the fault have to be served. @default false */
  readonly readsGoOn?: boolean;
  /** After the fault a put has to be acknowledged within this time. Absent: the row has no "after". */
  readonly recoversWithinMs?: number;
  /** Its figures are times: nothing else may run beside it. @default false */
  readonly alone?: boolean;
  /** @default true */
  readonly needsRedis?: boolean;
  run(context: RunContext): Promise<Measured>;
}

/** Everything that makes a measured row red; empty when it is green. */
export function findingsOf(row: Row, measured: Measured, context: RunContext): readonly Finding[] {
  const { reads, after, faults } = measured;
  const least = context.count(row.minTried ?? 2_000);
  const found: Finding[] = [];
  const add = (kind: Finding["kind"], bad: boolean, text: string): void => {
    if (bad) found.push({ kind, text });
  };
  add("load", !(measured.tried >= least), `${measured.tried} calls of at least ${least}`);
  add("load", row.promise !== "refuses" && !(measured.markers > 0), "no marker left");
  add("fault", Object.keys(faults).length === 0, "no fault was counted");
  for (const [what, count] of Object.entries(faults))
    add("fault", !(count > 0), `${what}: ${count}`);
  const { lostAtFirstLook, lostAfterNextTurn } = measured;
  add(
    "lost",
    row.promise === "keeps" && lostAtFirstLook !== 0,
    `${lostAtFirstLook} lost${measured.lostHow ? ` (${measured.lostHow})` : ""}`,
  );
  add(
    "not healed",
    // No level loses after the next turn; one that heals has to be looked at then.
    lostAfterNextTurn === undefined ? row.promise === "heals" : lostAfterNextTurn !== 0,
    `${lostAfterNextTurn ?? "unknown how many"} still lost after the next turn`,
  );
  add(
    "accepted",
    row.promise === "refuses" && measured.markers !== 0,
    `${measured.markers} markers left where the store has to refuse`,
  );
  add("wrong", measured.wrong !== 0, `${measured.wrong} answers with wrong bytes`);
  add("hung", measured.hung !== 0, `${measured.hung} calls did not end in time`);
  if (row.readsGoOn) {
    const kept = reads.refused + reads.missed;
    add("reads", !(reads.served > 0), "no read was served during the fault");
    add("reads", kept !== 0, `${kept} of ${reads.tried} reads not served during the fault`);
  }
  if (row.recoversWithinMs !== undefined) {
    const waited = after?.waitedMs;
    add(
      "recovery",
      waited === undefined || waited > row.recoversWithinMs,
      `first put after the fault acknowledged after ${waited ?? "no"} ms, ${row.recoversWithinMs} allowed`,
    );
    add(
      "recovery",
      after !== undefined && waited !== undefined && !(after.acknowledged >= 0.8 * after.tried),
      `only ${after?.acknowledged} of ${after?.tried} puts acknowledged once the store was back`,
    );
  }
  for (const { what, measured: value, holds } of measured.demands)
    add("demand", !holds, `${what}: ${value}`);
  return found;
}

/** Whether a sabotage is seen: by the finding it has to cause, not by any. */
export function isSeen(sabotage: Sabotage, findings: readonly Finding[]): boolean {
  const { turns, says = "" } = sabotage;
  return findings.some(({ kind, text }) => kind === turns && text.includes(says));
}

export function demand(what: string, measured: string | number, holds: boolean): Demand {
  return { what, measured: String(measured), holds };
}
