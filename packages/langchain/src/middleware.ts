/**
 * Middleware for `createAgent`: the model reads short texts, the agent's state keeps the originals.
 *
 * Compresses in `wrapModelCall`, on a new array: `request.messages` is the state's own. There is no `wrapToolCall` here on
 * purpose: with any middleware that has one, LangChain treats a failing tool as a failing middleware and the run rejects.
 */
import { InvalidOptionError, isRetrieveToolName } from "@headroom/core";
import { DEFAULT_MAX_RETRIEVALS } from "@headroom/core/kit";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ClientTool } from "@langchain/core/tools";
import { type AgentMiddleware, createMiddleware } from "langchain";
import { type HeadroomCallOptions, HeadroomCompressor } from "./compressor.ts";
import { callsOf } from "./messages.ts";
import { choosesFreely } from "./offered-tools.ts";
import { type HeadroomLangChainOptions, hasRetrieveTool, toolNameOf } from "./options.ts";
import { askedFor, withQueries } from "./query.ts";
import { withAnswerableCalls } from "./reply.ts";
import { createRetrieveTool } from "./retrieve-tool.ts";
import { createTokenCounter } from "./token-counter.ts";

/** A size of a conversation. Where both are given, both count. */
export interface ConversationSize {
  /** Tokens of the messages as the state has them. */
  readonly tokens?: number;
  readonly messages?: number;
}

export interface HeadroomMiddlewareOptions extends HeadroomLangChainOptions {
  /**
   * `true` gives the agent the `headroom_retrieve` tool, a tool gives it that one, `false` none: then nothing is left out.
   * @default true with a store
   */
  readonly retrieveTool?: boolean | ClientTool;
  /**
   * Conversations are sent as they are until they have this size; of several sizes any one suffices. With the first request over it
   * the provider's cached prefix is lost, once. @default from the first message on
   */
  readonly trigger?: ConversationSize | readonly ConversationSize[];
  /**
   * The last messages stay as they are. A message that is no longer among them changes in the middle of the conversation, and the
   * provider's prompt cache is lost from there on, with every request: meant for models without one.
   * @default { messages: 0 }
   */
  readonly keep?: { readonly messages: number };
  /**
   * The most replies in a row that only look things up. After that the model has to answer: one request with `toolChoice: "none"`.
   * @default 8
   */
  readonly maxRetrievals?: number;
}

/** What a run may say in its context: `agent.invoke(input, { context: { headroom: { enabled: false } } })`. */
export interface HeadroomContext {
  readonly headroom?: {
    /** @default true */
    readonly enabled?: boolean;
    /**
     * What the answer to the latest user message is wanted for: ranks what follows it. Earlier messages keep the query of their own
     * run, and their bytes. @default the latest user text before each block
     */
    readonly query?: string;
  };
}

/** The middleware. Without a store only lossless forms are used. @throws InvalidOptionError */
export function headroomMiddleware(options: HeadroomMiddlewareOptions = {}): AgentMiddleware {
  const { retrieveTool, trigger, keep, maxRetrievals = DEFAULT_MAX_RETRIEVALS, ...rest } = options;
  if (!isCount(maxRetrievals))
    throw new InvalidOptionError("maxRetrievals", maxRetrievals, "a whole number, 0 or more");
  const kept = keep?.messages ?? 0;
  if (!isCount(kept))
    throw new InvalidOptionError("keep", keep, "{ messages: a whole number, 0 or more }");
  const tool = toolOf(rest, retrieveTool);
  const compressor = new HeadroomCompressor({ ...rest, retrieveTool: tool !== undefined });
  const isDue = dueAt(trigger, rest);
  return createMiddleware({
    name: "HeadroomMiddleware",
    tools: tool ? [tool] : [],
    async wrapModelCall(request, handler) {
      const { headroom } = (request.runtime.context ?? {}) as HeadroomContext;
      const tools = withoutRepeats(request.tools);
      if (headroom?.enabled === false) return handler({ ...request, tools });
      const query = typeof headroom?.query === "string" ? headroom.query : undefined;
      const toolChoice =
        lookUpsAtEnd(request.messages) >= maxRetrievals && tool ? "none" : request.toolChoice;
      const head = request.messages.slice(0, request.messages.length - kept);
      const messages = (await isDue(request.messages))
        ? await withQueries(head, query, (asked) =>
            compressor.invoke(asked, {
              lossless: losslessFor(tools, toolChoice),
              ...runtimeConfig(request.runtime),
            }),
          )
        : head;
      const response = await handler({
        ...request,
        ...(toolChoice === undefined ? {} : { toolChoice }),
        messages: [...messages, ...request.messages.slice(head.length)],
        tools,
      });
      if (!AIMessage.isInstance(response)) return response;
      // LangChain ends a run at a call whose arguments were cut short. The retrieve tool says what is missing instead.
      const answer = withAnswerableCalls(response, isRetrieveToolName);
      return query === undefined ? answer : askedFor(answer, query);
    },
  }) as AgentMiddleware;
}

/**
 * Asked of the request, not of our options: other middleware may have taken the tool away, and then nothing may be left out. A model
 * that has the tool and may not call it this time keeps the texts it had, and with them the cached prefix.
 */
function losslessFor(tools: unknown, toolChoice: unknown): boolean | "new" {
  if (!hasRetrieveTool(tools)) return true;
  return choosesFreely(toolChoice) ? false : "new";
}

function toolOf(
  options: HeadroomLangChainOptions,
  wanted: boolean | ClientTool | undefined,
): ClientTool | undefined {
  if (wanted === false) return undefined;
  const { store } = options;
  if (wanted === undefined || wanted === true) {
    if (!store && wanted)
      throw new InvalidOptionError("store", store, "a CcrStore, which retrieveTool: true needs");
    if (!store) return undefined;
    return createRetrieveTool({ ...options, store }) as ClientTool;
  }
  if (!isRetrieveToolName(toolNameOf(wanted)))
    throw new InvalidOptionError(
      "retrieveTool",
      toolNameOf(wanted) ?? wanted,
      "true, false or a tool whose name ends with headroom_retrieve",
    );
  return wanted;
}

/** Whether a conversation has the size from which on it is compressed. @throws InvalidOptionError */
function dueAt(
  trigger: HeadroomMiddlewareOptions["trigger"],
  options: HeadroomLangChainOptions,
): (messages: BaseMessage[]) => Promise<boolean> {
  if (trigger === undefined) return async () => true;
  const sizes: readonly ConversationSize[] = Array.isArray(trigger) ? trigger : [trigger];
  for (const size of sizes) {
    const { tokens = 0, messages = 0 } = size ?? {};
    if (!isCount(tokens) || !isCount(messages) || tokens + messages === 0)
      throw new InvalidOptionError(
        "trigger",
        size,
        "{ tokens, messages }, one of them or both, or a list of these",
      );
  }
  const { store: _, ...rest } = options;
  const countTokens = createTokenCounter({ ...rest, mode: "audit" });
  return async (messages) => {
    const tokens = sizes.some((size) => size.tokens) ? await countTokens(messages) : 0;
    return sizes.some(
      (size) => tokens >= (size.tokens ?? 0) && messages.length >= (size.messages ?? 0),
    );
  };
}

/** How many replies at the end of a conversation asked for nothing but look-ups. */
function lookUpsAtEnd(messages: readonly BaseMessage[]): number {
  let count = 0;
  for (const message of messages.toReversed()) {
    if (message.getType() === "tool") continue;
    const calls = callsOf(message);
    if (calls.length === 0 || !calls.every(({ name }) => isRetrieveToolName(name))) break;
    count++;
  }
  return count;
}

/**
 * The retrieve tool once, whoever else listed one: providers refuse two tools of one name. It is the last that stays, because
 * LangChain takes every other one for a tool that was changed.
 */
function withoutRepeats<Tool>(tools: Tool[]): Tool[] {
  const names = tools.map((tool) => {
    const name = toolNameOf(tool);
    return isRetrieveToolName(name) ? name : undefined;
  });
  const kept = tools.filter(
    (_, index) => names[index] === undefined || !names.includes(names[index], index + 1),
  );
  return kept.length === tools.length ? tools : kept;
}

/** The run as a config has it. LangChain's types do not know `context` and `store` there, its code passes them on. */
function runtimeConfig(runtime: object): Partial<HeadroomCallOptions> {
  const { context, store, configurable, signal } = runtime as Record<string, unknown>;
  const config: Record<string, unknown> = { context, store, configurable, signal };
  for (const key of Object.keys(config)) if (config[key] === undefined) delete config[key];
  return config;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
