import { memoryStore } from "@headroom/core";
import { HeadroomCallbackHandler, HeadroomChatModel } from "@headroom/langchain";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LlmReply, type LlmServer, startLlmServer } from "../../../test/support/llm-server.ts";
import { conversation, orders, refsIn, textOf } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

const weather = tool(() => "sunny", {
  name: "weather",
  description: "The weather.",
  schema: { type: "object", properties: { city: { type: "string" }, day: { type: "integer" } } },
});
const lookUp: Answer = (messages) =>
  callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "r1");
const quote: Answer = (messages) => `Row: ${textOf(messages.at(-1))}`;
const wrap = (llm: BaseChatModel, more: object = {}) =>
  new HeadroomChatModel({ llm, store: memoryStore(), ...more });
/** Pieces and their sum. */
async function collect(stream: AsyncIterable<AIMessageChunk>) {
  const pieces: AIMessageChunk[] = [];
  for await (const piece of stream) pieces.push(piece);
  const whole = pieces.reduce<AIMessageChunk | undefined>(
    (sum, piece) => sum?.concat(piece) ?? piece,
    undefined,
  );
  return { pieces, whole: whole ?? new AIMessageChunk("") };
}

describe("HeadroomChatModel", () => {
  it("answers retrieve calls itself: invoke gives the final answer", async () => {
    const llm = new ScriptedModel([lookUp, quote]);
    const input = conversation();
    const answer = await wrap(llm).invoke(input);
    expect(answer.content).toContain('{"id":412,"customer":"customer-24"');
    expect(answer.tool_calls ?? []).toEqual([]);
    expect(llm.asked.map(({ tools }) => tools)).toEqual([
      ["headroom_retrieve"],
      ["headroom_retrieve"],
    ]);
    expect(llm.asked[0]?.messages[0]).toBe(input[0]);
    expect(textOf(llm.asked[0]?.messages[2])).toContain("omitted");
    expect(input[2]?.content).toBe(orders());
  });

  it("streams the final answer in its pieces, without the hidden calls", async () => {
    const { pieces, whole } = await collect(
      await wrap(new ScriptedModel([lookUp, "one two three"])).stream(conversation()),
    );
    const plain = await collect(await new ScriptedModel(["one two three"]).stream("q"));
    expect(pieces.map(textOf).filter(Boolean)).toEqual(plain.pieces.map(textOf).filter(Boolean));
    expect(whole.tool_calls).toEqual([]);
    expect(whole.response_metadata.finish_reason).toBe("stop");
  });

  it("passes chunks on as they are where nothing is looked up", async () => {
    const without = (chunks: AIMessageChunk[]) =>
      chunks.map((chunk) => ({ ...JSON.parse(JSON.stringify(chunk)).kwargs, id: "" }));
    const script = [callTool("weather", { city: "Oslo" }, "w1")];
    const ours = await collect(
      await wrap(new ScriptedModel(script)).bindTools([weather]).stream("q"),
    );
    const plain = await collect(await new ScriptedModel(script).bindTools([weather]).stream("q"));
    expect(without(ours.pieces)).toEqual(without(plain.pieces));
  });

  it.each(["invoke", "stream"] as const)(
    "hands mixed calls over without its own, and puts those back when the message returns (%s)",
    async (method) => {
      const llm = new ScriptedModel([
        (messages) =>
          new AIMessage({
            content: "Both.",
            tool_calls: [
              {
                id: "r1",
                name: "headroom_retrieve",
                args: { hash: refsIn(messages)[0], rows: "412" },
                type: "tool_call",
              },
              { id: "w1", name: "weather", args: { city: "Oslo" }, type: "tool_call" },
            ],
          }),
        "Done.",
      ]);
      const model = wrap(llm).bindTools([weather]);
      const said =
        method === "invoke"
          ? await model.invoke(conversation())
          : (await collect(await model.stream(conversation()))).whole;
      expect(said.content).toBe("Both.");
      expect(said.tool_calls?.map(({ name }) => name)).toEqual(["weather"]);
      // As it comes out of a checkpoint.
      const { kwargs } = JSON.parse(JSON.stringify(said));
      const saved = new AIMessage(kwargs);
      const result = new ToolMessage({ content: "sunny", tool_call_id: "w1", name: "weather" });
      const answer = await model.invoke([...conversation(), saved, result]);
      expect(answer.content).toBe("Done.");
      const sent = llm.asked[1]?.messages.slice(3) ?? [];
      expect(sent.map((message) => message.getType())).toEqual(["ai", "tool", "tool"]);
      expect((sent[0] as AIMessage).tool_calls?.map(({ id }) => id)).toEqual(["r1", "w1"]);
      expect((sent[1] as ToolMessage).tool_call_id).toBe("r1");
      expect(textOf(sent[1])).toContain('{"id":412,');
      expect(sent[0]?.additional_kwargs).toEqual({});
      expect(saved.tool_calls).toHaveLength(1);
    },
  );

  it("leaves nothing out where the model cannot look up: one forced tool, structured output", async () => {
    // The base class's structured output takes chunks only.
    const { tool_calls = [] } = callTool("weather", { city: "Oslo" }, "w1");
    const llm = new ScriptedModel([new AIMessageChunk({ content: "", tool_calls }) as AIMessage]);
    const model = wrap(llm);
    await model.bindTools([weather], { tool_choice: "weather" }).invoke(conversation());
    const extract = model.withStructuredOutput(
      {
        title: "weather",
        type: "object",
        properties: { city: { type: "string" } },
      },
      { name: "weather" },
    );
    expect(await extract.invoke(conversation())).toEqual({ city: "Oslo" });
    for (const { messages, tools } of llm.asked) {
      expect(tools).not.toContain("headroom_retrieve");
      expect(textOf(messages[2])).toMatch(/^\[\[hr:/);
      expect(textOf(messages[2])).not.toContain("omitted");
    }
  });

  it("ends a model that only ever looks things up", async () => {
    const llm = new ScriptedModel([lookUp]);
    const answer = await wrap(llm, { maxRetrievals: 2 }).invoke(conversation());
    expect(answer.tool_calls).toEqual([]);
    expect(llm.asked).toHaveLength(4);
    expect(textOf(llm.asked[3]?.messages.at(-1))).toContain("No more look-ups");
  });

  it("adds the usage of all rounds up, and reports to callbacks as one model run", async () => {
    const usage_metadata = {
      input_tokens: 100,
      output_tokens: 10,
      total_tokens: 110,
      input_token_details: { cache_read: 7 },
    };
    const script: Answer[] = [
      (messages) =>
        Object.assign((lookUp as (m: readonly BaseMessage[]) => AIMessage)(messages), {
          usage_metadata,
        }),
      new AIMessage({ content: "ok", usage_metadata } as never),
    ];
    const handler = new HeadroomCallbackHandler();
    const answer = await wrap(new ScriptedModel(script)).invoke(conversation(), {
      callbacks: [handler],
    });
    expect(answer.usage_metadata).toMatchObject({
      input_tokens: 200,
      total_tokens: 220,
      input_token_details: { cache_read: 14 },
    });
    const stream = await collect(await wrap(new ScriptedModel(script)).stream(conversation()));
    expect(stream.whole.usage_metadata).toMatchObject({ input_tokens: 200, output_tokens: 20 });
    expect(handler.total).toMatchObject({
      compressions: 1,
      retrievals: 1,
      modelCalls: 1,
      usage: { input: 200, cacheRead: 14 },
    });
  });

  it("says what it needs", () => {
    expect(() => wrap({} as never)).toThrow('Invalid option "llm"');
    expect(() => new HeadroomChatModel({ llm: new ScriptedModel([]) } as never)).toThrow(
      'Invalid option "store"',
    );
    expect(() => wrap(new ScriptedModel([]), { maxRetrievals: -1 })).toThrow(
      'Invalid option "maxRetrievals"',
    );
  });
});

describe("HeadroomChatModel over the wire", () => {
  let server: LlmServer;
  let reply: (body: string, index: number) => LlmReply = () => ({});
  let from = 0;
  beforeAll(async () => {
    server = await startLlmServer(({ body }, index) => reply(body, index - from));
  });
  afterAll(() => server.stop());
  const models: [string, () => BaseChatModel][] = [
    [
      "ChatOpenAI",
      () =>
        new ChatOpenAI({
          model: "gpt-4o",
          apiKey: "t",
          configuration: { baseURL: `${server.url}/v1` },
        }),
    ],
    [
      "ChatAnthropic",
      () =>
        new ChatAnthropic({ model: "claude-sonnet-4-5", apiKey: "t", anthropicApiUrl: server.url }),
    ],
  ];
  const retrieval = (body: string) => ({
    name: "headroom_retrieve",
    args: { hash: /\[\[hr:([a-z]{22})/.exec(body)?.[1], rows: "412" },
  });

  it.each(models)("%s: looks up and answers, invoked and streamed", async (_, make) => {
    reply = (body, index) =>
      index === 0
        ? { text: "Let me see.", calls: [retrieval(body)] }
        : { text: `412 is ${/412[^}]*(customer-\d+)/.exec(body)?.[1]}` };
    from = server.requests.length;
    const answer = await wrap(make()).invoke(conversation());
    expect(answer.text).toBe("412 is customer-24");
    expect(server.requests.slice(from)).toHaveLength(2);
    for (const { json } of server.requests.slice(from))
      expect(JSON.stringify(json.tools)).toContain('"name":"headroom_retrieve"');
    from = server.requests.length;
    const { whole } = await collect(await wrap(make()).stream(conversation()));
    expect(whole.text).toBe("Let me see.412 is customer-24");
    expect(whole.tool_calls).toEqual([]);
    const { finish_reason, stop_reason, model_name } = {
      ...whole.additional_kwargs,
      ...whole.response_metadata,
    } as Record<string, string>;
    expect(finish_reason ?? stop_reason).toMatch(/^(stop|end_turn)$/);
    expect(model_name ?? "gpt-4o").toBe("gpt-4o");
    expect(JSON.stringify(whole)).not.toContain("headroom_retrieve");
    expect(server.requests.slice(from)).toHaveLength(2);
  });

  it.each(models)("%s: mixed calls, streamed, come back paired", async (_, make) => {
    reply = (body, index) =>
      index === 0
        ? { text: "Both.", calls: [{ name: "weather", args: { city: "Oslo" } }, retrieval(body)] }
        : { text: "Done." };
    from = server.requests.length;
    const model = wrap(make()).bindTools([weather]);
    const { whole } = await collect(await model.stream(conversation()));
    expect(whole.tool_calls?.map(({ name, args }) => [name, args])).toEqual([
      ["weather", { city: "Oslo" }],
    ]);
    const id = whole.tool_calls?.[0]?.id ?? "";
    const result = new ToolMessage({ content: "sunny", tool_call_id: id, name: "weather" });
    await model.invoke([...conversation(), whole, result, new HumanMessage("And?")]);
    const body = server.requests.at(-1)?.body ?? "";
    const called = body.match(/(call_reply_\d+_\d|toolu_reply_\d+_\d)/g) ?? [];
    // Each of the two calls is made once and answered once.
    expect(called).toHaveLength(4);
    expect(new Set(called).size).toBe(2);
    expect(body).toContain('id\\":412,');
  });

  it.each(models)("%s: structured output works as without it", async (_, make) => {
    reply = (body) =>
      body.includes("json_schema")
        ? { text: '{"city":"Oslo"}' }
        : { calls: [{ name: "weather", args: { city: "Oslo" } }] };
    from = server.requests.length;
    const schema = {
      title: "weather",
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    };
    expect(await wrap(make()).withStructuredOutput(schema).invoke(conversation())).toEqual({
      city: "Oslo",
    });
    expect(server.requests.at(-1)?.body).not.toContain("omitted");
  });
});
