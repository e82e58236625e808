/** One call of the wrapped model: its tools in its own form, and whether it may look things up. */
import type {
  BaseChatModel,
  BaseChatModelCallOptions,
  BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { boundModel } from "./inner-model.ts";
import { choosesFreely, nameIsTaken, offersRetrieval, retrieveToolNames } from "./offered-tools.ts";
import type { HeadroomRun } from "./options.ts";
import type { IsOurs } from "./reply.ts";
import type { RetrieveTool } from "./retrieve-tool.ts";
import { runOf } from "./run.ts";

export type CallOptions = BaseChatModelCallOptions & { readonly [key: string]: unknown };

/** The run travels in the options, under a key that neither JSON nor a provider sees. */
export const RUN: unique symbol = Symbol("headroom.run");

/** The wrapped model with the options of one call. */
export interface Prepared {
  readonly model: BaseChatModel;
  readonly options: CallOptions;
  /** The same call, in which the model may use no tool. */
  readonly finalOptions: CallOptions;
  readonly run: HeadroomRun;
  readonly isOurs: IsOurs;
  /** False where the model has the retrieve tool and may call it, `"new"` where it may not this time, true where it has none. */
  readonly lossless: boolean | "new";
}

/**
 * A model with its tools in its own form, ours among them. It stands there also where the model may not call it: a cached prefix
 * begins with the tools.
 */
export function prepared(
  model: BaseChatModel,
  options: CallOptions,
  retrieveTool: RetrieveTool,
): Prepared {
  const {
    tools = [],
    [RUN]: run,
    ...rest
  } = options as CallOptions & {
    tools?: BindToolsInput[];
    [RUN]?: HeadroomRun;
  };
  const common = { run: run ?? runOf(), isOurs: () => false, lossless: true };
  const mayOffer = typeof model.bindTools === "function" && !nameIsTaken(tools);
  const theirs = retrieveToolNames(tools);
  const offered = mayOffer && theirs.length === 0 ? [...tools, retrieveTool] : tools;
  if (offered.length === 0 || !model.bindTools)
    return { ...common, model, options: rest as CallOptions, finalOptions: rest as CallOptions };
  const bound = boundModel(model.bindTools([...offered], rest as never), rest);
  const last = boundModel(
    model.bindTools([...offered], { ...rest, tool_choice: "none" } as never),
    { ...rest, tool_choice: "none" },
  );
  const names = new Set(retrieveToolNames(offered));
  const { n = (model as { n?: unknown }).n } = rest as { n?: unknown };
  const mayAsk =
    choosesFreely(rest.tool_choice) &&
    // Of several answers each would have to look things up for itself.
    (n === undefined || n === 1);
  return {
    run: common.run,
    model: bound.model,
    options: bound.options as CallOptions,
    finalOptions: last.options as CallOptions,
    isOurs: (name) => name !== undefined && names.has(name),
    lossless: names.size === 0 || !offersRetrieval(bound.options.tools) || (mayAsk ? false : "new"),
  };
}
