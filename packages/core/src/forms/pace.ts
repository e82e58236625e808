/** Long work in steps, and how it ends early. */
import type { Answer, Steps } from "../types/compressor.ts";
import type { Pace } from "../types/runner.ts";

/** The work was told to end: its signal was aborted, or its deadline is over. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly "~headroom.interruption" = true;
  /** What the call rejects with; absent when the deadline is over. */
  readonly signal: AbortSignal | undefined;
  constructor(signal?: AbortSignal) {
    super("The work was interrupted.");
    this.signal = signal;
  }

  /** Recognises those of another copy of this package too: a runner made by the ESM build may serve an instance of the CommonJS build. */
  static isInstance(error: unknown): error is Interruption {
    return typeof error === "object" && error !== null && "~headroom.interruption" in error;
  }
}

/**
 * Waits for an answer, and rests between the steps of one that comes in steps, be it now or later.
 *
 * @param pace how it rests. @default not at all
 */
export async function settle<Value>(
  answer: Answer<Value>,
  pace?: Pick<Pace, "rest">,
): Promise<Value> {
  const steps = isSteps(answer) ? answer : await answer;
  if (!isSteps(steps)) return steps;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const resting = pace?.rest();
    if (resting !== undefined) await resting;
  }
}

/** Whether an answer is work that still has to be done, step by step. */
export function isSteps<Value>(answer: Answer<Value>): answer is Steps<Value> {
  return (
    typeof answer === "object" &&
    answer !== null &&
    Symbol.iterator in answer &&
    "next" in answer &&
    typeof answer.next === "function"
  );
}
