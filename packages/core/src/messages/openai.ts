/**
 * OpenAI Chat Completions messages.
 *
 * Source: the `ChatCompletionMessageParam` union of the official SDK. Content is a string or a list of parts; only `text`
 * parts are read. Tool calls, refusals, audio and images are left alone.
 */
import { isRecord, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, Role, TextBlock, ToolCall } from "../types/message.ts";
import { replaceTexts } from "./record.ts";

const ROLES: ReadonlyMap<unknown, Role> = new Map<unknown, Role>([
  ["assistant", "assistant"],
  ["developer", "system"],
  ["function", "tool"],
  ["system", "system"],
  ["tool", "tool"],
  ["user", "user"],
]);
const ONLY_OPENAI = new Set(["developer", "function", "system", "tool"]);
const ONLY_OPENAI_PARTS = new Set(["image_url", "input_audio", "file", "refusal"]);

/** The lens for OpenAI chat messages. */
export const openaiMessages: MessageAdapter = {
  name: "openai",
  detect(message) {
    if (!isRecord(message) || !ROLES.has(message.role)) return 0;
    if (ONLY_OPENAI.has(String(message.role)) || Array.isArray(message.tool_calls)) return 1;
    const { content } = message;
    if (content === null || typeof content === "string") return 0.5;
    if (!Array.isArray(content)) return 0;
    return content.some((part) => isRecord(part) && ONLY_OPENAI_PARTS.has(String(part.type)))
      ? 1
      : 0.5;
  },
  read(message) {
    if (!isRecord(message)) return [];
    const role = roleOf(message);
    const common = { role, ...toolOf(message, role) };
    const { content } = message;
    if (typeof content === "string") return [{ id: "content", text: content, ...common }];
    if (!Array.isArray(content)) return [];
    return content.flatMap((part: unknown, index): TextBlock[] =>
      isRecord(part) && part.type === "text" && typeof part.text === "string"
        ? [{ id: `content.${index}.text`, text: part.text, ...common }]
        : [],
    );
  },
  calls(message) {
    if (!isRecord(message) || !Array.isArray(message.tool_calls)) return [];
    return message.tool_calls.flatMap((call: unknown): ToolCall[] => {
      if (!isRecord(call) || typeof call.id !== "string") return [];
      const target = isRecord(call.function)
        ? call.function
        : isRecord(call.custom)
          ? call.custom
          : undefined;
      if (!target || typeof target.name !== "string") return [];
      const args = target.arguments ?? target.input;
      return [{ id: call.id, name: target.name, ...(typeof args === "string" ? { args } : {}) }];
    });
  },
  write: (message, replacements) => replaceTexts(message, replacements),
};

function roleOf(message: UnknownRecord): Role {
  return ROLES.get(message.role) ?? "unknown";
}

function toolOf(message: UnknownRecord, role: Role): { toolCallId?: string; toolName?: string } {
  if (role !== "tool") return {};
  return {
    ...(typeof message.tool_call_id === "string" ? { toolCallId: message.tool_call_id } : {}),
    ...(typeof message.name === "string" ? { toolName: message.name } : {}),
  };
}
