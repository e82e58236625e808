/** Settings of a chat model that concern its runs and not the provider: those of a wrapper beside those of the model it wraps. */
import type {
  BaseChatModel,
  BaseChatModelParams,
} from "@langchain/core/language_models/chat_models";
import { mergeConfigs } from "@langchain/core/runnables";

export type Setting =
  | "cache"
  | "callbacks"
  | "disableStreaming"
  | "metadata"
  | "outputVersion"
  | "tags"
  | "verbose";

/** Settings of a wrapper: its own beside those of the model it wraps. */
export function settingsOver(
  model: BaseChatModel,
  own: { readonly [Name in Setting]?: BaseChatModelParams[Name] | undefined },
): BaseChatModelParams {
  const { callbacks } = mergeConfigs(
    model.callbacks ? { callbacks: model.callbacks } : {},
    own.callbacks ? { callbacks: own.callbacks } : {},
  );
  const tags = [...new Set([...(model.tags ?? []), ...(own.tags ?? [])])];
  const cache = own.cache ?? model.cache;
  const outputVersion = own.outputVersion ?? model.outputVersion;
  return {
    ...(callbacks ? { callbacks } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(model.metadata || own.metadata ? { metadata: { ...model.metadata, ...own.metadata } } : {}),
    ...(cache === undefined ? {} : { cache }),
    ...(outputVersion === undefined ? {} : { outputVersion }),
    disableStreaming: own.disableStreaming || model.disableStreaming,
    verbose: own.verbose ?? model.verbose,
  };
}

/** The name of the provider's model, where the class has one. */
export function nameOf(llm: BaseChatModel): string | undefined {
  const { model, modelName } = llm as { model?: unknown; modelName?: unknown };
  if (typeof model === "string") return model;
  return typeof modelName === "string" ? modelName : undefined;
}
