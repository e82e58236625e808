/**
 * Deadlines that count the server's time only.
 *
 * A timer that fires late says that this process was busy, not that the server was. So time in which the event loop did not
 * turn does not count, and a deadline is checked after a turn of the poll phase, when answers that had arrived are read.
 */

/** How often the event loop is looked at while calls are pending. */
const PULSE_MS = 20;

/** The server did not answer in time. */
export class LateError extends Error {
  override readonly name = "LateError";
}

export interface Deadline {
  /** Allows the call more time, for example because the answer turns out to be large. */
  extend(milliseconds: number): void;
}

export interface Deadlines {
  /** Milliseconds of a clock that stands still while this process blocks its own event loop. */
  now(): number;
  /** The answer of `call`, or a `LateError` after so many milliseconds. A late answer or failure is dropped. */
  within<Answer>(
    milliseconds: number,
    call: (deadline: Deadline) => Promise<Answer>,
  ): Promise<Answer>;
}

interface Pending {
  readonly startedAt: number;
  allowedMs: number;
  readonly giveUp: () => void;
}

export function deadlines(): Deadlines {
  const pending = new Set<Pending>();
  let pulse: NodeJS.Timeout | undefined;
  let pulsedAt = performance.now();
  let blockedMs = 0;

  const blockedUntil = (time: number): number => {
    const gap = time - pulsedAt;
    return pulse !== undefined && gap > 2 * PULSE_MS ? blockedMs + gap - PULSE_MS : blockedMs;
  };
  const now = (): number => {
    const time = performance.now();
    return time - blockedUntil(time);
  };
  const check = (): void => {
    const time = now();
    for (const call of pending) if (time - call.startedAt >= call.allowedMs) call.giveUp();
  };
  const beat = (): void => {
    const time = performance.now();
    blockedMs = blockedUntil(time);
    pulsedAt = time;
    setImmediate(check);
  };

  return {
    now,
    within(milliseconds, call) {
      if (pulse === undefined) {
        pulsedAt = performance.now();
        pulse = setInterval(beat, PULSE_MS);
      }
      return new Promise((resolve, reject) => {
        const entry: Pending = {
          startedAt: now(),
          allowedMs: milliseconds,
          giveUp: () => settle(() => reject(new LateError(lateMessage(entry.allowedMs)))),
        };
        const settle = (deliver: () => void): void => {
          if (!pending.delete(entry)) return;
          if (pending.size === 0 && pulse !== undefined) {
            blockedMs = blockedUntil(performance.now());
            clearInterval(pulse);
            pulse = undefined;
          }
          deliver();
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

function lateMessage(milliseconds: number): string {
  return `no answer within ${Math.round(milliseconds)} ms`;
}
