import { type CallOptions, type CompressTextOptions, createHeadroom } from "./headroom.ts";
import type { HeadroomOptions } from "./options.ts";
import type { CompressResult, CompressTextResult } from "./result.ts";

/**
 * Compresses the messages of one request. OpenAI chat and Responses, Anthropic and Gemini are detected; the answer has the same
 * shape.
 *
 * Without a `store` only lossless forms are used. Content never makes it reject. It rejects with `InvalidOptionError` for wrong
 * options and with the reason of a firing `signal`. For many calls make one instance with `createHeadroom`: it remembers earlier
 * turns.
 */
export async function compress<Message>(
  messages: readonly Message[],
  options: HeadroomOptions = {},
): Promise<CompressResult<Message>> {
  return createHeadroom({ cacheBytes: 0, ...options }).compress(messages);
}

/** Compresses one text as if it were a tool result. Same options and guarantees as `compress`. */
export async function compressText(
  text: string,
  options: HeadroomOptions & Omit<CompressTextOptions, keyof CallOptions> = {},
): Promise<CompressTextResult> {
  const { toolName, isError, ...rest } = options;
  return createHeadroom({ cacheBytes: 0, ...rest }).compressText(text, {
    ...(toolName === undefined ? {} : { toolName }),
    ...(isError === undefined ? {} : { isError }),
  });
}

/** The answer `compress` would give, with nothing stored and no `onBlock` or `afterCompress` called. */
export async function simulate<Message>(
  messages: readonly Message[],
  options: HeadroomOptions = {},
): Promise<CompressResult<Message>> {
  return createHeadroom({ cacheBytes: 0, ...options }).simulate(messages);
}
