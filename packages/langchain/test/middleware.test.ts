import { memoryStore } from "@headroom/core";
import { createRetrieveTool } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { AIMessage, AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import {
  type AgentMiddleware,
  anthropicPromptCachingMiddleware,
  ClearToolUsesEdit,
  contextEditingMiddleware,
  createAgent,
  createMiddleware,
  summarizationMiddleware,
} from "langchain";
import { describe, expect, it } from "vitest";
import { orders, refsIn, textOf } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

const listOrders = tool(() => orders(), {
  name: "list_orders",
  description: "All orders.",
  schema: { type: "object", properties: { day: { type: "integer" } } },
});
const failing = tool(
  () => {
    throw new Error("database is away");
  },
  {
    name: "failing",
    description: "Fails.",
    schema: { type: "object", properties: { day: { type: "integer" } } },
  },
);
/** The built-ins' types do not go together with `exactOptionalPropertyTypes`; what they do is what is tested. */
const builtIn = (make: unknown, options: object) =>
  (make as (options: object) => AgentMiddleware)(options);
/** Reads the orders, asks for a row that was left out, and answers with it. */
const script: Answer[] = [
  callTool("list_orders", { day: 1 }, "c1"),
  (messages) => callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "c2"),
  (messages) => `Row 412: ${textOf(messages.at(-1))}`,
];
const question = () => ({ messages: [new HumanMessage("Who ordered number 412?")] });
const lengths = (messages: readonly { content: unknown }[]) =>
  messages.reduce((sum, { content }) => sum + String(content).length, 0);

describe("headroomMiddleware", () => {
  it("lets an agent read less and answer about a row it was not shown, while state and checkpoint keep originals", async () => {
    const run = async (middleware: ReturnType<typeof headroomMiddleware>[]) => {
      const model = new ScriptedModel(
        middleware.length > 0 ? script : [script[0] as Answer, "no", "no"],
      );
      const agent = createAgent({
        model,
        tools: [listOrders],
        middleware,
        checkpointer: new MemorySaver(),
      });
      const config = { configurable: { thread_id: "1" } };
      const result = await agent.invoke(question(), config);
      const read = model.asked.reduce((sum, { messages }) => sum + lengths(messages), 0);
      const saved = await agent.graph.getState(config);
      return { model, result, read, saved };
    };
    const ours = await run([headroomMiddleware({ store: memoryStore() })]);
    const plain = await run([]);
    expect(ours.result.messages.at(-1)?.content).toContain('{"id":412,"customer":"customer-24"');
    expect(ours.model.asked.map(({ tools }) => tools)).toEqual(
      Array.from({ length: 3 }, () => ["list_orders", "headroom_retrieve"]),
    );
    expect(ours.read).toBeLessThan(plain.read * 0.3);
    for (const { messages } of [ours.result, ours.saved.values as typeof ours.result])
      expect(messages.filter(ToolMessage.isInstance).map(({ content }) => content)).toEqual([
        orders(),
        expect.stringContaining("412"),
      ]);
  });

  it("gives the same bytes for earlier messages in every later step", async () => {
    const model = new ScriptedModel(script);
    const middleware = [headroomMiddleware({ store: memoryStore() })];
    await createAgent({ model, tools: [listOrders], middleware }).invoke(question());
    const [, second, third] = model.asked.map(({ messages }) => messages.map(textOf));
    expect(third?.slice(0, second?.length)).toEqual(second);
  });

  it("streams the same tokens as an agent without it", async () => {
    const tokens = async (middleware: ReturnType<typeof headroomMiddleware>[]) => {
      const model = new ScriptedModel([
        callTool("list_orders", { day: 1 }, "c1"),
        "It is number 617.",
      ]);
      const agent = createAgent({ model, tools: [listOrders], middleware });
      const seen: string[] = [];
      for await (const [message] of await agent.stream(question(), { streamMode: "messages" }))
        seen.push(textOf(message));
      return seen;
    };
    const ours = await tokens([headroomMiddleware({ store: memoryStore() })]);
    expect(ours).toEqual(await tokens([]));
    expect(ours.join("")).toContain("It is number 617.");
  });

  it("leaves nothing out without the tool: no store, retrieveTool false, or taken away by other middleware", async () => {
    const store = memoryStore();
    const takeAway = createMiddleware({
      name: "TakeAway",
      wrapModelCall: (request, handler) =>
        handler({
          ...request,
          tools: request.tools.filter(({ name }) => name === "list_orders"),
        }),
    });
    const variants = [
      [headroomMiddleware()],
      [headroomMiddleware({ store, retrieveTool: false })],
      [takeAway, headroomMiddleware({ store })],
    ];
    for (const middleware of variants) {
      const model = new ScriptedModel([callTool("list_orders", { day: 1 }, "c1"), "ok"]);
      await createAgent({ model, tools: [listOrders], middleware }).invoke(question());
      const last = model.asked[1];
      expect(last?.tools).toEqual(["list_orders"]);
      expect(textOf(last?.messages.at(-1))).toMatch(/^\[\[hr/);
      expect(textOf(last?.messages.at(-1))).not.toContain("omitted");
    }
  });

  it("takes a tool instance, also where the agent lists it among its own", async () => {
    const store = memoryStore();
    const retrieveTool = createRetrieveTool({ store });
    for (const tools of [[listOrders], [retrieveTool, listOrders]]) {
      const model = new ScriptedModel(script);
      const middleware = [headroomMiddleware({ store, retrieveTool })];
      const result = await createAgent({ model, tools, middleware }).invoke(question());
      expect(result.messages.at(-1)?.content).toContain('{"id":412');
      expect([...(model.asked[1]?.tools ?? [])].sort()).toEqual([
        "headroom_retrieve",
        "list_orders",
      ]);
    }
    expect(() => headroomMiddleware({ store, retrieveTool: listOrders })).toThrow(
      'Invalid option "retrieveTool"',
    );
    expect(() => headroomMiddleware({ retrieveTool: true })).toThrow('Invalid option "store"');
  });

  it("keeps a failing tool a message for the model, and leaves small errors alone", async () => {
    const model = new ScriptedModel([callTool("failing", { day: 1 }, "c1"), "It failed."]);
    const middleware = [headroomMiddleware({ store: memoryStore() })];
    const result = await createAgent({ model, tools: [failing], middleware }).invoke(question());
    expect(result.messages.at(-1)?.content).toBe("It failed.");
    const seen = model.asked[1]?.messages.at(-1) as ToolMessage;
    expect(textOf(seen)).toContain("database is away");
    expect(seen).toEqual(result.messages.at(-2));
  });

  it("is switched off by a run's context", async () => {
    const model = new ScriptedModel([callTool("list_orders", { day: 1 }, "c1"), "ok"]);
    const middleware = [headroomMiddleware({ store: memoryStore() })];
    await createAgent({ model, tools: [listOrders], middleware }).invoke(question(), {
      context: { headroom: { enabled: false } },
    } as never);
    expect(model.asked[1]?.messages.at(-1)?.content).toBe(orders());
  });

  it("dispatches its report to the run's callbacks", async () => {
    const model = new ScriptedModel(script);
    const middleware = [headroomMiddleware({ store: memoryStore() })];
    const names: string[] = [];
    await createAgent({ model, tools: [listOrders], middleware }).invoke(question(), {
      callbacks: [
        {
          handleCustomEvent(name: string) {
            names.push(name);
          },
        },
      ],
    });
    expect(names).toEqual([
      "headroom_compression",
      "headroom_compression",
      "headroom_retrieval",
      "headroom_compression",
    ]);
  });

  it("works with summarization, context editing and Anthropic prompt caching", async () => {
    const summarizer = new ScriptedModel(["Earlier: orders were listed."]);
    const model = new ScriptedModel(script);
    const agent = createAgent({
      model,
      tools: [listOrders],
      middleware: [
        builtIn(summarizationMiddleware, {
          model: summarizer,
          trigger: { messages: 100 },
          keep: { messages: 20 },
        }),
        builtIn(contextEditingMiddleware, {
          edits: [new ClearToolUsesEdit({ trigger: { tokens: 1_000_000 } })],
        }),
        builtIn(anthropicPromptCachingMiddleware, { unsupportedModelBehavior: "ignore" }),
        headroomMiddleware({ store: memoryStore() }),
      ],
    });
    const result = await agent.invoke(question());
    expect(result.messages.at(-1)?.content).toContain('{"id":412');
    expect(result.messages.filter(ToolMessage.isInstance)[0]?.content).toBe(orders());
  });

  it("keeps markers redeemable after summarization has replaced the messages they came from", async () => {
    const store = memoryStore();
    let hash = "";
    const model = new ScriptedModel([
      callTool("list_orders", { day: 1 }, "c1"),
      (messages) => {
        hash = refsIn(messages)[0] ?? "";
        return `Noted: the orders are under ${hash}.`;
      },
      () => callTool("headroom_retrieve", { hash, rows: "9" }, "c3"),
      (messages) => textOf(messages.at(-1)),
    ]);
    const agent = createAgent({
      model,
      tools: [listOrders],
      middleware: [
        builtIn(summarizationMiddleware, {
          model: new ScriptedModel(["The orders were listed and noted."]),
          trigger: { messages: 5 },
          keep: { messages: 1 },
        }),
        headroomMiddleware({ store }),
      ],
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "1" } };
    await agent.invoke(question(), config);
    const result = await agent.invoke({ messages: [new HumanMessage("And number 9?")] }, config);
    expect(result.messages.some(({ content }) => content === orders())).toBe(false);
    expect(result.messages.at(-1)).toBeInstanceOf(AIMessage);
    expect(result.messages.at(-1)?.content).toContain('{"id":9,');
  });
});

describe("a look-up whose arguments were cut short", () => {
  const cut = (name: string) =>
    new AIMessage({
      content: "",
      invalid_tool_calls: [{ type: "invalid_tool_call", id: "r1", name, args: '{"hash": "' }],
      additional_kwargs: {
        tool_calls: [{ id: "r1", type: "function", function: { name, arguments: '{"hash": "' } }],
      },
      usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    } as never);
  const run = (answer: AIMessage) => {
    const model = new ScriptedModel([callTool("list_orders", { day: 1 }, "c1"), answer, "Done."]);
    const agent = createAgent({
      model,
      tools: [listOrders],
      middleware: [headroomMiddleware({ store: memoryStore() })],
    });
    return agent.invoke({ messages: [new HumanMessage("Which orders are there?")] });
  };

  it("is answered in words, and the agent goes on", async () => {
    const { messages } = await run(cut("headroom_retrieve"));
    expect(messages.at(-1)?.text).toBe("Done.");
    expect(textOf(messages.at(-2))).toContain("hash");
    const asked = messages.at(-3) as AIMessage;
    expect(asked.tool_calls).toMatchObject([{ id: "r1", name: "headroom_retrieve", args: {} }]);
    expect(asked.invalid_tool_calls).toEqual([]);
    // Providers refuse broken JSON when it comes back.
    expect(JSON.stringify(asked)).not.toContain('{\\"hash');
    expect(asked).toMatchObject({ usage_metadata: { total_tokens: 3 } });
  });

  it("is answered where the model streams, and stays so in a checkpoint", async () => {
    const name = "headroom_retrieve";
    const chunk = new AIMessageChunk({
      content: "",
      tool_call_chunks: [{ type: "tool_call_chunk", index: 0, id: "r1", name, args: "null" }],
    });
    expect(chunk.invalid_tool_calls).toHaveLength(1);
    const { messages } = await run(chunk);
    expect(messages.at(-1)?.text).toBe("Done.");
    const kept = JSON.parse(JSON.stringify(messages.at(-3)));
    const back = new AIMessageChunk(kept.kwargs);
    expect(back.tool_calls).toMatchObject([{ id: "r1", name, args: {} }]);
    expect(back.invalid_tool_calls).toEqual([]);
  });

  it("of another tool ends the run as it does without the middleware", async () => {
    const { messages } = await run(cut("list_orders"));
    expect(messages.at(-1)).toMatchObject({ invalid_tool_calls: [{ id: "r1" }] });
  });
});
