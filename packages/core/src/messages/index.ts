import type { MessageAdapter } from "../types/message.ts";
import { anthropicMessages } from "./anthropic.ts";
import { bedrockMessages } from "./bedrock.ts";
import { geminiContents } from "./gemini.ts";
import { openaiMessages } from "./openai.ts";
import { responsesMessages } from "./responses.ts";

/** The built-in adapters; on equal scores the first wins (a plain text message is the same in both). */
export const defaultAdapters: readonly MessageAdapter[] = [
  openaiMessages,
  anthropicMessages,
  responsesMessages,
  geminiContents,
  bedrockMessages,
];

/**
 * The adapter that fits one message best, the first of the list on equal scores; `undefined` when none knows it.
 *
 * Each message on its own: were the whole transcript asked, a message that comes later could change how an earlier one is
 * read, and so its bytes. Transcripts that mix shapes are read too. A single adapter is the caller's choice and not asked.
 */
export function adapterFor(
  message: unknown,
  adapters: readonly MessageAdapter[],
): MessageAdapter | undefined {
  if (adapters.length === 1) return adapters[0];
  let best: MessageAdapter | undefined;
  let bestScore = 0;
  for (const adapter of adapters) {
    const score = adapter.detect(message);
    if (score > bestScore) {
      best = adapter;
      bestScore = score;
    }
  }
  return best;
}
