/**
 * The plugin of an agent: tool results are compressed when the tool has run, before they enter the agent's messages.
 *
 * Messages, session snapshots and every later request hold the short text; only the store has the original. So a store that
 * outlives the process is needed where sessions do.
 */
import {
  type CompressTextResult,
  createHeadroom,
  type Headroom,
  type HeadroomOptions,
  isRetrieveToolName,
} from "@headroom/core";
import {
  AfterToolCallEvent,
  HookOrder,
  type JsonBlock,
  type LocalAgent,
  type Plugin,
  TextBlock,
  type Tool,
  ToolResultBlock,
} from "@strands-agents/sdk";
import { type RetrieveToolOptions, retrieveToolOf } from "./retrieve-tool.ts";

/** Options of `createHeadroom`, and what the plugin adds. */
export interface HeadroomPluginOptions
  extends Omit<HeadroomOptions, "adapter" | "roles">,
    Pick<RetrieveToolOptions, "maxTokens"> {
  /**
   * False: the agent gets no `headroom_retrieve` tool, and only lossless forms are used.
   * @default true where there is a store
   */
  readonly retrieval?: boolean;
  /** Called for every text of a tool result, changed or not. */
  readonly onCompression?: (result: CompressTextResult) => void;
  /** Told of what went wrong here: the tool's result then stays as it is. */
  readonly onError?: (error: unknown) => void;
}

/** A plugin for `new Agent({ plugins: [...] })`; one may serve many agents. */
export interface HeadroomPlugin extends Plugin {
  /** The instance that compresses: its `stats` and its `retrieve`. */
  readonly headroom: Headroom;
}

/**
 * Makes the plugin. Texts and JSON of tool results are compressed, images and documents stay; errors keep their error lines.
 * A failure in here never fails a tool.
 *
 * It runs after the hooks of others with the default order, so that they see the original result; the tool itself, `agent.tool.x`
 * and traces have the original too.
 *
 * @throws InvalidOptionError for a wrong option
 * @see https://strandsagents.com for plugins and hooks
 */
export function headroomPlugin({
  retrieval,
  maxTokens,
  onCompression,
  onError,
  ...options
}: HeadroomPluginOptions = {}): HeadroomPlugin {
  const headroom = createHeadroom(options);
  const canRetrieve = retrieval !== false && options.store !== undefined;
  const report = (error: unknown): void => {
    try {
      onError?.(error);
    } catch {
      // Nobody is left to tell.
    }
  };

  const shorten = async (text: string, event: AfterToolCallEvent): Promise<string> => {
    const query = lastQuestion(event.agent);
    const result = await headroom.compressText(text, {
      toolName: event.toolUse.name,
      isError: event.result.status === "error",
      lossless: !canRetrieve,
      signal: event.agent.cancelSignal,
      ...(query === undefined ? {} : { query }),
    });
    onCompression?.(result);
    return result.text;
  };

  const compress = async (event: AfterToolCallEvent): Promise<void> => {
    if (isRetrieveToolName(event.toolUse.name)) return;
    const { toolUseId, status, content, error } = event.result;
    const short = await Promise.all(
      content.map(async (part) => {
        const text = textOf(part);
        if (text === undefined) return part;
        const shorter = await shorten(text, event);
        return shorter === text ? part : new TextBlock(shorter);
      }),
    );
    if (short.every((part, index) => part === content[index])) return;
    const changed = { toolUseId, status, content: short };
    event.result = new ToolResultBlock(error === undefined ? changed : { ...changed, error });
  };

  const tools = canRetrieve ? [retrieveToolOf(headroom, maxTokens, report)] : [];
  return {
    name: "headroom",
    headroom,
    initAgent(agent) {
      const hook = async (event: AfterToolCallEvent): Promise<void> => {
        try {
          await compress(event);
        } catch (error) {
          // A hook that throws ends the whole turn.
          report(error);
        }
      };
      agent.addHook(AfterToolCallEvent, hook, { order: HookOrder.SDK_LAST });
    },
    getTools: (): Tool[] => [...tools],
  };
}

/** The text a model would read of a part of a tool result; `undefined` for images, videos and documents. */
function textOf(part: ToolResultBlock["content"][number]): string | undefined {
  if (part.type === "textBlock") return part.text;
  return part.type === "jsonBlock" ? jsonOf(part) : undefined;
}

function jsonOf({ json }: JsonBlock): string | undefined {
  return JSON.stringify(json);
}

/** The latest words of the user before the tool was called. */
function lastQuestion({ messages }: LocalAgent): string | undefined {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message?.role !== "user") continue;
    const texts = message.content.flatMap((block) =>
      block.type === "textBlock" ? [block.text] : [],
    );
    if (texts.length > 0) return texts.join("\n");
  }
  return undefined;
}
