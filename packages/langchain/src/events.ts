/** The custom event that tells what a compression did. */
import type { CompressTextResult } from "@headroom/core";
import { type CompressionEvent, compressionEvent } from "@headroom/core/kit";

export { type CompressionEvent, compressionEvent };

/** Name of the custom event every compression dispatches; its data is a `CompressionEvent`. */
export const COMPRESSION_EVENT = "headroom_compression";

/** A tracer that keeps a tree of runs, as LangSmith's does. */
interface TreeTracer {
  readonly name: string;
  readonly runTreeMap?: ReadonlyMap<string, { extra?: { metadata?: Record<string, unknown> } }>;
}

/**
 * Writes the figures of a compression into the metadata of its run, where LangSmith can filter and chart them: `headroom_tokens_before`,
 * `headroom_tokens_after`, `headroom_tokens_saved`, `headroom_savings`, `headroom_refs`.
 */
export function annotateRun(
  manager: { readonly runId: string; readonly handlers: readonly object[] },
  { tokensBefore, tokensAfter, tokensSaved, savings, refs }: CompressionEvent,
): void {
  for (const handler of manager.handlers as readonly TreeTracer[]) {
    const run = handler.runTreeMap?.get(manager.runId);
    if (!run) continue;
    run.extra = {
      ...run.extra,
      metadata: {
        ...run.extra?.metadata,
        headroom_tokens_before: tokensBefore,
        headroom_tokens_after: tokensAfter,
        headroom_tokens_saved: tokensSaved,
        headroom_savings: savings,
        headroom_refs: refs.length,
      },
    };
  }
}

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
