/** Programs of their own that are asked over IPC: a measurement does not share its thread with what is measured. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

interface Question {
  readonly id: number;
  readonly ask: string;
  readonly about: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface Child {
  ask<Value>(ask: string, about?: unknown): Promise<Value>;
  /** Ends it and waits for its end. */
  stop(): Promise<void>;
  readonly process: ChildProcess;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Options of Node.js, such as `--cpu-prof`. */
  readonly execArgv?: readonly string[];
}

/** Starts a program that stands beside this file. It runs on the built packages: that is what users run. */
export function start(
  file: string,
  { env = {}, args = [], execArgv = [] }: StartOptions = {},
): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], {
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let last = 0;
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  child.on("message", ({ id, value, error }: Answer) => {
    const waiting = open.get(id);
    open.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  });
  child.once("exit", (code) => {
    for (const { reject } of open.values()) reject(new Error(`${file} ended with ${code}.`));
    open.clear();
  });
  return {
    process: child,
    ask: <Value>(ask: string, about?: unknown) =>
      new Promise<Value>((resolve, reject) => {
        const id = ++last;
        open.set(id, { resolve: (value) => resolve(value as Value), reject });
        child.send({ id, ask, about } satisfies Question);
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The child's side. */
export function answerAsks(answers: Readonly<Record<string, (about: never) => unknown>>): void {
  process.on("message", async ({ id, ask, about }: Question) => {
    const reply = (answer: Answer): void => void process.send?.(answer);
    try {
      const answer = answers[ask];
      if (!answer) throw new Error(`Nothing answers ${ask}.`);
      reply({ id, value: await answer(about as never) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.once("disconnect", () => process.exit());
}
