/** Inline retrieval in `doGenerate`. */
import { answerWhole, type RetrievalCall, type Turn } from "@headroom/core/kit";
import { type InlineContext, wholeDialect } from "./dialect.ts";
import { objectOf } from "./retrieval.ts";
import type { CallOptionsLike, GenerateResultLike, Part } from "./spec.ts";

/** The final result, out of as many as it takes. */
export function generateInline(
  first: GenerateResultLike,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<GenerateResultLike>,
  context: InlineContext,
): Promise<GenerateResultLike> {
  const { held, maxRetrievals } = context;
  const dialect = wholeDialect(context);
  let asked: Turn<Part> | undefined;
  return answerWhole<CallOptionsLike, GenerateResultLike, Part>({
    dialect: {
      ...dialect,
      follow(request, rounds, isFinal) {
        asked = rounds.at(-1)?.turn;
        return dialect.follow(request, rounds, isFinal);
      },
    },
    request: params,
    maxRetrievals,
    answer: (calls) => answerAll(calls, params, context),
    async send(request) {
      if (!asked) return first;
      await held.asks(asked);
      const reply = await again(request);
      held.settled();
      return reply;
    },
  });
}

/** The answers to the calls of one turn, unless the caller has left meanwhile. */
export async function answerAll(
  calls: readonly RetrievalCall[],
  { abortSignal }: CallOptionsLike,
  { answer }: InlineContext,
): Promise<readonly string[]> {
  const answers = await Promise.all(
    calls.map(({ id, args }) =>
      answer({ type: "tool-call", toolCallId: id, input: objectOf(args) }),
    ),
  );
  abortSignal?.throwIfAborted();
  return answers;
}
