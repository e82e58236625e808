/** Inline retrieval in `doStream`: one stream out of as many as it takes. */
import { sumUsage } from "@headroom/core/kit";
import { type InlineContext, roundsAllowed } from "./generate.ts";
import { nextRequest } from "./held.ts";
import { lastRequest, resultPart } from "./history.ts";
import { retrying } from "./retry.ts";
import type { CallOptionsLike, Part } from "./spec.ts";
import { isNeutral, streamRound } from "./stream-round.ts";
import { trail } from "./unseen.ts";
import { finishReasonLike } from "./usage.ts";

/**
 * Resolves once the first part is there that the caller gets to see. A hidden round that fails before that rejects, so that the SDK
 * tries the call again as often as it was told to.
 *
 * @param report what to add to the `finish` part, given the number of answered calls
 */
export async function streamInline(
  first: ReadableStream<Part>,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<ReadableStream<Part>>,
  context: InlineContext,
  report: (finish: Part, retrievals: number) => Part,
): Promise<ReadableStream<Part>> {
  const source = switchable(first);
  const parts = rounds(source, params, again, context, report);
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
        await source.cancel(reason);
        await parts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A hidden round failed, and the caller has seen nothing yet. */
class HiddenRoundError extends Error {}

async function* rounds(
  source: Source,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<ReadableStream<Part>>,
  { maxRounds, original, unanswered, answer }: InlineContext,
  report: (finish: Part, retrievals: number) => Part,
): AsyncGenerator<Part, undefined> {
  let request = params;
  let usage: unknown;
  let retrievals = 0;
  let wasShown = false;
  const wantsObject = params.responseFormat?.type === "json";
  const state = { unseen: trail(), shownIds: new Set<unknown>(), wantsObject };
  const allowed = roundsAllowed(params, maxRounds);
  function* show(parts: Iterable<Part>): Generator<Part> {
    for (const part of parts) {
      wasShown ||= !isNeutral(part);
      yield part;
    }
  }
  for (let round = 1; ; round++) {
    const current = streamRound(round - 1, state);
    for (let part = await source.next(); part; part = await source.next())
      yield* show(current.take(part));
    if (source.cancelled) return;
    const { finish, calls, isMixed, content, replyId } = current;
    if (finish) unanswered.settled(original);
    const isOnly = usage === undefined;
    usage = finish ? sumUsage(usage, finish.usage) : usage;
    const goesOn = calls.length > 0 && !isMixed && finish && !current.failed;
    if (!goesOn || round > allowed) {
      yield* show(current.release());
      if (!finish) return;
      if (calls.length > 0) unanswered.mixed(original, replyId, calls);
      if (isOnly && !goesOn) yield report(finish, retrievals);
      else {
        // No call is visible, so the turn cannot have ended for the sake of one.
        const { finishReason: said } = finish;
        const finishReason = goesOn ? finishReasonLike(said, "other") : said;
        yield report({ ...finish, finishReason, usage }, retrievals);
      }
      return;
    }
    const spent = round >= maxRounds;
    yield* show(current.releaseHidden(spent));
    retrievals += calls.length;
    try {
      unanswered.started(original, replyId, calls);
      const answers = await Promise.all(
        calls.map(async (call) => resultPart(call.toolCallId, await answer(call), spent)),
      );
      params.abortSignal?.throwIfAborted();
      request = nextRequest(request, content, answers, replyId);
      const next = spent ? lastRequest(request, round > maxRounds) : request;
      const ask = (): PromiseLike<ReadableStream<Part>> => again(next);
      await source.follow(
        wasShown ? await retrying(ask, params.abortSignal, () => source.cancelled) : await ask(),
      );
    } catch (error) {
      if (!wasShown) throw new HiddenRoundError("A hidden round failed.", { cause: error });
      // An aborted call is no failed one: the SDK tells them apart by the stream's own error.
      if (params.abortSignal?.aborted) throw error;
      yield { type: "error", error };
      const finishReason = finishReasonLike(finish.finishReason, "error");
      yield report({ ...finish, finishReason, usage }, retrievals);
      return;
    }
  }
}

/** One stream after the other, read part by part; what is being read can be cancelled from outside. */
interface Source {
  /** `undefined` at the end of the stream, and once cancelled. */
  next(): Promise<Part | undefined>;
  follow(stream: ReadableStream<Part>): Promise<void>;
  cancel(reason?: unknown): Promise<void>;
  readonly cancelled: boolean;
}

function switchable(first: ReadableStream<Part>): Source {
  let reader = first.getReader();
  let cancelled = false;
  return {
    get cancelled() {
      return cancelled;
    },
    async next() {
      const { done, value } = await reader.read();
      return done ? undefined : value;
    },
    async follow(stream) {
      reader.releaseLock();
      reader = stream.getReader();
      if (cancelled) await reader.cancel();
    },
    async cancel(reason) {
      cancelled = true;
      await reader.cancel(reason);
    },
  };
}
