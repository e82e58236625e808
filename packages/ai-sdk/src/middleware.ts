/**
 * The middleware for `wrapLanguageModel`: what the model reads is compressed, what it asks for is answered.
 *
 * `transformParams` runs again when the SDK tries a request again, so it is a function of the request. What it learned is kept by
 * the identity of the params it returned, which is what `wrapGenerate` and `wrapStream` are given.
 */
import { isRetrieveToolName } from "@headroom/core";
import { type CompressionEvent, compressionEvent, isRecord, lru } from "@headroom/core/kit";
import { metadataOf } from "./events.ts";
import { generateInline, type InlineContext } from "./generate.ts";
import { hiddenCalls } from "./hidden.ts";
import {
  type HeadroomMiddlewareOptions,
  instances,
  mayShorten,
  type Settings,
  settingsOf,
} from "./options.ts";
import { answerRetrieve, hasRetrieveTool, retrieveFunctionTool } from "./retrieval.ts";
import {
  type CallOptionsLike,
  type GenerateResultLike,
  isPart,
  type LanguageModelLike,
  type Part,
} from "./spec.ts";
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
  const hidden = hiddenCalls();
  const states = new WeakMap<object, CallState>();
  const replayed = lru<string, string>({ max: MAX_REPLAYED });

  const answer = async (call: Part, model: LanguageModelLike): Promise<string> => {
    const failed = (error: unknown): void => settings.onError(error, "retrieval");
    const { text, event } = await answerRetrieve(
      headrooms.base,
      call.input,
      countedFor(model),
      failed,
    );
    settings.onRetrieval(event);
    return text;
  };
  /** Answers that belong to earlier turns: asked for again with every later request, told once. */
  const answerAgain = async (call: Part, model: LanguageModelLike): Promise<string> => {
    const key = JSON.stringify([call.toolCallId, call.input]);
    const text = replayed.get(key) ?? (await answer(call, model));
    replayed.set(key, text);
    return text;
  };

  const compress = async (
    prompt: readonly unknown[],
    { params, model, lossy }: { params: CallOptionsLike; model: LanguageModelLike; lossy: boolean },
  ): Promise<{ prompt: readonly unknown[]; event?: CompressionEvent; error?: string }> => {
    const { abortSignal: signal } = params;
    try {
      const headroom = headrooms.for({
        fixedShape: providerTools(params.tools),
        forCode: codeTools(params.tools),
      });
      const result = await headroom.compress(prompt, {
        ...countedFor(model),
        lossless: !lossy,
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

  const contextFor = (model: LanguageModelLike): InlineContext => ({
    maxRounds: maxRetrievals,
    hidden,
    answer: (call) => answer(call, model),
  });

  return {
    specificationVersion: "v3",
    async transformParams({ params, model }) {
      const restored = await hidden.restore(params.prompt, (call) =>
        settings.retrieval === false
          ? Promise.resolve("Retrieval is switched off.")
          : answerAgain(call, model),
      );
      const plan = planOf(params, model, settings);
      const { prompt, ...found } = await compress(restored, { params, model, lossy: plan.lossy });
      const tools = plan.inject ? [...(params.tools ?? []), retrieveFunctionTool] : params.tools;
      const transformed = {
        ...params,
        ...(prompt === params.prompt ? {} : { prompt }),
        ...(tools === params.tools ? {} : { tools }),
      };
      states.set(transformed, { inline: plan.inject, ...found });
      return transformed;
    },

    async wrapGenerate({ doGenerate, params, model }) {
      const state = states.get(params) ?? stateOf(params);
      const first = await doGenerate();
      if (!isGenerated(first)) return first;
      const again = (next: CallOptionsLike): PromiseLike<GenerateResultLike> =>
        model.doGenerate(next as never) as PromiseLike<GenerateResultLike>;
      const { result, retrievals } = state.inline
        ? await generateInline(first, params, again, contextFor(model))
        : { result: first, retrievals: 0 };
      const report = metadata ? metadataOf(state.event, retrievals, state.error) : undefined;
      const done = report
        ? { ...result, providerMetadata: withReport(result.providerMetadata, report) }
        : result;
      return done as typeof first;
    },

    async wrapStream({ doStream, params, model }) {
      const state = states.get(params) ?? stateOf(params);
      const first = await doStream();
      const again = async (next: CallOptionsLike): Promise<ReadableStream<Part>> => {
        const result = await model.doStream(next as never);
        return (result as { stream: ReadableStream<Part> }).stream;
      };
      const reported = (finish: Part, retrievals: number): Part => {
        const report = metadata ? metadataOf(state.event, retrievals, state.error) : undefined;
        return report
          ? { ...finish, providerMetadata: withReport(finish.providerMetadata, report) }
          : finish;
      };
      const parts = first.stream as ReadableStream<Part>;
      if (state.inline)
        return {
          ...first,
          stream: streamInline(parts, params, again, contextFor(model), reported),
        };
      if (!metadata || metadataOf(state.event, 0, state.error) === undefined) return first;
      const finishing = new TransformStream<Part, Part>({
        transform(part, controller) {
          controller.enqueue(part.type === "finish" ? reported(part, 0) : part);
        },
      });
      return { ...first, stream: parts.pipeThrough(finishing) };
    },
  };
}

/** Answers to hidden calls of earlier turns that are remembered; each has at most a few thousand tokens. */
const MAX_REPLAYED = 200;

/** What may be done in a call, by what the model is able to call. */
function planOf(
  params: CallOptionsLike,
  model: LanguageModelLike,
  { core, retrieval, injectTool }: Settings,
): { readonly lossy: boolean; readonly inject: boolean } {
  const { tools, toolChoice } = params;
  if (retrieval === false || !mayShorten(core)) return { lossy: false, inject: false };
  if (toolChoice?.type === "none") return { lossy: false, inject: false };
  if (toolChoice?.type === "tool") {
    const { toolName } = toolChoice as { readonly toolName?: unknown };
    const ours = typeof toolName === "string" && isRetrieveToolName(toolName);
    return { lossy: ours && hasRetrieveTool(tools), inject: false };
  }
  // The caller's own retrieve tool is the caller's to answer.
  if (hasRetrieveTool(tools)) return { lossy: true, inject: false };
  if (retrieval === "tool" || mixesBadly(tools, model)) return { lossy: false, inject: false };
  const inject =
    injectTool === "always" ||
    (tools ?? []).length > 0 ||
    params.prompt.some((message) => hasText(message, core.roles));
  return { lossy: inject, inject };
}

/** Google's models take either their own tools or functions: one more function would cost the caller a tool. */
function mixesBadly(
  tools: readonly unknown[] | undefined,
  { provider }: LanguageModelLike,
): boolean {
  return provider.includes("google") && providerTools(tools).length > 0;
}

/** Whether a message is of a role that may be compressed. */
function hasText(message: unknown, roles: readonly string[] = ["tool"]): boolean {
  if (!isRecord(message)) return false;
  const role = String(message.role);
  return roles.includes(role) || (role === "user" && roles.includes("document"));
}

/** Names of the tools that the provider defines; `provider-defined` in V2, `provider` since. */
function providerTools(tools: readonly unknown[] | undefined): readonly string[] {
  return (tools ?? []).flatMap((tool) =>
    isPart(tool) && tool.type !== "function" && typeof tool.name === "string" ? [tool.name] : [],
  );
}

/**
 * Names of tools that code calls, in the provider's sandbox: it parses what they return. Such tools say so in `allowedCallers`
 * or promise an `outputSchema`, both in the provider's options.
 */
function codeTools(tools: readonly unknown[] | undefined): readonly string[] {
  return (tools ?? []).flatMap((tool) => {
    if (!isPart(tool) || typeof tool.name !== "string" || !isRecord(tool.providerOptions))
      return [];
    const forCode = Object.values(tool.providerOptions).some(
      (options) =>
        isRecord(options) &&
        (options.outputSchema !== undefined ||
          (Array.isArray(options.allowedCallers) &&
            options.allowedCallers.some((caller) => caller !== "direct"))),
    );
    return forCode ? [tool.name] : [];
  });
}

/** Params that another middleware has copied: our tool object still says whether we answer. */
function stateOf(params: CallOptionsLike): CallState {
  return { inline: (params.tools ?? []).includes(retrieveFunctionTool) };
}

function isGenerated(result: unknown): result is GenerateResultLike {
  return isRecord(result) && Array.isArray(result.content);
}
