import type { CompressResult, Totals } from "../result.ts";
import type { BlockReport } from "../types/report.ts";
import type { CcrRef } from "../types/store.ts";

/** What one compression did: figures and one row a block, no text of any message. */
export interface CompressionEvent extends Totals {
  readonly blocks: readonly BlockReport[];
  readonly refs: readonly CcrRef[];
  /** In `audit` mode: what the totals would have been. */
  readonly projected?: Totals;
}

/** A result without its messages, for listeners and traces. */
export function compressionEvent<Message>(result: CompressResult<Message>): CompressionEvent {
  const { messages: _, ...event } = result;
  return event;
}
