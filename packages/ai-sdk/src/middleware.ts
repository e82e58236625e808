/**
 * The middleware for `wrapLanguageModel`: what the model reads is compressed, what it asks for is answered.
 *
 * `transformParams` runs again when the SDK tries a request again, so it is a function of the request. What it learned is kept by
 * the identity of the params it returned, which is what `wrapGenerate` and `wrapStream` are given.
 */
import { refOf, refScope } from "@headroom/core";
import { asides, type CompressionEvent, compressionEvent, lru } from "@headroom/core/kit";
import type { InlineContext } from "./dialect.ts";
import { metadataOf } from "./events.ts";
import { attempts, generateInline } from "./generate.ts";
import { holdsRounds, mayDrop, placeOf, unanswered, type Waiting } from "./held.ts";
import { resultPart } from "./history.ts";
import { excluding, type HeadroomMiddlewareOptions, instances, settingsOf } from "./options.ts";
import { codeTools, type Plan, planOf, providerTools, takesCalls } from "./plan.ts";
import { restoreUnseen } from "./restore.ts";
import { type Answer, answerRetrieve, objectOf, retrieveFunctionTool } from "./retrieval.ts";
import type { CallOptionsLike, GenerateResultLike, LanguageModelLike, Part } from "./spec.ts";
import { streamInline } from "./stream.ts";
import { withReport } from "./usage.ts";

/** A language-model middleware of ai 5, 6 and 7 at once. */
export interface HeadroomMiddleware {
  /** Compared by ai 6's types only; no version looks at it when running. */
  readonly specificationVersion: "v3";
  transformParams<Params extends CallOptionsLike>(options: {
    readonly type: "generate" | "stream";
    readonly params: Params;
    readonly model: LanguageModelLike;
  }): Promise<Params>;
  wrapGenerate<Result>(options: {
    readonly doGenerate: () => PromiseLike<Result>;
    readonly params: CallOptionsLike;
    readonly model: LanguageModelLike;
  }): Promise<Result>;
  wrapStream<Result extends { stream: ReadableStream<unknown> }>(options: {
    readonly doStream: () => PromiseLike<Result>;
    readonly params: CallOptionsLike;
    readonly model: LanguageModelLike;
  }): Promise<Result>;
}

/** What `transformParams` found out about a call. */
interface CallState {
  readonly inline: boolean;
  /** The request as the caller made it. */
  readonly original: CallOptionsLike;
  readonly event?: CompressionEvent;
  readonly error?: string;
}

/**
 * Compresses the prompt of every call and, with `retrieval: "inline"`, answers the model's retrievals inside the call.
 * @throws InvalidOptionError
 */
export function headroomMiddleware(options: HeadroomMiddlewareOptions = {}): HeadroomMiddleware {
  const settings = settingsOf(options);
  const { core, metadata, maxRetrievals } = settings;
  const headrooms = instances(core);
  /** As an option of a call: nothing where the caller's options name a model. */
  const countedFor = ({ modelId }: LanguageModelLike): { readonly model?: string } =>
    core.model === undefined ? { model: modelId } : {};
  const { store, namespace, secret, storeTimeoutMs } = core;
  const scope = refScope(namespace ?? "default", secret);
  const kept = asides<Waiting>({
    name: "ai-sdk",
    store: settings.retrieval === "inline" ? store : undefined,
    namespace,
    secret,
    storeTimeoutMs,
    failed: (error) => settings.onError(error, "retrieval"),
  });
  const waiting = unanswered(kept, (text) => refOf(text, scope));
  const states = new WeakMap<object, CallState>();
  const earlier = attempts();
  /** By call: what was answered once reads the same in every later request. */
  const answered = lru<string, Answer>({ max: MAX_ANSWERS });

  const answer = async (call: Part, model: LanguageModelLike): Promise<Answer> => {
    const input = objectOf(call.input);
    const key = JSON.stringify([call.toolCallId, input]);
    const known = answered.get(key);
    if (known) return known;
    const failed = (error: unknown): void => settings.onError(error, "retrieval");
    const found = await answerRetrieve(headrooms.base, input, countedFor(model), failed);
    answered.set(key, found);
    return found;
  };

  /** The prompt as it continues the last request, with whatever still waits for an answer. */
  const restore = async <Params extends CallOptionsLike>(
    params: Params,
    model: LanguageModelLike,
  ): Promise<Params> => {
    // Told of when they were answered first, by whatever process.
    const answerTo = async (call: Part): Promise<string> =>
      settings.retrieval === false
        ? "Retrieval is switched off."
        : (await answer(call, model)).text;
    const withRounds = !holdsRounds(placeOf(params)) && takesCalls(params);
    const prompt = await restoreUnseen(params.prompt, answerTo, withRounds);
    const restored = prompt === params.prompt ? params : { ...params, prompt };
    return waiting.answer(restored, params.prompt, (calls) =>
      Promise.all(calls.map(async (call) => resultPart(call.toolCallId, await answerTo(call)))),
    );
  };

  const compress = async (
    prompt: readonly unknown[],
    params: CallOptionsLike,
    model: LanguageModelLike,
    lossless: Plan["lossless"],
  ): Promise<{ prompt: readonly unknown[]; event?: CompressionEvent; error?: string }> => {
    const { abortSignal: signal } = params;
    try {
      const headroom = headrooms.for(providerTools(params.tools));
      const result = await headroom.compress(prompt, {
        ...countedFor(model),
        tools: excluding(codeTools(params.tools), core),
        lossless,
        ...(mayDrop(params) ? { repeats: false } : {}),
        ...(signal ? { signal } : {}),
      });
      const event = compressionEvent(result);
      if (event.blocks.some(({ role, outcome }) => role === "tool" || outcome !== "protected"))
        settings.onCompression(event);
      const same = result.messages.every((message, index) => message === prompt[index]);
      return { prompt: same ? prompt : result.messages, event };
    } catch (error) {
      if (signal?.aborted) throw error;
      // A prompt as it was is better than no answer; the report and `onError` say so.
      settings.onError(error, "compression");
      return { prompt, error: error instanceof Error ? error.message : String(error) };
    }
  };

  /** A call with inline retrieval; `count` is told of every call to our tool that was answered. */
  const contextFor = (
    model: LanguageModelLike,
    { original }: CallState,
    count: () => void,
  ): InlineContext => ({
    model,
    maxRetrievals,
    held: waiting.call(original, keepsReplies(model)),
    async answer(call) {
      count();
      const { text, event } = await answer(call, model);
      settings.onRetrieval(event);
      return text;
    },
  });

  return {
    specificationVersion: "v3",
    async transformParams({ params, model }) {
      const restored = await restore(params, model);
      const plan = planOf(params, model, settings);
      const { prompt, ...found } = await compress(restored.prompt, params, model, plan.lossless);
      const tools = plan.inject ? [...(params.tools ?? []), retrieveFunctionTool] : params.tools;
      const transformed = {
        ...restored,
        ...(prompt === params.prompt ? {} : { prompt }),
        ...(tools === params.tools ? {} : { tools }),
      };
      states.set(transformed, { inline: plan.inject, original: params, ...found });
      return transformed;
    },

    async wrapGenerate({ doGenerate, params, model }) {
      const state = states.get(params) ?? stateOf(params);
      const { prompt } = state.original;
      const attempt = earlier.resume(prompt, model);
      let retrievals = attempt.rounds.flatMap(({ turn }) => turn.ours).length;
      const context = contextFor(model, state, () => void retrievals++);
      const first = doGenerate as () => PromiseLike<GenerateResultLike>;
      const again = (next: CallOptionsLike): PromiseLike<GenerateResultLike> =>
        model.doGenerate(next as never) as PromiseLike<GenerateResultLike>;
      let result: GenerateResultLike;
      try {
        result = await (state.inline
          ? generateInline(attempt, params, first, again, context)
          : first());
      } catch (error) {
        earlier.failed(prompt, model, attempt);
        throw error;
      }
      context.held.settled();
      const report = metadata ? metadataOf(state.event, retrievals, state.error) : undefined;
      const done = report
        ? { ...result, providerMetadata: withReport(result.providerMetadata, report) }
        : result;
      return done as Awaited<ReturnType<typeof doGenerate>>;
    },

    async wrapStream({ doStream, params, model }) {
      const state = states.get(params) ?? stateOf(params);
      const first = await doStream();
      const again = async (next: CallOptionsLike): Promise<ReadableStream<Part>> => {
        const result = await model.doStream(next as never);
        return (result as { stream: ReadableStream<Part> }).stream;
      };
      let retrievals = 0;
      const reported = (finish: Part): Part => {
        const report = metadata ? metadataOf(state.event, retrievals, state.error) : undefined;
        return report
          ? { ...finish, providerMetadata: withReport(finish.providerMetadata, report) }
          : finish;
      };
      const parts = first.stream as ReadableStream<Part>;
      if (state.inline) {
        const context = contextFor(model, state, () => void retrievals++);
        return { ...first, stream: await streamInline(parts, params, again, context, reported) };
      }
      waiting.call(state.original, false).settled();
      if (!metadata || metadataOf(state.event, 0, state.error) === undefined) return first;
      const finishing = new TransformStream<Part, Part>({
        transform(part, controller) {
          controller.enqueue(part.type === "finish" ? reported(part) : part);
        },
      });
      return { ...first, stream: parts.pipeThrough(finishing) };
    },
  };
}

/** Answers that are remembered; each has at most a few thousand tokens. */
const MAX_ANSWERS = 200;

/** Params that another middleware has copied: our tool object still says whether we answer. */
function stateOf(params: CallOptionsLike): CallState {
  return { inline: (params.tools ?? []).includes(retrieveFunctionTool), original: params };
}

/** Whether a next request may name a reply by its id: OpenAI's Responses, or whatever stands behind the gateway. */
function keepsReplies({ provider }: LanguageModelLike): boolean {
  return provider.includes("responses") || provider === "gateway";
}
