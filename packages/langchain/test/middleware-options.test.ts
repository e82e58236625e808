/** What headroomMiddleware can be told: when to begin, what to leave, when to stop looking things up, and what is asked for. */
import { memoryStore } from "@headroom/core";
import { createTokenCounter } from "@headroom/langchain";
import { type HeadroomMiddlewareOptions, headroomMiddleware } from "@headroom/langchain/middleware";
import { AIMessage, type BaseMessage, HumanMessage, trimMessages } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { type AgentMiddleware, createAgent, summarizationMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import { conversation, orders, refsIn, textOf, weather } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

let day = 0;
const listOrders = tool(() => orders(400 + day++), {
  name: "list_orders",
  description: "All orders of a day.",
  schema: { type: "object", properties: { day: { type: "integer" } } },
});
const agentOf = (model: ScriptedModel, options: HeadroomMiddlewareOptions = {}) =>
  createAgent({
    model,
    tools: [listOrders],
    middleware: [headroomMiddleware({ store: memoryStore(), ...options })],
    checkpointer: new MemorySaver(),
  });
/** LangChain's own options are written for compilers without `exactOptionalPropertyTypes`. */
const summarize = summarizationMiddleware as unknown as (options: object) => AgentMiddleware;
const thread = { configurable: { thread_id: "1" } };
/** Calls the tool once for each user message, and answers. */
const diligent: Answer = (messages) =>
  messages.at(-1)?.getType() === "human"
    ? callTool("list_orders", { day: 1 }, `c${messages.length}`)
    : "Done.";
const ask = (text: string) => ({ messages: [new HumanMessage(text)] });
const isPrefix = (shorter: readonly BaseMessage[], longer: readonly BaseMessage[]) =>
  shorter.every((message, index) => textOf(message) === textOf(longer[index]));

describe("context.headroom.query", () => {
  it("ranks what follows the latest user message, and leaves earlier messages their bytes", async () => {
    const model = new ScriptedModel([diligent]);
    const agent = agentOf(model);
    for (const query of ["id 150 customer-53", "id 88 customer-88", "Kyoto"])
      await agent.invoke(ask("Look."), { ...thread, context: { headroom: { query } } } as never);
    const requests = model.asked.map(({ messages }) => messages);
    expect(requests).toHaveLength(6);
    for (const [index, request] of requests.entries())
      expect(isPrefix(requests[index - 1] ?? [], request)).toBe(true);
    const shown = requests
      .at(-1)
      ?.map(textOf)
      .filter((text) => text.startsWith("[[hr:"));
    expect(shown).toHaveLength(3);
    expect(shown?.[0]).toMatch(/#150 /);
    expect(shown?.[1]).toMatch(/#88 /);
    expect(shown?.[1]).not.toMatch(/#150 /);
  });

  it("leaves earlier messages alone that had no query of their own", async () => {
    const model = new ScriptedModel([diligent]);
    const agent = agentOf(model);
    await agent.invoke(ask("Look."), thread);
    await agent.invoke(ask("Look again."), {
      ...thread,
      context: { headroom: { query: "id 88 customer-88" } },
    } as never);
    const [, first, second, third] = model.asked.map(({ messages }) => messages);
    expect(isPrefix(first ?? [], second ?? [])).toBe(true);
    expect(isPrefix(second ?? [], third ?? [])).toBe(true);
    expect(textOf(third?.[2])).not.toMatch(/#88 /);
    expect(textOf(third?.at(-1))).toMatch(/#88 /);
  });

  it("is no part of what the model reads, nor of the state's user messages", async () => {
    const model = new ScriptedModel([diligent]);
    const input = ask("Look.");
    const { messages } = await agentOf(model).invoke(input, {
      ...thread,
      context: { headroom: { query: "secret words" } },
    } as never);
    expect(JSON.stringify(model.asked.map(({ messages: read }) => read.map(textOf)))).not.toContain(
      "secret words",
    );
    expect(messages.filter(HumanMessage.isInstance).map((one) => one.additional_kwargs)).toEqual([
      {},
    ]);
  });

  it("is taken for tool results that came with the user's message", async () => {
    const model = new ScriptedModel(["Done."]);
    await agentOf(model).invoke({ messages: conversation() }, {
      ...thread,
      context: { headroom: { query: "id 88 customer-88" } },
    } as never);
    expect(textOf(model.asked[0]?.messages[2])).toMatch(/#88 /);
  });
});

describe("maxRetrievals", () => {
  it("makes an agent answer that only looks things up", async () => {
    const insisting: Answer = (messages) =>
      callTool(
        "headroom_retrieve",
        { hash: refsIn(messages)[0], rows: "1" },
        `r${messages.length}`,
      );
    const model = new ScriptedModel([insisting, insisting, insisting, "Real answer."]);
    const agent = agentOf(model, { maxRetrievals: 3 });
    const { messages } = await agent.invoke({ messages: conversation() }, thread);
    expect(messages.at(-1)?.text).toBe("Real answer.");
    const choices = model.asked.map(({ options }) => options.tool_choice);
    expect(choices).toEqual([undefined, undefined, undefined, "none"]);
    // Nothing else changes: not the tools, and no earlier message.
    expect(new Set(model.asked.map(({ tools }) => tools.join())).size).toBe(1);
    expect(isPrefix(model.asked[2]?.messages ?? [], model.asked[3]?.messages ?? [])).toBe(true);
  });

  it("does not hold back an agent that works between its look-ups", async () => {
    const model = new ScriptedModel([
      (messages) =>
        messages.length > 20
          ? "Done."
          : messages.length % 4 === 3
            ? callTool("headroom_retrieve", { hash: refsIn(messages)[0] }, `r${messages.length}`)
            : callTool("list_orders", { day: 1 }, `c${messages.length}`),
    ]);
    await agentOf(model, { maxRetrievals: 2 }).invoke({ messages: conversation() }, thread);
    expect(model.asked.map(({ options }) => options.tool_choice)).not.toContain("none");
    expect(model.asked.length).toBeGreaterThan(8);
  });
});

describe("trigger and keep", () => {
  it.each([
    [{ messages: 4 }, 2],
    [{ tokens: 5_000 }, 1],
    [{ tokens: 5_000, messages: 4 }, 2],
    [[{ messages: 99 }, { messages: 4 }], 2],
    [{ tokens: 500_000 }, 99],
  ])("sends conversations as they are up to %o", async (trigger, first) => {
    const model = new ScriptedModel([diligent]);
    const agent = agentOf(model, { trigger });
    for (const text of ["One.", "Two.", "Three."]) await agent.invoke(ask(text), thread);
    const short = model.asked.map(({ messages }) => refsIn(messages).length > 0);
    expect(short).toEqual(short.map((_, index) => index >= first));
  });

  it("leaves the last messages as they are", async () => {
    const model = new ScriptedModel([diligent]);
    const agent = agentOf(model, { keep: { messages: 2 } });
    for (const text of ["One.", "Two."]) await agent.invoke(ask(text), thread);
    const results = model.asked.map(({ messages }) =>
      messages.filter((message) => message.getType() === "tool").map((m) => refsIn([m]).length),
    );
    expect(results).toEqual([[], [0], [1], [1, 0]]);
  });

  it("throws at once for what is no size", () => {
    for (const wrong of [
      { trigger: {} },
      { trigger: { tokens: -1 } },
      { keep: { messages: 1.5 } },
      { maxRetrievals: -1 },
    ])
      expect(() => headroomMiddleware(wrong)).toThrow(`Invalid option "${Object.keys(wrong)[0]}"`);
  });
});

describe("createTokenCounter", () => {
  it("counts what the middleware sends, so that summaries wait until they are needed", async () => {
    const store = memoryStore();
    const run = async (more: object) => {
      let summaries = 0;
      const summarizer = new ScriptedModel([
        () => {
          summaries++;
          return "SUMMARY";
        },
      ]);
      const model: ScriptedModel = new ScriptedModel([
        () =>
          model.asked.length > 5
            ? "Done."
            : callTool("list_orders", { day: 1 }, `c${model.asked.length}`),
      ]);
      const agent = createAgent({
        model,
        tools: [listOrders],
        middleware: [
          headroomMiddleware({ store }),
          summarize({
            model: summarizer,
            trigger: { tokens: 15_000 },
            keep: { messages: 4 },
            ...more,
          }),
        ],
      });
      await agent.invoke(ask("Go."), { recursionLimit: 60 });
      return summaries;
    };
    expect(await run({})).toBeGreaterThan(0);
    expect(await run({ tokenCounter: createTokenCounter({ store }) })).toBe(0);
  });

  it("counts a part of a history as its messages count in the whole", async () => {
    let puts = 0;
    const memory = memoryStore();
    const store = { ...memory, put: async () => void puts++, putMany: async () => [void puts++] };
    const count = createTokenCounter({ store });
    const messages = [...conversation(), new AIMessage("Order 617."), ...conversation(orders(700))];
    const whole = await count(messages);
    expect(whole).toBeLessThan(2_000);
    expect(puts).toBe(0);
    const parts = await Promise.all(messages.map((message) => count([message])));
    expect(parts.reduce((sum, tokens) => sum + tokens, 0)).toBeCloseTo(whole, 6);
    // Without a tool nothing is left out, and more is sent.
    const lossless = createTokenCounter({ store: memoryStore(), retrieveTool: false });
    expect(await lossless(messages)).toBeGreaterThan(3 * whole);
  });

  it("lets trimMessages keep what fits when compressed", async () => {
    const messages = [...conversation(), new AIMessage("Order 617."), new HumanMessage("And?")];
    const trim = (tokenCounter: (read: BaseMessage[]) => Promise<number>) =>
      trimMessages(messages, { maxTokens: 2_000, strategy: "last", tokenCounter });
    expect(await trim(createTokenCounter({ store: memoryStore() }))).toHaveLength(5);
    expect(await trim(createTokenCounter({ mode: "audit" }))).toHaveLength(2);
  });
});

it("gives the tools to an agent only once when it has some of its own", async () => {
  const model = new ScriptedModel(["Done."]);
  const middleware = [headroomMiddleware({ store: memoryStore() })];
  await createAgent({ model, tools: [weather], middleware }).invoke(ask("q"));
  expect(model.asked[0]?.tools).toEqual(["weather", "headroom_retrieve"]);
});
