import type { Epoch } from "./history/epochs.ts";
import type { BlockReport } from "./types/report.ts";
import type { CcrRef } from "./types/store.ts";

/** Token totals, before and after. */
export interface Totals {
  /**
   * Tokens of all text the model would read: blocks, tool-call names and arguments, and 4 for the frame of each message. Images
   * are not counted.
   */
  readonly tokensBefore: number;
  /** The same after compression. */
  readonly tokensAfter: number;
  /** `tokensBefore - tokensAfter`. */
  readonly tokensSaved: number;
  /** `tokensSaved / tokensBefore`, 0 to 1. */
  readonly savings: number;
}

/** The answer of `compress`. */
export interface CompressResult<Message> extends Totals {
  /** Same length, order and shape as the input; messages that did not change are the same objects. */
  readonly messages: Message[];
  /** One row for each text block, protected ones included, in the order of the messages. */
  readonly blocks: readonly BlockReport[];
  /** Refs of all originals a marker in `messages` names, without duplicates. */
  readonly refs: readonly CcrRef[];
  /** With `history`: the steps in which older turns shrank, in order. The last one stands behind the last change of earlier bytes. */
  readonly epochs?: readonly Epoch[];
  /** In `audit` mode: what the totals would have been. */
  readonly projected?: Totals;
}

/** The answer of `compressText`. */
export interface CompressTextResult extends Totals {
  /** What to send: the marker line and the form, or the text as it was. */
  readonly text: string;
  /** What became of the text, and why. */
  readonly block: BlockReport;
  /** Names the original in the store. Absent where nothing was stored. */
  readonly ref?: CcrRef;
}

export function totalsOf(tokensBefore: number, tokensAfter: number): Totals {
  const tokensSaved = tokensBefore - tokensAfter;
  return {
    tokensBefore,
    tokensAfter,
    tokensSaved,
    savings: tokensBefore > 0 ? tokensSaved / tokensBefore : 0,
  };
}
