/**
 * Instances that have only what is named: `@headroom/core/bare`.
 *
 * For bundles in which every kilobyte counts. Compressors come from `@headroom/core/compressors`; what is not imported is not in the
 * bundle. The store and the adapters are here too, so that nothing has to come from `@headroom/core`.
 */
import { InvalidOptionError } from "./errors.ts";
import { type Headroom, headroomWith } from "./headroom.ts";
import { analysis, history, repeats, retrieval } from "./loaders.ts";
import type { HeadroomOptions } from "./options.ts";
import type { Parts } from "./parts.ts";
import { estimateCounter } from "./tokens/estimate.ts";
import type { Compressor } from "./types/compressor.ts";

export { memoryStore } from "./ccr/memory-store.ts";
export { anthropicMessages } from "./messages/anthropic.ts";
export { bedrockMessages } from "./messages/bedrock.ts";
export { geminiContents } from "./messages/gemini.ts";
export { openaiMessages } from "./messages/openai.ts";
export { responsesMessages } from "./messages/responses.ts";
export type { Parts } from "./parts.ts";
export { analysis, history, repeats, retrieval };

/** The options of `createHeadroom` of `@headroom/core`, and what that one brings by itself. */
export interface BareOptions extends HeadroomOptions {
  /** The kinds of content that are compressed, the strictest detector first and `linesCompressor()`, which takes any text, last. */
  readonly compressors: readonly Compressor[];
  /**
   * What the instance can do besides: `{ retrieval, repeats }`. A `store` needs `retrieval`, the options `history` and `tokenBudget` need
   * `history`, the option `repeats` needs `repeats`, the methods `cost` and `stability` need `analysis`.
   * @default {}
   */
  readonly parts?: Parts;
}

/**
 * Makes one configured instance. It counts with `estimateTokens` unless it has a `tokenCounter`, and reads messages with `adapter` alone;
 * without one it takes texts only. @throws InvalidOptionError for a wrong or unknown option, or one whose part is not named
 */
export function createHeadroom(options: BareOptions): Headroom {
  const { parts = {}, ...others } = options ?? {};
  if (others.compressors === undefined)
    throw new InvalidOptionError("compressors", undefined, "an array of compressors");
  checkParts(parts);
  for (const [name, part] of NEEDED)
    if (others[name] && !parts[part])
      throw new InvalidOptionError(name, "no part for it", `parts: { ${part} } beside it`);
  return headroomWith(
    {
      counterFor: async () => estimateCounter,
      compressors: async () => others.compressors,
      adapters: [],
      parts,
    },
    { tokenCounter: estimateCounter, ...(parts.repeats ? {} : { repeats: false }), ...others },
  );
}

/** Here by name only: what is referred to would be in every bundle. */
const NAMES: readonly string[] = [
  "analysis",
  "history",
  "repeats",
  "retrieval",
] satisfies (keyof Parts)[];

function checkParts(parts: unknown): void {
  const isMade =
    typeof parts === "object" &&
    parts !== null &&
    Object.entries(parts).every(
      ([name, load]) => NAMES.includes(name) && (load === undefined || typeof load === "function"),
    );
  if (!isMade)
    throw new InvalidOptionError("parts", parts, `an object of ${NAMES.join(", ")} of this module`);
}

/** Options, and the part that does what they ask for. */
const NEEDED: readonly (readonly [keyof HeadroomOptions, keyof Parts])[] = [
  ["store", "retrieval"],
  ["history", "history"],
  ["tokenBudget", "history"],
  ["repeats", "repeats"],
];
