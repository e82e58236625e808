import assert from "node:assert/strict";
import { memoryStore } from "@headroom/core";
import { HeadroomCompressor } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { createAgent, fakeModel } from "langchain";
import { json } from "./original.mjs";

const compressor = new HeadroomCompressor({ store: memoryStore(), retrieveTool: true });
const [short] = await compressor.invoke([new ToolMessage({ content: json, tool_call_id: "c1" })]);
assert.ok(short.text.length < json.length / 4);

const list = tool(() => json, {
  name: "list",
  description: "All of them.",
  schema: { type: "object", properties: {} },
});
let retrieved = "";
const model = fakeModel()
  .respondWithTools([{ name: "list", args: {} }])
  .respond((read) => {
    const hash = /\[\[hr:([a-z]{22})/.exec(read.at(-1).text)?.[1];
    const call = { name: "headroom_retrieve", args: { hash, rows: "251" }, id: "c2" };
    return new AIMessage({ content: "", tool_calls: [{ ...call, type: "tool_call" }] });
  })
  .respond((read) => {
    retrieved = read.at(-1).text;
    return new AIMessage("Row 251 is down.");
  });
const agent = createAgent({
  model,
  tools: [list],
  middleware: [headroomMiddleware({ store: memoryStore() })],
});
const { messages } = await agent.invoke({ messages: [new HumanMessage("Is anything down?")] });
assert.match(retrieved, /connection refused/);
assert.equal(messages.at(-1).text, "Row 251 is down.");
