import { memoryStore } from "@headroom/core";
import { HeadroomCallbackHandler, HeadroomChatModel, type HeadroomRun } from "@headroom/langchain";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { collect, conversation, orders, refsIn, textOf, weather } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

const lookUp: Answer = (messages) =>
  callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "r1");
const quote: Answer = (messages) => `Row: ${textOf(messages.at(-1))}`;
const wrap = (llm: BaseChatModel, more: object = {}) =>
  new HeadroomChatModel({ llm, store: memoryStore(), ...more });

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
    // The tools stay the same, so that a cached prefix holds.
    expect(llm.asked[0]?.tools).toEqual(["weather", "headroom_retrieve"]);
    expect(llm.asked[1]?.tools).not.toContain("headroom_retrieve");
    for (const { messages } of llm.asked) {
      expect(textOf(messages[2])).toMatch(/^\[\[hr/);
      expect(textOf(messages[2])).not.toContain("omitted");
    }
  });

  it("keeps the bytes of what it shortened through calls that may not look up, and the tools", async () => {
    const llm = new ScriptedModel(["ok"]);
    const model = wrap(llm).bindTools([weather]);
    const first = conversation();
    await model.invoke(first);
    const more = [...first, new AIMessage("ok"), ...conversation(orders(700)).slice(1)];
    await model.invoke(more, { tool_choice: "none" });
    await model.invoke([...more, new AIMessage("ok"), new HumanMessage("And?")]);
    const sent = llm.asked.map(({ messages }) => messages.map(textOf));
    expect(sent[0]?.[2]).toContain("omitted");
    for (const [index, texts] of sent.entries())
      expect(texts.slice(0, sent[index - 1]?.length ?? 0)).toEqual(sent[index - 1] ?? []);
    // What came up while the model could not look up stays whole.
    expect(sent[2]?.[5]).not.toContain("omitted");
    expect(new Set(llm.asked.map(({ tools }) => tools.join())).size).toBe(1);
  });

  it("keeps the tenants of its runs apart", async () => {
    const store = memoryStore();
    const llm = new ScriptedModel(["ok"]);
    const model = wrap(llm, {
      store,
      namespace: ({ configurable }: HeadroomRun) => `${configurable.tenant}`,
    });
    for (const tenant of ["a", "b"])
      await model.invoke(conversation(), { configurable: { tenant } });
    await collect(await model.stream(conversation(), { configurable: { tenant: "a" } }));
    const [a, b, again] = llm.asked.map(({ messages }) => refsIn(messages)[0]);
    expect(a).not.toBe(b);
    expect(again).toBe(a);
  });

  it("ends a model that only ever looks things up", async () => {
    const llm = new ScriptedModel([lookUp]);
    const answer = await wrap(llm, { maxRetrievals: 2 }).invoke(conversation());
    expect(answer.tool_calls).toEqual([]);
    expect(llm.asked).toHaveLength(4);
    expect(textOf(llm.asked[3]?.messages.at(-1))).toContain("No more look-ups");
  });

  it("stops between look-ups when its signal fires", async () => {
    const controller = new AbortController();
    const llm = new ScriptedModel([
      (messages) => {
        controller.abort();
        return (lookUp as (read: readonly BaseMessage[]) => AIMessage)(messages);
      },
    ]);
    const model = wrap(llm);
    const { signal } = controller;
    await expect(model.invoke(conversation(), { signal })).rejects.toThrow(/abort/i);
    expect(llm.asked).toHaveLength(1);
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
