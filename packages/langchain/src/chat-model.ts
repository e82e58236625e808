/**
 * Wraps a chat model: compresses what the model is sent, and answers its retrieve calls.
 *
 * For code that calls `invoke` and has no agent loop. The wrapped model's own `_generate` and `_streamResponseChunks` are called,
 * not its `invoke`: a run inside the run would show the hidden calls, and every token twice, to whoever listens.
 */
import { type CcrStore, InvalidOptionError } from "@headroom/core";
import {
  answerStreamed,
  answerWhole,
  DEFAULT_MAX_RETRIEVALS,
  type RetrievalCall,
  type Source,
} from "@headroom/core/kit";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelParams,
  type BindToolsInput,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { HeadroomCompressor, toMessages } from "./compressor.ts";
import { dialect, type RoundRequest, wholeDialect } from "./dialect.ts";
import { annotateRun, COMPRESSION_EVENT, compressionEvent } from "./events.ts";
import { restoreRounds } from "./hidden-rounds.ts";
import { boundModel, type ChatModelLike, innerModel, type ModelOptions } from "./inner-model.ts";
import { nameOf, type Setting, settingsOver } from "./model-settings.ts";
import type { HeadroomLangChainOptions, HeadroomRun } from "./options.ts";
import { type CallOptions, type Prepared, prepared, RUN } from "./prepared.ts";
import {
  answerRetrieve,
  createRetrieveTool,
  RETRIEVAL_EVENT,
  type RetrieveTool,
} from "./retrieve-tool.ts";
import { roundFilter } from "./round-filter.ts";
import { runOf } from "./run.ts";

export interface HeadroomChatModelFields
  extends HeadroomLangChainOptions,
    Pick<BaseChatModelParams, Setting> {
  /**
   * The model to wrap; tools and settings may be bound to it. Its callbacks, tags, metadata and cache hold beside those given
   * here. Where it has no `bindTools`, only lossless forms are used.
   */
  readonly llm: ChatModelLike;
  /** Keeps the originals that retrieve calls are answered from. */
  readonly store: CcrStore | ((run: HeadroomRun) => CcrStore);
  /** The most replies whose retrieve calls are answered. After that the model has to answer without the tool. @default 8 */
  readonly maxRetrievals?: number;
}

export class HeadroomChatModel extends BaseChatModel<CallOptions, AIMessageChunk> {
  static override lc_name(): string {
    return "HeadroomChatModel";
  }
  override lc_namespace: string[] = ["headroom", "langchain"];
  override lc_serializable = false;
  private readonly inner: ChatModelLike;
  private readonly core: HeadroomLangChainOptions & Pick<HeadroomChatModelFields, "store">;
  private readonly maxRetrievals: number;
  private readonly retrieveTool: RetrieveTool;
  private readonly compressor: HeadroomCompressor;
  /** Copies of this model over the models that `initChatModel` makes, and over those inside bindings. */
  private readonly copies = new WeakMap<BaseChatModel, HeadroomChatModel>();

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomChatModelFields) {
    const { llm, maxRetrievals = DEFAULT_MAX_RETRIEVALS, ...rest } = fields;
    const { cache, callbacks, disableStreaming, metadata, outputVersion, tags, verbose, ...core } =
      rest;
    const own = { cache, callbacks, disableStreaming, metadata, outputVersion, tags, verbose };
    if (typeof llm?.invoke !== "function") throw new InvalidOptionError("llm", llm, "a chat model");
    const { model: innermost } = boundModel(llm);
    if (typeof innermost?._generate !== "function")
      throw new InvalidOptionError("llm", llm, "a chat model");
    super(settingsOver(innermost, own));
    // The base class has the field and does not read it from its parameters.
    this.disableStreaming = own.disableStreaming || innermost.disableStreaming;
    if (!Number.isSafeInteger(maxRetrievals) || maxRetrievals < 0)
      throw new InvalidOptionError("maxRetrievals", maxRetrievals, "a whole number, 0 or more");
    const model = core.model ?? nameOf(innermost);
    this.inner = llm;
    this.maxRetrievals = maxRetrievals;
    this.core = { ...core, ...(model === undefined ? {} : { model }) };
    this.retrieveTool = createRetrieveTool(this.core);
    this.compressor = new HeadroomCompressor({ ...this.core, retrieveTool: true });
    // Newer versions of the base class have a profile; budgets of other middleware are taken from it.
    Object.defineProperty(this, "profile", {
      get: () => (innermost as { profile?: unknown }).profile,
    });
    // Set here and not declared: the many overloads of the base class stay what users see.
    this.withStructuredOutput = ((schema: never, config: never) =>
      this.structured(schema, config)) as BaseChatModel<
      CallOptions,
      AIMessageChunk
    >["withStructuredOutput"];
  }

  override _llmType(): string {
    // The base class asks while it is being constructed, before there is an inner model.
    return this.inner ? boundModel(this.inner).model._llmType() : "headroom";
  }
  override _identifyingParams(): Record<string, unknown> {
    return boundModel(this.inner).model._identifyingParams();
  }
  override invocationParams(options?: this["ParsedCallOptions"]): unknown {
    const { model, options: all } = boundModel(this.inner, (options ?? {}) as ModelOptions);
    const call = prepared(model, all as CallOptions, this.retrieveTool);
    return call.model.invocationParams(call.options as never);
  }
  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    return boundModel(this.inner).model.getLsParams(options as never);
  }
  override getNumTokens(content: Parameters<BaseChatModel["getNumTokens"]>[0]): Promise<number> {
    return boundModel(this.inner).model.getNumTokens(content);
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    const { model } = boundModel(this.inner);
    if (typeof model.bindTools !== "function")
      throw new InvalidOptionError("llm", this.inner, "a chat model with bindTools");
    return this.withConfig({ ...kwargs, tools } as Partial<CallOptions>);
  }

  override async generate(
    ...[messages, options, callbacks]: Parameters<BaseChatModel["generate"]>
  ): ReturnType<BaseChatModel["generate"]> {
    const given = Array.isArray(options) ? { stop: options } : options;
    const { model, options: all } = await innerModel(this.inner, (given ?? {}) as ModelOptions);
    const copy = this.over(model);
    // Not `copy.generate`: its inner model is the innermost, and has been asked.
    return BaseChatModel.prototype.generate.call(copy, messages, all as never, callbacks);
  }

  override async *_streamIterator(
    input: BaseLanguageModelInput,
    options?: Partial<CallOptions>,
  ): AsyncGenerator<AIMessageChunk> {
    const { model, options: all } = await innerModel(this.inner, (options ?? {}) as ModelOptions);
    const copy = this.over(model);
    yield* BaseChatModel.prototype._streamIterator.call(
      copy,
      input,
      all as never,
    ) as AsyncGenerator<AIMessageChunk>;
  }

  protected override _separateRunnableConfigFromCallOptionsCompat(
    options?: Partial<CallOptions>,
  ): ReturnType<BaseChatModel<CallOptions>["_separateRunnableConfigFromCallOptionsCompat"]> {
    const separated = super._separateRunnableConfigFromCallOptionsCompat(options);
    Object.assign(separated[1], { [RUN]: runOf(options) });
    return separated;
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const call = await this.prepare(options as CallOptions);
    const request = await this.opening(messages, call, runManager);
    return answerWhole({
      dialect: wholeDialect(call.isOurs, this.maxRetrievals),
      request,
      maxRetrievals: this.maxRetrievals,
      answer: (calls) => this.answerAll(calls, call, runManager),
      send: async ({ messages: transcript, isFinal }) => {
        call.options.signal?.throwIfAborted();
        const its = isFinal ? call.finalOptions : call.options;
        return call.model._generate(transcript, its as never);
      },
    });
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const call = await this.prepare(options as CallOptions);
    const request = await this.opening(messages, call, runManager);
    const open = (round: RoundRequest): Source<ChatGenerationChunk> => {
      call.options.signal?.throwIfAborted();
      const its = round.isFinal ? call.finalOptions : call.options;
      // Nobody cancels: who no longer wants the answer leaves the generator, and the signal is the model's own.
      return { events: streamOf(call.model, its, round.messages), cancel: async () => {} };
    };
    const { parts } = answerStreamed({
      dialect: dialect(),
      filter: roundFilter(call.isOurs, this.maxRetrievals),
      request,
      maxRetrievals: this.maxRetrievals,
      signal: call.options.signal,
      answer: (calls) => this.answerAll(calls, call, runManager),
      first: open(request),
      open: async (round) => open(round),
    });
    for await (const chunk of parts) {
      yield chunk;
      const at = { prompt: 0, completion: 0 };
      await runManager?.handleLLMNewToken(chunk.text, at, undefined, undefined, undefined, {
        chunk,
      });
    }
  }

  /** This model over a model without layers: with the callbacks, tags, metadata and cache of both. */
  private over(model: BaseChatModel): HeadroomChatModel {
    if (model === this.inner) return this;
    const known = this.copies.get(model);
    if (known) return known;
    const copy: HeadroomChatModel = Object.create(
      HeadroomChatModel.prototype,
      Object.getOwnPropertyDescriptors(this),
    );
    // What the outer layer has came into this model with the constructor already.
    const outer = boundModel(this.inner).model;
    const settings = model === outer ? {} : settingsOver(model, this);
    Object.assign(copy, settings, { inner: model });
    this.copies.set(model, copy);
    return copy;
  }

  private answerAll(
    calls: readonly RetrievalCall[],
    { run, options: { signal } }: Pick<Prepared, "run" | "options">,
    runManager?: CallbackManagerForLLMRun,
  ): Promise<string[]> {
    const headroom = this.compressor.instanceOf(run);
    return Promise.all(
      calls.map(async ({ args }) => {
        const { text, event } = await answerRetrieve(headroom, args, signal ? { signal } : {});
        await runManager?.handleCustomEvent(RETRIEVAL_EVENT, event, runManager.runId);
        return text;
      }),
    );
  }

  /** The history as the provider reads it. */
  private async opening(
    messages: BaseMessage[],
    call: Prepared,
    runManager: CallbackManagerForLLMRun | undefined,
  ): Promise<RoundRequest> {
    const { run, options, lossless } = call;
    const restored = await restoreRounds(messages, (calls) => this.answerAll(calls, call));
    const result = await this.compressor.instanceOf(run).compress(restored, {
      lossless,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const event = compressionEvent(result);
    if (runManager) annotateRun(runManager, event);
    await runManager?.handleCustomEvent(COMPRESSION_EVENT, event, runManager.runId);
    return { messages: result.messages, isFinal: false };
  }

  private async prepare(given: CallOptions): Promise<Prepared> {
    const { model, options } = await innerModel(this.inner, given as ModelOptions);
    return prepared(model, options as CallOptions, this.retrieveTool);
  }

  /** Structured output is one shot: there is no place for a look-up, so of what is new nothing is left out. */
  private structured(schema: never, config: never): Runnable<BaseLanguageModelInput, never> {
    const compressor = this.compressor.withConfig({ lossless: "new" });
    const restore = RunnableLambda.from((input: BaseLanguageModelInput, settings) => {
      const options = settings?.signal ? { signal: settings.signal } : {};
      const run = runOf(settings);
      return restoreRounds(toMessages(input), (calls) => this.answerAll(calls, { run, options }));
    });
    const { model } = boundModel(this.inner);
    return restore.pipe(compressor).pipe(model.withStructuredOutput(schema, config) as never);
  }
}

async function* streamOf(
  model: BaseChatModel,
  options: CallOptions,
  transcript: BaseMessage[],
): AsyncGenerator<ChatGenerationChunk> {
  if (model._streamResponseChunks !== BaseChatModel.prototype._streamResponseChunks) {
    yield* model._streamResponseChunks(transcript, options as never);
    return;
  }
  const { generations } = await model._generate(transcript, options as never);
  for (const { text, message } of generations)
    yield new ChatGenerationChunk({ text, message: new AIMessageChunk({ ...message } as never) });
}
