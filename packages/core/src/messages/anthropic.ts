/**
 * Anthropic Messages API messages.
 *
 * Source: the `MessageParam` union of the official SDK. Read are text blocks, tool results (string or list form, nested text
 * blocks), documents with a plain-text source and search results; thinking, redacted thinking, tool inputs, images,
 * citations and blocks not known here are left alone. `cache_control` stays where it stands: only texts are replaced.
 */
import { argsOf, isRecord, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, Role, TextBlock, ToolCall } from "../types/message.ts";
import { replaceTexts } from "./record.ts";

const ONLY_ANTHROPIC = new Set([
  "document",
  "image",
  "redacted_thinking",
  "search_result",
  "server_tool_use",
  "thinking",
  "tool_result",
  "tool_use",
]);

/** The lens for Anthropic messages. */
export const anthropicMessages: MessageAdapter = {
  name: "anthropic",
  detect(message) {
    if (!isRecord(message) || (message.role !== "user" && message.role !== "assistant")) return 0;
    if (Array.isArray(message.tool_calls)) return 0;
    const { content } = message;
    if (typeof content === "string") return 0.5;
    if (!Array.isArray(content)) return 0;
    return content.some((block) => isRecord(block) && ONLY_ANTHROPIC.has(String(block.type)))
      ? 1
      : 0.5;
  },
  read(message) {
    if (!isRecord(message)) return [];
    const role: Role =
      message.role === "user" ? "user" : message.role === "assistant" ? "assistant" : "unknown";
    const { content } = message;
    if (typeof content === "string") return [{ id: "content", role, text: content }];
    if (!Array.isArray(content)) return [];
    return content.flatMap((block: unknown, index) =>
      isRecord(block) ? readBlock(block, `content.${index}`, role) : [],
    );
  },
  calls(message) {
    if (!isRecord(message) || !Array.isArray(message.content)) return [];
    return message.content.flatMap((block: unknown): ToolCall[] => {
      if (!isRecord(block) || !String(block.type).endsWith("tool_use")) return [];
      if (typeof block.id !== "string" || typeof block.name !== "string") return [];
      return [{ id: block.id, name: block.name, ...argsOf(block.input) }];
    });
  },
  write: (message, replacements) => replaceTexts(message, replacements),
};

function readBlock(block: UnknownRecord, id: string, role: Role): TextBlock[] {
  if (block.type === "text" && typeof block.text === "string")
    return [{ id: `${id}.text`, role, text: block.text }];
  if (block.type === "tool_result") {
    const tool = {
      role: "tool" as const,
      ...(typeof block.tool_use_id === "string" ? { toolCallId: block.tool_use_id } : {}),
      ...(block.is_error === true ? { isError: true } : {}),
    };
    if (typeof block.content === "string")
      return [{ id: `${id}.content`, text: block.content, ...tool }];
    return nestedTexts(block.content, `${id}.content`).map((text) => ({ ...text, ...tool }));
  }
  if (block.type === "document" && isRecord(block.source) && block.source.type === "text") {
    const { data } = block.source;
    return typeof data === "string"
      ? [{ id: `${id}.source.data`, role: "document", text: data }]
      : [];
  }
  if (block.type === "search_result")
    return nestedTexts(block.content, `${id}.content`).map((text) => ({
      ...text,
      role: "document",
    }));
  return [];
}

function nestedTexts(content: unknown, id: string): { id: string; text: string }[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, index) =>
    isRecord(part) && part.type === "text" && typeof part.text === "string"
      ? [{ id: `${id}.${index}.text`, text: part.text }]
      : [],
  );
}
