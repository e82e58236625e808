/**
 * Middleware for `createAgent`: the model reads short texts, the agent's state keeps the originals.
 *
 * Compresses in `wrapModelCall`, on a new array: `request.messages` is the state's own. There is no `wrapToolCall` here on
 * purpose: with any middleware that has one, LangChain treats a failing tool as a failing middleware and the run rejects.
 */
import { InvalidOptionError, isRetrieveToolName } from "@headroom/core";
import type { ClientTool } from "@langchain/core/tools";
import { type AgentMiddleware, createMiddleware } from "langchain";
import { type HeadroomCallOptions, HeadroomCompressor } from "./compressor.ts";
import { type HeadroomLangChainOptions, hasRetrieveTool, toolNameOf } from "./options.ts";
import { createRetrieveTool } from "./retrieve-tool.ts";

export interface HeadroomMiddlewareOptions extends HeadroomLangChainOptions {
  /**
   * `true` gives the agent the `headroom_retrieve` tool, a tool gives it that one, `false` none: then nothing is left out.
   * @default true with a store
   */
  readonly retrieveTool?: boolean | ClientTool;
}

/** What a run may say in its context: `agent.invoke(input, { context: { headroom: { enabled: false } } })`. */
export interface HeadroomContext {
  readonly headroom?: {
    /** @default true */
    readonly enabled?: boolean;
    /** What the answer is wanted for. @default the latest user text before each block */
    readonly query?: string;
  };
}

/** The middleware. Without a store only lossless forms are used. @throws InvalidOptionError */
export function headroomMiddleware(options: HeadroomMiddlewareOptions = {}): AgentMiddleware {
  const { retrieveTool, ...rest } = options;
  const tool = toolOf(rest, retrieveTool);
  const compressor = new HeadroomCompressor({ ...rest, retrieveTool: true });
  return createMiddleware({
    name: "HeadroomMiddleware",
    tools: tool ? [tool] : [],
    async wrapModelCall(request, handler) {
      const { headroom } = (request.runtime.context ?? {}) as HeadroomContext;
      if (headroom?.enabled === false) return handler(request);
      const tools = withoutRepeats(request.tools);
      const messages = await compressor.invoke(request.messages, {
        // Asked of the request, not of our options: other middleware may have taken the tool away.
        lossless: !(tool && hasRetrieveTool(tools)),
        ...runtimeConfig(request.runtime),
        ...(typeof headroom?.query === "string" ? { query: headroom.query } : {}),
      });
      return handler({ ...request, messages, tools });
    },
  }) as AgentMiddleware;
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
