import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CcrStore, memoryStore } from "@headroom/core";
import {
  bindRetrieveTool,
  compressToolMessages,
  createRetrieveTool,
  HeadroomCompressor,
  withHeadroomTools,
} from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { sqliteStore } from "@headroom/sqlite";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import {
  Command,
  END,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createReactAgent, ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createHandoffTool, createSwarm } from "@langchain/langgraph-swarm";
import { createAgent } from "langchain";
import { afterAll, describe, expect, it } from "vitest";
import { conversation, orders, refsIn, textOf } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-langgraph-"));
const store = sqliteStore({ path: join(folder, "originals.db") });
afterAll(async () => {
  await store.close?.();
  rmSync(folder, { recursive: true, force: true });
});

const schema = { type: "object" as const, properties: { day: { type: "integer" as const } } };
const listOrders = tool(() => orders(), { name: "list_orders", description: "Orders.", schema });
const thread = { configurable: { thread_id: "1" } };
const askRow = (row: string) => (messages: readonly BaseMessage[]) =>
  callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: row }, `r${row}`);
const lastText: Answer = (messages) => `Found: ${textOf(messages.at(-1))}`;

/** Every call whose messages show a marker offers the tool. */
function expectToolWhereMarkers(...models: ScriptedModel[]) {
  let seen = 0;
  for (const { messages, tools } of models.flatMap(({ asked }) => asked)) {
    if (refsIn(messages).length === 0) continue;
    seen++;
    expect(tools).toContain("headroom_retrieve");
  }
  expect(seen).toBeGreaterThan(0);
}

describe("compressToolMessages", () => {
  it("replaces tool messages in state and checkpoint by id, in place, and the original can be redeemed", async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("compress", compressToolMessages({ store, retrieveTool: true }))
      .addEdge(START, "compress")
      .addEdge("compress", END)
      .compile({ checkpointer: new MemorySaver() });
    const messages = conversation();
    const result = await graph.invoke({ messages }, thread);
    expect(result.messages.map(({ id }) => id)).toEqual(["h1", "a1", "t1"]);
    const { messages: saved } = (await graph.getState(thread)).values as typeof result;
    expect(textOf(saved[2])).toContain("omitted");
    expect((saved[2] as ToolMessage).artifact).toEqual({ raw: [1] });
    const [hash = ""] = refsIn(saved);
    expect(await createRetrieveTool({ store }).invoke({ hash, rows: "55" })).toContain('"id":55,');
    expect(messages[2]?.content).toBe(orders());
  });

  it("returns nothing where nothing changes, skips messages without id, and leaves nothing out without the tool", async () => {
    const node = compressToolMessages({ store });
    expect(await node({ messages: [new HumanMessage({ content: "q", id: "h" })] })).toEqual({
      messages: [],
    });
    const { messages } = await node({ messages: conversation() });
    expect(messages.map(({ id }) => id)).toEqual(["t1"]);
    expect(textOf(messages[0])).not.toContain("omitted");
    const nameless = new ToolMessage({ content: orders(), tool_call_id: "c1" });
    expect(await node({ messages: [nameless] })).toEqual({ messages: [] });
  });

  it("needs a store that lasts, and says so", () => {
    for (const make of [
      compressToolMessages,
      (options: never) => withHeadroomTools(new ToolNode([]), options),
    ]) {
      expect(() => make({} as never)).toThrow(
        "a store that outlives the process (sqliteStore, redisStore)",
      );
      expect(() => make({ store: memoryStore() } as never)).toThrow("acceptMemoryStore: true");
      expect(() => make({ store: memoryStore(), acceptMemoryStore: true } as never)).not.toThrow();
    }
  });
});

describe("a store that may not last", () => {
  it("is told of at the start, in the report, and when it has something new to say, each once", async () => {
    const said: string[] = [];
    let dropped = 0;
    // An instance of a class, with methods on its prototype and private state.
    class Wrapped implements CcrStore {
      readonly name = "wrapped";
      readonly survives = "process" as const;
      readonly #inner = memoryStore();
      put(entry: Parameters<CcrStore["put"]>[0]) {
        return this.#inner.put(entry);
      }
      get(ref: Parameters<CcrStore["get"]>[0]) {
        return this.#inner.get(ref);
      }
      delete(ref: Parameters<CcrStore["get"]>[0]) {
        return this.#inner.delete(ref);
      }
      warnings() {
        return dropped === 0 ? [] : [`${dropped} originals were dropped`];
      }
    }
    expect(() => compressToolMessages({ store: new Wrapped() })).toThrow("acceptMemoryStore: true");
    const reasons: string[] = [];
    const node = compressToolMessages({
      store: new Wrapped(),
      acceptMemoryStore: true,
      retrieveTool: true,
      cacheBytes: 0,
      onWarning: (message) => said.push(message),
      hooks: { onBlock: ({ reason }) => reasons.push(reason) },
    });
    const forgets = 'store "wrapped" forgets with this process, the state may not';
    expect(said).toEqual([forgets]);
    await node({ messages: conversation() });
    expect(reasons.at(-1)).toBe(`shortened, original kept; the store says: ${forgets}`);
    for (dropped = 1; dropped < 4; dropped++) await node({ messages: conversation() });
    expect(said).toEqual([forgets, "1 originals were dropped"]);
    expect(reasons.at(-1)).toContain("3 originals were dropped");
    expect(() => compressToolMessages({ store, onWarning: 1 as never })).toThrow('"onWarning"');
  });

  it("says nothing of one that lasts", async () => {
    const said: string[] = [];
    const onWarning = (message: string) => said.push(message);
    await compressToolMessages({ store, retrieveTool: true, onWarning })({
      messages: conversation(),
    });
    expect(said).toEqual([]);
  });
});

describe("withHeadroomTools", () => {
  const react = (model: ScriptedModel, originals: CcrStore) => {
    const retrieve = createRetrieveTool({ store: originals });
    const tools = withHeadroomTools(new ToolNode([listOrders, retrieve]), { store: originals });
    const bound = bindRetrieveTool(model, retrieve, [listOrders]);
    return new StateGraph(MessagesAnnotation)
      .addNode("agent", async ({ messages }) => ({ messages: [await bound.invoke(messages)] }))
      .addNode("tools", tools)
      .addEdge(START, "agent")
      .addConditionalEdges("agent", toolsCondition)
      .addEdge("tools", "agent")
      .compile({ checkpointer: new MemorySaver() });
  };

  it("runs a ReAct loop whose state holds short results, and answers about a row that was left out", async () => {
    const model = new ScriptedModel([
      callTool("list_orders", { day: 1 }, "c1"),
      askRow("412"),
      lastText,
    ]);
    const result = await react(model, store).invoke(
      { messages: [new HumanMessage("Check.")] },
      thread,
    );
    expect(result.messages.at(-1)?.content).toContain('{"id":412,');
    const [first, second] = result.messages.filter(ToolMessage.isInstance);
    expect([first?.name, first?.tool_call_id, first?.status]).toEqual([
      "list_orders",
      "c1",
      "success",
    ]);
    expect(textOf(first).length).toBeLessThan(orders().length / 10);
    expect(textOf(second)).toContain('{"id":412,');
    expectToolWhereMarkers(model);
  });

  it("leaves nothing out where the node does not hold the tool", async () => {
    const node = withHeadroomTools(new ToolNode([listOrders]), { store });
    const output = await node.invoke([callTool("list_orders", { day: 1 }, "c1")]);
    expect(textOf(output[0])).toMatch(/^\[\[hr:/);
    expect(textOf(output[0])).not.toContain("omitted");
  });

  it("shortens messages inside commands, and leaves everything else in them alone", async () => {
    const moving = tool(
      (_, { toolCall }) =>
        new Command({
          goto: "next",
          update: {
            note: "kept",
            messages: [
              new HumanMessage({ content: orders(), id: "h9" }),
              new ToolMessage({ content: orders(), tool_call_id: toolCall?.id ?? "" }),
            ],
          },
        }),
      { name: "moving", description: "Moves on.", schema },
    );
    const node = withHeadroomTools(new ToolNode([moving, createRetrieveTool({ store })]), {
      store,
    });
    const [command] = (await node.invoke([
      callTool("moving", { day: 1 }, "m1"),
    ])) as unknown as Command[];
    const update = command?.update as { note: string; messages: BaseMessage[] };
    expect(command).toBeInstanceOf(Command);
    expect([command?.goto, update.note, update.messages[0]?.content]).toEqual([
      ["next"],
      "kept",
      orders(),
    ]);
    expect(textOf(update.messages[1])).toContain("omitted");
  });
});

describe("HeadroomCompressor in createReactAgent", () => {
  it("shortens in the hook before the model, and the state keeps originals", async () => {
    const compressor = new HeadroomCompressor({ store, retrieveTool: true });
    const model = new ScriptedModel([
      callTool("list_orders", { day: 1 }, "c1"),
      askRow("79"),
      lastText,
    ]);
    const agent = createReactAgent({
      llm: model,
      tools: [listOrders, createRetrieveTool({ store })] as never,
      preModelHook: async ({ messages }, config) => ({
        llmInputMessages: await compressor.invoke(messages, config),
      }),
    } as Parameters<typeof createReactAgent>[0]);
    const { messages } = await agent.invoke({ messages: [new HumanMessage("Check.")] });
    expect(textOf(messages.at(-1))).toContain('{"id":79,');
    expect(messages.some((message: BaseMessage) => message.content === orders())).toBe(true);
    expectToolWhereMarkers(model);
  });
});

describe("handoffs", () => {
  it("let a supervisor's second agent redeem what the first one was shown", async () => {
    const middleware = () => [headroomMiddleware({ store })];
    const finder = new ScriptedModel([
      callTool("list_orders", { day: 1 }, "c1"),
      (messages) => `The list is [[hr:${refsIn(messages)[0]} json]].`,
    ]);
    const checker = new ScriptedModel([askRow("77"), lastText]);
    const agent = (name: string, model: ScriptedModel, tools: [] | [typeof listOrders]) =>
      createAgent({ name, model, tools, middleware: middleware() }).graph as never;
    const boss = new ScriptedModel([
      callTool("transfer_to_finder", {}, "b1"),
      callTool("transfer_to_checker", {}, "b2"),
      "Done.",
    ]);
    const graph = createSupervisor({
      llm: boss,
      tools: [createRetrieveTool({ store })] as never,
      agents: [agent("finder", finder, [listOrders]), agent("checker", checker, [])],
      outputMode: "last_message",
    }).compile();
    const { messages } = await graph.invoke({ messages: [new HumanMessage("Check order 77.")] });
    expect(messages.map(textOf).join("\n")).toContain('{"id":77,');
    expectToolWhereMarkers(boss, finder, checker);
  });

  it("let the second agent of a swarm redeem what the first one was shown, over a checkpointed thread", async () => {
    const alice = new ScriptedModel([
      callTool("list_orders", { day: 1 }, "c1"),
      () => callTool("transfer_to_bob", {}, "c2"),
    ]);
    const bob = new ScriptedModel([askRow("78"), lastText, "Bye."]);
    const agent = (name: string, model: ScriptedModel, tools: unknown[]) =>
      createAgent({
        name,
        model,
        tools: tools as never,
        middleware: [headroomMiddleware({ store })],
      }).graph as never;
    const graph = createSwarm({
      agents: [
        agent("alice", alice, [listOrders, createHandoffTool({ agentName: "bob" })]),
        agent("bob", bob, []),
      ],
      defaultActiveAgent: "alice",
    }).compile({ checkpointer: new MemorySaver() });
    const { messages } = await graph.invoke({ messages: [new HumanMessage("Check.")] }, thread);
    expect(textOf(messages.at(-1))).toContain('{"id":78,');
    const next = await graph.invoke({ messages: [new HumanMessage("Thanks.")] }, thread);
    expect(next.messages.at(-1)?.content).toBe("Bye.");
    expect(next.messages.filter((message) => message.content === orders())).toHaveLength(1);
    expect(AIMessage.isInstance(next.messages.at(-1))).toBe(true);
    expectToolWhereMarkers(alice, bob);
  });
});
