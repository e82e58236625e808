/** P1 to P10: what the proxy costs in time, processor and memory. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../report.ts";
import { type TargetName, targetOf } from "../targets.ts";
import { type Added, added, median, type Round, tooNoisy } from "./figures.ts";
import {
  busy,
  type Compared,
  type Comparison,
  carry,
  compare,
  openStage,
  type Stage,
  startProxy,
} from "./stage.ts";

/** Prints and judges the rows of one measurement. */
export interface Board {
  readonly report: Report;
  /** What the table says: what, direct, added. */
  row(what: string, direct: string, figure: string, note?: string): void;
  /** A sentence that says why a target is not judged by what was measured. */
  refuse(name: TargetName, of: string, measured: number, why: string): void;
}

const UNREAD = { path: "/v1/embeddings", of: "passed through unread" };
const READ = { path: "/v1/messages", of: "read, nothing to do" };
const KB_20 = { kind: "nothing", bytes: 20_000 } as const;
const TRANSCRIPT = 560_000;

/** Fewer in a run that only has to see a sabotage. */
function scaled({ scale }: Stage, count: number, least: number): number {
  return Math.max(least, Math.round(count * scale));
}

/** Judges median and p99 of what is added; refuses where the direct arm cannot tell. */
function judgeAdded(
  { report, row, refuse }: Board,
  what: string,
  names: { readonly p50?: TargetName; readonly p99?: TargetName; readonly of?: string },
  rounds: readonly Round[],
  { failed, lateMs, cpuMs }: Compared,
): Added {
  const figures = added(rounds);
  const { p50, p99, directP50, directP99, spread } = figures;
  row(
    what,
    `${directP50.toFixed(2)} / ${directP99.toFixed(2)} ms`,
    `+${p50.toFixed(2)} / +${p99.toFixed(2)} ms`,
    `${cpuMs === undefined ? "" : `${cpuMs.toFixed(2)} ms of processor time, `}rounds ± ${spread.toFixed(2)} ms, generator ${lateMs.toFixed(0)} ms late at p99, load ${busy()}`,
  );
  for (const [name, share, value] of [
    [names.p50, 0.5, p50],
    [names.p99, 0.99, p99],
  ] as const) {
    if (name === undefined) continue;
    const target = targetOf(name);
    const allowed = "atMost" in target ? target.atMost : 0;
    const why = tooNoisy(rounds, share, allowed);
    const of = names.of ?? "";
    // A figure that is reached all the same is reached: noise adds.
    if (failed > 0) report.judge(name, undefined, { of, note: `${failed} requests failed` });
    else if (why !== undefined && value > allowed) refuse(name, of, value, why);
    else report.judge(name, value, { of });
  }
  return figures;
}

export async function addedRows(stage: Stage, board: Board): Promise<void> {
  const proxy = await startProxy(stage);
  const at = async (comparison: Comparison): Promise<Compared> => {
    const before = await proxy.usage();
    const compared = await compare(stage, proxy.port, comparison);
    const after = await proxy.usage();
    return { ...compared, cpuMs: (after.cpuMicros - before.cpuMicros) / 1_000 / compared.sent };
  };
  const rounds = scaled(stage, 5, 3);
  for (const { path, of } of [UNREAD, READ]) {
    const times = await at({
      path,
      bodies: () => KB_20,
      rate: 200,
      count: scaled(stage, 400, 60),
      rounds,
    });
    const names = { p50: "P1 p50", p99: "P1 p99", of } as const;
    judgeAdded(board, `P1 20 KB, ${of}`, names, times.end, times);
  }
  const nothing = await at({
    bodies: () => ({ kind: "nothing", bytes: TRANSCRIPT }),
    rate: 20,
    count: scaled(stage, 60, 10),
    rounds,
  });
  judgeAdded(
    board,
    "P4 560 KB, nothing to compress",
    { p50: "P4 p50", p99: "P4 p99" },
    nothing.first,
    nothing,
  );
  const turns = scaled(stage, 30, 6);
  const warm = await at({
    bodies: (round) => ({ kind: "growing", bytes: TRANSCRIPT, from: round * turns, seed: 1 }),
    rate: 8,
    count: turns,
    rounds,
  });
  judgeAdded(
    board,
    "P5 560 KB transcript, one turn longer",
    { p50: "P5 warm p50", p99: "P5 warm p99" },
    warm.first,
    warm,
  );
  const few = scaled(stage, 3, 1);
  const cold = await at({
    bodies: (round) => ({ kind: "unseen", bytes: TRANSCRIPT, seed: 50 + round * 10 }),
    rate: 1,
    count: few,
    rounds,
  });
  judgeAdded(board, "P5 560 KB, never seen", { p50: "P5 cold p50" }, cold.first, cold);
  await proxy.stop();
}

export async function streams(stage: Stage, board: Board): Promise<void> {
  const proxy = await startProxy(stage);
  const times = await compare(stage, proxy.port, {
    bodies: () => ({ kind: "same", bytes: 40_000, seed: 3, stream: true }),
    headers: ["x-bench-reply: stream"],
    rate: 10,
    count: scaled(stage, 20, 6),
    rounds: scaled(stage, 5, 3),
  });
  judgeAdded(board, "P7 events of a stream", { p99: "P7" }, times.events, times);
  judgeAdded(board, "P7 first events", { p50: "P7 first event" }, times.firstEvents, times);
  await proxy.stop();
}

/** Processor time and throughput. The direct arm carries the same load: what it cannot carry, no proxy can be judged by. */
export async function throughput(stage: Stage, board: Board): Promise<void> {
  const proxy = await startProxy(stage);
  const requests = scaled(stage, 8_000, 400);
  for (const { path, of } of [UNREAD, READ]) {
    const [direct, through, micros]: [number[], number[], number[]] = [[], [], []];
    let failed = 0;
    await carry(stage, proxy.port, { path, bodies: KB_20, connections: 16, requests });
    for (let round = 0; round < scaled(stage, 5, 3); round++) {
      const task = { path, bodies: KB_20, connections: 16, requests };
      const alone = await carry(stage, stage.providerPort, task);
      direct.push(requests / alone.seconds);
      const before = await proxy.usage();
      const figures = await carry(stage, proxy.port, task);
      const after = await proxy.usage();
      through.push(requests / figures.seconds);
      micros.push((after.cpuMicros - before.cpuMicros) / requests);
      failed += figures.failed;
    }
    const [rate, alone, cpu] = [median(through), median(direct), median(micros)];
    board.row(
      `P2, P3 20 KB, ${of}`,
      `${Math.round(alone)} req/s`,
      `${Math.round(rate)} req/s, ${cpu.toFixed(0)} µs`,
      `${failed} failed, load ${busy()}`,
    );
    // Only what passes through is asked for; a request that is read has work done to it.
    if (of !== UNREAD.of) continue;
    board.report.judge("P2", failed === 0 ? cpu : undefined, { of });
    // Provider, generator and proxy share the processors: a machine that carries no more without the proxy tells nothing of it.
    if (rate < 5_000 && alone < 2 * 5_000)
      board.refuse("P3", of, rate, `the direct arm alone carries ${Math.round(alone)} req/s`);
    else board.report.judge("P3", failed === 0 ? rate : undefined, { of });
  }
  await proxy.stop();
}

export async function deadline(stage: Stage, board: Board): Promise<void> {
  const deadlineMs = 300;
  const proxy = await startProxy(stage, { hangs: true, deadlineMs });
  const times = await compare(stage, proxy.port, {
    bodies: (round) => ({ kind: "unseen", bytes: 60_000, seed: 200 + round * 40 }),
    rate: 8,
    count: scaled(stage, 20, 6),
    rounds: 2,
  });
  const ends = times.end.flatMap(({ proxy: own }) => own);
  const direct = median(times.end.flatMap(({ direct: own }) => own));
  const late = Math.max(...ends) - direct - deadlineMs;
  const slow = Math.max(...times.end.flatMap(({ direct: own }) => own));
  board.row(
    "P6 a store that hangs, deadline 300 ms",
    `${direct.toFixed(1)} ms, at most ${slow.toFixed(0)} ms`,
    `the last of ${ends.length} ${late.toFixed(0)} ms after its deadline`,
    `${times.failed} failed, load ${busy()}`,
  );
  if (times.failed === 0 && late > 50 && slow > 50)
    board.refuse("P6", "", late, `a direct request took ${slow.toFixed(0)} ms, with 50 allowed`);
  else board.report.judge("P6", times.failed === 0 ? late : undefined);
  await proxy.stop();
}

/** A machine with processors to spare calls an idle process back within this time, its timers' millisecond included. */
const IDLE_LAG_MS = 4;

export async function eventLoop(stage: Stage, board: Board): Promise<void> {
  const proxy = await startProxy(stage);
  const large = (seed: number, requests: number) =>
    carry(stage, proxy.port, {
      bodies: { kind: "unseen", bytes: 5_000_000, seed },
      connections: 16,
      requests,
    });
  await large(900, 1);
  await proxy.ask("watchLag");
  await sleep(1_000);
  const idle = (await proxy.ask<{ readonly p99: number }>("lag")).p99;
  await proxy.ask("watchLag");
  const { seconds, failed } = await large(1_000, scaled(stage, 16, 4));
  const { p99, max } = await proxy.ask<{ readonly p99: number; readonly max: number }>("lag");
  board.row(
    "P8 16 bodies of 5 MB at once",
    `idle ${idle.toFixed(1)} ms`,
    `event loop ${p99.toFixed(1)} ms late at p99, ${max.toFixed(0)} ms at worst`,
    `all in ${seconds.toFixed(1)} s, ${failed} failed, load ${busy()}`,
  );
  if (p99 > 20 && idle > IDLE_LAG_MS)
    board.refuse("P8", "", p99, `an idle event loop is ${idle.toFixed(1)} ms late already`);
  else board.report.judge("P8", failed === 0 ? p99 : undefined);
  await proxy.stop();
}

export async function memory(stage: Stage, board: Board): Promise<void> {
  const proxy = await startProxy(stage);
  const peaks: number[] = [];
  const look = async (): Promise<void> => {
    peaks.push((await proxy.usage()).rssBytes / 1e6);
  };
  for (let at = 0; at < scaled(stage, 8, 4); at++) {
    await carry(stage, proxy.port, {
      bodies: { kind: "growing", bytes: TRANSCRIPT, from: 0, seed: 1 + (at % 2) },
      connections: 16,
      requests: 48,
    });
    await look();
  }
  const peak = Math.max(...peaks);
  const many = scaled(stage, 15_000, 2_000);
  const small = { path: UNREAD.path, bodies: KB_20, connections: 16, requests: many };
  await carry(stage, proxy.port, small);
  const before = (await proxy.usage()).rssBytes;
  await carry(stage, proxy.port, { ...small, requests: 2 * many });
  const after = (await proxy.usage()).rssBytes;
  const drift = after / before - 1;
  board.row(
    "P9 560 KB transcripts, 16 at a time",
    "–",
    `${peak.toFixed(0)} MB; ${(before / 1e6).toFixed(0)} MB after ${many} small requests, ${(after / 1e6).toFixed(0)} MB after ${3 * many}`,
  );
  board.report.judge("P9 peak", peak);
  board.report.judge("P9 drift", Math.max(0, drift));
  await proxy.stop();
}

export async function starts(stage: Stage, board: Board): Promise<void> {
  const times: number[] = [];
  const others: number[] = [];
  for (let at = 0; at < scaled(stage, 5, 3); at++) {
    // In turn with a server of Node.js alone: what that needs, no proxy can be faster than.
    const other = await openStage(1);
    others.push(other.startedMs);
    await other.stop();
    const proxy = await startProxy(stage);
    times.push(proxy.startedMs);
    await proxy.stop();
  }
  const [typical, bare] = [median(times), median(others)];
  board.row(
    "P10 start to listening",
    `${bare.toFixed(0)} ms, a bare server`,
    `${typical.toFixed(0)} ms`,
    `load ${busy()}`,
  );
  if (typical > 500 && bare > 250)
    board.refuse("P10", "", typical, `a bare server needs ${bare.toFixed(0)} ms already`);
  else board.report.judge("P10", typical);
}
