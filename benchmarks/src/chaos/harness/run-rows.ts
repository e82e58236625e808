/** Runs rows, a few at a time, and says what each has shown. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Measured, NOT_MEASURED } from "../measured.ts";
import { type Finding, findingsOf, type Row, type RunContext, type Sabotage } from "../row.ts";
import type { StoreSpec } from "./spec.ts";

export interface RowResult {
  readonly row: Row;
  readonly sabotage?: Sabotage;
  readonly measured: Measured;
  /** Why it is red; empty when it is green. */
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

export interface Job {
  readonly row: Row;
  readonly sabotage?: Sabotage;
}

/** A row that says it was not run, in these words, instead of measuring. */
export class NotRun extends Error {}

export async function runRows(
  jobs: readonly Job[],
  options: {
    readonly scale: number;
    readonly atOnce: number;
    readonly onResult: (result: RowResult) => void;
  },
): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  const work = async (job: Job): Promise<void> => {
    const result = await runRow(job, options.scale);
    results.push(result);
    options.onResult(result);
  };
  const together = jobs.filter(({ row }) => !row.alone);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < together.length; at = next++) await work(together[at] as Job);
  };
  await Promise.all(Array.from({ length: options.atOnce }, lane));
  for (const job of jobs.filter(({ row }) => row.alone)) await work(job);
  const place = new Map(jobs.map((job, index) => [`${job.row.id} ${job.sabotage?.does}`, index]));
  const placeOf = ({ row, sabotage }: RowResult): number =>
    place.get(`${row.id} ${sabotage?.does}`) ?? 0;
  return results.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** A call that never ends must not end the run. */
const LONGEST_ROW_MS = 600_000;

function tooLong(): Promise<undefined> {
  return sleep(LONGEST_ROW_MS, undefined, { ref: false });
}

async function runRow({ row, sabotage }: Job, scale: number): Promise<RowResult> {
  const context = contextOf(scale, sabotage);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1_000;
  const base = { row, ...(sabotage ? { sabotage } : {}) };
  try {
    const measured = await Promise.race([row.run(context), tooLong()]);
    if (measured === undefined) {
      const text = `the row had not ended after ${LONGEST_ROW_MS} ms`;
      return {
        ...base,
        measured: NOT_MEASURED,
        findings: [{ kind: "hung", text }],
        seconds: seconds(),
      };
    }
    return { ...base, measured, findings: findingsOf(row, measured, context), seconds: seconds() };
  } catch (error) {
    const kind = error instanceof NotRun ? "not run" : "error";
    const text = error instanceof Error ? error.message : String(error);
    return { ...base, measured: NOT_MEASURED, findings: [{ kind, text }], seconds: seconds() };
  }
}

function contextOf(scale: number, sabotage: Sabotage | undefined): RunContext {
  return {
    scale,
    withoutNextTurn: sabotage !== undefined && sabotage.turns !== "not healed",
    count: (full) => Math.max(Math.min(20, full), Math.round(full * scale)),
    store(spec): StoreSpec {
      if (!sabotage) return spec;
      const { store, options, clientOptions } = sabotage;
      return {
        ...spec,
        ...(store ? { sabotage: store } : {}),
        ...(options ? { options: { ...spec.options, ...options } } : {}),
        ...(clientOptions ? { clientOptions: { ...spec.clientOptions, ...clientOptions } } : {}),
      };
    },
  };
}
