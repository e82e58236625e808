import { createSharedContext, memoryStore, type SharedContext } from "@headroom/core";
import { sharedContextNode, sharedContextTools, shareResults } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { orders, refsIn, textOf } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

const listOrders = tool(() => orders(), {
  name: "list_orders",
  description: "All orders.",
  schema: { type: "object", properties: { day: { type: "integer" } } },
});
const sharedOver = (store = memoryStore()) => createSharedContext({ store, query: "What failed?" });

describe("sharedContextTools", () => {
  const toolsOf = (shared: SharedContext, agent: string) => {
    const [put, get, list] = sharedContextTools(shared, { agent });
    if (!put || !get || !list) throw new Error("three tools");
    return { put, get, list };
  };

  it("put, get and list by name, and tell who knew it first", async () => {
    const shared = sharedOver();
    const [one, two] = [toolsOf(shared, "researcher"), toolsOf(shared, "writer")];
    expect(await two.list.invoke({})).toBe("Nothing is shared yet.");
    const said = await one.put.invoke({ name: "orders", content: orders() });
    expect(said).toMatch(/^Shared as orders, version 1, \d+ tokens\.$/);
    expect(await two.put.invoke({ name: "copy", content: orders() })).toContain(
      "researcher has shared the same as orders, version 1",
    );
    expect(await two.list.invoke({})).toMatch(
      /^orders, version 1 by researcher, \d+ tokens\ncopy,/,
    );
    const third = toolsOf(shared, "reviewer");
    const view = await third.get.invoke({ name: "orders" });
    expect(view).toContain("failed: card expired");
    expect(view.length).toBeLessThan(orders().length / 10);
    expect(await third.get.invoke({ name: "orders", full: true })).toBe(orders());
    expect(await third.get.invoke({ name: "nothing" })).toMatch(
      /^Nothing is shared under nothing\. orders, version 1/,
    );
  });

  it("let a second agent redeem what the first one shared", async () => {
    const store = memoryStore();
    const shared = sharedOver(store);
    await shared.put("orders", orders(), { agent: "researcher" });
    const model = new ScriptedModel([
      callTool("get_shared", { name: "orders" }, "c1"),
      (messages) => callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "c2"),
      (messages) => textOf(messages.at(-1)),
    ]);
    const writer = createAgent({
      model,
      tools: sharedContextTools(shared, { agent: "writer" }),
      middleware: [headroomMiddleware({ store })],
    });
    const { messages } = await writer.invoke({ messages: [new HumanMessage("Row 412?")] });
    expect(messages.at(-1)?.text).toContain('{"id":412,');
  });

  it("take the context and the agent of the run", async () => {
    const contexts = new Map<string, SharedContext>();
    const shared = ({ configurable }: { configurable: Readonly<Record<string, unknown>> }) => {
      const key = String(configurable.thread_id);
      const context = contexts.get(key) ?? sharedOver();
      contexts.set(key, context);
      return context;
    };
    const [put, , list] = sharedContextTools(shared, {
      agent: ({ metadata }) => String(metadata.langgraph_node),
    });
    const one = { configurable: { thread_id: "1" }, metadata: { langgraph_node: "writer" } };
    await put?.invoke({ name: "a", content: "text" }, one);
    expect(await list?.invoke({}, one)).toContain("a, version 1 by writer");
    expect(await list?.invoke({}, { configurable: { thread_id: "2" } })).toContain("Nothing");
  });

  it("say what they need", () => {
    expect(() => sharedContextTools({} as never, { agent: "a" })).toThrow('"shared"');
    expect(() => sharedContextTools(sharedOver(), { agent: "" })).toThrow('"agent"');
  });
});

describe("shareResults", () => {
  it("shares what a tool returns under a name of its arguments, and changes nothing for its caller", async () => {
    const shared = sharedOver();
    const wrapped = shareResults(shared, listOrders, {
      agent: "researcher",
      name: ({ day }) => `orders of day ${day}`,
    });
    expect(wrapped).toBeInstanceOf(listOrders.constructor);
    expect(await wrapped.invoke({ day: 3 })).toBe(orders());
    const call = { type: "tool_call" as const, id: "c1", name: "list_orders", args: { day: 4 } };
    const message = (await wrapped.invoke(call)) as unknown as ToolMessage;
    expect([message.content, message.tool_call_id]).toEqual([orders(), "c1"]);
    expect((await shared.entries()).map(({ name }) => name)).toEqual([
      "orders of day 3",
      "orders of day 4",
    ]);
  });

  it("returns the result and says so where it could not be shared", async () => {
    const store = { ...memoryStore(), get: async () => undefined };
    const wrapped = shareResults(sharedOver(store), listOrders, { agent: "researcher" });
    const text = await wrapped.invoke({ day: 3 });
    expect(text.startsWith(`${orders()}\n[not shared as list_orders: `)).toBe(true);
  });
});

describe("sharedContextNode", () => {
  it("hands the next agent of a graph what the others shared, short", async () => {
    const store = memoryStore();
    const shared = sharedOver(store);
    const researcher = createAgent({
      model: new ScriptedModel([callTool("list_orders", { day: 1 }, "c1"), "Order 617 failed."]),
      tools: [shareResults(shared, listOrders, { agent: "researcher" })],
      middleware: [headroomMiddleware({ store })],
    });
    const lookUp: Answer = (messages) =>
      callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "c2");
    const model = new ScriptedModel([lookUp, (messages) => textOf(messages.at(-1))]);
    const writer = createAgent({
      model,
      tools: [],
      middleware: [headroomMiddleware({ store })],
    });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("researcher", async (state) => {
        const { messages } = await researcher.invoke(state);
        return { messages: messages.slice(-1) };
      })
      .addNode("handOver", sharedContextNode(shared, { agent: "writer" }))
      .addNode("writer", async ({ messages }) => writer.invoke({ messages }))
      .addEdge(START, "researcher")
      .addEdge("researcher", "handOver")
      .addEdge("handOver", "writer")
      .addEdge("writer", END)
      .compile();
    const { messages } = await graph.invoke({ messages: [new HumanMessage("What failed?")] });
    expect(messages.at(-1)?.text).toContain('{"id":412,');
    const handed = textOf(model.asked[0]?.messages.at(-1));
    expect(handed).toMatch(/^# list_orders, version 1 by researcher\n\[\[hr:/);
    expect(messages.filter(ToolMessage.isInstance)).toHaveLength(1);
  });

  it("hands over the names it is given, and nothing where there is nothing", async () => {
    const shared = sharedOver();
    const node = sharedContextNode(shared, { agent: "writer", names: ["b"] });
    expect(await node()).toEqual({ messages: [] });
    for (const name of ["a", "b"])
      await shared.put(name, `text of ${name}`, { agent: "researcher" });
    const { messages } = await node();
    expect(messages.map(textOf)).toEqual(["# b, version 1 by researcher\ntext of b"]);
  });
});
