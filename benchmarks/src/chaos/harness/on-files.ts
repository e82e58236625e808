/** Faults that SQLite and the folder store share: they keep originals in files, on a disk, in many processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Demand, Measured } from "../measured.ts";
import { demand, type RunContext } from "../row.ts";
import { type Agent, startAgent } from "./agent-process.ts";
import { judge } from "./judge.ts";
import { readLedger } from "./ledger.ts";
import type { Call } from "./protocol.ts";
import { smallDisk } from "./small-disk.ts";
import type { StoreSpec } from "./spec.ts";
import { totalsOf, unredeemed, WITHOUT_READS } from "./tally.ts";
import { nextTurn } from "./turns.ts";
import { underFault } from "./under-fault.ts";

export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "headroom-chaos-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writers that are killed at odd moments, again and again; their ledger outlives them. */
export async function killLoop(
  context: RunContext,
  spec: StoreSpec,
  folder: string,
  rounds: number,
): Promise<Measured> {
  const ledger = join(folder, "ledger");
  const calls: Call[] = [];
  let kills = 0;
  let silent = 0;
  const side = async (index: number): Promise<void> => {
    for (let round = 0; round < Math.max(2, Math.round(rounds * context.scale)); round++) {
      const least = 15 + ((index * 7 + round * 13) % 40);
      let reported = 0;
      const agent: Agent = startAgent(spec, {
        ledger,
        onCall(call) {
          reported++;
          calls.push(call);
        },
      });
      const first = (index * 1_000 + round) * 10_000;
      await agent.ask({ do: "load", first, step: 1, lanes: 2, paceMs: 0 });
      for (let wait = 0; wait < 1_000 && reported < least; wait++) await sleep(3);
      if (reported < least) silent++;
      kills += await agent.kill();
    }
  };
  await Promise.all([0, 1, 2].map(side));
  return killed(context, spec, ledger, calls, {
    kills,
    demands: [demand("writers killed before they had reported enough", silent, silent === 0)],
  });
}

/** What is left of the markers in a ledger when their writers were killed: at once, and after the next turn. */
export async function killed(
  context: RunContext,
  spec: StoreSpec,
  ledger: string,
  calls: readonly Call[],
  { kills, demands }: { readonly kills: number; readonly demands: readonly Demand[] },
): Promise<Measured> {
  const markers = readLedger(ledger);
  const look = await judge(spec, markers);
  const turn = context.withoutNextTurn ? undefined : await nextTurn(spec, markers);
  const totals = totalsOf(calls);
  return {
    ...WITHOUT_READS,
    ...totals,
    acknowledged: markers.length,
    markers: markers.length,
    lostAtFirstLook: unredeemed(look),
    ...(turn ? { lostAfterNextTurn: turn.lost } : {}),
    wrong: look.wrong + (turn?.wrong ?? 0),
    hung: totals.hung + look.hung + (turn?.hung ?? 0),
    faults: { "kills by SIGKILL": kills },
    demands,
  };
}

/** Writers on a disk that is soon full, while another process reads. */
export function diskFull(
  context: RunContext,
  specOf: (folder: string) => StoreSpec,
): Promise<Measured> {
  return inFolder(async (folder) => {
    const disk = smallDisk(folder, 3_000_000 * Math.max(0.2, context.scale));
    try {
      const spec = context.store(specOf(folder));
      return await underFault(context, {
        spec,
        ...(disk.shell === undefined ? {} : { shell: disk.shell }),
        warmPuts: 40,
        paceMs: 4,
        calls: 1_000,
        afterPuts: 0,
        async fault() {
          await sleep(3_000 * Math.max(0.5, context.scale));
          return {};
        },
        async settle(calls) {
          const full = calls.filter(({ why }) => FULL.some((word) => why.includes(word)));
          return { [`puts refused by ${disk.how}`]: full.length };
        },
      });
    } finally {
      disk.remove();
    }
  });
}

/** How SQLite and the system say it. */
const FULL = ["full", "ENOSPC", "no space", "EFBIG", "disk I/O error", "too large"];
