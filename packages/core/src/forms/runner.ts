/** The pure stage in this thread. */
import { digestInSteps } from "../ccr/digest.ts";
import type { Compressor } from "../types/compressor.ts";
import type { FormRunner } from "../types/runner.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { countTokens } from "./count.ts";
import { formsOf } from "./forms.ts";
import { settle } from "./pace.ts";

/** Makes forms in this thread, and rests as `pace` says. */
export function inlineRunner(
  counter: TokenCounter,
  compressors: readonly Compressor[],
): FormRunner {
  return {
    count: (text, pace) => countTokens(text, counter, pace),
    digest: (text, pace) => settle(digestInSteps(text), pace),
    forms: ({ text, ...job }, pace) => formsOf(text, { ...job, counter, compressors, pace }),
  };
}
