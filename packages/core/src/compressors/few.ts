import type { Compressor } from "../types/compressor.ts";

/** Loads, on first use, the built-in compressors that need no parser of another package. */
export async function fewCompressors(): Promise<readonly Compressor[]> {
  const { plainCompressors } = await import("./plain.ts");
  return plainCompressors();
}
