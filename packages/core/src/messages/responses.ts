/**
 * OpenAI Responses input items.
 *
 * Source: the `ResponseInputItem` union of the official SDK. Read are outputs of tools (functions, custom tools, shells,
 * patches, MCP, the code interpreter), string or list form, and the text of message items. Calls and their arguments, reasoning, compaction and
 * other encrypted items, references, computer screenshots, images and items not known here are left alone.
 *
 * Trap: a turn without `type` (`{ role, content }`) is a message item too, and the same as a chat message.
 */
import { argsOf, isRecord, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, Role, TextBlock, ToolCall } from "../types/message.ts";
import { readByCode } from "./read-by-code.ts";
import { replaceTexts } from "./record.ts";

const ROLES: ReadonlyMap<unknown, Role> = new Map<unknown, Role>([
  ["assistant", "assistant"],
  ["developer", "system"],
  ["system", "system"],
  ["user", "user"],
]);
/** Outputs whose `output` is a string or a list of content parts, and the name of tools that have none of their own. */
const OUTPUTS: ReadonlyMap<unknown, string | undefined> = new Map([
  ["apply_patch_call_output", "apply_patch"],
  ["custom_tool_call_output", undefined],
  ["function_call_output", undefined],
  ["local_shell_call_output", "local_shell"],
]);
const SHELL_OUTPUT = "shell_call_output";
const OTHER_ITEMS = new Set([
  "apply_patch_call",
  "code_interpreter_call",
  "compaction",
  "computer_call",
  "computer_call_output",
  "custom_tool_call",
  "file_search_call",
  "function_call",
  "image_generation_call",
  "item_reference",
  "local_shell_call",
  "mcp_approval_request",
  "mcp_approval_response",
  "mcp_call",
  "mcp_list_tools",
  "reasoning",
  "shell_call",
  "web_search_call",
]);
const TEXT_PARTS = new Set(["input_text", "output_text"]);
const ONLY_RESPONSES_PARTS = new Set([...TEXT_PARTS, "input_file", "input_image"]);

/** The lens for OpenAI Responses items. */
export const responsesMessages: MessageAdapter = {
  name: "responses",
  detect(item) {
    if (!isRecord(item)) return 0;
    if (OUTPUTS.has(item.type) || item.type === SHELL_OUTPUT) return 1;
    if (OTHER_ITEMS.has(String(item.type))) return 1;
    if (!ROLES.has(item.role)) return 0;
    if (item.type === "message") return 1;
    if (item.type !== undefined || Array.isArray(item.tool_calls)) return 0;
    if (typeof item.content === "string") return 0.5;
    if (!Array.isArray(item.content)) return 0;
    return item.content.some(
      (part) => isRecord(part) && ONLY_RESPONSES_PARTS.has(String(part.type)),
    )
      ? 1
      : 0.25;
  },
  read(item) {
    if (!isRecord(item)) return [];
    if (OUTPUTS.has(item.type)) {
      const toolName = OUTPUTS.get(item.type);
      return textsOf(item.output, "output", {
        role: "tool",
        ...(toolName === undefined ? {} : { toolName }),
        ...answers(item),
        ...readByCode(item),
      });
    }
    if (item.type === SHELL_OUTPUT) return shellTexts(item);
    if (item.type === "mcp_call") return mcpText(item);
    if (item.type === "code_interpreter_call") return interpreterTexts(item);
    if (item.type !== undefined && item.type !== "message") return [];
    return textsOf(item.content, "content", { role: ROLES.get(item.role) ?? "unknown" });
  },
  calls(item) {
    if (!isRecord(item)) return [];
    const id = typeof item.call_id === "string" ? item.call_id : item.id;
    if (typeof id !== "string") return [];
    const call = (name: unknown, args?: unknown): ToolCall[] =>
      typeof name === "string"
        ? [{ id, name, ...(typeof args === "string" ? { args } : {}), ...readByCode(item) }]
        : [];
    switch (item.type) {
      case "function_call":
        return call(item.name, item.arguments);
      case "custom_tool_call":
        return call(item.name, item.input);
      case "local_shell_call":
        return call("local_shell", argsOf(item.action).args);
      case "shell_call":
        return call("shell", argsOf(item.action).args);
      case "apply_patch_call":
        return call("apply_patch", argsOf(item.operation).args);
      default:
        return [];
    }
  },
  write: (item, replacements) => replaceTexts(item, replacements),
};

type Common = Omit<TextBlock, "id" | "text">;

function textsOf(content: unknown, id: string, common: Common): TextBlock[] {
  if (typeof content === "string") return [{ id, text: content, ...common }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, index): TextBlock[] =>
    isRecord(part) && TEXT_PARTS.has(String(part.type)) && typeof part.text === "string"
      ? [{ id: `${id}.${index}.text`, text: part.text, ...common }]
      : [],
  );
}

/** A shell answers each command with two streams and how it ended. */
function shellTexts(item: UnknownRecord): TextBlock[] {
  if (!Array.isArray(item.output)) return [];
  const common: Common = {
    role: "tool",
    toolName: "shell",
    ...answers(item),
    ...readByCode(item),
  };
  return item.output.flatMap((chunk: unknown, index): TextBlock[] => {
    if (!isRecord(chunk)) return [];
    return (["stdout", "stderr"] as const).flatMap((stream): TextBlock[] => {
      const text = chunk[stream];
      return typeof text === "string" && text !== ""
        ? [{ id: `output.${index}.${stream}`, text, ...common }]
        : [];
    });
  });
}

/** Call and outputs in one item: what the program printed, beside images. */
function interpreterTexts({ outputs }: UnknownRecord): TextBlock[] {
  if (!Array.isArray(outputs)) return [];
  return outputs.flatMap((output: unknown, index): TextBlock[] => {
    if (!isRecord(output) || output.type !== "logs" || typeof output.logs !== "string") return [];
    const id = `outputs.${index}.logs`;
    return [{ id, text: output.logs, role: "tool", toolName: "code_interpreter" }];
  });
}

/** Call and output in one item. */
function mcpText({ output, name }: UnknownRecord): TextBlock[] {
  if (typeof output !== "string") return [];
  const tool = typeof name === "string" ? { toolName: name } : {};
  return [{ id: "output", text: output, role: "tool", ...tool }];
}

/** The local shell's output names its call in `id`. */
function answers({ call_id, id, type }: UnknownRecord): { toolCallId?: string } {
  if (typeof call_id === "string") return { toolCallId: call_id };
  return type === "local_shell_call_output" && typeof id === "string" ? { toolCallId: id } : {};
}
