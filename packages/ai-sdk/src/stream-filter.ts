/** All rounds of one stream as the retrieval loop takes them: what goes on, the turns they were, and how they end. */
import { type StreamFilter, sumUsage } from "@headroom/core/kit";
import { turnOf } from "./dialect.ts";
import type { Part } from "./spec.ts";
import { isNeutral, streamRound } from "./stream-round.ts";
import { trail } from "./unseen.ts";
import { finishReasonLike } from "./usage.ts";

/** A hidden round failed (its `cause`) before the caller has seen anything. */
export class HiddenRoundError extends Error {}

export interface StreamFilterOptions {
  /** Text has to be an object: words before a retrieval are dropped. */
  readonly wantsObject: boolean;
  readonly maxRetrievals: number;
  /** What to add to the `finish` part. */
  readonly report: (finish: Part) => Part;
  /** Called when a reply is complete. */
  readonly finished: () => void;
}

export interface PartFilter extends StreamFilter<Part, Part, Part> {
  /** Whether the caller has seen anything. */
  wasShown(): boolean;
}

export function streamFilter({
  wantsObject,
  maxRetrievals,
  report,
  finished,
}: StreamFilterOptions): PartFilter {
  const state = { unseen: trail(), shownIds: new Set<unknown>(), wantsObject };
  let rounds = 0;
  let current = streamRound(0, state);
  let usage: unknown;
  let shown = false;
  function* show(parts: Iterable<Part>): Generator<Part> {
    for (const part of parts) {
      shown ||= !isNeutral(part);
      yield part;
    }
  }
  const turn = () =>
    turnOf(current.content, current.replyId, current.finish !== undefined && !current.failed);
  const hide = (): Iterable<Part> => show(current.releaseHidden(rounds >= maxRetrievals));

  return {
    *push(part) {
      yield* show(current.take(part));
      if (part.type !== "finish") return;
      finished();
      usage = rounds === 0 ? part.usage : sumUsage(usage, part.usage);
    },
    turn,
    *next() {
      yield* hide();
      rounds++;
      current = streamRound(rounds, state);
    },
    *close() {
      yield* show(current.release());
      const { finish, failed } = current;
      if (!finish) return;
      const { ours, others } = turn();
      const insists = ours.length > 0 && !others && !failed;
      if (rounds === 0 && !insists) yield report(finish);
      else {
        // No call is visible, so the turn cannot have ended for the sake of one.
        const { finishReason: said } = finish;
        const finishReason = insists ? finishReasonLike(said, "other") : said;
        yield report({ ...finish, finishReason, usage });
      }
    },
    *fail(error) {
      if (!shown) throw new HiddenRoundError("A hidden round failed.", { cause: error });
      yield* hide();
      yield { type: "error", error };
      const { finish = { type: "finish" } } = current;
      const finishReason = finishReasonLike(finish.finishReason, "error");
      yield report({ ...finish, finishReason, usage });
    },
    wasShown: () => shown,
  };
}
