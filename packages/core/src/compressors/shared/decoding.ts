import { finish } from "../../steps.ts";
import type { Compressor, Steps } from "../../types/compressor.ts";

/** `decode` and `prove` of a kind whose forms give the text back byte for byte, from its decoder in steps. */
export function decodingBy(
  decoder: (form: string) => Steps<string | undefined>,
): Required<Pick<Compressor, "decode" | "prove">> {
  return {
    decode: (form) => finish(decoder(form)),
    *prove(text, form) {
      return (yield* decoder(form)) === text;
    },
  };
}
