/**
 * Claude and Gemini, whose tokenizers are not published: `o200k_base` times a factor.
 *
 * Only absolute figures depend on the factor; what is saved in percent does not. A caller who knows better (from the
 * `usage` of an answer, or a count endpoint) passes the factor, see `LoadCounterOptions`.
 *
 * - Claude: Anthropic says that tiktoken undercounts Claude by 15 to 20 % on typical text and more on code
 *   (https://platform.claude.com/docs/en/build-with-claude/token-counting); the last tokenizer it published (Claude 2) takes
 *   1.01 (JSON of logs) to 1.32 (paths) times `o200k_base` over 15 kinds of tool output. From Opus 4.7 on a new one takes 1.0 to 1.35 times
 *   more than before (https://platform.claude.com/docs/en/about-claude/models/migration-guide).
 * - Gemini: Google counts locally with the tokenizer of Gemma, which is public. Measured with Gemma 3 over the same kinds:
 *   every digit is a token of its own, and the rest takes 1.01 (HTML) to 1.30 (paths) times, 1.09 on average.
 */
import type { TokenCounter } from "../types/tokens.ts";

export const CLAUDE_FACTOR = 1.2;
/** Claude models since Opus 4.7. */
export const NEW_CLAUDE_FACTOR = 1.4;
export const GEMINI_FACTOR = 1.09;

/** A counter whose result is multiplied by a factor, rounded up. */
export function calibratedCounter(
  base: TokenCounter,
  name: string,
  factor: number,
  extra?: (text: string) => number,
): TokenCounter {
  return {
    name,
    count: (text) => Math.ceil(base.count(text) * factor) + (extra?.(text) ?? 0),
  };
}

/** Tokens that a tokenizer with one token a digit needs beyond one with up to three digits a token. */
export function digitTokens(text: string): number {
  let extra = 0;
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    run = code >= 48 && code <= 57 ? run + 1 : 0;
    if (run % 3 !== 1 && run !== 0) extra++;
  }
  return extra;
}
