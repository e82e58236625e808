/**
 * Inline retrieval in `doStream`: one stream out of as many as it takes.
 *
 * Parts pass through as they come. Held back are our own tool blocks; the end of a reasoning part, until what follows is known
 * (reasoning that led to a hidden call must not be sent back without it); the `finish`; and, where an object is asked for, text
 * that does not start like one (words before a retrieval would spoil it). Ids of later rounds are prefixed, because providers
 * count from 0 in every response. Source: the stream parts of `@ai-sdk/provider` 2.0 to 4.0.
 */
import { sumUsage } from "@headroom/core/kit";
import type { InlineContext } from "./generate.ts";
import { HIDDEN_REASONING } from "./hidden.ts";
import { nextRequest, resultPart } from "./history.ts";
import { HEADROOM_RETRIEVE, isClientCall, isRetrieveCall } from "./retrieval.ts";
import type { CallOptionsLike, Part } from "./spec.ts";
import { finishReasonLike } from "./usage.ts";

/** Parts that belong to no content: they never decide whether something held back is let go. */
const NEUTRAL = new Set(["ping", "raw", "response-metadata", "stream-start"]);
/** Parts whose content goes into the next request; texts and reasoning are collected from their deltas. */
const CONTENT = new Set(["custom", "file", "reasoning-file", "tool-result"]);

/** @param report what to add to the `finish` part, given the number of answered calls */
export function streamInline(
  first: ReadableStream<Part>,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<ReadableStream<Part>>,
  context: InlineContext,
  report: (finish: Part, retrievals: number) => Part,
): ReadableStream<Part> {
  const source = switchable(first);
  const parts = rounds(source, params, again, context, report);
  return new ReadableStream<Part>(
    {
      async pull(controller) {
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

async function* rounds(
  source: Source,
  params: CallOptionsLike,
  again: (params: CallOptionsLike) => PromiseLike<ReadableStream<Part>>,
  { maxRounds, hidden, answer }: InlineContext,
  report: (finish: Part, retrievals: number) => Part,
): AsyncGenerator<Part, undefined> {
  let request = params;
  let usage: unknown;
  let retrievals = 0;
  const wantsObject = params.responseFormat?.type === "json";
  for (let round = 0; ; round++) {
    const state = roundState(round, wantsObject);
    for (let part = await source.next(); part; part = await source.next())
      yield* state.take(part, hidden.carry);
    if (source.cancelled) return;
    const { finish, calls, siblings, content, unsent } = state;
    const isOnly = usage === undefined;
    usage = finish ? sumUsage(usage, finish.usage) : usage;
    const goesOn = calls.length > 0 && siblings.length === 0 && finish && !state.failed;
    if (!goesOn || round >= maxRounds) {
      yield* state.release();
      const sibling = siblings.at(-1);
      if (sibling !== undefined) hidden.remember(sibling, unsent);
      if (!finish) return;
      if (isOnly && !goesOn) yield report(finish, retrievals);
      else {
        // No call is visible, so the turn cannot have ended for the sake of one.
        const { finishReason: said } = finish;
        const finishReason = goesOn ? finishReasonLike(said, "other") : said;
        yield report({ ...finish, finishReason, usage }, retrievals);
      }
      return;
    }
    yield* state.releaseHidden();
    retrievals += calls.length;
    try {
      const answers = await Promise.all(
        calls.map(async (call) => resultPart(call.toolCallId, await answer(call))),
      );
      params.abortSignal?.throwIfAborted();
      request = nextRequest(request, content, answers, round + 1 >= maxRounds);
      await source.follow(await again(request));
    } catch (error) {
      // An aborted call is no failed one: the SDK tells them apart by the stream's own error.
      if (params.abortSignal?.aborted) throw error;
      yield { type: "error", error };
      const finishReason = finishReasonLike(finish.finishReason, "error");
      yield report({ ...finish, finishReason, usage }, retrievals);
      return;
    }
  }
}

/** What one round has shown so far. */
interface RoundState {
  /** What the round's part lets out, in order. `carry` puts our calls on the caller's call. */
  take(part: Part, carry: (part: Part, calls: readonly Part[]) => Part): Generator<Part>;
  /** Everything held back, as it came. */
  release(): Generator<Part>;
  /** Everything held back, of a round that goes on unseen. */
  releaseHidden(): Generator<Part>;
  readonly finish: Part | undefined;
  /** Our calls. */
  readonly calls: readonly Part[];
  /** Ids of what the caller has to act on. */
  readonly siblings: readonly string[];
  /** Our calls that no part carries. */
  readonly unsent: readonly Part[];
  /** The round as content, for the next request. */
  readonly content: readonly Part[];
  /** The provider reported an error. */
  readonly failed: boolean;
}

function roundState(round: number, wantsObject: boolean): RoundState {
  const rename = (id: unknown): string => (round === 0 ? String(id) : `hr${round}-${id}`);
  const texts = openTexts();
  const content: Part[] = texts.content;
  const hiddenInputs = new Set<unknown>();
  const calls: Part[] = [];
  const siblings: string[] = [];
  let unsent: Part[] = [];
  let held: Part[] = [];
  let waiting: "nothing" | "successor" | "object" = "nothing";
  let sawWords = false;
  let finish: Part | undefined;
  let failed = false;

  function* release(): Generator<Part> {
    const parts = held;
    held = [];
    waiting = "nothing";
    yield* parts;
  }
  function* releaseHidden(): Generator<Part> {
    const words = waiting === "object";
    for (const part of [...release()]) {
      if (part.type === "reasoning-end") yield { ...part, providerMetadata: HIDDEN_REASONING };
      else if (!words || !part.type.startsWith("text-")) yield part;
    }
  }
  /** Lets a part out: at once, or behind what is held back. */
  function* pass(part: Part): Generator<Part> {
    if (waiting === "object" || (waiting === "successor" && NEUTRAL.has(part.type)))
      held.push(part);
    else {
      yield* release();
      yield part;
    }
  }

  return {
    release,
    releaseHidden,
    calls,
    siblings,
    content,
    get unsent() {
      return unsent;
    },
    get finish() {
      return finish;
    },
    get failed() {
      return failed;
    },
    *take(part, carry) {
      switch (part.type) {
        case "stream-start":
          if (round === 0) yield* pass(part);
          return;
        case "text-start":
          texts.open(part);
          if (wantsObject && waiting !== "object") {
            yield* release();
            waiting = "object";
          }
          sawWords = false;
          yield* pass({ ...part, id: rename(part.id) });
          return;
        case "text-delta":
        case "text-end":
        case "reasoning-start":
        case "reasoning-delta": {
          if (part.type === "reasoning-start") texts.open(part);
          else texts.add(part);
          yield* pass({ ...part, id: rename(part.id) });
          if (waiting !== "object" || part.type !== "text-delta" || sawWords) return;
          const start = String(part.delta).trimStart()[0];
          sawWords = start !== undefined;
          if (start === "{" || start === "[") yield* release();
          return;
        }
        case "reasoning-end":
          texts.add(part);
          if (waiting === "nothing") waiting = "successor";
          else if (waiting === "successor") {
            yield* release();
            waiting = "successor";
          }
          held.push({ ...part, id: rename(part.id) });
          return;
        case "tool-input-start":
          if (part.toolName === HEADROOM_RETRIEVE && part.providerExecuted !== true)
            hiddenInputs.add(part.id);
          else yield* pass(part);
          return;
        case "tool-input-delta":
        case "tool-input-end":
          if (!hiddenInputs.has(part.id)) yield* pass(part);
          return;
        case "tool-call":
          content.push(part);
          if (isRetrieveCall(part)) {
            calls.push(part);
            unsent.push(part);
            return;
          }
          if (!isClientCall(part)) {
            yield* pass(part);
            return;
          }
          siblings.push(String(part.toolCallId));
          yield* pass(carry(part, unsent));
          unsent = [];
          return;
        case "tool-approval-request":
          siblings.push(String(part.toolCallId));
          yield* pass(part);
          return;
        case "finish":
          finish = part;
          return;
        case "error":
          failed = true;
          yield* release();
          yield part;
          return;
        default:
          if (CONTENT.has(part.type) && part.preliminary !== true) content.push(part);
          yield* pass(part);
      }
    },
  };
}

/** Collects texts and reasoning from their parts, by the ids of the round. */
function openTexts(): {
  readonly content: Part[];
  open(part: Part): void;
  add(part: Part): void;
} {
  interface Open extends Part {
    text: string;
    providerMetadata?: unknown;
  }
  const content: Part[] = [];
  const byId = new Map<unknown, Open>();
  return {
    content,
    open({ id, type, providerMetadata }) {
      const part: Open = { type: type === "text-start" ? "text" : "reasoning", text: "" };
      if (providerMetadata !== undefined) part.providerMetadata = providerMetadata;
      byId.set(id, part);
      content.push(part);
    },
    add({ id, delta, providerMetadata }) {
      const part = byId.get(id);
      if (!part) return;
      if (typeof delta === "string") part.text += delta;
      // The later one stands, as in the SDK: signatures come at the end.
      if (providerMetadata !== undefined) part.providerMetadata = providerMetadata;
    },
  };
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
