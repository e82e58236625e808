/** Signals that ask a process to stop. */
import { constants } from "node:os";
import type { Terminal } from "../terminal.ts";

/** Calls `on` for each of these signals until the function it gives is called. */
export function listenForSignals(
  terminal: Terminal,
  signals: readonly NodeJS.Signals[],
  on: (signal: NodeJS.Signals) => void,
): () => void {
  for (const signal of signals) terminal.on?.(signal, on);
  return () => {
    for (const signal of signals) terminal.off?.(signal, on);
  };
}

/** As shells say it: 128 and the signal's number. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
