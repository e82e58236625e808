/**
 * Instances that count by estimate and have no vocabularies: `@headroom/core/estimate`.
 *
 * For bundlers that put everything into one file: a bundle with `createHeadroom` of `@headroom/core` has both vocabularies in
 * it, 1.5 MB gzip, whether they are loaded or not. Everything else may come from `@headroom/core`, and
 * `memoryStore` from here too.
 */
import { fewCompressors } from "./compressors/few.ts";
import { type Headroom, headroomWith } from "./headroom.ts";
import { ALL_PARTS } from "./loaders.ts";
import { defaultAdapters } from "./messages/index.ts";
import type { HeadroomOptions } from "./options.ts";
import { estimateCounter } from "./tokens/estimate.ts";

export { memoryStore } from "./ccr/memory-store.ts";

/**
 * Makes one configured instance, as `createHeadroom` of `@headroom/core` does. Without a `tokenCounter` it counts with
 * `estimateTokens`, whatever the `model`; a few percent off. @throws InvalidOptionError for a wrong or unknown option
 */
export function createHeadroom(options: HeadroomOptions = {}): Headroom {
  return headroomWith(
    {
      counterFor: async () => estimateCounter,
      compressors: fewCompressors,
      adapters: defaultAdapters,
      parts: ALL_PARTS,
    },
    { tokenCounter: estimateCounter, ...options },
  );
}
