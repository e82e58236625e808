/** What the retrieval loop has to know of the AI SDK: content as a turn, the request after it, and all results as one. */
import { type Dialect, sumUsage, type Turn, type WholeDialect } from "@headroom/core/kit";
import { type HeldCall, nextRequest } from "./held.ts";
import { promptParts, staysVisible } from "./history.ts";
import { isClientCall, isRetrieveCall } from "./retrieval.ts";
import type { CallOptionsLike, GenerateResultLike, LanguageModelLike, Part } from "./spec.ts";
import { answersPart, trail, withMark } from "./unseen.ts";
import { finishReasonLike, mergeWarnings } from "./usage.ts";

/** One call with inline retrieval. */
export interface InlineContext {
  readonly model: LanguageModelLike;
  readonly maxRetrievals: number;
  readonly held: HeldCall;
  /** Answers one call to our tool. */
  answer(call: Part): Promise<string>;
}

/** A turn of generated content. */
export function turnOf(content: readonly Part[], replyId: unknown, complete: boolean): Turn<Part> {
  const others = content.some(
    (part) =>
      (isClientCall(part) && !isRetrieveCall(part)) || part.type === "tool-approval-request",
  );
  return {
    items: content,
    ours: content
      .filter(isRetrieveCall)
      .map(({ toolCallId, input }) => ({ id: String(toolCallId), args: input })),
    others,
    complete,
    ...(typeof replyId === "string" ? { id: replyId } : {}),
  };
}

/** Both kinds of calls: what follows a hidden round, and what is kept of a turn that is not answered here. */
export function dialect(context: InlineContext): Dialect<CallOptionsLike, Part> {
  const { held, model } = context;
  return {
    async follow(request, rounds, isFinal) {
      const last = rounds.at(-1);
      if (last) await held.asks(last.turn);
      const next = nextRequest(request, rounds);
      return isFinal && canForbid(model) ? { ...next, toolChoice: { type: "none" } } : next;
    },
    async remember(_request, _hidden, { turn }) {
      // A reply that was cut off waits for nothing: the provider does not keep it.
      if (turn.complete) await held.leaves(turn);
    },
  };
}

/** Generated results. */
export function wholeDialect(
  context: InlineContext,
): WholeDialect<CallOptionsLike, GenerateResultLike, Part> {
  return {
    ...dialect(context),
    turnOf: ({ content, response }) =>
      // Whatever else a model gives goes through as it is.
      turnOf(Array.isArray(content) ? content : [], response?.id, true),
    merge(hidden, last) {
      const { warnings } = last;
      const usage = [...hidden, last].map((result) => result.usage).reduce(sumUsage, undefined);
      const said = turnOf(last.content, undefined, true);
      const insists = said.ours.length > 0 && !said.others;
      const all = hidden.flatMap((result) => result.warnings ?? []);
      return {
        ...last,
        content: visibleContent(hidden, last, said.others, context.maxRetrievals),
        usage,
        // No call is visible, so the turn cannot have ended for the sake of one.
        ...(insists ? { finishReason: finishReasonLike(last.finishReason, "other") } : {}),
        ...(warnings || all.length > 0 ? { warnings: mergeWarnings(all, warnings ?? []) } : {}),
      };
    },
  };
}

/** What the caller gets to see of all rounds, carrying what he does not. */
function visibleContent(
  hidden: readonly GenerateResultLike[],
  last: GenerateResultLike,
  isMixed: boolean,
  maxRetrievals: number,
): readonly Part[] {
  const unseen = trail();
  const visible: Part[] = [];
  for (const [round, { content }] of hidden.entries()) {
    for (const part of content)
      if (staysVisible(part)) visible.push(unseen.show(part));
      else unseen.hide(...promptParts(part));
    unseen.hide(answersPart(round >= maxRetrievals));
  }
  for (const part of last.content)
    if (!isRetrieveCall(part)) visible.push(unseen.show(part));
    else if (isMixed) unseen.hide(...promptParts(part));
  // Ours behind the caller's last call.
  const after = unseen.rest();
  const at = visible.findLastIndex(isClientCall);
  const carrier = visible[at];
  if (carrier && after.length > 0) visible[at] = withMark(carrier, { after });
  return visible;
}

/** ai 5's Anthropic provider sends no tools at all where none may be called, and the API refuses calls in a history without tools. */
function canForbid({ provider, specificationVersion }: LanguageModelLike): boolean {
  return specificationVersion !== "v2" || !provider.includes("anthropic");
}
