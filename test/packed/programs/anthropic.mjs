import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { withHeadroom } from "@headroom/anthropic";
import { memoryStore } from "@headroom/core";
import { json } from "./original.mjs";

const bodies = [];
const fetch = async (_url, init) => {
  bodies.push(String(init.body));
  const hash = /\[\[hr:([a-z]{22})/.exec(String(init.body))?.[1];
  const input = { hash, rows: "251" };
  const isFirst = bodies.length === 1;
  const content = isFirst
    ? [{ type: "tool_use", id: "r1", name: "headroom_retrieve", input }]
    : [{ type: "text", text: "Row 251 is down." }];
  return Response.json({
    role: "assistant",
    content,
    stop_reason: isFirst ? "tool_use" : "end_turn",
  });
};
const client = withHeadroom(new Anthropic({ apiKey: "sk-test", fetch }), { store: memoryStore() });
const reply = await client.messages.create({
  model: "claude-sonnet-5",
  max_tokens: 1_000,
  messages: [
    { role: "user", content: "Is anything down?" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "list", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: json }] },
  ],
  tools: [{ name: "list", input_schema: { type: "object" } }],
});
assert.equal(reply.content[0].text, "Row 251 is down.");
assert.ok(bodies[0].length < json.length / 3);
assert.match(bodies[1], /connection refused/);
