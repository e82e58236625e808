/** The `headroom_retrieve` tool for LangChain: what a model calls to get back what was left out. */
import {
  type CcrStore,
  counterForModel,
  HeadroomError,
  InvalidOptionError,
  type RetrieveRequest,
  retrieve,
  retrieveToolSpec,
  type TokenCounter,
} from "@headroom/core";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type {
  BaseChatModel,
  BaseChatModelCallOptions,
} from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import { type DynamicStructuredTool, tool } from "@langchain/core/tools";

/** Custom event of every answered retrieve call; its data is a `RetrievalEvent`. */
export const RETRIEVAL_EVENT = "headroom_retrieval";

/** What one retrieve call did. */
export interface RetrievalEvent {
  readonly hash: string;
  readonly found: boolean;
  /** Characters of the original served. */
  readonly characters: number;
}

export interface RetrieveToolOptions {
  /** Where the originals are: the compressor's store, or one that sees the same data. */
  readonly store: CcrStore;
  /** Must be the compressor's. @default "default" */
  readonly namespace?: string;
  /** Must be the compressor's. @default "" */
  readonly secret?: string;
  /** The most tokens one call serves. @default 4000 */
  readonly maxTokens?: number;
  /** Chooses the token counter. @default o200k_base */
  readonly model?: string;
  readonly tokenCounter?: TokenCounter;
}

/** The tool, its input and what it resolves to. */
export type RetrieveTool = DynamicStructuredTool<
  typeof retrieveToolSpec.inputSchema,
  RetrieveRequest,
  RetrieveRequest,
  string
>;

/**
 * The `headroom_retrieve` tool over a store. It always answers with text: an unknown hash or a failing store is something the
 * model has to be able to read, not an exception. @throws InvalidOptionError without a store
 */
export function createRetrieveTool(options: RetrieveToolOptions): RetrieveTool {
  if (typeof options?.store?.get !== "function")
    throw new InvalidOptionError(
      "store",
      options?.store,
      "a CcrStore, the one the compressor uses",
    );
  const answer = async (request: RetrieveRequest, config?: RunnableConfig): Promise<string> => {
    const { text, event } = await answerRetrieve(options, request);
    if (config) await dispatchCustomEvent(RETRIEVAL_EVENT, event, config);
    return text;
  };
  const { name, description, inputSchema } = retrieveToolSpec;
  // The schema is JSON Schema, which `tool` validates; no schema library is needed.
  return tool(answer as never, {
    name,
    description,
    schema: inputSchema,
  }) as unknown as RetrieveTool;
}

/** One retrieve call, answered as text whatever happens. */
export async function answerRetrieve(
  options: RetrieveToolOptions,
  request: RetrieveRequest,
): Promise<{ text: string; event: RetrievalEvent }> {
  const { store, model, tokenCounter, namespace, secret, maxTokens } = options;
  const hash = String(request.hash);
  try {
    const { text, found, shown } = await retrieve(store, request, {
      tokenCounter: tokenCounter ?? (await counterForModel(model)),
      ...(namespace === undefined ? {} : { namespace }),
      ...(secret === undefined ? {} : { secret }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    });
    return { text, event: { hash, found, characters: shown } };
  } catch (error) {
    const why = HeadroomError.isInstance(error) ? error.message : "the store failed.";
    const text = `The original could not be read: ${why} Try again, or run the command again if you need its output.`;
    return { text, event: { hash, found: false, characters: 0 } };
  }
}

/** A model that offers the retrieve tool, beside `tools`. What it runs on is still your loop's business. */
export function bindRetrieveTool<
  Options extends BaseChatModelCallOptions,
  Output extends AIMessageChunk,
>(
  model: BaseChatModel<Options, Output>,
  options: RetrieveToolOptions | RetrieveTool,
  tools: readonly BindableTool[] = [],
): Runnable<BaseLanguageModelInput, Output, Options> {
  if (typeof model?.bindTools !== "function")
    throw new InvalidOptionError("model", model, "a chat model with bindTools");
  const retrieveTool = "invoke" in options ? options : createRetrieveTool(options);
  return model.bindTools([...tools, retrieveTool]);
}

type BindableTool = Parameters<NonNullable<BaseChatModel["bindTools"]>>[0][number];
