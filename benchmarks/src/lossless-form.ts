import type { Answer, Compressor, TokenCounter } from "@headroom/core";

/** The shortest form a compressor offers, proven by its decoder; `undefined` where none is shorter than the text. */
export async function losslessForm(
  compressor: Compressor,
  text: string,
  counter: TokenCounter,
): Promise<string | undefined> {
  const offered = await settle(compressor.encode(text, { counter }));
  const forms = typeof offered === "string" ? [offered] : [...(offered ?? [])];
  forms.sort((a, b) => a.length - b.length);
  return forms.find((form) => {
    if (form.length >= text.length) return false;
    const decoded = compressor.decode(form);
    return decoded !== undefined && (compressor.same?.(text, decoded) ?? decoded === text);
  });
}

/** An answer, its steps taken without a rest. */
export async function settle<Value>(answer: Answer<Value>): Promise<Value> {
  const steps = answer as { next?: () => IteratorResult<void, Value> };
  if (typeof answer !== "object" || answer === null || typeof steps.next !== "function")
    return answer as Value;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
