/** Runs tests in a process group of their own, which ends with them, with the time-out, or with us. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Order, orderToEnvironment } from "./change.ts";

export interface Ran {
  readonly outcome: "passed" | "failed" | "timed out";
  readonly ms: number;
  /** What the tests printed. */
  readonly output: string;
}

const HERE = new URL("./", import.meta.url);
const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) endGroup(child);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => process.exit(130));

export function runTests(order: Order, timeOutMs: number): Promise<Ran> {
  const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
  const config = fileURLToPath(new URL("vitest.config.ts", HERE));
  const hook = new URL("child-hook.ts", HERE).href;
  const start = performance.now();
  const child = spawn(process.execPath, [vitest, "run", "--config", config], {
    cwd: order.root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...orderToEnvironment(order),
      HEADROOM_LAW_RUNS: "20",
      NO_COLOR: "1",
      NODE_OPTIONS: `--import=${hook} --disable-warning=ExperimentalWarning`,
    },
  });
  running.add(child);
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => printed.push(data));
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child);
    }, timeOutMs);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      // Servers that a killed test has started would outlive it.
      endGroup(child);
      running.delete(child);
      resolve({
        outcome: timedOut ? "timed out" : code === 0 ? "passed" : "failed",
        ms: performance.now() - start,
        output: Buffer.concat(printed).toString("utf8"),
      });
    });
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has ended.
  }
}
