/**
 * `npm run bench:mcp`: how long a client of `headroom mcp serve` waits for the first answer.
 *
 * On a machine with other work the time says little. The processor time of the server until then is what it needs by itself, and is
 * judged where more is at work than there are cores.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { print } from "./report.ts";

const MAIN = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
const RUNS = 9;
const REACH_MS = 400;
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

interface Start {
  readonly waitedMs: number;
  /** Absent where the system does not tell. */
  readonly processorMs: number | undefined;
}

const folder = mkdtempSync(join(tmpdir(), "mcp-start-"));
try {
  const starts: Start[] = [];
  // The first run brings the files into memory, and makes the store.
  for (let run = 0; run <= RUNS; run++) {
    const start = await firstAnswer();
    if (run > 0) starts.push(start);
  }
  const waited = median(starts.map(({ waitedMs }) => waitedMs));
  const processor = median(starts.map(({ processorMs = Number.NaN }) => processorMs));
  const load = loadavg()[0] ?? 0;
  const isBusy = load > availableParallelism();
  print(
    `headroom mcp serve, start to first answer, median of ${RUNS}: ${waited.toFixed(0)} ms, of which ${processor} ms processor time (load ${load.toFixed(1)} on ${availableParallelism()} cores).`,
  );
  const judged = isBusy && !Number.isNaN(processor) ? processor : waited;
  print(
    judged <= REACH_MS
      ? `Within ${REACH_MS} ms${isBusy ? ", by its processor time" : ""}.`
      : `MISSED: ${REACH_MS} ms are to be reached.`,
  );
  process.exitCode = judged <= REACH_MS ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function firstAnswer(): Promise<Start> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, "mcp", "serve", "--store", folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "bench", version: "1" },
  };
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      if (said.includes('"serverInfo"')) resolve();
    });
    child.on("close", () => reject(new Error("The server ended. Run: npm test, which builds it.")));
  });
  const start = { waitedMs: performance.now() - started, processorMs: processorTime(child.pid) };
  child.stdin.end();
  await ended;
  return start;
}

function processorTime(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
