/** The custom event that tells what a compression did. */
import type { BlockReport, CcrRef, CompressResult, Totals } from "@headroom/core";

/** Name of the custom event every compression dispatches; its data is a `CompressionEvent`. */
export const COMPRESSION_EVENT = "headroom_compression";

/** What one compression did: figures and one row a block, no text of any message. */
export interface CompressionEvent extends Totals {
  readonly blocks: readonly BlockReport[];
  readonly refs: readonly CcrRef[];
}

export function compressionEvent<Message>(result: CompressResult<Message>): CompressionEvent {
  const { messages: _, ...event } = result;
  return event;
}
