/**
 * Remembers counts by content, so that the next turn over the same history costs lookups.
 *
 * Not those of words: the map would cost more than counting. Short texts have a small room of their own, because a table has many
 * thousands of them. The map holds the texts themselves, so that a hit can never be a hash collision.
 */
import { lru } from "../kit/lru.ts";
import type { TokenCounter } from "../types/tokens.ts";

export interface CachedCounterOptions {
  /** Two for each UTF-16 unit. Short texts have an eighth of it besides. @default 16 MiB */
  readonly maxBytes?: number;
  /** Shorter texts are counted every time. @default 48 */
  readonly minLength?: number;
}

/** UTF-16 units of a text that does not count as short. */
const MIN_LONG = 256;
/** Bytes for short texts, beside those for the others. */
const SHARE_OF_SHORT: number = 1 / 8;
/** Bytes of a short text's entry beside the text, roughly. */
const ENTRY_BYTES = 96;

export function cachedCounter(
  counter: TokenCounter,
  { maxBytes = 16 * 1024 * 1024, minLength = 48 }: CachedCounterOptions = {},
): TokenCounter {
  const long = lru<string, number>({ max: maxBytes });
  const short = lru<string, number>({ max: Math.floor(maxBytes * SHARE_OF_SHORT) });
  return {
    name: counter.name,
    count(text) {
      if (text.length < minLength) return counter.count(text);
      const isShort = text.length < MIN_LONG;
      const counts = isShort ? short : long;
      const known = counts.get(text);
      if (known !== undefined) return known;
      const tokens = counter.count(text);
      counts.set(text, tokens, text.length * 2 + (isShort ? ENTRY_BYTES : 0));
      return tokens;
    },
  };
}
