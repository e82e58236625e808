import type { Compressor, TokenCounter } from "@headroom/core";
import { settle } from "@headroom/core/kit";

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

export type FormTier = "lossless" | "view";

/** A form of one tier: of views the one that has a fortieth of the text's length in tokens. */
export async function formOf(
  compressor: Compressor,
  tier: FormTier,
  text: string,
  counter: TokenCounter,
): Promise<string | undefined> {
  if (tier === "lossless") return losslessForm(compressor, text, counter);
  const budgetTokens = text.length / 40;
  return (await settle(compressor.shorten?.(text, { budgetTokens, counter })))?.text;
}
