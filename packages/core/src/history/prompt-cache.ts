/**
 * What a sequence of requests costs where the provider keeps a prompt cache: cached is what an earlier request wrote, and that is a
 * prefix. Counts and prices only: there is no clock, so nothing that was written expires.
 */

/** What a model costs, in any currency, per million tokens. */
export interface PriceTable {
  /** Input that is neither read from the cache nor written to it. */
  readonly input: number;
  readonly output: number;
  /**
   * Input that is written to the cache. With Anthropic 1.25 times `input` for entries of 5 minutes and twice `input` for those of
   * an hour; the price of `input` where a provider writes for nothing.
   * @default 1.25 × input
   */
  readonly cacheWrite?: number;
  /** Input that is read from the cache. @default 0.1 × input */
  readonly cacheRead?: number;
  /** The shortest prefix in tokens that is cached. @default 1024 */
  readonly minCacheableTokens?: number;
  /**
   * `"marked"`: a prefix is written where a part carries a mark (Anthropic's `cache_control`). `"automatic"`: every prefix of parts
   * is (OpenAI, Gemini).
   * @default "marked"
   */
  readonly caching?: "automatic" | "marked";
}

/** A piece of a request that is cached as a whole or not at all: the tools, the system prompt, a message, a block. */
export interface RequestPart {
  /** What the part says, byte for byte, or a digest of it. Equal keys in equal places are equal prefixes. */
  readonly key: string;
  readonly tokens: number;
  /** A mark stands behind this part. */
  readonly isMarked?: boolean;
}

/** Tokens by what is paid for them. */
export interface TokenBill {
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Input that is neither read from the cache nor written to it. */
  readonly uncachedTokens: number;
  readonly outputTokens: number;
  /** In the currency of the price table. */
  readonly cost: number;
  /** The part of `cost` that is paid for input. */
  readonly inputCost: number;
}

/** One cache of one provider. */
export interface PromptCache {
  /** Takes the next request: the bill for it, and from then on its marked prefixes are cached. */
  request(parts: readonly RequestPart[], outputTokens?: number): TokenBill;
  /** The sum of all bills. */
  total(): TokenBill;
}

/** Simulates the prompt cache of a provider for requests that are fed one after the other. */
export function promptCache(prices: PriceTable): PromptCache {
  const {
    input,
    cacheWrite = 1.25 * input,
    cacheRead = 0.1 * input,
    minCacheableTokens = 1_024,
  } = prices;
  const written = prefixes();
  let total: TokenBill = NOTHING;
  return {
    request(parts, outputTokens = 0) {
      const { cached, cacheable, all } = written.walk(parts, prices.caching === "automatic");
      const cacheReadTokens = cached >= minCacheableTokens ? cached : 0;
      const cacheWriteTokens =
        cacheable >= minCacheableTokens ? Math.max(0, cacheable - cacheReadTokens) : 0;
      const uncachedTokens = all - cacheReadTokens - cacheWriteTokens;
      const inputCost =
        (cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite + uncachedTokens * input) /
        MILLION;
      const bill: TokenBill = {
        cacheReadTokens,
        cacheWriteTokens,
        uncachedTokens,
        outputTokens,
        inputCost,
        cost: inputCost + (outputTokens * prices.output) / MILLION,
      };
      total = sumOf(total, bill);
      return bill;
    },
    total: () => total,
  };
}

const MILLION = 1_000_000;

const NOTHING: TokenBill = {
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  uncachedTokens: 0,
  outputTokens: 0,
  inputCost: 0,
  cost: 0,
};

/** Two bills as one. */
export function sumOf(left: TokenBill, right: TokenBill): TokenBill {
  return {
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
    uncachedTokens: left.uncachedTokens + right.uncachedTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    inputCost: left.inputCost + right.inputCost,
    cost: left.cost + right.cost,
  };
}

/** A tree of parts: what requests have in common is held once. */
interface Node {
  readonly next: Map<string, Node>;
  isWritten: boolean;
}

interface Walked {
  /** Tokens of the longest prefix that an earlier request wrote. */
  readonly cached: number;
  /** Tokens up to the last mark. */
  readonly cacheable: number;
  readonly all: number;
}

interface Prefixes {
  walk(parts: readonly RequestPart[], isAutomatic: boolean): Walked;
}

function prefixes(): Prefixes {
  const root: Node = { next: new Map(), isWritten: false };
  return {
    walk(parts, isAutomatic) {
      let node = root;
      let cached = 0;
      let cacheable = 0;
      let all = 0;
      const marked: Node[] = [];
      for (const { key, tokens, isMarked } of parts) {
        const known = node.next.get(key);
        const next = known ?? { next: new Map<string, Node>(), isWritten: false };
        if (!known) node.next.set(key, next);
        node = next;
        all += tokens;
        if (node.isWritten) cached = all;
        if (!isMarked && !isAutomatic) continue;
        cacheable = all;
        marked.push(node);
      }
      for (const place of marked) place.isWritten = true;
      return { cached, cacheable: Math.max(cached, cacheable), all };
    },
  };
}
