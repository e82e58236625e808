import { isRecord } from "../kit/json.ts";
import type { MessageAdapter } from "../types/message.ts";

/** Whether the model wrote a message: a request ends before it, and a turn begins with it. */
export function isFromModel(message: unknown, adapter: MessageAdapter | undefined): boolean {
  if (isRecord(message)) {
    const { role, type } = message;
    if (role === "assistant" || role === "model") return true;
    if (role === undefined && (type === "reasoning" || type === "ai")) return true;
  }
  if (adapter === undefined) return false;
  try {
    return (
      adapter.calls(message).length > 0 ||
      adapter.read(message).some(({ role }) => role === "assistant")
    );
  } catch {
    return false;
  }
}
