import { expect, it } from "vitest";
import { type PriceTable, promptCache, type RequestPart } from "./prompt-cache.ts";

const PRICES: PriceTable = { input: 10, output: 50, minCacheableTokens: 1_000 };

function parts(
  ...tokens: readonly (number | readonly [key: string, tokens: number])[]
): RequestPart[] {
  const made = tokens.map((part, index) =>
    typeof part === "number"
      ? { key: `part ${index}`, tokens: part }
      : { key: part[0], tokens: part[1] },
  );
  return made.map((part, index) =>
    index === made.length - 1 ? { ...part, isMarked: true } : part,
  );
}

it("a prefix that was marked is read, what follows is written, at the prices of each", () => {
  const cache = promptCache(PRICES);
  expect(cache.request(parts(1_000, 1_000))).toMatchObject({
    cacheWriteTokens: 2_000,
    cacheReadTokens: 0,
  });
  const second = cache.request(parts(1_000, 1_000, 500), 100);
  expect(second).toMatchObject({
    cacheReadTokens: 2_000,
    cacheWriteTokens: 500,
    uncachedTokens: 0,
  });
  // 2,000 at a tenth of 10, 500 at 1.25 times 10, 100 at 50, all per million.
  expect(second.inputCost).toBeCloseTo(0.002 + 0.00625, 10);
  expect(second.cost).toBeCloseTo(0.002 + 0.00625 + 0.005, 10);
  expect(cache.total()).toMatchObject({
    cacheReadTokens: 2_000,
    cacheWriteTokens: 2_500,
    outputTokens: 100,
  });
});

it("a changed part is paid for with all that follows, up to the last mark before it", () => {
  const cache = promptCache(PRICES);
  cache.request(parts(1_000));
  cache.request(parts(1_000, 1_000));
  cache.request(parts(1_000, 1_000, 1_000));
  const broken = cache.request(parts(1_000, ["edited", 400], 1_000));
  expect(broken).toMatchObject({ cacheReadTokens: 1_000, cacheWriteTokens: 1_400 });
});

it("a prefix is no longer known when the part in front of it changed", () => {
  const cache = promptCache(PRICES);
  cache.request(parts(1_000, 1_000));
  expect(cache.request(parts(["other", 1_000], 1_000)).cacheReadTokens).toBe(0);
});

it("what is shorter than the minimum is neither written nor read", () => {
  const cache = promptCache(PRICES);
  expect(cache.request(parts(999))).toMatchObject({ cacheWriteTokens: 0, uncachedTokens: 999 });
  expect(cache.request(parts(999, 1))).toMatchObject({
    cacheReadTokens: 0,
    cacheWriteTokens: 1_000,
  });
});

it("without a mark nothing is cached, unless the provider does it by itself", () => {
  const request = parts(2_000).map(({ key, tokens }) => ({ key, tokens }));
  const marked = promptCache(PRICES);
  marked.request(request);
  expect(marked.request(request)).toMatchObject({ cacheReadTokens: 0, uncachedTokens: 2_000 });
  const automatic = promptCache({ ...PRICES, cacheWrite: 10, caching: "automatic" });
  automatic.request(request);
  expect(automatic.request([...request, { key: "more", tokens: 10 }])).toMatchObject({
    cacheReadTokens: 2_000,
    cacheWriteTokens: 10,
  });
});

it("entries of an hour cost what the table says", () => {
  const cache = promptCache({ ...PRICES, cacheWrite: 20 });
  expect(cache.request(parts(1_000)).inputCost).toBeCloseTo(0.02, 10);
});
