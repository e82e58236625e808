/**
 * The reference system's own proxy, in the same run where pip can install it: in a folder outside the repository, kept for the next
 * run.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { progress } from "../report.ts";
import { added, type Round } from "./figures.ts";
import type { Board } from "./rows.ts";
import { busy, type Comparison, compare, type Stage } from "./stage.ts";

const run = promisify(execFile);
const INSTALL_MS = 600_000;
const START_MS = 120_000;

function folder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return process.env.HEADROOM_REFERENCE ?? join(cache, "headroom-reference");
}

/** Measures it beside the direct connection; says loudly where it cannot. */
export async function reference(stage: Stage, board: Board): Promise<void> {
  board.report.heading("The reference system's proxy, in the same run");
  const place = folder();
  try {
    await install(place);
  } catch (error) {
    board.report.text(
      `**It could not be installed** (${reasonOf(error)}). Its own published figures: p50 52 ms, p99 4,172 ms.`,
    );
    return;
  }
  let running: Running;
  try {
    running = await startReference(place, stage.providerPort);
  } catch (error) {
    board.report.text(`**It is installed and does not start** (${reasonOf(error)}).`);
    return;
  }
  const rows: string[][] = [];
  const add = async (what: string, comparison: Comparison): Promise<void> => {
    progress(`reference: ${what}`);
    const times = await compare(stage, running.port, comparison);
    rows.push([what, ...figures(times.first), `${times.failed} failed, load ${busy()}`]);
  };
  try {
    await add("20 KB, nothing to do", {
      bodies: () => ({ kind: "nothing", bytes: 20_000 }),
      rate: 5,
      count: 15,
      rounds: 3,
    });
    await add("560 KB transcript, one turn longer", {
      bodies: (round) => ({ kind: "growing", bytes: 560_000, from: round * 5, seed: 1 }),
      rate: 1,
      count: 5,
      rounds: 3,
    });
    const rss = await residentMb(running.pid);
    const { version, startMs } = running;
    board.report.table([`headroom-ai ${version}`, "direct p50 / p99", "added p50 / p99", ""], rows);
    board.report.text(
      `Start to ready ${(startMs / 1_000).toFixed(1)} s, resident memory ${rss}. Its settings: \`--no-rate-limit --no-cache --no-telemetry --disable-kompress\`; the model it would download is not there. Published by itself: p50 52 ms, p99 4,172 ms.`,
    );
  } finally {
    progress("");
    await running.stop();
  }
}

function figures(rounds: readonly Round[]): readonly string[] {
  const { p50, p99, directP50, directP99 } = added(rounds);
  return [
    `${directP50.toFixed(2)} / ${directP99.toFixed(2)} ms`,
    `+${p50.toFixed(1)} / +${p99.toFixed(1)} ms`,
  ];
}

async function install(place: string): Promise<void> {
  if (existsSync(join(place, "venv/bin/headroom"))) return;
  progress("reference: pip install, some minutes the first time");
  mkdirSync(place, { recursive: true });
  const venv = join(place, "venv");
  await run("python3", ["-m", "venv", venv], { timeout: INSTALL_MS });
  await run(join(venv, "bin/pip"), ["install", "--quiet", "headroom-ai[proxy]"], {
    timeout: INSTALL_MS,
  });
  progress("");
}

interface Running {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly startMs: number;
  stop(): Promise<void>;
}

async function startReference(place: string, providerPort: number): Promise<Running> {
  const bin = join(place, "venv/bin");
  const { stdout } = await run(join(bin, "headroom"), ["--version"]);
  const port = await freePort();
  const began = performance.now();
  const flags = "--no-rate-limit --no-cache --no-telemetry --disable-kompress".split(" ");
  const child = spawn(join(bin, "headroom"), ["proxy", "--port", String(port), ...flags], {
    stdio: "ignore",
    env: {
      PATH: process.env.PATH ?? "",
      HOME: join(tmpdir(), "headroom-reference-home"),
      ANTHROPIC_TARGET_API_URL: `http://127.0.0.1:${providerPort}`,
      HF_HUB_OFFLINE: "1",
    },
  });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(5_000)]);
    child.kill("SIGKILL");
  };
  while (performance.now() - began < START_MS && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok)
      return {
        port,
        pid: child.pid ?? 0,
        version: /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? "",
        startMs: performance.now() - began,
        stop,
      };
    await sleep(100);
  }
  await stop();
  throw new Error(`no answer from /health within ${START_MS / 1_000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

async function residentMb(pid: number): Promise<string> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return `${Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_000)} MB`;
  } catch {
    return "unknown";
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]?.slice(0, 160) ?? "";
}
