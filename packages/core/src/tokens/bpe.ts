/**
 * Exact OpenAI encodings, by gpt-tokenizer.
 *
 * The vocabulary (1 to 2 MB of source) is imported only when a counter is asked for, once per process. Trap: the library
 * throws on text such as `<|endoftext|>` unless told that no special token is disallowed.
 */
import type { TokenCounter } from "../types/tokens.ts";
import { splitRuns } from "./run-guard.ts";

export type BpeEncoding = "o200k_base" | "cl100k_base";

const COUNT_SPECIAL_AS_TEXT = { disallowedSpecial: new Set<string>() };

/** Loads one vocabulary. Rejects when it cannot be imported. */
export async function loadBpe(encoding: BpeEncoding): Promise<TokenCounter> {
  const { countTokens } =
    encoding === "o200k_base"
      ? await import("gpt-tokenizer/encoding/o200k_base")
      : await import("gpt-tokenizer/encoding/cl100k_base");
  return {
    name: encoding,
    count(text) {
      const pieces = splitRuns(text);
      if (pieces === undefined) return countTokens(text, COUNT_SPECIAL_AS_TEXT);
      let tokens = 0;
      for (const piece of pieces) tokens += countTokens(piece, COUNT_SPECIAL_AS_TEXT);
      return tokens;
    },
  };
}
