/**
 * Runs a program in place of this one: the same terminal, the same signals, its exit code.
 *
 * Ctrl-C in a terminal reaches every process of the foreground, this one and the child. Passed on, it would reach the child twice, and
 * agents take two for "leave".
 */
import { spawn } from "node:child_process";
import { CommandError } from "../command-error.ts";
import { listenForSignals } from "../proxy/signals.ts";
import type { Terminal } from "../terminal.ts";
import type { Environment } from "./agent.ts";

/** How the child ended. */
export type Ended = { readonly code: number } | { readonly signal: NodeJS.Signals };

const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];
const FROM_THE_KEYBOARD: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT", "SIGBREAK"]);

/** Resolves when the child has ended; what it started itself may go on. @throws CommandError where it cannot be started */
export function runChild(
  program: string,
  args: readonly string[],
  env: Environment,
  terminal: Terminal,
): Promise<Ended> {
  const atKeyboard = [terminal.stdin, terminal.stdout, terminal.stderr].some(({ isTTY }) => isTTY);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { stdio: "inherit", env: { ...env } });
    const stop = listenForSignals(terminal, SIGNALS, (signal) => {
      if (!(atKeyboard && FROM_THE_KEYBOARD.has(signal))) child.kill(signal);
    });
    child.once("error", (error) => {
      stop();
      reject(new CommandError(`${program} could not be started: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      stop();
      resolve(signal === null ? { code: code ?? 1 } : { signal });
    });
  });
}
