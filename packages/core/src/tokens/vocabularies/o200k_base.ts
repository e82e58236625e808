/** In the built package this module is one text, see `tsdown.config.ts`. */
import published from "gpt-tokenizer/bpeRanks/o200k_base";
import { packVocabulary } from "../packed.ts";

export const packed: () => Uint8Array = packVocabulary.bind(undefined, published);
