/** Where forms are made: in place, or wherever a `FormRunner` of another package takes the work. */
import type { Compressor } from "../types/compressor.ts";
import type { Mode } from "../types/report.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { countTokens } from "./count.ts";
import type { Forms } from "./form.ts";
import { formsOf } from "./forms.ts";
import type { Pace } from "./pace.ts";

/** One text to make forms of. Plain data: it can be sent to another thread. */
export interface FormJob {
  readonly text: string;
  readonly mode: Mode;
  /** Views may be used. */
  readonly lossy: boolean;
  /** Tokens of the text. */
  readonly tokens: number;
  readonly query?: string;
}

/** The pure stage of the pipeline. Same job, same answer, wherever it runs. */
export interface FormRunner {
  /** Tokens of a text. */
  count(text: string, pace: Pace): Promise<number>;
  forms(job: FormJob, pace: Pace): Promise<Forms>;
}

/** Makes forms in this thread, and rests as `pace` says. */
export function inlineRunner(
  counter: TokenCounter,
  compressors: readonly Compressor[],
): FormRunner {
  return {
    count: (text, pace) => countTokens(text, counter, pace),
    forms: ({ text, ...job }, pace) => formsOf(text, { ...job, counter, compressors, pace }),
  };
}
