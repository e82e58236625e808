/**
 * Messages of Amazon Bedrock's Converse API: `{ role, content: [{ text }, { toolUse }, { toolResult }] }`.
 *
 * Source: the `Message` and `ContentBlock` types of the AWS SDK. Read are text blocks and what is in tool results, as `text` or as
 * `json`; a `json` value is read as its JSON, and what is written takes its place as `text`. Calls, reasoning and its signatures,
 * images, documents and cache points are left alone.
 *
 * Trap: blocks carry no `type`; each is named by its only key.
 */
import { argsOf, isRecord, jsonOf, type UnknownRecord } from "../kit/json.ts";
import type { MessageAdapter, TextBlock, ToolCall } from "../types/message.ts";
import { replaceValue } from "./record.ts";

/** Keys that say what a block is, in this format only. */
const ONLY_BEDROCK = new Set([
  "cachePoint",
  "guardContent",
  "reasoningContent",
  "toolResult",
  "toolUse",
]);

/** The lens for messages of Bedrock's Converse API. */
export const bedrockMessages: MessageAdapter = {
  name: "bedrock",
  detect(message) {
    if (!isRecord(message) || (message.role !== "user" && message.role !== "assistant")) return 0;
    const { content } = message;
    if (!Array.isArray(content) || content.length === 0) return 0;
    if (!content.every((block) => isRecord(block) && !("type" in block))) return 0;
    return content.some((block: UnknownRecord) => Object.keys(block).some(isOnlyBedrocks))
      ? 1
      : 0.6;
  },
  read(message) {
    if (!isRecord(message) || !Array.isArray(message.content)) return [];
    const role = message.role === "user" || message.role === "assistant" ? message.role : "unknown";
    return message.content.flatMap((block: unknown, index): TextBlock[] => {
      if (!isRecord(block) || "type" in block) return [];
      const id = `content.${index}`;
      if (typeof block.text === "string") return [{ id: `${id}.text`, role, text: block.text }];
      return isRecord(block.toolResult) ? readResult(block.toolResult, `${id}.toolResult`) : [];
    });
  },
  calls(message) {
    if (!isRecord(message) || !Array.isArray(message.content)) return [];
    return message.content.flatMap((block: unknown): ToolCall[] => {
      if (!isRecord(block) || !isRecord(block.toolUse)) return [];
      const { toolUseId, name, input } = block.toolUse;
      if (typeof toolUseId !== "string" || typeof name !== "string") return [];
      return [{ id: toolUseId, name, ...argsOf(input) }];
    });
  },
  write(message, replacements) {
    let written = message;
    for (const [id, text] of replacements)
      written = replaceValue(written, id.split("."), (value) => {
        if (typeof value === "string") return text;
        if (!isRecord(value) || !id.includes(".toolResult.")) return value;
        const old = partText(value);
        if (old === undefined || old === text) return value;
        return typeof value.text === "string" ? { ...value, text } : { text };
      });
    return written;
  },
};

function readResult({ toolUseId, status, content }: UnknownRecord, id: string): TextBlock[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, index): TextBlock[] => {
    const text = isRecord(part) ? partText(part) : undefined;
    if (text === undefined) return [];
    return [
      {
        id: `${id}.content.${index}`,
        role: "tool",
        text,
        ...(typeof toolUseId === "string" ? { toolCallId: toolUseId } : {}),
        ...(status === "error" ? { isError: true } : {}),
      },
    ];
  });
}

/** The text of a part of a result, or the JSON of one that is nothing but `json`. */
function partText(part: UnknownRecord): string | undefined {
  if (typeof part.text === "string") return part.text;
  const { json } = part;
  const isJson = Object.keys(part).length === 1 && typeof json === "object" && json !== null;
  return isJson ? jsonOf(json) : undefined;
}

function isOnlyBedrocks(key: string): boolean {
  return ONLY_BEDROCK.has(key);
}
