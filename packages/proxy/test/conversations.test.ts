/**
 * Conversations of the official clients through two proxies that share a store and nothing else, one for each turn, against providers
 * that refuse what the real ones refuse.
 */
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI, type Part } from "@google/genai";
import { type CcrStore, findMarkers, memoryStore } from "@headroom/core";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { type Prompt as AnthropicPrompt, model as anthropic } from "../../anthropic/test/rules.ts";
import { type Prompt as GooglePrompt, model as google } from "../../google/test/rules.ts";
import { provider } from "../../openai/test/provider.ts";
import { ORDERS, post, proxyTo, SKU_500 } from "./setup.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const RETRIEVE = "headroom_retrieve";
const look = (text: string) => [
  { name: RETRIEVE, args: { hash: findMarkers(text)[0]?.ref ?? "", rows: "500" } },
];
const names = ["a", "b", "c", "d"];
/** Calls a, looks a row up, then calls b to d, and says the row where it can see it. */
const steps = (text: string, done: readonly string[]) => {
  const next = names.find((name) => !done.includes(name));
  if (done.includes("a") && !done.includes(RETRIEVE)) return { calls: look(text) };
  if (next) return { calls: [{ name: next, args: {} }] };
  return { text: `It is ${new RegExp(`${SKU_500}\\b`).exec(text)?.[0]}.` };
};

/** Two proxies over one store: the even turns go through one, the odd through the other. */
async function replicas(): Promise<(turn: number) => string> {
  const store: CcrStore = { ...memoryStore(), survives: "restart" };
  const bases = await Promise.all(
    [0, 1].map(async () => (await proxyTo(server.url, { store: { ...store } })).base),
  );
  return (turn) => bases[turn % 2] ?? "";
}

/** Each request repeats the one before it, byte for byte, with the same tools from the first on. */
function expectAppendOnly(list: "messages" | "contents" | "input"): void {
  const sent = server.requests.map(({ json }) => json);
  expect(JSON.stringify(sent[0].tools)).toContain(RETRIEVE);
  for (const [index, one] of sent.entries()) {
    const next = sent[index + 1];
    if (!next) return;
    expect(JSON.stringify(next.tools)).toBe(JSON.stringify(one.tools));
    const head = JSON.stringify(next[list].slice(0, one[list].length));
    expect([index, head === JSON.stringify(one[list])]).toEqual([index, true]);
  }
}

describe.each([false, true])("an agent of several turns, stream: %s", (stream) => {
  it("of Anthropic goes on in the other process with what it looked up", async () => {
    const baseFor = await replicas();
    const { reply, refused } = anthropic(({ messages, text }: AnthropicPrompt) => {
      const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
      const done = blocks.flatMap(({ type, name }) => (type === "tool_use" ? [name] : []));
      return { thinking: "Hm.", ...steps(text, done) };
    });
    server.reply(reply);
    const history: Anthropic.MessageParam[] = [{ role: "user", content: "Which is order 500?" }];
    let said = "";
    for (let turn = 0; turn < 8 && said === ""; turn++) {
      const client = new Anthropic({ apiKey: "k", baseURL: baseFor(turn), maxRetries: 0 });
      const body: Anthropic.MessageCreateParamsNonStreaming = {
        model: "claude-sonnet-5-5",
        max_tokens: 500,
        tools: names.map((name) => ({ name, input_schema: { type: "object" } })),
        messages: [...history],
      };
      const message = stream
        ? await client.messages.stream(body).finalMessage()
        : await client.messages.create(body);
      expect(JSON.stringify(message)).not.toContain(RETRIEVE);
      history.push({ role: "assistant", content: message.content });
      const results = message.content.flatMap((block) =>
        block.type === "tool_use"
          ? [{ type: "tool_result" as const, tool_use_id: block.id, content: ORDERS }]
          : [],
      );
      if (results.length > 0) history.push({ role: "user", content: results });
      else
        said = message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    }
    expect(refused).toEqual([]);
    expect(said).toBe(`It is ${SKU_500}.`);
    expect(server.requests).toHaveLength(6);
    expectAppendOnly("messages");
  });

  it("of Gemini goes on in the other process with what it looked up", async () => {
    const baseFor = await replicas();
    const { reply, refused } = google(({ contents, text }: GooglePrompt) =>
      steps(
        text,
        contents.flatMap(({ parts }) =>
          parts.flatMap(({ functionCall }: Part) => functionCall?.name ?? []),
        ),
      ),
    );
    server.reply(reply);
    const contents: { role: string; parts: Part[] }[] = [
      { role: "user", parts: [{ text: "Which is order 500?" }] },
    ];
    const functionDeclarations = names.map((name) => ({
      name,
      parametersJsonSchema: { type: "object" },
    }));
    let said = "";
    for (let turn = 0; turn < 8 && said === ""; turn++) {
      const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: baseFor(turn) } });
      const params = {
        model: "gemini-3-pro",
        contents: [...contents],
        config: { tools: [{ functionDeclarations }] },
      };
      const chunks = [];
      if (stream)
        for await (const chunk of await client.models.generateContentStream(params))
          chunks.push(chunk);
      else chunks.push(await client.models.generateContent(params));
      const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
      expect(JSON.stringify(parts)).not.toContain(RETRIEVE);
      contents.push({ role: "model", parts });
      const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
      const rows = JSON.parse(ORDERS) as object[];
      if (calls.length > 0)
        contents.push({
          role: "user",
          parts: calls.map(({ name = "" }) => ({ functionResponse: { name, response: { rows } } })),
        });
      else said = parts.map(({ text = "" }) => text).join("");
    }
    expect(refused).toEqual([]);
    expect(said).toBe(`It is ${SKU_500}.`);
    expectAppendOnly("contents");
  });

  const list = { name: "list", args: {} };
  const tools: OpenAI.Responses.Tool[] = [
    { type: "function", name: "list", parameters: { type: "object" }, strict: false },
  ];
  const question: OpenAI.Responses.ResponseInputItem[] = [
    { role: "user", content: "Which orders are there?" },
    { type: "function_call", call_id: "c1", name: "list", arguments: "{}" },
    { type: "function_call_output", call_id: "c1", output: ORDERS },
  ];

  it("of OpenAI's Responses follows ids and conversations into the other process", async () => {
    for (const chain of ["previous_response_id", "conversation"] as const) {
      const baseFor = await replicas();
      const rules = provider();
      server.reply(
        rules.says(
          ({ body }) => ({ reasoning: true, calls: look(body) }),
          ({ body }) => ({ reasoning: true, calls: [...look(body), list] }),
          { text: "ok" },
        ),
      );
      const create = async (turn: number, body: object): Promise<OpenAI.Responses.Response> => {
        const baseURL = `${baseFor(turn)}/v1`;
        const client = new OpenAI({ apiKey: "k", baseURL, maxRetries: 0 });
        const params = { model: "gpt-5.5", tools, ...body } as { model: string };
        return stream
          ? client.responses.stream({ ...params, stream: true }).finalResponse()
          : client.responses.create(params);
      };
      const more = chain === "conversation" ? { conversation: "conv_1" } : {};
      const first = await create(0, { input: question, ...more });
      expect(first.output.map(({ type }) => type)).not.toContain(RETRIEVE);
      const [call] = first.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
      expect(call?.name).toBe("list");
      const output = { type: "function_call_output", call_id: call?.call_id ?? "", output: "[]" };
      const on = chain === "conversation" ? more : { previous_response_id: first.id };
      await create(1, { input: [output], ...on });
      expect([chain, rules.refusals]).toEqual([chain, []]);
      const said = server.requests.map(({ body }) => body).join("\n");
      expect(said).toContain(SKU_500);
    }
  });
});

describe("requests beside conversations", () => {
  it("are counted as they would be sent", async () => {
    const { base } = await proxyTo(server.url);
    server.reply({ json: { input_tokens: 5 } });
    const client = new Anthropic({ apiKey: "k", baseURL: base, maxRetries: 0 });
    const body: Anthropic.MessageCountTokensParams = {
      model: "claude-sonnet-5-5",
      tools: [{ name: "list", input_schema: { type: "object" } }],
      messages: [
        { role: "user", content: "Which?" },
        { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "list", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: ORDERS }] },
      ],
    };
    expect(await client.messages.countTokens(body)).toMatchObject({ input_tokens: 5 });
    await client.messages.create({ ...body, max_tokens: 5 } as never).catch(() => undefined);
    const [counted, sent] = server.requests.map(({ json }) => json);
    expect(counted.messages).toEqual(sent.messages);
    expect(counted.tools).toEqual(sent.tools);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/v1/messages/count_tokens",
      "/v1/messages",
    ]);
  });

  it("of a batch are lossless, each by itself, without a tool of ours", async () => {
    const { base } = await proxyTo(server.url);
    server.reply({ json: { id: "batch_1" } });
    const client = new Anthropic({ apiKey: "k", baseURL: base, maxRetries: 0 });
    const params = {
      model: "claude-sonnet-5-5",
      max_tokens: 5,
      tools: [{ name: "list", input_schema: { type: "object" as const } }],
      messages: [
        { role: "user" as const, content: "Which?" },
        {
          role: "assistant" as const,
          content: [{ type: "tool_use" as const, id: "t1", name: "list", input: {} }],
        },
        {
          role: "user" as const,
          content: [{ type: "tool_result" as const, tool_use_id: "t1", content: ORDERS }],
        },
      ],
    };
    await client.messages.batches.create({ requests: [{ custom_id: "one", params }] });
    const body = server.requests[0]?.body ?? "";
    expect(body.length).toBeLessThan(ORDERS.length / 2);
    expect(body).not.toContain(RETRIEVE);
    expect(body).toContain(`500,${SKU_500}`);
  });

  it("are lossless and without a tool where retrieval is off", async () => {
    const { base } = await proxyTo(server.url, { retrieval: false });
    server.reply({ json: {} });
    const messages = [
      { role: "user", content: "Which?" },
      { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "list", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: ORDERS }] },
    ];
    await post(`${base}/v1/messages`, { tools: [{ name: "list" }], messages });
    const body = server.requests[0]?.body ?? "";
    expect(body.length).toBeLessThan(ORDERS.length / 2);
    expect(body).not.toContain(RETRIEVE);
    expect(body).toContain(`500,${SKU_500}`);
  });

  it("get the last of several replies whole, also where it is shorter than the first", async () => {
    const { base } = await proxyTo(server.url);
    const message = (said: object, finish_reason: string): object => ({
      choices: [{ index: 0, message: { role: "assistant", ...said }, finish_reason }],
    });
    server.reply(
      ({ body }) => {
        const [call] = look(body);
        const named = { name: call?.name, arguments: JSON.stringify(call?.args) };
        const json = message(
          { tool_calls: [{ id: "r1", type: "function", function: named }] },
          "tool_calls",
        );
        const headers = {
          "content-length": String(JSON.stringify(json).length),
          "x-request-id": "first",
        };
        return { json, headers };
      },
      () => {
        const json = message({ content: "short" }, "stop");
        return { json, headers: { "content-length": String(JSON.stringify(json).length) } };
      },
    );
    const call = { id: "c1", type: "function", function: { name: "list", arguments: "{}" } };
    const answer = await post(`${base}/v1/chat/completions`, {
      tools: [{ type: "function", function: { name: "list" } }],
      messages: [
        { role: "user", content: "Which?" },
        { role: "assistant", tool_calls: [call] },
        { role: "tool", tool_call_id: "c1", content: ORDERS },
      ],
    });
    expect(answer.headers.get("x-request-id")).toBe("first");
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: "short" } }] });
  });

  it("keep an idempotency key to themselves: a further round has one of its own", async () => {
    const { base } = await proxyTo(server.url);
    const rules = provider();
    server.reply(rules.says(({ body }) => ({ calls: look(body) }), { text: "ok" }));
    const call = { id: "c1", type: "function", function: { name: "list", arguments: "{}" } };
    await post(
      `${base}/v1/chat/completions`,
      {
        tools: [{ type: "function", function: { name: "list" } }],
        messages: [
          { role: "user", content: "Which?" },
          { role: "assistant", tool_calls: [call] },
          { role: "tool", tool_call_id: "c1", content: ORDERS },
        ],
      },
      { "Idempotency-Key": "once", "accept-encoding": "snappy, gzip" },
    );
    const sent = server.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(sent).toEqual(["once", "once-1"]);
    // A reply has to be looked into.
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("gzip");
  });
});
