import { isRecord } from "../kit/json.ts";
import type { TextBlock, ToolCall } from "../types/message.ts";

/** Whether the model wrote a message: a request ends before it, and a turn begins with it. */
export function isFromModel(
  message: unknown,
  calls: readonly ToolCall[],
  texts: readonly TextBlock[],
): boolean {
  if (calls.length > 0 || texts.some(({ role }) => role === "assistant")) return true;
  if (!isRecord(message)) return false;
  const { role, type } = message;
  return role === "assistant" || role === "model" || (role === undefined && type === "reasoning");
}
