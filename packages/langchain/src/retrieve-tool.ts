/** The `headroom_retrieve` tool for LangChain: what a model calls to get back what was left out. */
import {
  type CcrStore,
  type Headroom,
  InvalidOptionError,
  type RetrieveCallOptions,
  type RetrieveRequest,
  readRetrieveRequest,
  retrieveToolSpec,
  type TokenCounter,
} from "@headroom/core";
import { answerCalls } from "@headroom/core/kit";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch/web";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type {
  BaseChatModel,
  BaseChatModelCallOptions,
} from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import { type DynamicStructuredTool, tool } from "@langchain/core/tools";
import type { HeadroomLangChainOptions, HeadroomRun } from "./options.ts";
import { instances, isStore } from "./run.ts";

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
  /** The compressor's store, or one that sees the same data. */
  readonly store: CcrStore | ((run: HeadroomRun) => CcrStore);
  /** The namespace of the compressor. @default "default" */
  readonly namespace?: string | ((run: HeadroomRun) => string);
  /** The secret of the compressor. @default "" */
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
 * The `headroom_retrieve` tool over a store. It always answers with text: an unknown hash, odd arguments or a failing store are
 * something the model has to be able to read, not an exception. A model that asks for what is not there again and again is held
 * back. A firing `signal` of the run rejects.
 * @throws InvalidOptionError without a store
 */
export function createRetrieveTool(options: RetrieveToolOptions): RetrieveTool {
  if (!isStore(options?.store))
    throw new InvalidOptionError(
      "store",
      options?.store,
      "a CcrStore, the one the compressor uses",
    );
  const { maxTokens } = options;
  const instanceOf = instances(retrievalOptions(options), true);
  const answer = async (request: RetrieveRequest, config?: RunnableConfig): Promise<string> => {
    const { text, event } = await answerRetrieve(instanceOf(config), request, {
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(config?.signal === undefined ? {} : { signal: config.signal }),
    });
    if (config) await dispatchCustomEvent(RETRIEVAL_EVENT, event, config);
    return text;
  };
  const { name, description, inputSchema } = retrieveToolSpec;
  // The schema is JSON Schema, which `tool` validates; no schema library is needed.
  const made = tool(answer as never, { name, description, schema: inputSchema });
  // `tool` throws where arguments do not fit the schema, `lines: 3` for one: what has a meaning is made to fit first.
  const invoke = made.invoke.bind(made) as (...args: unknown[]) => Promise<unknown>;
  made.invoke = ((input: unknown, ...rest: unknown[]) =>
    invoke(
      isToolCall(input) ? { ...input, args: fitting(input.args) } : fitting(input),
      ...rest,
    )) as never;
  return made as unknown as RetrieveTool;
}

function isToolCall(input: unknown): input is { readonly args: unknown } {
  return (
    typeof input === "object" && input !== null && "type" in input && input.type === "tool_call"
  );
}

/** Arguments as the schema wants them. */
function fitting(args: unknown): RetrieveRequest {
  const { offset = -1, limit = 0, ...rest } = readRetrieveRequest(args);
  return {
    ...rest,
    ...(Number.isSafeInteger(offset) && offset >= 0 ? { offset } : {}),
    ...(Number.isSafeInteger(limit) && limit >= 1 ? { limit } : {}),
  };
}

/** Those options that concern what is kept, not what is compressed. */
function retrievalOptions(options: RetrieveToolOptions): HeadroomLangChainOptions {
  const { store, namespace, secret, model, tokenCounter } = options;
  return {
    store,
    ...(namespace === undefined ? {} : { namespace }),
    ...(secret === undefined ? {} : { secret }),
    ...(model === undefined ? {} : { model }),
    ...(tokenCounter === undefined ? {} : { tokenCounter }),
  };
}

/** One retrieve call, answered as text whatever happens; only a firing signal rejects. @param args as the model wrote them */
export async function answerRetrieve(
  headroom: Headroom,
  args: unknown,
  call: RetrieveCallOptions = {},
): Promise<{ text: string; event: RetrievalEvent }> {
  let event: RetrievalEvent = {
    hash: readRetrieveRequest(args).hash,
    found: false,
    characters: 0,
  };
  const [text = ""] = await answerCalls([{ id: "", args }], {
    headroom,
    call,
    onRetrieval({ hash }, { found, shown: characters }) {
      event = { hash, found, characters };
    },
  });
  return { text, event };
}

/** A model that offers the retrieve tool beside `tools`. Your loop has to run the tool when the model calls it. */
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
