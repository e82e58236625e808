/** One compressor alone, as the pipeline would use it, for the tests beside the compressors. */
import { choose } from "../src/forms/choose.ts";
import { finish } from "../src/steps.ts";
import type { Answer, Compressor, ShortenContext, Steps } from "../src/types/compressor.ts";
import type { Form } from "../src/types/runner.ts";

export interface CompressContext extends ShortenContext {
  /** A view may be used. */
  readonly lossy: boolean;
}

/** The form that the pipeline would choose of what this compressor offers; `undefined` where the text stays as it is. */
export function compressWith(
  compressor: Compressor,
  text: string,
  { lossy, ...context }: CompressContext,
): Form | undefined {
  const { counter, budgetTokens } = context;
  const lossless = losslessOf(compressor, text, context);
  if (!lossy) return lossless;
  const view = viewWith(compressor, text, context);
  return choose(lossless, view, counter.count(text), budgetTokens);
}

/** The view, whether or not it would be chosen; the lossless form where there is no view. */
export function shortestWith(
  compressor: Compressor,
  text: string,
  { lossy, ...context }: CompressContext,
): Form | undefined {
  const view = lossy ? viewWith(compressor, text, context) : undefined;
  return view ?? losslessOf(compressor, text, context);
}

/** The view alone. */
export function viewWith(
  compressor: Compressor,
  text: string,
  context: ShortenContext,
): Form | undefined {
  const view = now(compressor.shorten?.(text, context));
  return (
    view && {
      ...view,
      tokens: context.counter.count(view.text),
      kind: compressor.kind,
      compressor: compressor.name,
      lossless: false,
    }
  );
}

/** The form with the fewest tokens that decodes and is shorter than the text. */
function losslessOf(
  compressor: Compressor,
  text: string,
  context: ShortenContext,
): Form | undefined {
  const offered = now(compressor.encode(text, context));
  const forms = (typeof offered === "string" ? [offered] : (offered ?? []))
    .map((form) => ({ text: form, tokens: context.counter.count(form) }))
    .filter((form) => form.text !== text && form.text.length < text.length * 1.1)
    .filter((form) => decodes(compressor, text, form.text))
    .sort((a, b) => a.tokens - b.tokens);
  return (
    forms[0] && {
      ...forms[0],
      kind: compressor.kind,
      compressor: compressor.name,
      lossless: true,
      omitted: [],
    }
  );
}

function decodes(compressor: Compressor, text: string, form: string): boolean {
  const decoded = compressor.decode(form);
  return decoded !== undefined && (compressor.same?.(text, decoded) ?? decoded === text);
}

/** The answer of a compressor that is not asynchronous. */
function now<Value>(answer: Answer<Value>): Value {
  if (answer instanceof Promise) throw new Error("This compressor is asynchronous.");
  const isSteps = typeof answer === "object" && answer !== null && "next" in answer;
  return isSteps ? finish(answer as Steps<Value>) : (answer as Value);
}
