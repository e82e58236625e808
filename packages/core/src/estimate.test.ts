import { expect, it } from "vitest";
import { memoryStore } from "./ccr/memory-store.ts";
import { createHeadroom as createExact } from "./create.ts";
import { createHeadroom } from "./estimate.ts";
import { estimateTokens } from "./tokens/estimate.ts";

const rows = JSON.stringify(
  Array.from({ length: 300 }, (_, id) => ({ id, state: id === 40 ? "failed" : "done" })),
);
const messages = [
  { role: "user", content: "What failed?" },
  { role: "tool", tool_call_id: "1", content: rows },
];

it("gives the bytes and counts that `@headroom/core` gives with estimateTokens, whatever the model", async () => {
  const counter = { name: "estimate", count: estimateTokens };
  const exact = createExact({ store: memoryStore(), tokenCounter: counter });
  const expected = await exact.compress(messages);
  for (const model of [undefined, "gpt-5", "claude-sonnet-5"]) {
    const headroom = createHeadroom({ store: memoryStore(), ...(model ? { model } : {}) });
    const { messages: compressed, tokensAfter } = await headroom.compress(messages);
    expect(compressed).toEqual(expected.messages);
    expect(tokensAfter).toBe(expected.tokensAfter);
  }
  expect(expected.savings).toBeGreaterThan(0.5);
});

it("counts with the counter it is given", async () => {
  const tokenCounter = { name: "characters", count: (text: string) => text.length };
  const { tokensBefore } = await createHeadroom({ tokenCounter }).compressText(rows);
  expect(tokensBefore).toBe(rows.length);
});

it("throws for wrong options", () => {
  expect(() => createHeadroom({ minTokens: -1 })).toThrow("minTokens");
});
