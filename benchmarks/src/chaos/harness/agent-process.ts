/** Starts a process of the suite, gives it tasks, and notices when it says nothing more. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endsWithUs } from "./children.ts";
import type { AgentJob, Answers, Call, FromAgent, Task } from "./protocol.ts";
import type { StoreSpec } from "./spec.ts";

/** Nothing heard for this long while a task is on: the process is stuck. */
const SILENCE_MS = 20_000;
/** How long the pipeline gives its store, and how long the stores give a call, by default. */
const PIPELINE_MS = 1_000;
const READ_MS = { redis: 500, sqlite: 2_000, folder: 500 };
/** What a call may take beyond its deadline: timers are late when two cores do all of this. */
const BOUND_MS = 1_500;

export class StuckError extends Error {}

export interface AgentOptions {
  readonly ledger?: string;
  readonly onCall?: (call: Call) => void;
  readonly putLimitMs?: number;
  readonly readLimitMs?: number;
  /** Started through this shell line, `$0` and what follows being the command. */
  readonly shell?: string;
}

export interface Agent {
  readonly process: ChildProcess;
  /** @throws StuckError when the process is silent for too long or has ended; it is killed then */
  ask<Name extends Task["do"]>(task: Task & { readonly do: Name }): Promise<Answers[Name]>;
  /** @returns 1 when the process ended by this very signal */
  kill(signal?: NodeJS.Signals): Promise<number>;
  /** Ends it in peace, by force when it does not end. */
  end(): Promise<void>;
}

export function startAgent(spec: StoreSpec, options: AgentOptions = {}): Agent {
  const { ledger, onCall, shell } = options;
  const job: AgentJob = {
    spec,
    putLimitMs: options.putLimitMs ?? PIPELINE_MS + BOUND_MS,
    readLimitMs: options.readLimitMs ?? READ_MS[spec.kind] + BOUND_MS,
    ...(ledger === undefined ? {} : { ledger }),
  };
  const node = ["--conditions=@headroom/source", "--expose-gc"];
  const script = new URL("agent.ts", import.meta.url);
  const silenceMs = Math.max(SILENCE_MS, 2 * job.putLimitMs, 2 * job.readLimitMs);
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "headroom-chaos-compiled") };
  const child = shell
    ? fork("-c", [shell, process.execPath, ...node, script.pathname, JSON.stringify(job)], {
        execPath: "/bin/bash",
        execArgv: [],
        env,
      })
    : fork(script, [JSON.stringify(job)], { execArgv: node, env });
  endsWithUs(child);
  const ended = once(child, "exit");
  let heard = performance.now();
  let next = 0;
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on("error", () => {});
  child.on("message", (message: FromAgent) => {
    heard = performance.now();
    if ("call" in message) onCall?.(message.call);
    else if ("number" in message) waiting.get(message.number)?.(message.answer);
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<number> => {
    const was = hasEnded();
    if (!was) child.kill(signal);
    await ended;
    return !was && child.signalCode === signal ? 1 : 0;
  };

  return {
    process: child,
    kill,
    async ask(task) {
      const number = next++;
      const answer = new Promise<unknown>((resolve) => waiting.set(number, resolve));
      if (hasEnded()) throw new StuckError(`The process has ended (${child.signalCode}).`);
      child.send({ number, task });
      heard = performance.now();
      let over = false;
      const silence = (async (): Promise<never> => {
        for (;;) {
          await sleep(100, undefined, { ref: false });
          if (over) return new Promise<never>(() => {});
          if (!hasEnded() && performance.now() - heard < silenceMs) continue;
          const how = hasEnded() ? "ended" : `said nothing for ${silenceMs} ms`;
          await kill();
          throw new StuckError(`A process ${how} while it should ${task.do}.`);
        }
      })();
      try {
        const result = await Promise.race([answer, silence]);
        if (typeof result === "object" && result !== null && "error" in result)
          throw new Error(`A process could not ${task.do}: ${result.error}`);
        return result as never;
      } finally {
        over = true;
        waiting.delete(number);
      }
    },
    async end() {
      if (hasEnded()) return;
      // A thread that waits for a FIFO keeps a process from ending.
      const patience = sleep(2_000, true, { ref: false });
      await Promise.race([
        this.ask({ do: "end" })
          .catch(() => undefined)
          .then(() => ended),
        patience,
      ]);
      await kill();
    },
  };
}
