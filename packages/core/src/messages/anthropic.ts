/**
 * Anthropic Messages API messages.
 *
 * Source: the `MessageParam` union of the official SDK. Read are text blocks, tool results (string or list form, with the texts,
 * documents and search results in them), results of MCP servers, of code execution and of fetched pages, documents with a text
 * source, and search results; thinking, redacted thinking, tool inputs, images, encrypted content and blocks not known here are
 * left alone. `cache_control` stays where it stands: only texts are replaced.
 *
 * Traps: a result may be read by a program of the model and not by the model (`caller`); citations point at characters of a document.
 */
import { argsOf, isRecord, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, Role, TextBlock, ToolCall } from "../types/message.ts";
import { readByCode } from "./read-by-code.ts";
import { replaceTexts } from "./record.ts";

const ONLY_ANTHROPIC = new Set([
  "document",
  "image",
  "redacted_thinking",
  "search_result",
  "thinking",
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
    return content.some((block) => isRecord(block) && isOnlyAnthropics(String(block.type)))
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
      return [{ id: block.id, name: block.name, ...argsOf(block.input), ...readByCode(block) }];
    });
  },
  write: (message, replacements) => replaceTexts(message, replacements),
};

function isOnlyAnthropics(type: string): boolean {
  return ONLY_ANTHROPIC.has(type) || type.endsWith("tool_use") || type.endsWith("tool_result");
}

type Common = Omit<TextBlock, "id" | "text">;

/** An answer whose parts say where they are from. */
function citing({ citations }: UnknownRecord): { readonly keep?: string } {
  return Array.isArray(citations) && citations.length > 0 ? { keep: "carries citations" } : {};
}

function readBlock(block: UnknownRecord, id: string, role: Role): TextBlock[] {
  if (block.type === "text") return textAt(block, "text", id, { role, ...citing(block) });
  if (block.type === "document" || block.type === "search_result")
    return citedTexts(block, id, { role: "document" });
  if (!String(block.type).endsWith("tool_result")) return [];
  const tool: Common = {
    role: "tool",
    ...(typeof block.tool_use_id === "string" ? { toolCallId: block.tool_use_id } : {}),
    ...(block.is_error === true ? { isError: true } : {}),
  };
  if (typeof block.content === "string" || Array.isArray(block.content))
    return textsIn(block, "content", id, tool);
  return isRecord(block.content) ? serverTexts(block.content, `${id}.content`, tool) : [];
}

/** What a tool of the provider's found out: a page, or streams and a file of a sandbox. */
function serverTexts(content: UnknownRecord, id: string, common: Common): TextBlock[] {
  switch (content.type) {
    case "code_execution_result":
    case "bash_code_execution_result":
      return (["stdout", "stderr"] as const).flatMap((stream) =>
        content[stream] === "" ? [] : textAt(content, stream, id, common),
      );
    case "text_editor_code_execution_view_result":
      return content.file_type === "text" ? textAt(content, "content", id, common) : [];
    case "web_fetch_result":
      return isRecord(content.content) ? citedTexts(content.content, `${id}.content`, common) : [];
    default:
      return [];
  }
}

/** A document or a search result. Where it is cited by characters, they have to be those the caller has. */
function citedTexts(block: UnknownRecord, id: string, common: Common): TextBlock[] {
  const cited =
    isRecord(block.citations) && block.citations.enabled === true
      ? { ...common, keep: "cited by its characters" }
      : common;
  if (block.type === "search_result") return textsIn(block, "content", id, cited);
  const { source } = block;
  if (!isRecord(source)) return [];
  if (source.type === "text") return textAt(source, "data", `${id}.source`, cited);
  return source.type === "content" ? textsIn(source, "content", `${id}.source`, cited) : [];
}

/** Content as one string, or as a list of blocks. */
function textsIn(parent: UnknownRecord, key: string, id: string, common: Common): TextBlock[] {
  const content = parent[key];
  if (!Array.isArray(content)) return textAt(parent, key, id, common);
  return content.flatMap((part: unknown, index): TextBlock[] => {
    if (!isRecord(part)) return [];
    const place = `${id}.${key}.${index}`;
    if (part.type === "text") return textAt(part, "text", place, common);
    const isCited = part.type === "document" || part.type === "search_result";
    return isCited ? citedTexts(part, place, common) : [];
  });
}

function textAt(parent: UnknownRecord, key: string, id: string, common: Common): TextBlock[] {
  const text = parent[key];
  return typeof text === "string" ? [{ id: `${id}.${key}`, text, ...common }] : [];
}
