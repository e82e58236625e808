/**
 * Counts what a model is really sent: for `summarizationMiddleware` and `trimMessages`, which otherwise count the originals that the
 * state keeps, and summarize or cut long before there is need.
 */
import type { CompressResult } from "@headroom/core";
import type { BaseMessage } from "@langchain/core/messages";
import { callsOf } from "./messages.ts";
import type { HeadroomLangChainOptions } from "./options.ts";
import { instances } from "./run.ts";

export interface HeadroomTokenCounterOptions extends HeadroomLangChainOptions {
  /** False where the model has no retrieve tool, so that only lossless forms are sent. @default true with a store */
  readonly retrieveTool?: boolean;
}

/** Tokens of messages after compression, at 4 for the frame of each message. */
export type HeadroomTokenCounter = (messages: BaseMessage[]) => Promise<number>;

const FRAME_TOKENS = 4;

/**
 * A `tokenCounter` that counts messages as `headroomMiddleware` and `HeadroomCompressor` with the same options send them. Stores
 * nothing. @throws InvalidOptionError
 */
export function createTokenCounter(
  options: HeadroomTokenCounterOptions = {},
): HeadroomTokenCounter {
  const { retrieveTool = options.store !== undefined, ...rest } = options;
  const instanceOf = instances(rest, retrieveTool);
  /** A search for a cut counts many parts of one history; a message has the tokens it had in the whole. */
  const known = new WeakMap<BaseMessage, number>();
  return async (messages) => {
    if (!messages.every((message) => known.has(message))) {
      const tokens = tokensByMessage(messages, await instanceOf().simulate(messages));
      for (const [index, message] of messages.entries()) known.set(message, tokens[index] ?? 0);
    }
    return messages.reduce((sum, message) => sum + (known.get(message) ?? 0), 0);
  };
}

function tokensByMessage(
  messages: readonly BaseMessage[],
  { tokensAfter, blocks }: CompressResult<BaseMessage>,
): number[] {
  const tokens = messages.map(() => FRAME_TOKENS);
  for (const { message, tokensAfter: its } of blocks)
    tokens[message] = (tokens[message] ?? 0) + its;
  // What is left are the tool calls; the report has them in one sum.
  const rest = tokensAfter - tokens.reduce((sum, its) => sum + its, 0);
  const sizes = messages.map((message) => JSON.stringify(callsOf(message)).length - 2);
  const size = sizes.reduce((sum, its) => sum + its, 0);
  if (size === 0 || rest <= 0) return tokens;
  return tokens.map((its, index) => its + (rest * (sizes[index] ?? 0)) / size);
}
