/** Instances for packages that bring an adapter of their own, and for bundles without vocabularies. */
import { fewCompressors } from "../compressors/few.ts";
import { type Headroom, headroomWith } from "../headroom.ts";
import { history, repeats, retrieval } from "../loaders.ts";
import type { HeadroomOptions } from "../options.ts";
import { estimateCounter } from "../tokens/estimate.ts";
import type { MessageAdapter } from "../types/message.ts";

/**
 * An instance with neither vocabularies nor the built-in adapters: it counts with `estimateTokens` unless it has a `tokenCounter`,
 * and reads messages with `adapter` alone. @throws InvalidOptionError for a wrong or unknown option
 */
export function createBareHeadroom(
  options: HeadroomOptions & { readonly adapter: MessageAdapter },
): Headroom {
  return headroomWith(
    {
      counterFor: async () => estimateCounter,
      compressors: fewCompressors,
      adapters: [],
      parts: { repeats, history, retrieval },
    },
    { tokenCounter: estimateCounter, ...options },
  );
}
