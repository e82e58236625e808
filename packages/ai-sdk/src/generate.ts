/** Inline retrieval in `doGenerate`: our calls are answered and the model is asked again, until it answers or calls others. */
import { sumUsage } from "@headroom/core/kit";
import type { HiddenCalls } from "./hidden.ts";
import { nextRequest, remainderOf, resultPart, siblingsOf } from "./history.ts";
import { isClientCall, isRetrieveCall } from "./retrieval.ts";
import type { CallOptionsLike, GenerateResultLike, Part } from "./spec.ts";
import { finishReasonLike, mergeWarnings } from "./usage.ts";

/** What a call with inline retrieval needs. */
export interface InlineContext {
  readonly maxRounds: number;
  readonly hidden: HiddenCalls;
  /** Answers one call to our tool. */
  answer(call: Part): Promise<string>;
}

/** The final result, and how many of our calls were answered. */
export async function generateInline(
  first: GenerateResultLike,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<GenerateResultLike>,
  { maxRounds, hidden, answer }: InlineContext,
): Promise<{ readonly result: GenerateResultLike; readonly retrievals: number }> {
  let result = first;
  let request = params;
  let retrievals = 0;
  const remainders: Part[] = [];
  for (let round = 1; ; round++) {
    const { content } = result;
    const calls = content.filter(isRetrieveCall);
    if (calls.length === 0) break;
    const siblings = siblingsOf(content);
    if (siblings.length > 0) {
      result = { ...result, content: handBack(content, calls, siblings, hidden) };
      break;
    }
    if (round > maxRounds) {
      const finishReason = finishReasonLike(result.finishReason, "other");
      result = {
        ...result,
        finishReason,
        content: content.filter((part) => !isRetrieveCall(part)),
      };
      break;
    }
    const answers = await Promise.all(
      calls.map(async (call) => resultPart(call.toolCallId, await answer(call))),
    );
    params.abortSignal?.throwIfAborted();
    retrievals += calls.length;
    remainders.push(...remainderOf(content));
    request = nextRequest(request, content, answers, round === maxRounds);
    const next = await again(request);
    result = {
      ...next,
      usage: sumUsage(result.usage, next.usage),
      ...(result.warnings || next.warnings
        ? { warnings: mergeWarnings(result.warnings ?? [], next.warnings ?? []) }
        : {}),
    };
  }
  if (remainders.length > 0) result = { ...result, content: [...remainders, ...result.content] };
  return { result, retrievals };
}

/** A mixed turn: the caller's calls, the first of them carrying ours. */
function handBack(
  content: readonly Part[],
  calls: readonly Part[],
  siblings: readonly string[],
  hidden: HiddenCalls,
): readonly Part[] {
  const visible = content.filter((part) => !isRetrieveCall(part));
  const carrier = visible.find(isClientCall);
  if (!carrier) {
    for (const id of siblings.slice(0, 1)) hidden.remember(id, calls);
    return visible;
  }
  return visible.map((part) => (part === carrier ? hidden.carry(part, calls) : part));
}
