/**
 * What a put into the SQLite store costs with few and with many originals in the file, and how long it blocks when the
 * bound was lowered. `npm run bench:sqlite`; prints, writes nothing.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type CcrEntry, refOf, refScope } from "@headroom/core";
import { sqliteStore } from "@headroom/sqlite";

const SIZES = [1_000, 10_000, 100_000, 400_000] as const;
const PUTS = 101;
const REQUESTS = 21;
const BLOCKS = 20;
const LOWERED_ROWS = 50_000;
/** What the reference report measured with. */
const TEXT_LENGTH = 2_500;

const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
const scope = refScope("default");
let count = 0;

function original(): CcrEntry {
  const text = `${count++} ${"x".repeat(TEXT_LENGTH)}`;
  return { ref: refOf(text, scope), text };
}

/** Fills the file up to so many rows. Nothing reads them, so they need not be sound. */
function fill(path: string, rows: number): void {
  const db = new DatabaseSync(path);
  const { n } = db.prepare("SELECT count(*) AS n FROM originals").get() as { n: number };
  const usedAt = Date.now() - 7_200_000;
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  db.prepare(
    `WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?)
      INSERT INTO originals (key, ref, encoding, digest, size, used_at, expires_at, bytes)
        SELECT random(), hex(randomblob(11)), 0, randomblob(32), ${TEXT_LENGTH}, ?, ?,
        randomblob(${TEXT_LENGTH}) FROM c`,
  ).run(Math.max(1, rows - n), usedAt, Date.now() + 1e9);
  db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

async function median(times: number, work: () => Promise<unknown>): Promise<Cost> {
  const ms: number[] = [];
  const cpuMs: number[] = [];
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    await work();
    ms.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    cpuMs.push((user + system) / 1_000);
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[times >> 1] ?? 0;
  return { ms: middle(ms), cpuMs: middle(cpuMs) };
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const show = ({ ms, cpuMs }: Cost): string => `${ms.toFixed(2)} ms (CPU ${cpuMs.toFixed(2)})`;

/** What the disk alone asks for one durable write: a put cannot take less. */
function diskCost(folder: string): Promise<Cost> {
  const file = openSync(join(folder, "sync"), "w");
  const page = Buffer.alloc(4_096);
  return median(PUTS, async () => {
    writeSync(file, page);
    fsyncSync(file);
  }).finally(() => closeSync(file));
}

async function measure(path: string): Promise<{ put: Cost; request: Cost; again: Cost }> {
  const store = sqliteStore({ path, maxBytes: 4e9 });
  await store.put(original());
  const put = await median(PUTS, () => store.put(original()));
  const request = await median(REQUESTS, async () =>
    store.putMany?.(Array.from({ length: BLOCKS }, original)),
  );
  const known = Array.from({ length: BLOCKS }, original);
  await store.putMany?.(known);
  const again = await median(REQUESTS, async () => store.putMany?.(known));
  await store.close?.();
  return { put, request, again };
}

/** Puts go on while the store gets down to half of what is in it. */
async function lowerBound(path: string): Promise<string> {
  const before = statSync(path).size;
  const maxBytes = (LOWERED_ROWS * TEXT_LENGTH) / 2;
  const store = sqliteStore({ path, maxBytes });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  let slowest = 0;
  let puts = 0;
  while (statSync(path).size > before * 0.6 && performance.now() - start < 60_000) {
    const from = performance.now();
    await store.put(original());
    slowest = Math.max(slowest, performance.now() - from);
    puts++;
    await sleep(20);
  }
  delay.disable();
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  await store.close?.();
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  return `${megabytes(before)} to ${megabytes(statSync(path).size)} in ${seconds} s; ${puts} puts meanwhile, the slowest ${slowest.toFixed(0)} ms; event loop blocked ${(delay.max / 1e6).toFixed(0)} ms at most`;
}

async function newFile(path: string): Promise<string> {
  const store = sqliteStore({ path });
  await store.put(original());
  await store.close?.();
  return path;
}

const folder = mkdtempSync(join(tmpdir(), "headroom-sqlite-cost-"));
try {
  const path = await newFile(join(folder, "originals.db"));
  const costs: Cost[] = [];
  for (const rows of SIZES) {
    fill(path, rows);
    const { put, request, again } = await measure(path);
    costs.push(put);
    print(
      `${String(rows).padStart(7)} rows: put p50 ${show(put)}; request of ${BLOCKS} blocks ${show(request)}; the same again ${show(again)}; one write and fsync alone ${show(await diskCost(folder))}`,
    );
  }
  const [first, last] = [costs[0], costs.at(-1)];
  if (first && last)
    print(
      `400,000 to 1,000 rows: ${(last.ms / first.ms).toFixed(2)} × the time, ${(last.cpuMs / first.cpuMs).toFixed(2)} × the CPU`,
    );
  const lowered = await newFile(join(folder, "lowered.db"));
  fill(lowered, LOWERED_ROWS);
  print(`bound lowered to half: ${await lowerBound(lowered)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
