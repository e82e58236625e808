/**
 * Deadlines that count the server's time only.
 *
 * Time counts while the event loop has nothing to do but wait. While this process is busy, an answer may have arrived and not
 * been read yet, and a timer that fires late says nothing about the server. So blocking the event loop, or keeping it busy
 * with 500 calls at once, makes no server slow. A process that is always busy still gives up, after ten times as long.
 */

import { performance } from "node:perf_hooks";

/** How often deadlines are looked at while calls are pending. */
const BEAT_MS = 20;
const BUSY_FACTOR = 10;

/** The server did not answer in time. */
export class LateError extends Error {
  override readonly name = "LateError";
}

export interface Deadline {
  /** Allows the call more time, for example because the answer turns out to be large. */
  extend(milliseconds: number): void;
}

export interface Deadlines {
  /** The answer of `call`, or a `LateError` after so many milliseconds. A late answer or failure is dropped. */
  within<Answer>(
    milliseconds: number,
    call: (deadline: Deadline) => Promise<Answer>,
  ): Promise<Answer>;
}

/** Milliseconds that this thread's event loop has spent waiting. */
export function waitedMs(): number {
  return performance.eventLoopUtilization().idle;
}

interface Pending {
  readonly waitedAt: number;
  readonly beat: number;
  allowedMs: number;
  readonly giveUp: () => void;
}

export function deadlines(): Deadlines {
  const pending = new Set<Pending>();
  let timer: NodeJS.Timeout | undefined;
  /** Counted, not timed: an event loop that stood still for a second has beaten once. */
  let beats = 0;

  const check = (): void => {
    const waited = waitedMs();
    for (const call of pending)
      if (
        waited - call.waitedAt >= call.allowedMs ||
        (beats - call.beat) * BEAT_MS >= call.allowedMs * BUSY_FACTOR
      )
        call.giveUp();
  };
  const beat = (): void => {
    beats++;
    // After the poll phase: answers that have arrived are read first.
    setImmediate(check);
  };

  return {
    within(milliseconds, call) {
      timer ??= setInterval(beat, BEAT_MS);
      return new Promise((resolve, reject) => {
        const settle = (deliver: () => void): void => {
          if (!pending.delete(entry)) return;
          if (pending.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
          deliver();
        };
        const entry: Pending = {
          waitedAt: waitedMs(),
          beat: beats,
          allowedMs: milliseconds,
          giveUp: () =>
            settle(() =>
              reject(new LateError(`no answer within ${Math.round(entry.allowedMs)} ms`)),
            ),
        };
        pending.add(entry);
        const extend = (more: number): void => {
          entry.allowedMs += more;
        };
        call({ extend }).then(
          (answer) => settle(() => resolve(answer)),
          (error: unknown) => settle(() => reject(error)),
        );
      });
    },
  };
}
