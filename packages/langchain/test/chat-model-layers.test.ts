/** HeadroomChatModel over models as people have them: made by initChatModel, with tools bound, with settings of their own. */
import { memoryStore } from "@headroom/core";
import {
  createRetrieveTool,
  HeadroomCallbackHandler,
  HeadroomChatModel,
} from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { ChatAnthropic } from "@langchain/anthropic";
import { InMemoryCache } from "@langchain/core/caches";
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, initChatModel } from "langchain";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type LlmReply, type LlmServer, startLlmServer } from "../../../test/support/llm-server.ts";
import { collect, conversation, weather } from "./support/data.ts";

let server: LlmServer;
let reply: (body: string, index: number) => LlmReply = () => ({});
let from = 0;
beforeAll(async () => {
  server = await startLlmServer(({ body }, index) => reply(body, index - from));
});
afterAll(() => server.stop());
beforeEach(() => {
  reply = () => ({ text: "Done." });
  from = server.requests.length;
});

const sent = () => server.requests.slice(from);
const toolsSent = () =>
  sent().map(({ json }) =>
    ((json.tools ?? []) as { name?: string; function?: { name: string } }[]).map(
      (one) => one.name ?? one.function?.name,
    ),
  );
const openai = (more: object = {}) =>
  new ChatOpenAI({
    model: "gpt-4o",
    apiKey: "t",
    maxRetries: 0,
    configuration: { baseURL: `${server.url}/v1` },
    ...more,
  });
const anthropic = (more: object = {}) =>
  new ChatAnthropic({
    model: "claude-sonnet-4-5",
    apiKey: "t",
    maxRetries: 0,
    anthropicApiUrl: server.url,
    ...more,
  });
const initialized = (more: object = {}) =>
  initChatModel("openai:gpt-4o", {
    apiKey: "t",
    maxRetries: 0,
    configuration: { baseURL: `${server.url}/v1` },
    ...more,
  });
const both = ["weather", "headroom_retrieve"];

describe("HeadroomChatModel over other layers", () => {
  it.each([
    ["initChatModel", async () => initialized()],
    ["initChatModel for any provider", async () => initialized({ configurableFields: "any" })],
    ["ChatOpenAI", async () => openai()],
    ["ChatAnthropic", async () => anthropic()],
    ["ChatOpenAI with settings", async () => openai().withConfig({ tags: ["a"] })],
    ["ChatAnthropic with settings", async () => anthropic().withConfig({ tags: ["a"] })],
  ] as const)("sends the tools bound to it: %s", async (_, make) => {
    const model = new HeadroomChatModel({ llm: await make(), store: memoryStore() });
    await model.bindTools([weather]).invoke(conversation());
    await collect(await model.bindTools([weather]).stream(conversation()));
    await model.invoke(conversation());
    expect(toolsSent()).toEqual([both, both, ["headroom_retrieve"]]);
    for (const { body } of sent()) expect(body).toContain("omitted");
  });

  it.each([
    ["initChatModel", async () => (await initialized()).bindTools([weather])],
    ["ChatOpenAI", async () => openai().bindTools([weather])],
    ["ChatAnthropic", async () => anthropic().bindTools([weather])],
  ] as const)(
    "sends the tools bound before, and those bound later in their place: %s",
    async (_, make) => {
      const model = new HeadroomChatModel({ llm: await make(), store: memoryStore() });
      await model.invoke(conversation());
      await collect(await model.stream(conversation()));
      const other = tool(() => "9", { name: "clock", description: "The time.", schema: {} });
      await model.bindTools([other]).invoke(conversation());
      expect(toolsSent()).toEqual([both, both, ["clock", "headroom_retrieve"]]);
    },
  );

  it("lets an agent work over initChatModel, and the run choose the model", async () => {
    reply = (_, index) =>
      index === 0 ? { calls: [{ name: "weather", args: { city: "Oslo" } }] } : { text: "Sunny." };
    const llm = await initialized({ configurableFields: ["model"] });
    const model = new HeadroomChatModel({ llm, store: memoryStore() });
    const agent = createAgent({ model, tools: [weather] });
    const { messages } = await agent.invoke(
      { messages: [new HumanMessage("Weather?")] },
      { configurable: { model: "gpt-5" } },
    );
    expect(messages.at(-1)?.text).toBe("Sunny.");
    expect(toolsSent()).toEqual([both, both]);
    expect(sent().map(({ json }) => json.model)).toEqual(["gpt-5", "gpt-5"]);
  });

  it("gives the provider one retrieve tool, whoever else binds one", async () => {
    const store = memoryStore();
    const wrap = () => new HeadroomChatModel({ llm: openai(), store });
    await wrap()
      .bindTools([weather, createRetrieveTool({ store })])
      .invoke(conversation());
    const question = { messages: [new HumanMessage("q")] };
    const middleware = [headroomMiddleware({ store })];
    await createAgent({ model: wrap(), tools: [weather], middleware }).invoke(question);
    const tools = [weather, createRetrieveTool({ store })];
    await createAgent({ model: openai(), tools, middleware }).invoke(question);
    await createAgent({ model: wrap(), tools, middleware }).invoke(question);
    expect(toolsSent()).toEqual([both, both, both, both]);
  });

  it("leaves a tool of that name and another meaning to its owner, and then nothing out", async () => {
    reply = () => ({ calls: [{ name: "headroom_retrieve", args: { id: "7" } }] });
    const mine = tool(() => "x", {
      name: "headroom_retrieve",
      description: "Retrieves headroom.",
      schema: { type: "object", properties: { id: { type: "string" } } },
    });
    const model = new HeadroomChatModel({ llm: openai(), store: memoryStore() });
    const answer = await model.bindTools([mine]).invoke(conversation());
    expect(answer.tool_calls?.map(({ args }) => args)).toEqual([{ id: "7" }]);
    expect(sent()).toHaveLength(1);
    expect(sent()[0]?.body).not.toContain("omitted");
  });

  it.each([
    ["ChatOpenAI", async (more: object) => openai(more)],
    ["ChatAnthropic with tools", async (more: object) => anthropic(more).bindTools([weather])],
    ["initChatModel", async (more: object) => initialized(more)],
  ] as const)("uses callbacks, tags, metadata and cache of both: %s", async (_, make) => {
    const [inner, outer] = [new HeadroomCallbackHandler(), new HeadroomCallbackHandler()];
    const seen: { tags: string[]; metadata: Record<string, unknown> }[] = [];
    const spy = {
      handleChatModelStart: (
        ...args: [unknown, unknown, string, unknown, unknown, string[], Record<string, unknown>]
      ) => void seen.push({ tags: args[5], metadata: args[6] }),
    };
    const model = new HeadroomChatModel({
      llm: await make({
        callbacks: [inner, spy],
        tags: ["inner"],
        metadata: { a: 1 },
        cache: new InMemoryCache(),
      }),
      store: memoryStore(),
      callbacks: [outer],
      tags: ["outer"],
      metadata: { b: 2 },
    });
    expect((await model.invoke("same")).text).toBe("Done.");
    expect((await model.invoke("same")).text).toBe("Done.");
    expect(sent()).toHaveLength(1);
    expect([inner.total.modelCalls, outer.total.modelCalls]).toEqual([2, 2]);
    expect(seen[0]?.tags).toEqual(expect.arrayContaining(["inner", "outer"]));
    expect(seen[0]?.metadata).toMatchObject({ a: 1, b: 2 });
    await collect(await model.stream("other"));
    expect([inner.total.modelCalls, outer.total.modelCalls]).toEqual([3, 3]);
  });

  it("takes a cache of its own, and keeps streams off when told so", async () => {
    const model = new HeadroomChatModel({
      llm: openai(),
      store: memoryStore(),
      cache: new InMemoryCache(),
      disableStreaming: true,
    });
    await model.invoke("same");
    await model.invoke("same");
    expect(sent()).toHaveLength(1);
    const { pieces } = await collect(await model.stream("other"));
    expect(pieces).toHaveLength(1);
    expect(sent()[1]?.json.stream).not.toBe(true);
  });
});
