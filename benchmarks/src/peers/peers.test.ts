import { expect, it } from "vitest";
import { conversationOf } from "./conversation.ts";
import type { Seen } from "./model-server.ts";
import { blockOf, exportsOf } from "./page.ts";
import { prefixBreaks } from "./prefix.ts";

const seen = (json: Record<string, unknown>): Seen => ({
  method: "POST",
  path: "/v1/messages",
  headers: [],
  body: JSON.stringify(json),
  json,
  at: 0,
});
const mark = { cache_control: { type: "ephemeral" } };
const question = { role: "user", content: "Why?" };
const listed = { role: "user", content: [{ type: "text", text: "Why?", ...mark }] };
const reply = { role: "assistant", content: "So." };

it("moved marks and a text written as a list break no prefix", () => {
  const requests = [
    seen({ tools: [], messages: [listed] }),
    seen({ tools: [], messages: [question, reply, listed] }),
  ];
  expect(prefixBreaks(requests)).toEqual([]);
});

it.each([
  ["a word", { tools: [], messages: [{ ...question, content: "Why not?" }, reply] }],
  ["the order of keys", { tools: [], messages: [{ content: "Why?", role: "user" }, reply] }],
  ["a tool", { tools: [{ name: "list" }], messages: [question, reply] }],
  ["a message less", { tools: [], messages: [] }],
])("%s breaks a prefix", (_, next) => {
  expect(prefixBreaks([seen({ tools: [], messages: [question] }), seen(next)])).toHaveLength(1);
});

it.each([
  {
    messages: [
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "list", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "three" }] },
    ],
  },
  {
    messages: [
      { role: "assistant", tool_calls: [{ id: "a", function: { name: "list", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "a", content: "three" },
    ],
  },
  {
    input: [
      { type: "custom_tool_call", call_id: "a", name: "list", input: "{}" },
      {
        type: "custom_tool_call_output",
        call_id: "a",
        output: [{ type: "input_text", text: "three" }],
      },
    ],
  },
])("calls and results are read: %j", (json) => {
  expect(conversationOf(seen(json)).calls).toEqual([{ name: "list", args: "{}", result: "three" }]);
});

it("the pages say what is run", () => {
  const url = "http://127.0.0.1:1";
  expect(exportsOf(blockOf("claude-code", "sh", url))).toMatchObject({ ANTHROPIC_BASE_URL: url });
  expect(blockOf("codex", "toml", url)).toContain(`base_url = "${url}/v1"`);
  expect(JSON.parse(blockOf("opencode", "json", url)).provider.openai.options.baseURL).toBe(
    `${url}/v1`,
  );
  expect(blockOf("headroom-ai", "js", url)).toContain(`baseUrl: "${url}"`);
  expect(() => blockOf("codex", "json", url)).toThrow(/no json block/);
});
