/**
 * The same agents as a swarm, which hands over the whole conversation, and under a supervisor, which hands on what it is told.
 * Every agent reads short texts and holds `headroom_retrieve` over one store, so whoever sees a marker can redeem it: the second
 * agent answers about a row that the first one was never shown. Checks what it prints.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { memoryStore } from "@headroom/core";
import { createRetrieveTool, HeadroomCallbackHandler } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createHandoffTool, createSwarm } from "@langchain/langgraph-swarm";
import { createAgent, fakeModel } from "langchain";

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
  schema: { type: "object", properties: { day: { type: "integer" } } },
});

type Answer = (read: string) => { tool: string; args: Record<string, unknown> } | string;
let calls = 0;
const scripted = (...answers: Answer[]) => {
  const model = fakeModel();
  for (const answer of answers)
    model.respond((messages: BaseMessage[]) => {
      const said = answer(messages.map(({ text }) => text).join("\n"));
      if (typeof said === "string") return new AIMessage(said);
      const call = { name: said.tool, args: said.args, id: `call_${calls++}` };
      return new AIMessage({ content: "", tool_calls: [{ ...call, type: "tool_call" }] });
    });
  return model;
};
const hashIn = (read: string): string => /\[\[hr:([a-z]{22})/.exec(read)?.[1] ?? "none";
const rowIn = (read: string): string =>
  /"id":412,"customer":"(customer-\d+)"/.exec(read)?.[1] ?? "unknown";
const lookUp: Answer = (read) => ({
  tool: "headroom_retrieve",
  args: { hash: hashIn(read), rows: "412" },
});

async function swarm(metrics: HeadroomCallbackHandler): Promise<string> {
  const store = memoryStore();
  const middleware = [headroomMiddleware({ store })];
  const clerk = createAgent({
    name: "clerk",
    model: scripted(
      () => ({ tool: "list_orders", args: { day: 1 } }),
      () => ({ tool: "transfer_to_analyst", args: {} }),
    ),
    tools: [listOrders, createHandoffTool({ agentName: "analyst" })],
    middleware,
  });
  const analyst = createAgent({
    name: "analyst",
    model: scripted(lookUp, (read) => `Order 412 is from ${rowIn(read)}.`),
    tools: [createHandoffTool({ agentName: "clerk" })],
    middleware,
  });
  const team = createSwarm({
    agents: [clerk.graph, analyst.graph] as never,
    defaultActiveAgent: "clerk",
  }).compile({ checkpointer: new MemorySaver() });
  const { messages } = await team.invoke(
    { messages: [new HumanMessage("Who ordered number 412?")] },
    { configurable: { thread_id: "1" }, callbacks: [metrics] },
  );
  return String(messages.at(-1)?.text);
}

async function supervised(metrics: HeadroomCallbackHandler): Promise<string> {
  const store = memoryStore();
  const clerk = createAgent({
    name: "clerk",
    model: scripted(
      () => ({ tool: "list_orders", args: { day: 1 } }),
      (read) => `Order 617 failed. All orders: [[hr:${hashIn(read)}]]`,
    ),
    tools: [listOrders],
    middleware: [headroomMiddleware({ store })],
  });
  const team = createSupervisor({
    agents: [clerk.graph] as never,
    llm: scripted(
      () => ({ tool: "transfer_to_clerk", args: {} }),
      lookUp,
      (read) => `Order 412 is from ${rowIn(read)}.`,
    ),
    // The supervisor sees the marker in the clerk's report, so it holds the tool as well.
    tools: [createRetrieveTool({ store })],
  }).compile();
  const { messages } = await team.invoke(
    { messages: [new HumanMessage("What failed, and who ordered number 412?")] },
    { callbacks: [metrics] },
  );
  return String(messages.at(-1)?.text);
}

for (const [name, run] of Object.entries({ swarm, supervised })) {
  const metrics = new HeadroomCallbackHandler();
  const answer = await run(metrics);
  const { tokensBefore, tokensAfter, retrievals, misses } = metrics.total;
  print(`${name.padEnd(10)} ${answer}`);
  print(`           read ${tokensAfter} tokens instead of ${tokensBefore}, ${retrievals} look-up`);
  assert.equal(answer, "Order 412 is from customer-24.");
  assert(tokensAfter < tokensBefore / 10, "a tenth of the tokens at most");
  assert.deepEqual([retrievals, misses], [1, 0]);
}
