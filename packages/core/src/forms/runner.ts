/** The pure stage in this thread. */
import { digestInSteps } from "../ccr/digest.ts";
import type { Compressor } from "../types/compressor.ts";
import type { FormRunner } from "../types/runner.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { countTokens } from "./count.ts";
import { formsOf } from "./forms.ts";
import { Interruption, settle } from "./pace.ts";

/** Makes forms in this thread, and rests as `pace` says. */
export function inlineRunner(
  counter: TokenCounter,
  compressors: readonly Compressor[],
): FormRunner {
  return {
    count: (text, pace) => countTokens(text, counter, pace),
    digest: (text, pace) => settle(digestInSteps(text), pace),
    forms: ({ text, isFile, ...job }, pace) =>
      formsOf(text, {
        ...job,
        counter,
        compressors: isFile ? compressors.filter(({ leavesFiles }) => !leavesFiles) : compressors,
        pace,
      }),
  };
}

/** A runner that the caller brought has failed: a thread that ended, or could not be started. */
export class RunnerFailure extends Error {
  override readonly name = "RunnerFailure";
}

/** A runner whose functions reject with an `Interruption` or a `RunnerFailure`, whatever happens to it. */
export function sheltered(runner: FormRunner): FormRunner {
  const shelter = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      if (Interruption.isInstance(error)) throw error;
      throw new RunnerFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    count: (text, pace) => shelter(() => runner.count(text, pace)),
    digest: (text, pace) => shelter(() => runner.digest(text, pace)),
    forms: (job, pace) => shelter(() => runner.forms(job, pace)),
    close: async () => runner.close?.(),
  };
}
