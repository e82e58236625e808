/** Law 2: what does not save real tokens, marker included, is not used; nor does a request ever grow. */
import { loadCounter, memoryStore, type TokenCounter } from "@headroom/core";
import { beforeAll, expect } from "vitest";
import { describeLaw, lying, rewriting } from "./law.ts";
import { changesBetween, messagesOf, requests } from "./transcript.ts";

// The real tokenizer: here a token more or less is the point.
let counter: TokenCounter;
beforeAll(async () => {
  counter = await loadCounter("o200k_base");
});

describeLaw(
  "no block and no request gets larger",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const result = await make({
      store: memoryStore(),
      tokenCounter: counter,
      minTokens: 40,
      mode,
    }).compress(input);
    const changes = changesBetween(input, result.messages);
    let saved = 0;
    for (const { before, after } of changes) {
      const [tokensBefore, tokensAfter] = [counter.count(before), counter.count(after)];
      expect(tokensAfter).toBeLessThan(tokensBefore);
      saved += tokensBefore - tokensAfter;
    }
    for (const row of result.blocks) expect(row.tokensAfter).toBeLessThanOrEqual(row.tokensBefore);
    expect(result.blocks.filter((row) => row.tokensAfter < row.tokensBefore)).toHaveLength(
      changes.length,
    );
    expect(result.tokensSaved).toBe(saved);
    expect(result.tokensAfter).toBe(result.tokensBefore - saved);
    expect(result.savings).toBeCloseTo(saved / Math.max(1, result.tokensBefore));
    if (changes.length === 0)
      expect(result.messages.every((message, index) => message === input[index])).toBe(true);
  },
  {
    "forgets to count its marker": rewriting((text) => `${text}\n${"marker ".repeat(text.length)}`),
    "reports more than it saved": lying((result) => ({
      ...result,
      tokensSaved: result.tokensSaved + 1,
    })),
    "copies messages it did not change": lying((result, input) => ({
      ...result,
      messages: input.map((message) => ({ ...(message as object) })),
    })),
  },
);
