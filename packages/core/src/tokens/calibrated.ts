import type { TokenCounter } from "../types/tokens.ts";

/** A counter whose result is multiplied by a factor and rounded. */
export function calibratedCounter(base: TokenCounter, name: string, factor: number): TokenCounter {
  return { name, count: (text) => Math.ceil(base.count(text) * factor) };
}
