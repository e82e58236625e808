/** Inline retrieval in `doGenerate`: our calls are answered and the model is asked again, until it answers or calls others. */
import { sumUsage } from "@headroom/core/kit";
import { nextRequest, type Unanswered } from "./held.ts";
import {
  hasOtherTools,
  lastRequest,
  promptParts,
  resultPart,
  siblingsOf,
  staysVisible,
} from "./history.ts";
import { isClientCall, isRetrieveCall } from "./retrieval.ts";
import type { CallOptionsLike, GenerateResultLike, Part } from "./spec.ts";
import { answersPart, trail, withMark } from "./unseen.ts";
import { finishReasonLike, mergeWarnings } from "./usage.ts";

/** What a call with inline retrieval needs. */
export interface InlineContext {
  readonly maxRounds: number;
  /** The request as the caller made it. */
  readonly original: CallOptionsLike;
  readonly unanswered: Unanswered;
  /** Answers one call to our tool. */
  answer(call: Part): Promise<string>;
}

/** The final result, and how many of our calls were answered. */
export async function generateInline(
  first: GenerateResultLike,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<GenerateResultLike>,
  { maxRounds, original, unanswered, answer }: InlineContext,
): Promise<{ readonly result: GenerateResultLike; readonly retrievals: number }> {
  let result = first;
  let request = params;
  let retrievals = 0;
  const rounds = roundsAllowed(params, maxRounds);
  const visible = visibleContent();
  for (let round = 1; ; round++) {
    const { content, response } = result;
    const calls = content.filter(isRetrieveCall);
    if (calls.length === 0 && round === 1) return { result, retrievals };
    const replyId = typeof response?.id === "string" ? response.id : undefined;
    const isMixed = siblingsOf(content).length > 0;
    if (calls.length === 0 || isMixed || round > rounds) {
      if (calls.length > 0) unanswered.mixed(original, replyId, calls);
      const finishReason =
        calls.length > 0 && !isMixed
          ? finishReasonLike(result.finishReason, "other")
          : result.finishReason;
      const shown = visible.withLast(content, isMixed);
      return { result: { ...result, finishReason, content: shown }, retrievals };
    }
    const spent = round >= maxRounds;
    unanswered.started(original, replyId, calls);
    const answers = await Promise.all(
      calls.map(async (call) => resultPart(call.toolCallId, await answer(call), spent)),
    );
    params.abortSignal?.throwIfAborted();
    retrievals += calls.length;
    visible.addHidden(content, spent);
    request = nextRequest(request, content, answers, replyId);
    const next = await again(spent ? lastRequest(request, round > maxRounds) : request);
    unanswered.settled(original);
    result = {
      ...next,
      usage: sumUsage(result.usage, next.usage),
      ...(result.warnings || next.warnings
        ? { warnings: mergeWarnings(result.warnings ?? [], next.warnings ?? []) }
        : {}),
    };
  }
}

/** A model with other tools that keeps on asking for ours is told once more before it is forbidden to call. */
export function roundsAllowed(params: CallOptionsLike, maxRounds: number): number {
  return hasOtherTools(params) ? maxRounds + 1 : maxRounds;
}

/** Collects what the caller gets to see of all rounds. */
function visibleContent(): {
  addHidden(content: readonly Part[], spent: boolean): void;
  /** All of it. `isMixed`: our calls stand beside the caller's and travel with them. */
  withLast(content: readonly Part[], isMixed: boolean): readonly Part[];
} {
  const unseen = trail();
  const visible: Part[] = [];
  return {
    addHidden(content, spent) {
      for (const part of content)
        if (staysVisible(part)) visible.push(unseen.show(part));
        else unseen.hide(...promptParts(part));
      unseen.hide(answersPart(spent));
    },
    withLast(content, isMixed) {
      for (const part of content)
        if (!isRetrieveCall(part)) visible.push(unseen.show(part));
        else if (isMixed) unseen.hide(...promptParts(part));
      const after = unseen.rest();
      const last = visible.findLastIndex(isClientCall);
      const carrier = visible[last];
      if (carrier && after.length > 0) visible[last] = withMark(carrier, { after });
      return visible;
    },
  };
}
