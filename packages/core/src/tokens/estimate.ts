import type { TokenCounter } from "../types/tokens.ts";

/** About how many tokens. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.4);
}

export const estimateCounter: TokenCounter = { name: "estimate", count: estimateTokens };
