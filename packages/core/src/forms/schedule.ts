/**
 * Shares the event loop: work rests after a slice of time, and every rest is a macrotask of its own, so that timers, sockets
 * and aborted signals get their turn. Many calls at once take turns, in the order they came to rest.
 */
import type { Pace } from "../types/runner.ts";
import { Interruption } from "./pace.ts";

/** Milliseconds that work may hold the event loop in one piece, checkpoints permitting. */
const SLICE_MS = 4;

export interface Scheduler {
  /** @param deadlineMs from now; the work is interrupted at the first rest after it */
  pace(signal?: AbortSignal, deadlineMs?: number): Pace;
}

export function scheduler(now: () => number = () => performance.now()): Scheduler {
  const waiting: (() => void)[] = [];
  let sliceStart = Number.NEGATIVE_INFINITY;
  const turn = (): void => {
    const next = waiting.shift();
    if (waiting.length > 0) nextMacrotask(turn);
    sliceStart = now();
    next?.();
  };
  const queue = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) nextMacrotask(turn);
    });
  return {
    pace(signal, deadlineMs) {
      const deadline = deadlineMs === undefined ? Number.POSITIVE_INFINITY : now() + deadlineMs;
      const check = (): void => {
        if (signal?.aborted) throw new Interruption(signal);
        if (now() > deadline) throw new Interruption();
      };
      return {
        signal,
        deadline,
        rest() {
          check();
          if (now() - sliceStart < SLICE_MS) return undefined;
          return queue().then(check);
        },
      };
    },
  };
}

/** `setImmediate` where there is one: it runs after sockets were read. Elsewhere a message to ourselves; timers wait 4 ms. */
function nextMacrotask(run: () => void): void {
  const { setImmediate: immediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
  if (immediate) {
    immediate(run);
    return;
  }
  if (typeof MessageChannel === "undefined") {
    setTimeout(run, 0);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(undefined);
}
