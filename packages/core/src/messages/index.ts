import type { MessageAdapter } from "../types/message.ts";
import { anthropicMessages } from "./anthropic.ts";
import { openaiMessages } from "./openai.ts";

/** The built-in adapters; on equal scores the first wins (a plain text message is the same in both). */
export const defaultAdapters: readonly MessageAdapter[] = [openaiMessages, anthropicMessages];

/**
 * The adapter that fits these messages best: the one that knows the most of them for certain. `undefined` when none knows
 * any.
 */
export function detectAdapter(
  messages: readonly unknown[],
  adapters: readonly MessageAdapter[] = defaultAdapters,
): MessageAdapter | undefined {
  let best: MessageAdapter | undefined;
  let bestScore = 0;
  for (const adapter of adapters) {
    let score = 0;
    for (const message of messages) score += adapter.detect(message);
    if (score > bestScore) {
      best = adapter;
      bestScore = score;
    }
  }
  return best;
}
