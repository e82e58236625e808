/**
 * `createAgent` with `headroomMiddleware` and the real ChatAnthropic package, against a local server that speaks Anthropic's wire
 * format. A tool returns 1,000 rows; the agent answers about one that it was not shown, over a checkpointed thread.
 * Checks what it prints, and exits non-zero when something is off.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { memoryStore } from "@headroom/core";
import { HeadroomCallbackHandler } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { startLlmServer } from "../../test/support/llm-server.ts";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const rows = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    customer: `customer-${id % 97}`,
    total: 20 + ((id * 37) % 400),
    state: id === 617 ? "failed: card expired" : "shipped",
  })),
);
const listOrders = tool(() => rows, {
  name: "list_orders",
  description: "Every order of a day.",
  schema: { type: "object", properties: { day: { type: "integer" } }, required: ["day"] },
});

/** A model that lists the orders, looks for row 250 among what it reads, and retrieves it when it is not there. */
const server = await startLlmServer(({ body }) => {
  if (!body.includes('"tool_result"'))
    return { calls: [{ name: "list_orders", args: { day: 1 } }] };
  const row = /id\\+":250,\\+"customer\\+":\\+"(customer-\d+)/.exec(body)?.[1];
  if (row) return { text: `It was ${row}.` };
  const hash = /\[\[hr:([a-z]{22})/.exec(body)?.[1];
  return { calls: [{ name: "headroom_retrieve", args: { hash, rows: "250" } }] };
});

try {
  const run = async (compressed: boolean) => {
    const metrics = new HeadroomCallbackHandler();
    const agent = createAgent({
      model: new ChatAnthropic({
        model: "claude-sonnet-4-5",
        apiKey: "not-needed",
        anthropicApiUrl: server.url,
      }),
      tools: [listOrders],
      middleware: compressed ? [headroomMiddleware({ store: memoryStore() })] : [],
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "1" }, callbacks: [metrics] };
    // Five questions over one thread: the history is read again with each.
    let answer = "";
    for (const question of ["Check the orders.", "Who ordered?", "Sure?", "Really?", "Thanks."]) {
      const { messages } = await agent.invoke({ messages: [new HumanMessage(question)] }, config);
      answer = messages.at(-1)?.text ?? "";
    }
    const { values } = await agent.graph.getState(config);
    const [kept] = (values as { messages: ToolMessage[] }).messages.filter(ToolMessage.isInstance);
    return { answer, kept: kept?.content, ...metrics.total };
  };
  const plain = await run(false);
  const ours = await run(true);
  const saved = 1 - ours.usage.input / plain.usage.input;

  print(
    `input tokens without:  ${plain.usage.input.toLocaleString("en").padStart(8)}  in ${plain.modelCalls} requests`,
  );
  print(
    `input tokens with:     ${ours.usage.input.toLocaleString("en").padStart(8)}  in ${ours.modelCalls} requests`,
  );
  print(
    `                          ${(saved * 100).toFixed(1)} % fewer, ${ours.retrievals} row looked up`,
  );
  print(`answer:                ${ours.answer}`);
  assert(saved >= 0.85, "at least 85 % fewer input tokens over the run");
  assert.equal(ours.answer, plain.answer);
  assert.equal(ours.answer, "It was customer-56.");
  assert.equal(ours.retrievals, 1);
  assert.equal(ours.kept, rows, "the checkpoint holds the original");
} finally {
  await server.stop();
}
