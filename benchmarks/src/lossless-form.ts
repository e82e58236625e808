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
