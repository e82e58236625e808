/** Options of everything in this package: those of `createHeadroom`, with the message lens given and tenants told apart by run. */
import { type CcrStore, type HeadroomOptions, isRetrieveToolName } from "@headroom/core";
import type { BaseStoreLike } from "./langgraph-store.ts";

/** A run, as the functions among the options see it. Everything is an empty object where the run has none. */
export interface HeadroomRun {
  /** What `invoke` was given as `context`, in LangGraph and `createAgent`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** What `invoke` was given as `configurable`: the thread, and values of your own. */
  readonly configurable: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The `BaseStore` that the graph or agent was given; see `langGraphStore`. */
  readonly store?: BaseStoreLike;
}

/** Options of `createHeadroom`, except the message lens; `namespace` and `store` may depend on the run. */
export interface HeadroomLangChainOptions
  extends Omit<HeadroomOptions, "adapter" | "namespace" | "store"> {
  /**
   * Isolates tenants: the same text has another ref in another namespace. A function is asked for each run and has to answer with
   * a text: one agent then serves many tenants, `({ context }) => `${context.tenant}``. @default "default"
   */
  readonly namespace?: string | ((run: HeadroomRun) => string);
  /**
   * Keeps originals, so that the model can ask for what was left out. A function is asked for each run: `({ store }) =>
   * langGraphStore(store)` takes the store of the graph. @default none: only lossless forms are used
   */
  readonly store?: CcrStore | ((run: HeadroomRun) => CcrStore);
}

/** Whether a list of tools, in any form a model is given them, has the retrieve tool. */
export function hasRetrieveTool(tools: unknown): boolean {
  return Array.isArray(tools) && tools.some((tool) => isRetrieveToolName(toolNameOf(tool)));
}

/** The name of a tool: a LangChain tool, OpenAI's, Anthropic's or Gemini's form. */
export function toolNameOf(tool: unknown): string | undefined {
  if (typeof tool !== "object" || tool === null) return undefined;
  if ("name" in tool && typeof tool.name === "string") return tool.name;
  return "function" in tool ? toolNameOf(tool.function) : undefined;
}
