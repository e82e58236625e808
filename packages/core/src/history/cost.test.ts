import { expect, it } from "vitest";
import { memoryStore } from "../ccr/memory-store.ts";
import { createHeadroom } from "../create.ts";
import { createBareHeadroom } from "../kit/bare-headroom.ts";
import { openaiMessages } from "../messages/openai.ts";

const PRICES = { input: 5, output: 25, minCacheableTokens: 0 };

const ROWS = Array.from({ length: 400 }, (_, id) => ({
  id,
  name: `service-${(id * 7919) % 1000}`,
  state: id === 333 ? "failed" : "running",
  url: `https://example.org/services/${id}`,
}));

function call(id: string, args: object): object {
  return {
    role: "assistant",
    content: null,
    tool_calls: [
      { id, type: "function", function: { name: "run", arguments: JSON.stringify(args) } },
    ],
  };
}

function session(...later: readonly object[]): readonly object[] {
  return [
    { role: "user", content: "What failed?" },
    call("a", { command: "list" }),
    { role: "tool", tool_call_id: "a", content: JSON.stringify(ROWS) },
    ...later,
  ];
}

const ANSWER = { role: "assistant", content: "Row 333 failed." };

it("pays for one request an answer, and less where results are shorter", async () => {
  const headroom = createHeadroom({ store: memoryStore() });
  const cost = await headroom.cost(session(ANSWER), PRICES);
  expect(cost.turns).toHaveLength(2);
  expect(cost.with.outputTokens).toBe(cost.without.outputTokens);
  expect(cost).toMatchObject({ retrievals: 0, breaks: 0 });
  expect(cost.saved).toBeGreaterThan(0.5);
  // The definition of the tool is paid for from the first request on.
  const [first] = cost.turns;
  expect(first?.with.cacheWriteTokens).toBeGreaterThan(first?.without.cacheWriteTokens ?? 0);
  expect(headroom.stats().calls).toBe(0);
});

it("without a store, and without tools, none is offered and nothing is paid for it", async () => {
  const talk = await createHeadroom({ store: memoryStore() }).cost(
    [{ role: "user", content: "Hello" }, ANSWER],
    PRICES,
  );
  expect(talk.with).toEqual(talk.without);
  const { turns } = await createHeadroom().cost(
    [{ role: "user", content: "Hello" }, ANSWER],
    PRICES,
  );
  expect(turns).toHaveLength(1);
  expect(turns[0]?.with).toEqual(turns[0]?.without);
});

it("pays for a retrieval where the next call needs what a view left out, and for its answer from then on", async () => {
  const hidden = call("b", { command: "stop service-233" });
  const result = { role: "tool", tool_call_id: "b", content: "stopped" };
  const headroom = createHeadroom({ store: memoryStore() });
  const { messages } = await headroom.compress(session());
  const view = JSON.stringify(messages[2]);
  // Else the test would say nothing.
  expect([JSON.stringify(ROWS).includes("service-233"), view.includes("service-233")]).toEqual([
    true,
    false,
  ]);
  const needed = await headroom.cost(session(hidden, result, ANSWER), PRICES);
  const other = await headroom.cost(
    session(call("b", { command: "stop" }), result, ANSWER),
    PRICES,
  );
  expect([needed.retrievals, other.retrievals]).toEqual([1, 0]);
  const [before, after] = [needed.turns[2]?.with, other.turns[2]?.with];
  expect(before?.cacheReadTokens).toBeGreaterThan((after?.cacheReadTokens ?? 0) + 3_000);
});

it("counts each answer once where a record writes its blocks as messages of their own", async () => {
  const block = (id: string): object => ({
    role: "assistant",
    id: "msg_1",
    content: [{ type: "tool_use", id, name: "run", input: {} }],
  });
  const result = (id: string): object => ({
    role: "user",
    content: [{ type: "tool_result", tool_use_id: id, content: "done" }],
  });
  const messages = [
    { role: "user", content: "Go" },
    block("a"),
    result("a"),
    block("b"),
    result("b"),
    ANSWER,
  ];
  expect((await createHeadroom().cost(messages, PRICES)).turns).toHaveLength(2);
});

it("system, tools and a prefix nobody recorded are paid for in both arms", async () => {
  const messages = [{ role: "user", content: "Hello" }, ANSWER];
  const bare = await createHeadroom().cost(messages, PRICES);
  const full = await createHeadroom().cost(
    { messages, system: "Be brief.", tools: [{ name: "run" }], prefixTokens: 5_000 },
    PRICES,
  );
  expect(full.without.cacheWriteTokens).toBeGreaterThan(bare.without.cacheWriteTokens + 5_005);
  expect(full.with).toEqual(full.without);
});

it("odd content has a cost; wrong prices and sessions are refused", async () => {
  const headroom = createHeadroom();
  await expect(
    headroom.cost([null, 7, { role: "assistant" }, { content: [] }], PRICES),
  ).resolves.toBeDefined();
  await expect(headroom.cost([], PRICES)).resolves.toMatchObject({ saved: 0, turns: [] });
  await expect(headroom.cost([], { input: -1, output: 1 })).rejects.toThrow("prices.input");
  await expect(headroom.cost([], { output: 1 } as never)).rejects.toThrow("prices.input");
  await expect(headroom.cost({} as never, PRICES)).rejects.toThrow("session");
  const bare = createBareHeadroom({ adapter: openaiMessages });
  await expect(bare.cost([], PRICES)).rejects.toThrow("@headroom/core");
});
