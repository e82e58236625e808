/** What a message comes to: which of its calls are ours, which are the caller's, what of it he sees. */
import { isRecord } from "@headroom/core/kit";
import { isOurs, type Json, type Round, type Turn } from "@headroom/core/wire";

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

export function shownOf(message: Json): readonly Json[] {
  return blocksOf(message).filter((block) => !isOurBlock(block));
}

/** Without our calls a reply that only waited for them is at its end. */
export function stopReason(reason: unknown, calls: readonly Json[]): unknown {
  return reason === "tool_use" && calls.every(isOurBlock) ? "end_turn" : reason;
}

/** A reply and our answers as messages. */
export function exchangeOf(round: Round): Json[] {
  // The model may give empty text; the API does not take it back.
  const replies = round.turn.items.map((message) => ({
    ...message,
    content: blocksOf(message).filter(({ type, text }) => type !== "text" || text !== ""),
  }));
  return [...replies, { role: "user", content: answersOf(round) }];
}

export function answersOf({ turn, answers }: Round): Json[] {
  return answers.map((content, index) => ({
    type: "tool_result",
    tool_use_id: turn.ours[index]?.id,
    content,
  }));
}
