/** What the callbacks are told, and what stands in `providerMetadata.headroom`. */
import type { BlockReport, RetrieveRequest, Totals } from "@headroom/core";
import type { CompressionEvent } from "@headroom/core/kit";

/** What one answered retrieval did. */
export interface RetrievalEvent {
  readonly request: RetrieveRequest;
  readonly found: boolean;
  /** Characters of the original served. */
  readonly characters: number;
}

/** Where an error came from that did not stop the model call. */
export type ErrorPhase = "compression" | "retrieval" | "callback";

/** `providerMetadata.headroom` of a result or of a stream's `finish` part. JSON, the same for the same input. */
export interface HeadroomMetadata extends Totals {
  /** How many retrievals were answered inside this call. */
  readonly retrievals: number;
  /** One row a block of a tool result. */
  readonly blocks: readonly Omit<BlockReport, "milliseconds">[];
  /** Why nothing was compressed, where something went wrong. */
  readonly error?: string;
}

/** `undefined` when there is nothing to tell: no tool result was read and nothing was retrieved. */
export function metadataOf(
  event: CompressionEvent | undefined,
  retrievals: number,
  error: string | undefined,
): HeadroomMetadata | undefined {
  const blocks = (event?.blocks ?? [])
    .filter(({ role, outcome }) => role === "tool" || outcome !== "protected")
    .map(({ milliseconds: _, ...row }) => row);
  if (blocks.length === 0 && retrievals === 0 && error === undefined) return undefined;
  const { tokensBefore = 0, tokensAfter = 0, tokensSaved = 0, savings = 0 } = event ?? {};
  return {
    tokensBefore,
    tokensAfter,
    tokensSaved,
    savings,
    retrievals,
    blocks,
    ...(error === undefined ? {} : { error }),
  };
}
