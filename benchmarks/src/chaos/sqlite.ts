/** What happens to the SQLite file: writers killed, the disk full, two processes at once. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteStore } from "@headroom/sqlite";
import type { Outcome, Scenario } from "./scenarios.ts";
import { entryOf } from "./text.ts";

interface Ledger {
  readonly acknowledged: Set<number>;
  puts: number;
}

/** Starts a process that puts from `firstSeed` on and fills the ledger; resolves when it is over. */
async function writer(
  path: string,
  firstSeed: number,
  count: number,
  ledger: Ledger,
  killAfterMs?: number,
): Promise<void> {
  const child = fork(
    new URL("sqlite-writer.ts", import.meta.url),
    [path, String(firstSeed), String(count)],
    {
      execArgv: ["--conditions=@headroom/source"],
    },
  );
  let started = false;
  child.on("message", (message) => {
    const { seed, acknowledged } = message as { seed: number; acknowledged: boolean };
    ledger.puts++;
    if (acknowledged) ledger.acknowledged.add(seed);
    if (started || killAfterMs === undefined) return;
    started = true;
    setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  await once(child, "exit");
  // Messages sent just before the kill may still be on their way.
  await sleep(10);
}

async function verdict(path: string, ledger: Ledger, note: string): Promise<Outcome> {
  const store = sqliteStore({ path });
  let lost = 0;
  let wrong = 0;
  for (const seed of ledger.acknowledged) {
    const { ref, text } = entryOf(seed);
    const got = await store.get(ref).catch(() => undefined);
    if (got === undefined) lost++;
    else if (got.text !== text) wrong++;
  }
  await store.close?.();
  return { puts: ledger.puts, acknowledged: ledger.acknowledged.size, lost, wrong, hung: 0, note };
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "headroom-chaos-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const sqliteScenarios: readonly Scenario[] = [
  {
    id: "Q1",
    title: "SQLite: writer killed (-9) at 200 random moments",
    run: () =>
      inFolder(async (folder) => {
        const path = join(folder, "store.db");
        const ledger: Ledger = { acknowledged: new Set(), puts: 0 };
        // Several at a time, so that a kill also happens while another process writes.
        const sides = [0, 1, 2, 3];
        for (let kill = 0; kill < 200; kill += sides.length)
          await Promise.all(
            sides.map((side) =>
              writer(path, (kill + side) * 10_000, 10_000, ledger, Math.random() * 250),
            ),
          );
        return verdict(path, ledger, "200 kills");
      }),
  },
  {
    id: "Q2",
    title: "SQLite: disk full (tmpfs of 3 MB)",
    run: () =>
      inFolder(async (folder) => {
        const ledger: Ledger = { acknowledged: new Set(), puts: 0 };
        try {
          execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], {
            stdio: "ignore",
          });
        } catch {
          return {
            puts: 0,
            acknowledged: 0,
            lost: 0,
            wrong: 0,
            hung: 0,
            note: "not run: mounting a tmpfs needs root",
          };
        }
        try {
          const path = join(folder, "store.db");
          await Promise.all([0, 1].map((side) => writer(path, side * 10_000, 1_000, ledger)));
          const refused = ledger.puts - ledger.acknowledged.size;
          return await verdict(path, ledger, `${refused} puts refused when it was full`);
        } finally {
          execFileSync("umount", ["-l", folder]);
        }
      }),
  },
  {
    id: "Q3",
    title: "SQLite: two processes write at once",
    run: () =>
      inFolder(async (folder) => {
        const path = join(folder, "store.db");
        const ledger: Ledger = { acknowledged: new Set(), puts: 0 };
        await Promise.all([0, 1].map((side) => writer(path, side * 10_000, 1_000, ledger)));
        return verdict(path, ledger, "");
      }),
  },
];
