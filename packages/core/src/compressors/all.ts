import type { Compressor } from "../types/compressor.ts";

/** Loads all built-in compressors on first use. Only modules that may have them in their bundles import this one. */
export async function allCompressors(): Promise<readonly Compressor[]> {
  const { defaultCompressors } = await import("./index.ts");
  return defaultCompressors();
}
