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
import type { Task, Work } from "./task.ts";

/** Options of `workerRunner`. */
export interface WorkerRunnerOptions {
  /**
   * The most threads at a time. Each takes about 50 MB.
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
 * alive. Closing waits for texts at work; an instance that is used after it was closed works in the calling thread.
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
    let isOpen = true;
    const working = new Set<Promise<unknown>>();
    const runner = runnerOf(
      setup,
      inline,
      (text) => isOpen && text.length >= minCharacters,
      <Answer>(pace: Pace, task: Work) => {
        const answer = inTime(pace, (stop) => pool.run<Answer>({ ...task, stop }));
        const done = answer.then(noop, noop).finally(() => working.delete(done));
        working.add(done);
        return answer;
      },
    );
    return {
      ...runner,
      async close() {
        if (!isOpen) return;
        isOpen = false;
        await atMost(LONGEST_CLOSE_MS, Promise.all(working));
        if (--instances === 0) await pool.close();
      },
    };
  };
}

/** What a thread takes for values that do not live long: by itself it takes three times that, and gives none of it back. */
const YOUNG_MEGABYTES = 48;

interface Pool {
  run<Answer>(task: Task): Promise<Answer>;
  close(): Promise<void>;
}

/** A task without work. */
function nothing({ setup, stop }: Task): Task {
  return { setup, stop, ask: "count", text: "" };
}

/** Threads that start with the first task, and again after `close`. */
function threadPool(maxThreads: number, idleTimeout: number): Pool {
  let pool: Tinypool | undefined;
  const waiting = new Set<{ readonly task: Task; fail(error: unknown): void }>();
  /** Whether a thread has answered since the last one broke: a thread can start here. */
  let hasAnswered = false;
  // Beside this file: `thread.js` when built, `thread.ts` in the workspace.
  const source = import.meta.url.endsWith(".ts");
  const filename = new URL(source ? "./thread.ts" : "./thread.js", import.meta.url).href;
  /** The pool replaces a broken thread when it is given a task, and not for those that wait already. */
  const replaceThread = (own: Tinypool): void => {
    hasAnswered = false;
    const [next] = waiting;
    if (next !== undefined) own.run(nothing(next.task), { name: "answer" }).catch(noop);
  };
  return {
    run(task) {
      if (pool === undefined) {
        hasAnswered = false;
        pool = new Tinypool({
          filename,
          minThreads: 0,
          maxThreads,
          idleTimeout,
          resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
          ...(source ? { execArgv: ["--conditions=@headroom/source"] } : {}),
        });
        const own = pool;
        // A thread that breaks at work rejects its task. One that breaks without work says so here: if a thread has answered
        // before, it broke between two tasks, and another takes its place; if none has, no thread can start.
        own.on("error", (error: unknown) => {
          if (own.threads.length > 0) return;
          if (hasAnswered) replaceThread(own);
          else for (const { fail } of waiting) fail(error);
        });
      }
      const own = pool;
      return new Promise((resolve, reject) => {
        const call = { task, fail: reject };
        waiting.add(call);
        own
          .run(task, { name: "answer" })
          .then(
            (answer) => {
              hasAnswered = true;
              resolve(answer);
            },
            (error: unknown) => {
              waiting.delete(call);
              reject(error);
              if (own.threads.length === 0) replaceThread(own);
            },
          )
          .finally(() => waiting.delete(call));
      });
    },
    async close() {
      const ending = pool;
      pool = undefined;
      await ending?.destroy();
    },
  };
}

/** Milliseconds that closing waits for texts at work. What is not done by then stays as it is. */
const LONGEST_CLOSE_MS = 5_000;

const noop = (): void => undefined;

/** Resolves with `work`, or after so many milliseconds. */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}

type RunInThread = <Answer>(pace: Pace, task: Work) => Promise<Answer>;

function runnerOf(
  setup: RunnerSetup,
  inline: FormRunner,
  isForThread: (text: string) => boolean,
  run: RunInThread,
): FormRunner {
  return {
    count(text, pace) {
      return isForThread(text)
        ? run(pace, { setup, ask: "count", text })
        : inline.count(text, pace);
    },
    digest(text, pace) {
      return isForThread(text)
        ? run(pace, { setup, ask: "digest", text })
        : inline.digest(text, pace);
    },
    forms(job, pace) {
      return isForThread(job.text)
        ? run(pace, { setup, ask: "forms", job })
        : inline.forms(job, pace);
    },
  };
}

/** Timers set for longer fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The answer, or an `Interruption` as soon as the signal fires or the deadline is over; the thread then stops at its next rest. */
async function inTime<Answer>(
  pace: Pace,
  run: (stop: Int32Array) => Promise<Answer>,
): Promise<Answer> {
  // Many calls at once are handed over in turns: copying their texts holds the event loop too.
  const resting = pace.rest();
  if (resting !== undefined) await resting;
  const { signal, deadline } = pace;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  let end: (error: Interruption) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = (error) => {
      Atomics.store(stop, 0, 1);
      reject(error);
    };
  });
  const aborted = (): void => end(new Interruption(signal));
  const left = (deadline ?? Number.POSITIVE_INFINITY) - performance.now();
  // No work takes as long as the longest timer.
  const timer =
    left > LONGEST_TIMER_MS
      ? undefined
      : setTimeout(() => end(new Interruption()), Math.max(0, left));
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
