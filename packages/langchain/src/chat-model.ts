/**
 * Wraps a chat model: compresses what the model is sent, and answers its retrieve calls.
 *
 * For code that calls `invoke` and has no agent loop. The wrapped model's own `_generate` and `_streamResponseChunks` are called,
 * not its `invoke`: a run inside the run would show the hidden calls, and every token twice, to whoever listens.
 */
import {
  type CcrStore,
  type Headroom,
  InvalidOptionError,
  type RetrieveRequest,
  retrieveToolSpec,
} from "@headroom/core";
import { DEFAULT_MAX_RETRIEVALS, sumUsage } from "@headroom/core/kit";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import {
  type AIMessage,
  AIMessageChunk,
  type BaseMessage,
  ToolMessage,
  type UsageMetadata,
} from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { HeadroomCompressor, toMessages } from "./compressor.ts";
import { COMPRESSION_EVENT, compressionEvent } from "./events.ts";
import { type Call, callsOf, hideCalls, restoreCalls, retrieveCalls } from "./hidden-calls.ts";
import { withFields } from "./messages.ts";
import { type HeadroomLangChainOptions, hasRetrieveTool, headroomFor } from "./options.ts";
import {
  answerRetrieve,
  createRetrieveTool,
  RETRIEVAL_EVENT,
  type RetrieveTool,
} from "./retrieve-tool.ts";
import { roundFilter } from "./round-filter.ts";

export interface HeadroomChatModelFields extends HeadroomLangChainOptions {
  /** The model to wrap. Where it has no `bindTools`, only lossless forms are used. */
  readonly llm: BaseChatModel;
  /** Keeps the originals that retrieve calls are answered from. */
  readonly store: CcrStore;
  /** The most replies whose retrieve calls are answered. After that the model has to answer without the tool. @default 8 */
  readonly maxRetrievals?: number;
}

type CallOptions = BaseChatModelCallOptions & { readonly [key: string]: unknown };

/** The wrapped model with the options of one call. */
interface Prepared {
  readonly model: BaseChatModel;
  readonly options: CallOptions;
  /** The model has the retrieve tool, and may call it. */
  readonly canRetrieve: boolean;
}

export class HeadroomChatModel extends BaseChatModel<CallOptions, AIMessageChunk> {
  static override lc_name(): string {
    return "HeadroomChatModel";
  }
  override lc_namespace: string[] = ["headroom", "langchain"];
  override lc_serializable = false;
  private readonly inner: BaseChatModel;
  private readonly core: HeadroomLangChainOptions & { readonly store: CcrStore };
  private readonly maxRetrievals: number;
  private readonly retrieveTool: RetrieveTool;
  private readonly headroom: Headroom;

  /** @throws InvalidOptionError */
  constructor(fields: HeadroomChatModelFields) {
    const { llm, maxRetrievals = DEFAULT_MAX_RETRIEVALS, ...options } = fields;
    if (typeof llm?._generate !== "function")
      throw new InvalidOptionError("llm", llm, "a chat model");
    super({ ...(llm.outputVersion ? { outputVersion: llm.outputVersion } : {}) });
    if (!Number.isSafeInteger(maxRetrievals) || maxRetrievals < 0)
      throw new InvalidOptionError("maxRetrievals", maxRetrievals, "a whole number, 0 or more");
    const model = options.model ?? nameOf(llm);
    this.inner = llm;
    this.maxRetrievals = maxRetrievals;
    this.core = { ...options, ...(model === undefined ? {} : { model }) };
    this.retrieveTool = createRetrieveTool(this.core);
    this.headroom = headroomFor(this.core, true);
    // Newer versions of the base class have a profile; budgets of other middleware are taken from it.
    Object.defineProperty(this, "profile", { get: () => (llm as { profile?: unknown }).profile });
    // Set here and not declared: the many overloads of the base class stay what users see.
    this.withStructuredOutput = ((schema: never, config: never) =>
      this.structured(schema, config)) as BaseChatModel<
      CallOptions,
      AIMessageChunk
    >["withStructuredOutput"];
  }

  override _llmType(): string {
    // The base class asks while it is being constructed, before there is an inner model.
    return (this.inner as BaseChatModel | undefined)?._llmType() ?? "headroom";
  }
  override _identifyingParams(): Record<string, unknown> {
    return this.inner._identifyingParams();
  }
  override invocationParams(options?: this["ParsedCallOptions"]): unknown {
    const prepared = this.prepare((options ?? {}) as CallOptions);
    return prepared.model.invocationParams(prepared.options as never);
  }
  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    return this.inner.getLsParams(options as never);
  }
  override getNumTokens(content: Parameters<BaseChatModel["getNumTokens"]>[0]): Promise<number> {
    return this.inner.getNumTokens(content);
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    if (typeof this.inner.bindTools !== "function")
      throw new InvalidOptionError("llm", this.inner, "a chat model with bindTools");
    return this.withConfig({ ...kwargs, tools } as Partial<CallOptions>);
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const prepared = this.prepare(options as CallOptions);
    const transcript = await this.opening(messages, prepared, runManager);
    let usage: UsageMetadata | undefined;
    for (let round = 0; ; round++) {
      prepared.options.signal?.throwIfAborted();
      const result = await prepared.model._generate(transcript, prepared.options as never);
      const [generation] = result.generations;
      const message = generation?.message;
      if (!generation || !message) return result;
      usage = sumUsage(usage, (message as AIMessage).usage_metadata) as UsageMetadata | undefined;
      const calls = retrieveCalls(message);
      if (this.goesOn(message, calls, round)) {
        transcript.push(message, ...(await this.answers(calls, round, prepared, runManager)));
        continue;
      }
      const shown = calls.length > 0 ? hideCalls(message) : message;
      const final = round > 0 && usage ? withFields(shown, { usage_metadata: usage }) : shown;
      return { ...result, generations: [{ ...generation, message: final }] };
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const prepared = this.prepare(options as CallOptions);
    const transcript = await this.opening(messages, prepared, runManager);
    const filter = roundFilter();
    for (let round = 0; ; round++) {
      prepared.options.signal?.throwIfAborted();
      filter.begin();
      for await (const chunk of streamOf(prepared, transcript)) {
        const shown = filter.pass(chunk);
        if (!shown) continue;
        yield shown;
        const at = { prompt: 0, completion: 0 };
        await runManager?.handleLLMNewToken(shown.text, at, undefined, undefined, undefined, {
          chunk: shown,
        });
      }
      const message = filter.whole();
      const calls = retrieveCalls(message);
      if (!this.goesOn(message, calls, round)) {
        if (calls.length > 0) yield filter.end();
        return;
      }
      transcript.push(message, ...(await this.answers(calls, round, prepared, runManager)));
    }
  }

  /** Looks up and asks again, unless the caller has calls of its own to answer. */
  private goesOn(message: BaseMessage, calls: readonly Call[], round: number): boolean {
    const own = callsOf(message).length - calls.length;
    // One round past the limit is told so; a model that still asks is not asked again.
    return calls.length > 0 && own === 0 && round <= this.maxRetrievals;
  }

  private answers(
    calls: readonly Call[],
    round: number,
    { options }: Prepared,
    runManager: CallbackManagerForLLMRun | undefined,
  ): Promise<BaseMessage[]> {
    if (round < this.maxRetrievals)
      return Promise.all(calls.map((call) => this.answer(call, runManager, options.signal)));
    const enough = "No more look-ups for this answer. Answer with what you have read.";
    return Promise.resolve(calls.map((call) => resultOf(call, enough)));
  }

  private async answer(
    call: Call,
    runManager: CallbackManagerForLLMRun | undefined,
    signal?: AbortSignal,
  ): Promise<BaseMessage> {
    const request = call.args as unknown as RetrieveRequest;
    const { text, event } = await answerRetrieve(this.headroom, request, signal ? { signal } : {});
    await runManager?.handleCustomEvent(RETRIEVAL_EVENT, event, runManager.runId);
    return resultOf(call, text);
  }

  /** The history as the provider reads it. */
  private async opening(
    messages: BaseMessage[],
    { canRetrieve, options }: Prepared,
    runManager: CallbackManagerForLLMRun | undefined,
  ): Promise<BaseMessage[]> {
    const restored = await restoreCalls(messages, (call) =>
      this.answer(call, undefined, options.signal),
    );
    const result = await this.headroom.compress(restored, {
      lossless: !canRetrieve,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const event = compressionEvent(result);
    await runManager?.handleCustomEvent(COMPRESSION_EVENT, event, runManager.runId);
    return result.messages;
  }

  /** The wrapped model with its tools in its own form, ours among them where it may call it. */
  private prepare(options: CallOptions): Prepared {
    const { tools, ...rest } = options as CallOptions & { tools?: BindToolsInput[] };
    const canRetrieve =
      typeof this.inner.bindTools === "function" && choosesFreely(rest.tool_choice);
    const offered = [...(tools ?? []), ...(canRetrieve ? [this.retrieveTool] : [])];
    const { defaultOptions } = this.inner as BaseChatModel & WithDefaults;
    if (offered.length === 0 || !this.inner.bindTools)
      return { model: this.inner, options: { ...defaultOptions, ...options }, canRetrieve };
    let bound: unknown = this.inner.bindTools(offered, rest as never);
    let settings: Record<string, unknown> = {};
    // `bindTools` gives a binding around the model, or a model that keeps the tools as its default options (ChatOpenAI).
    while (isBinding(bound)) {
      settings = { ...bound.kwargs, ...bound.config, ...settings };
      bound = bound.bound;
    }
    const model = bound as BaseChatModel & WithDefaults;
    const all = { ...model.defaultOptions, ...rest, ...settings } as CallOptions;
    return { model, options: all, canRetrieve: canRetrieve && offers(all.tools) };
  }

  /** Structured output is one shot: there is no place for a look-up, so nothing is left out. */
  private structured(schema: never, config: never): Runnable<BaseLanguageModelInput, never> {
    const compressor = new HeadroomCompressor(this.core);
    const restore = RunnableLambda.from((input: BaseLanguageModelInput) =>
      restoreCalls(toMessages(input), (call) => this.answer(call, undefined)),
    );
    return restore.pipe(compressor).pipe(this.inner.withStructuredOutput(schema, config) as never);
  }
}

/** `auto` in any provider's form, or any tool; not one named tool, and not none. */
function choosesFreely(choice: unknown): boolean {
  const type =
    typeof choice === "object" && choice !== null && "type" in choice ? choice.type : choice;
  return type === undefined || type === "auto" || type === "any" || type === "required";
}

/** Whether the retrieve tool is where the model will look for it. What cannot be seen is not believed. */
function offers(tools: unknown): boolean {
  if (hasRetrieveTool(tools)) return true;
  try {
    return (JSON.stringify(tools) ?? "").includes(retrieveToolSpec.name);
  } catch {
    return false;
  }
}

/** Options that `invoke` of ChatOpenAI adds; `_generate` does not. */
interface WithDefaults {
  readonly defaultOptions?: Record<string, unknown>;
}

interface Binding {
  readonly bound: unknown;
  readonly config?: Record<string, unknown>;
  readonly kwargs?: Record<string, unknown>;
}

function isBinding(value: unknown): value is Binding {
  return typeof value === "object" && value !== null && "bound" in value;
}

async function* streamOf(
  { model, options }: Prepared,
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

function resultOf({ id, name }: Call, content: string): ToolMessage {
  return new ToolMessage({ content, name, tool_call_id: id ?? "" });
}

function nameOf(llm: BaseChatModel): string | undefined {
  const { model, modelName } = llm as { model?: unknown; modelName?: unknown };
  if (typeof model === "string") return model;
  return typeof modelName === "string" ? modelName : undefined;
}
