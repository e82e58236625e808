/** Inline retrieval in `doGenerate`. */
import { answerWhole, type RetrievalCall, type Round } from "@headroom/core/kit";
import { type InlineContext, wholeDialect } from "./dialect.ts";
import { objectOf } from "./retrieval.ts";
import type { CallOptionsLike, GenerateResultLike, Part } from "./spec.ts";

/** What a call has come to: hidden rounds, and the results they were. */
export interface Attempt {
  readonly rounds: Round<Part>[];
  readonly replies: GenerateResultLike[];
}

/**
 * Calls that failed in a hidden round. The SDK repeats them with the same prompt, the very array; the rounds before are paid for and
 * are not asked for again. Another model begins anew.
 */
export interface Attempts {
  /** Where the call with this prompt came to. */
  resume(prompt: readonly unknown[], model: object): Attempt;
  failed(prompt: readonly unknown[], model: object, attempt: Attempt): void;
}

export function attempts(): Attempts {
  const known = new WeakMap<readonly unknown[], readonly [model: object, attempt: Attempt]>();
  return {
    resume(prompt, model) {
      const [asked, attempt] = known.get(prompt) ?? [];
      known.delete(prompt);
      return attempt && asked === model ? attempt : { rounds: [], replies: [] };
    },
    failed(prompt, model, attempt) {
      known.set(prompt, [model, attempt]);
    },
  };
}

/**
 * The final result, out of as many as it takes.
 *
 * @param attempt where an earlier attempt came to; what this one adds is put into it
 * @param first the call as the SDK makes it
 */
export function generateInline(
  attempt: Attempt,
  params: CallOptionsLike,
  first: () => PromiseLike<GenerateResultLike>,
  again: (params: CallOptionsLike) => PromiseLike<GenerateResultLike>,
  context: InlineContext,
): Promise<GenerateResultLike> {
  const { held, maxRetrievals } = context;
  return answerWhole<CallOptionsLike, GenerateResultLike, Part>({
    ...attempt,
    dialect: wholeDialect(context),
    request: params,
    maxRetrievals,
    answer: (calls) => answerAll(calls, params, context),
    async send(request, round) {
      const reply = await (round === 0 ? first() : again(request));
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
