/** The official clients through the proxy, against a server that enforces the providers' rules. */
import Anthropic from "@anthropic-ai/sdk";
import { findMarkers, memoryStore } from "@headroom/core";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { type LlmServer, startLlmServer } from "../../../test/support/llm-server.ts";
import { createProxy, type HeadroomProxy } from "../src/index.ts";

const rows = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    sku: `SKU-${(id * 7_919) % 9_973}`,
    state: "shipped",
  })),
);
const SKU_500 = "SKU-219";

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

/** A model that looks row 500 up where it sees a marker, and says what it was told. */
async function looksUp(): Promise<LlmServer> {
  const server = await startLlmServer(({ body }) => {
    const ref = findMarkers(body)[0]?.ref;
    const told = /SKU-219\b/.exec(body)?.[0];
    if (told) return { text: `It is ${told}.` };
    if (ref && body.includes("headroom_retrieve"))
      return { calls: [{ name: "headroom_retrieve", args: { hash: ref, rows: "500" } }] };
    return { text: "I cannot tell." };
  });
  closing.push(() => server.stop());
  return server;
}

async function proxyTo(url: string): Promise<{ proxy: HeadroomProxy; base: string }> {
  const upstreams = { anthropic: url, openai: url, google: url };
  const proxy = createProxy({
    upstreams,
    store: memoryStore(),
    workers: false,
    deadlineMs: 30_000,
  });
  const base = await proxy.listen({ port: 0 });
  closing.unshift(() => proxy.close(100));
  return { proxy, base };
}

describe.each([false, true])("a client with a large result, stream: %s", (stream) => {
  it("of Anthropic is told what was left out, and sees nothing of ours", async () => {
    const server = await looksUp();
    const { proxy, base } = await proxyTo(server.url);
    const client = new Anthropic({ apiKey: "sk-ant-test", baseURL: base, maxRetries: 0 });
    const request: Anthropic.MessageCreateParamsNonStreaming = {
      model: "claude-sonnet-5-5",
      max_tokens: 100,
      tools: [{ name: "list", input_schema: { type: "object" } }],
      messages: [
        { role: "user", content: "Which orders are there?" },
        { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "list", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: rows }] },
      ],
    };
    const message = stream
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    expect(message.content).toMatchObject([{ type: "text", text: `It is ${SKU_500}.` }]);
    expect(JSON.stringify(message)).not.toContain("headroom");
    expect(server.requests).toHaveLength(2);
    expect(server.requests[0]?.body.length).toBeLessThan(rows.length / 4);
    expect(proxy.stats()).toMatchObject({ compressed: 1, retrievals: 1, failedOpen: {} });
  });

  it("of OpenAI is told what was left out, and sees nothing of ours", async () => {
    const server = await looksUp();
    const { base } = await proxyTo(server.url);
    const client = new OpenAI({ apiKey: "sk-test", baseURL: `${base}/v1`, maxRetries: 0 });
    const call = { name: "list", arguments: "{}" };
    const request: OpenAI.ChatCompletionCreateParamsNonStreaming = {
      model: "gpt-5.5",
      tools: [{ type: "function", function: { name: "list" } }],
      messages: [
        { role: "user", content: "Which orders are there?" },
        { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: call }] },
        { role: "tool", tool_call_id: "c1", content: rows },
      ],
    };
    const completion = stream
      ? await client.chat.completions.stream({ ...request, stream }).finalChatCompletion()
      : await client.chat.completions.create(request);
    expect(completion.choices[0]?.message.content).toBe(`It is ${SKU_500}.`);
    expect(JSON.stringify(completion)).not.toContain("headroom_retrieve");
    expect(server.requests).toHaveLength(2);
  });
});
