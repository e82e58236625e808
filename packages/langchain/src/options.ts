/** Options of everything in this package: those of `createHeadroom`, with the message lens given. */
import {
  createHeadroom,
  type Headroom,
  type HeadroomOptions,
  isRetrieveToolName,
} from "@headroom/core";
import { langchainMessages } from "./messages.ts";

/** Options of `createHeadroom`, except the message lens. */
export type HeadroomLangChainOptions = Omit<HeadroomOptions, "adapter">;

/**
 * An instance for LangChain messages. Where the model has no retrieve tool every call is lossless: what it cannot ask for must
 * not be left out.
 */
export function headroomFor(options: HeadroomLangChainOptions, canRetrieve: boolean): Headroom {
  const headroom = createHeadroom({ ...options, adapter: langchainMessages });
  if (canRetrieve) return headroom;
  return {
    ...headroom,
    compress: (messages, call) => headroom.compress(messages, { ...call, lossless: true }),
    compressText: (text, call) => headroom.compressText(text, { ...call, lossless: true }),
    simulate: (messages, call) => headroom.simulate(messages, { ...call, lossless: true }),
  };
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
