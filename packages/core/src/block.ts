/** The shapes a block has on its way through the pipeline: placed, decided, finished. Its forms are in `types/runner.ts`. */

import type { Rest } from "./repeat/rewrite.ts";
import type { TextBlock, ToolCall } from "./types/message.ts";
import type { BlockReport, Mode, Outcome } from "./types/report.ts";
import type { Form } from "./types/runner.ts";
import type { CcrRef } from "./types/store.ts";

/** A block with its place in the request. */
export interface PlacedBlock {
  readonly message: number;
  readonly block: TextBlock;
  /** The call that the text answers. */
  readonly call?: ToolCall;
  /** The text was given to `compressText`: no role keeps it from being changed. */
  readonly direct?: true;
  /** The question the text should answer: the caller's, or the latest user text before the block. */
  readonly query?: string;
}

/** What was decided for a block, before its original is stored. A pure function of the block and the options. */
export type Decision = Changed | Unchanged;

export interface Unchanged {
  readonly text?: undefined;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly tokensBefore: number;
  /** See `BlockReport`. */
  readonly carriesMarker?: true;
  /** See `Changed`. */
  readonly insteadOfView?: true;
  /** It left so in an earlier call, which had no time for it, and stays so. */
  readonly leftEarlier?: true;
}

export interface Changed {
  /** The marker line and the form. */
  readonly text: string;
  readonly form: Form;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly ref?: CcrRef;
  /** The form to send, without a ref, when the store fails. Absent where it was not made: see `Forms`. */
  readonly lossless?: Form | undefined;
  /** For the report, where the form does not say it all. */
  readonly reason?: string;
  /** Lines that stand above are referred to. */
  readonly repeats?: true;
  /** It was a view, had the model a way to retrieve. Nothing refers to it: another call may send the view again. */
  readonly insteadOfView?: true;
}

/** A block at the end of the pipeline: its report row and, when it changed, its new text. */
export interface FinishedBlock {
  readonly row: BlockReport;
  readonly text?: string;
  /** In audit mode: the tokens the block would have had. */
  readonly projectedTokens?: number;
}

export function unchanged(outcome: Outcome, reason: string, tokensBefore: number): Unchanged {
  return { outcome, reason, tokensBefore };
}

/** The report row of a decision, and the new text where there is one. */
export function finish(
  { message, block }: PlacedBlock,
  decision: Decision,
  milliseconds: number,
): FinishedBlock {
  const { tokensBefore } = decision;
  const place = {
    message,
    block: block.id,
    role: block.role,
    ...(block.toolName === undefined ? {} : { toolName: block.toolName }),
  };
  if (decision.text === undefined) {
    const { outcome, reason, carriesMarker } = decision;
    const row = { ...place, outcome, reason, tokensBefore, tokensAfter: tokensBefore };
    return { row: { ...row, ...(carriesMarker ? { carriesMarker } : {}), milliseconds } };
  }
  const { form, text, tokensAfter, ref } = decision;
  const row: BlockReport = {
    ...place,
    outcome: decision.repeats ? "repeated" : "compressed",
    reason: [decision.reason ?? usualReason(decision), form.note].filter(Boolean).join("; "),
    kind: form.kind,
    compressor: form.compressor,
    lossless: form.lossless,
    ...(form.lossless ? {} : { omitted: form.omitted }),
    tokensBefore,
    tokensAfter,
    ...(ref === undefined ? {} : { ref }),
    milliseconds,
  };
  return { row, text };
}

/** The report row in audit mode: the block is unchanged, and the reason says what would have been sent. */
export function audited(
  placed: PlacedBlock,
  decision: Decision,
  milliseconds: number,
): FinishedBlock {
  if (decision.text === undefined) return finish(placed, decision, milliseconds);
  const { form, tokensBefore, tokensAfter } = decision;
  const reason = `audit: ${form.compressor} would give ${tokensAfter} tokens, ${form.lossless ? "lossless" : "shortened"}`;
  return {
    ...finish(placed, unchanged("protected", reason, tokensBefore), milliseconds),
    projectedTokens: tokensAfter,
  };
}

/** A decision and the mode it was made in. */
export interface Decided {
  readonly decision: Decision;
  readonly mode: Mode;
  /** What was left of the text beside what stands above. */
  readonly rest?: Rest;
  /** The clock or a runner that failed has decided. */
  readonly isCutShort?: true;
}

function usualReason({ repeats, form }: Changed): string {
  if (repeats) return "lossless, refers to what stands above";
  return form.lossless ? "lossless" : "shortened, original kept";
}
