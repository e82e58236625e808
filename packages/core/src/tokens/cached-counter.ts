/**
 * Remembers counts by content, so that the next turn over the same history costs lookups.
 *
 * Only long strings: for short ones the map costs more than counting. The map holds the texts themselves, so that a hit can
 * never be a hash collision.
 */
import { lru } from "../kit/lru.ts";
import type { TokenCounter } from "../types/tokens.ts";

export interface CachedCounterOptions {
  /** Two for each UTF-16 unit. @default 16 MiB */
  readonly maxBytes?: number;
  /** Shorter texts are counted every time. @default 64 */
  readonly minLength?: number;
}

export function cachedCounter(
  counter: TokenCounter,
  { maxBytes = 16 * 1024 * 1024, minLength = 64 }: CachedCounterOptions = {},
): TokenCounter {
  const counts = lru<string, number>({ max: maxBytes });
  return {
    name: counter.name,
    count(text) {
      if (text.length < minLength) return counter.count(text);
      const known = counts.get(text);
      if (known !== undefined) return known;
      const tokens = counter.count(text);
      counts.set(text, tokens, text.length * 2);
      return tokens;
    },
  };
}
