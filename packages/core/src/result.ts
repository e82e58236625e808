import type { BlockReport } from "./types/report.ts";
import type { CcrRef } from "./types/store.ts";

/** Token totals, before and after. */
export interface Totals {
  /** All text the model would read: blocks, tool-call names and arguments, 4 a message for its frame. Images are not counted. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly tokensSaved: number;
  /** `tokensSaved / tokensBefore`, 0 to 1. */
  readonly savings: number;
}

export interface CompressResult<Message> extends Totals {
  /** Same length, order and shape as the input; messages that did not change are the same objects. */
  readonly messages: Message[];
  /** One row a text block, protected ones included. */
  readonly blocks: readonly BlockReport[];
  /** Refs of all originals a marker in `messages` names, without duplicates. */
  readonly refs: readonly CcrRef[];
  /** In `audit` mode: what the totals would have been. */
  readonly projected?: Totals;
}

export interface CompressTextResult extends Totals {
  readonly text: string;
  readonly block: BlockReport;
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
