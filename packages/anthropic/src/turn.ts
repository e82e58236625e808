/** What a message comes to: which of its calls are ours, which are the caller's. */
import { isRecord } from "@headroom/core/kit";
import { isOurs, type Json, type Turn } from "@headroom/core/wire";

export function turnOfMessage(message: Json): Turn {
  const content = blocksOf(message);
  const calls = content.filter(({ type }) => type === "tool_use");
  const ours = calls.filter(isOurBlock);
  return {
    items: [{ role: "assistant", content }],
    ours: ours.map(({ id, input }) => ({ id: String(id), args: input })),
    others: calls.length > ours.length,
    complete: message.stop_reason === "tool_use",
    ...(typeof message.id === "string" ? { id: message.id } : {}),
  };
}

export function blocksOf({ content }: Json): readonly Json[] {
  return Array.isArray(content) ? content.filter(isRecord) : [];
}

export function isOurBlock(block: unknown): boolean {
  return isRecord(block) && block.type === "tool_use" && isOurs(block.name);
}

/** Without our calls a reply that only waited for them is at its end. */
export function stopReason(reason: unknown, calls: readonly Json[]): unknown {
  return reason === "tool_use" && calls.every(isOurBlock) ? "end_turn" : reason;
}
