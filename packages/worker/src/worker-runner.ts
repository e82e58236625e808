import { availableParallelism } from "node:os";
import {
  type CreateRunner,
  type FormRunner,
  InvalidOptionError,
  type Pace,
  type RunnerSetup,
} from "@headroom/core";
import { Interruption } from "@headroom/core/runner";
import { Tinypool } from "tinypool";
import type { Task } from "./task.ts";

/** Options of `workerRunner`. */
export interface WorkerRunnerOptions {
  /**
   * The most threads at a time. Each holds its own copy of the vocabulary, about 60 MB.
   * @default one less than the processors there are, at least 1
   */
  readonly threads?: number;
  /** Seconds after which a thread without work ends. @default 60 */
  readonly idleSeconds?: number;
  /** Texts with fewer characters are compressed in the calling thread: sending them costs more than the work. @default 16_384 */
  readonly minCharacters?: number;
}

/**
 * Runs the compression of an instance in worker threads, so that a tool result of megabytes does not hold the event loop.
 *
 * The bytes of the result are those the calling thread would have made. Instances that are given the same `workerRunner()` share
 * its threads. Threads start with the first long text and end when the last of these instances is closed; they keep no process
 * alive.
 *
 * @throws InvalidOptionError
 */
export function workerRunner(options: WorkerRunnerOptions = {}): CreateRunner {
  const {
    threads = Math.max(1, availableParallelism() - 1),
    idleSeconds = 60,
    minCharacters = 16_384,
  } = options;
  if (!(Number.isSafeInteger(threads) && threads > 0))
    throw new InvalidOptionError("threads", threads, "a whole number of threads, 1 or more");
  if (!(idleSeconds >= 0))
    throw new InvalidOptionError("idleSeconds", idleSeconds, "a number of seconds, 0 or more");
  if (!(minCharacters >= 0))
    throw new InvalidOptionError(
      "minCharacters",
      minCharacters,
      "a number of characters, 0 or more",
    );
  const pool = threadPool(threads, idleSeconds * 1_000);
  let instances = 0;
  return (setup, inline) => {
    instances++;
    const runner = runnerOf(pool, setup, inline, minCharacters);
    return {
      ...runner,
      async close() {
        if (--instances === 0) await pool.close();
      },
    };
  };
}

interface Pool {
  run<Answer>(task: Task): Promise<Answer>;
  close(): Promise<void>;
}

/** Threads that start with the first task, and again after `close`. */
function threadPool(maxThreads: number, idleTimeout: number): Pool {
  let pool: Tinypool | undefined;
  // Beside this file: `thread.js` when built, `thread.ts` in the workspace.
  const source = import.meta.url.endsWith(".ts");
  const filename = new URL(source ? "./thread.ts" : "./thread.js", import.meta.url).href;
  return {
    run(task) {
      pool ??= new Tinypool({
        filename,
        minThreads: 0,
        maxThreads,
        idleTimeout,
        ...(source ? { execArgv: ["--conditions=@headroom/source"] } : {}),
      });
      return pool.run(task, { name: "answer" });
    },
    async close() {
      const ending = pool;
      pool = undefined;
      await ending?.destroy();
    },
  };
}

function runnerOf(
  pool: Pool,
  setup: RunnerSetup,
  inline: FormRunner,
  minCharacters: number,
): FormRunner {
  return {
    count(text, pace) {
      if (text.length < minCharacters) return inline.count(text, pace);
      return inTime(pace, (stop) => pool.run({ setup, stop, ask: "count", text }));
    },
    digest(text, pace) {
      if (text.length < minCharacters) return inline.digest(text, pace);
      return inTime(pace, (stop) => pool.run({ setup, stop, ask: "digest", text }));
    },
    forms(job, pace) {
      if (job.text.length < minCharacters) return inline.forms(job, pace);
      return inTime(pace, (stop) => pool.run({ setup, stop, ask: "forms", job }));
    },
  };
}

/** The answer, or an `Interruption` as soon as the signal fires or the deadline is over; the thread then stops at its next rest. */
async function inTime<Answer>(
  { signal, deadline }: Pace,
  run: (stop: Int32Array) => Promise<Answer>,
): Promise<Answer> {
  if (signal?.aborted) throw new Interruption(signal);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  let end: (error: Interruption) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = (error) => {
      Atomics.store(stop, 0, 1);
      reject(error);
    };
  });
  const aborted = (): void => end(new Interruption(signal));
  const timer =
    deadline === undefined || !Number.isFinite(deadline)
      ? undefined
      : setTimeout(() => end(new Interruption()), Math.max(0, deadline - performance.now()));
  signal?.addEventListener("abort", aborted, { once: true });
  try {
    const answer = run(stop);
    // When the call has ended, nobody waits for this answer any more.
    answer.catch(() => undefined);
    return await Promise.race([answer, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", aborted);
  }
}
