/**
 * What becomes of one request, in figures. Nothing of it is read here, and nothing waits for it.
 *
 * A compression counts once its result has been sent: one that came too late, or was thrown away, saved nothing.
 */
import type { CompressResult } from "@headroom/core";
import { headerOf, type RawHeaders } from "../headers.ts";
import { modelName } from "../stats/counting.ts";
import type { Answerer, Ending, RequestRecord, Route } from "../stats/types.ts";
import type { Lagging } from "../usage/lagging.ts";
import { type Reported, type UsageTap, usageTap } from "../usage/tap.ts";

export interface Observation {
  /** The request's body is there: from here on the proxy holds it up. */
  received(): void;
  /** Its messages were compressed, some or all of them. */
  compressed(result: CompressResult<unknown>): void;
  /** The provider is asked. @param isChanged with another text than the client's */
  asked(isChanged: boolean): void;
  /** Calls in a reply are answered here. */
  answering(calls: number): void;
  /** A stage failed, and what it would have done was left out. */
  failedOpen(stage: string): void;
  /** The head of the answer goes to the client. @returns where copies of the answer's bytes may go */
  answered(status: number, headers: RawHeaders): Pick<UsageTap, "push"> | undefined;
  /** The provider left in the middle of its answer. */
  cutOff(): void;
  /** No provider answered. */
  failed(): void;
  /** The client has its answer, or is gone. @param isWhole it has all of it */
  closed(isWhole: boolean): void;
}

export interface ObservationOptions {
  readonly provider: Answerer;
  readonly route: Route;
  readonly method: string;
  readonly later: Lagging;
  /** Texts of this compression have been sent. */
  sent(result: CompressResult<unknown>): void;
  failedOpen(stage: string): void;
  droppedUsage(): void;
  ended(record: RequestRecord): void;
}

/** @param id counts requests */
export function observation(id: number, options: ObservationOptions): Observation {
  const { provider, route, method, later } = options;
  const began = performance.now();
  const failedOpen: string[] = [];
  let results: CompressResult<unknown>[] = [];
  let receivedAt: number | undefined;
  let addedMs: number | undefined;
  let wasAsked = false;
  let tokens: { tokensBefore: number; tokensAfter: number } | undefined;
  let [retrievals, hiddenRounds, status] = [0, 0, 0];
  let streamed = false;
  let ending: Ending | undefined;
  let tap: UsageTap | undefined;

  const commit = (isChanged: boolean): void => {
    for (const result of results) {
      // Texts that were not put into the request saved nothing.
      if (!isChanged && result.tokensAfter !== result.tokensBefore) continue;
      options.sent(result);
      tokens ??= { tokensBefore: 0, tokensAfter: 0 };
      tokens.tokensBefore += result.tokensBefore;
      tokens.tokensAfter += result.tokensAfter;
    }
    results = [];
  };
  const finish = (totalMs: number, reported: Reported | undefined): void => {
    const model = modelName(reported?.model);
    options.ended({
      id,
      provider,
      route,
      method,
      status,
      ending: ending ?? "complete",
      streamed,
      ...(model === undefined ? {} : { model }),
      ...tokens,
      ...(addedMs === undefined ? {} : { addedMs: rounded(addedMs) }),
      totalMs: rounded(totalMs),
      retrievals,
      hiddenRounds,
      failedOpen,
      ...(reported?.usage ? { usage: reported.usage } : {}),
    });
  };

  return {
    received() {
      receivedAt = performance.now();
    },
    compressed: (result) => void (wasAsked || results.push(result)),
    asked(isChanged) {
      if (wasAsked) return;
      wasAsked = true;
      if (receivedAt !== undefined) addedMs = performance.now() - receivedAt;
      commit(isChanged);
    },
    answering(calls) {
      retrievals += calls;
      hiddenRounds++;
    },
    failedOpen(stage) {
      failedOpen.push(stage);
      options.failedOpen(stage);
    },
    answered(given, headers) {
      status = given;
      const contentType = headerOf(headers, "content-type");
      streamed = contentType?.includes("text/event-stream") ?? false;
      // Where nothing was looked into, nothing is looked into here.
      if (receivedAt === undefined || given < 200 || given > 299) return undefined;
      tap = usageTap({
        later,
        contentType,
        contentEncoding: headerOf(headers, "content-encoding"),
      });
      return tap;
    },
    cutOff() {
      ending ??= "cut-off";
    },
    failed() {
      ending ??= "failed";
    },
    closed(isWhole) {
      const totalMs = performance.now() - began;
      if (!isWhole) ending ??= "client-left";
      if (tap === undefined) return finish(totalMs, undefined);
      tap.end((reported) => {
        if (reported === undefined) options.droppedUsage();
        finish(totalMs, reported);
      });
    },
  };
}

/** Of milliseconds, to a microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
