/** The custom event that tells what a compression did. */
import type { CompressTextResult } from "@headroom/core";
import { type CompressionEvent, compressionEvent } from "@headroom/core/kit";

export { type CompressionEvent, compressionEvent };

/** Name of the custom event every compression dispatches; its data is a `CompressionEvent`. */
export const COMPRESSION_EVENT = "headroom_compression";

/** Several texts as one compression; rows are numbered by their place in the list. */
export function eventOfTexts(results: readonly CompressTextResult[]): CompressionEvent {
  const sum = (of: (result: CompressTextResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const tokensBefore = sum((result) => result.tokensBefore);
  const tokensSaved = sum((result) => result.tokensSaved);
  return {
    tokensBefore,
    tokensAfter: tokensBefore - tokensSaved,
    tokensSaved,
    savings: tokensBefore > 0 ? tokensSaved / tokensBefore : 0,
    blocks: results.map(({ block }, message) => ({ ...block, message })),
    refs: [...new Set(results.flatMap(({ ref }) => (ref === undefined ? [] : [ref])))],
  };
}
