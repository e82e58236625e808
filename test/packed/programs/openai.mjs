import assert from "node:assert/strict";
import { memoryStore } from "@headroom/core";
import { withHeadroom } from "@headroom/openai";
import OpenAI from "openai";
import { json } from "./original.mjs";

const bodies = [];
const fetch = async (_url, init) => {
  bodies.push(String(init.body));
  const hash = /\[\[hr:([a-z]{22})/.exec(String(init.body))?.[1];
  const args = JSON.stringify({ hash, rows: "251" });
  const call = { name: "headroom_retrieve", arguments: args };
  const message =
    bodies.length === 1
      ? { role: "assistant", tool_calls: [{ id: "r1", type: "function", function: call }] }
      : { role: "assistant", content: "Row 251 is down." };
  const finish_reason = bodies.length === 1 ? "tool_calls" : "stop";
  return Response.json({ choices: [{ index: 0, message, finish_reason }] });
};
const client = withHeadroom(new OpenAI({ apiKey: "sk-test", fetch }), { store: memoryStore() });
const list = { name: "list", arguments: "{}" };
const reply = await client.chat.completions.create({
  model: "gpt-5",
  messages: [
    { role: "user", content: "Is anything down?" },
    { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: list }] },
    { role: "tool", tool_call_id: "c1", content: json },
  ],
  tools: [{ type: "function", function: { name: "list" } }],
});
assert.equal(reply.choices[0].message.content, "Row 251 is down.");
assert.ok(bodies[0].length < json.length / 3);
assert.match(bodies[1], /connection refused/);
