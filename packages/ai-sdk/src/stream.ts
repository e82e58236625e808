/** Inline retrieval in `doStream`: one stream out of as many as it takes. */
import { answerStreamed, type Source } from "@headroom/core/kit";
import { dialect, type InlineContext } from "./dialect.ts";
import { answerAll } from "./generate.ts";
import { retrying } from "./retry.ts";
import type { CallOptionsLike, Part } from "./spec.ts";
import { HiddenRoundError, streamFilter } from "./stream-filter.ts";
import { isNeutral } from "./stream-round.ts";

/**
 * Resolves once the first part is there that the caller gets to see. A hidden round that fails before that rejects, so that the SDK
 * tries the call again as often as it was told to.
 *
 * @param report what to add to the `finish` part
 */
export async function streamInline(
  first: ReadableStream<Part>,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<ReadableStream<Part>>,
  context: InlineContext,
  report: (finish: Part) => Part,
): Promise<ReadableStream<Part>> {
  const { held, maxRetrievals } = context;
  const { abortSignal: signal } = params;
  const wantsObject = params.responseFormat?.type === "json";
  const filter = streamFilter({ wantsObject, maxRetrievals, report, finished: held.settled });
  let left = false;
  const { parts, cancel } = answerStreamed<CallOptionsLike, Part, Part, Part>({
    dialect: dialect(context),
    filter,
    request: params,
    maxRetrievals,
    signal,
    first: sourceOf(first),
    answer: (calls) => answerAll(calls, params, context),
    async open(request) {
      const ask = (): PromiseLike<ReadableStream<Part>> => again(request);
      return sourceOf(await (filter.wasShown() ? retrying(ask, signal, () => left) : ask()));
    },
  });

  const head: Part[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      const { done, value } = await parts.next();
      if (done) break;
      head.push(value);
      if (!isNeutral(value)) break;
    }
  } catch (error) {
    if (error instanceof HiddenRoundError) throw error.cause;
    failure = { error };
  }
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const known = head.shift();
        if (known) return controller.enqueue(known);
        if (failure) throw failure.error;
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      // Not through the generator alone: it may be waiting for a part that never comes.
      async cancel(reason) {
        left = true;
        await cancel(reason);
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A stream that can be cancelled while it is read. */
function sourceOf(stream: ReadableStream<Part>): Source<Part> {
  const reader = stream.getReader();
  async function* events(): AsyncGenerator<Part, undefined> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      yield value;
    }
  }
  return { events: events(), cancel: (reason) => reader.cancel(reason) };
}
