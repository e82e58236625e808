import type { Compressor } from "../types/compressor.ts";

/** The built-in compressors, strictest detector first. */
export function defaultCompressors(): readonly Compressor[] {
  return [];
}
