import assert from "node:assert/strict";
import { memoryStore } from "@headroom/core";
import { headroomPlugin } from "@headroom/strands";
import { Agent, FunctionTool } from "@strands-agents/sdk";
import { OpenAIModel } from "@strands-agents/sdk/models/openai";
import { json } from "./original.mjs";

const bodies = [];
const say = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const calls = (name, args) => {
  const called = { name, arguments: JSON.stringify(args) };
  const call = { index: 0, id: `c${bodies.length}`, type: "function", function: called };
  return say({ role: "assistant", tool_calls: [call] }) + say({}, "tool_calls");
};
const fetch = async (_url, init) => {
  const body = String(init.body);
  bodies.push(body);
  const hash = /\[\[hr:([a-z]{22})/.exec(body)?.[1];
  const events = [
    () => calls("list", {}),
    () => calls("headroom_retrieve", { hash, rows: "251" }),
    () => say({ role: "assistant", content: "Row 251 is down." }) + say({}, "stop"),
  ][bodies.length - 1]();
  const headers = { "content-type": "text/event-stream" };
  return new Response(`${events}data: [DONE]\n\n`, { headers });
};
const agent = new Agent({
  model: new OpenAIModel({ api: "chat", modelId: "m", apiKey: "k", clientConfig: { fetch } }),
  tools: [new FunctionTool({ name: "list", description: "Lists.", callback: () => json })],
  plugins: [headroomPlugin({ store: memoryStore() })],
  printer: false,
});
assert.match(String(await agent.invoke("Is anything down?")), /Row 251 is down/);
assert.ok(bodies[1].length < json.length / 3);
assert.match(bodies[2], /connection refused/);
