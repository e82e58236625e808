/**
 * The model inside the layers people wrap around one: bindings (`bindTools`, `withConfig`), `initChatModel`, and the default options
 * of ChatOpenAI. Their `_generate` and `_streamResponseChunks` do not see what the layers add, which `invoke` would.
 */
import { isRecord } from "@headroom/core/kit";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";

/** A chat model, or one with tools or settings bound. */
export type ChatModelLike = BaseChatModel | Runnable<BaseLanguageModelInput, AIMessageChunk>;

/** Options of a call, those that LangChain knows and those of the provider. */
export type ModelOptions = RunnableConfig & { readonly [key: string]: unknown };

interface Binding {
  readonly bound: ChatModelLike;
  readonly config?: Record<string, unknown>;
  readonly kwargs?: Record<string, unknown>;
  _mergeConfig?(...options: unknown[]): Promise<ModelOptions>;
}

/** What `initChatModel` gives. */
interface Configurable {
  _getModelInstance?(options: unknown): Promise<ChatModelLike>;
  /** The same in langchain 1.0. */
  _model?(options: unknown): Promise<ChatModelLike>;
}

/** The innermost model, and the options of a call with everything the layers add. What the call itself says goes first. */
export async function innerModel(
  llm: ChatModelLike,
  options: ModelOptions,
): Promise<{ model: BaseChatModel; options: ModelOptions }> {
  let model = llm;
  let all = options;
  for (;;) {
    if (isBinding(model)) {
      // Merges callbacks, tags and metadata, and asks the factories of `withListeners`.
      all = (await model._mergeConfig?.(all, model.kwargs)) ?? settingsOf(model, all);
      model = model.bound;
      continue;
    }
    const maker = model as Configurable;
    const { configurable } = all;
    if (maker._getModelInstance) model = await maker._getModelInstance({ configurable });
    else if (maker._model && "_queuedMethodOperations" in maker)
      model = await maker._model({ configurable });
    else return { model: model as BaseChatModel, options: withDefaults(model, all) };
  }
}

/** The model in bindings as far as it can be seen without waiting, with the options they add. */
export function boundModel(
  llm: ChatModelLike,
  options: ModelOptions = {},
): { model: BaseChatModel; options: ModelOptions } {
  let model = llm;
  let all = options;
  while (isBinding(model)) {
    all = settingsOf(model, all);
    model = model.bound;
  }
  return { model: model as BaseChatModel, options: withDefaults(model, all) };
}

function settingsOf({ config, kwargs }: Binding, options: ModelOptions): ModelOptions {
  return { ...config, ...options, ...kwargs };
}

/** Options that `invoke` of ChatOpenAI adds. */
function withDefaults(model: unknown, options: ModelOptions): ModelOptions {
  const { defaultOptions } = model as { defaultOptions?: Record<string, unknown> };
  if (!isRecord(defaultOptions)) return options;
  const said = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  return { ...options, ...defaultOptions, ...said };
}

function isBinding(value: unknown): value is Binding {
  return typeof value === "object" && value !== null && "bound" in value;
}
