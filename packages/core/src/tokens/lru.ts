/**
 * Remembers counts by content, so that the next turn over the same history costs lookups.
 *
 * Only long strings: for short ones the map costs more than counting. A true LRU by bytes (two per UTF-16 unit); the map
 * holds the texts themselves, so that a hit can never be a hash collision.
 */
import type { TokenCounter } from "../types/tokens.ts";

export interface CachedCounterOptions {
  /** @default 16 MiB */
  readonly maxBytes?: number;
  /** Shorter texts are counted every time. @default 1024 */
  readonly minLength?: number;
}

export function cachedCounter(
  counter: TokenCounter,
  options: CachedCounterOptions = {},
): TokenCounter {
  const { maxBytes = 16 * 1024 * 1024, minLength = 1024 } = options;
  const counts = new Map<string, number>();
  let bytes = 0;
  return {
    name: counter.name,
    count(text) {
      if (text.length < minLength) return counter.count(text);
      const known = counts.get(text);
      if (known !== undefined) {
        counts.delete(text);
        counts.set(text, known);
        return known;
      }
      const tokens = counter.count(text);
      const size = text.length * 2;
      if (size > maxBytes) return tokens;
      counts.set(text, tokens);
      bytes += size;
      for (const oldest of counts.keys()) {
        if (bytes <= maxBytes) break;
        counts.delete(oldest);
        bytes -= oldest.length * 2;
      }
      return tokens;
    },
  };
}
