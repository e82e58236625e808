import type { Compressor } from "../types/compressor.ts";
import { readCompressor } from "./read/read.ts";
import { searchCompressor } from "./search/search.ts";
import { treeCompressor } from "./tree/tree.ts";

/** The built-in compressors, strictest detector first. */
export function defaultCompressors(): readonly Compressor[] {
  return [readCompressor(), searchCompressor(), treeCompressor()];
}
