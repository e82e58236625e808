/** Tools and tool nodes whose results are short from birth, and are still what they were. */
import { memoryStore } from "@headroom/core";
import { createRetrieveTool, withHeadroomTool, withHeadroomTools } from "@headroom/langchain";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { StructuredTool, tool } from "@langchain/core/tools";
import { Command, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createReactAgent, ToolNode } from "@langchain/langgraph/prebuilt";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { orders, refsIn, textOf } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

const listOrders = tool(() => orders(), {
  name: "list_orders",
  description: "All orders.",
  schema: { type: "object", properties: {} },
});
const script: Answer[] = [
  callTool("list_orders", {}, "c1"),
  (messages) => callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "c2"),
  (messages) => textOf(messages.at(-1)),
];
const question = () => ({ messages: [new HumanMessage("Row 412?")] });
const options = () => ({ store: memoryStore(), acceptMemoryStore: true });

describe("withHeadroomTools", () => {
  it("is a ToolNode that createReactAgent takes", async () => {
    const its = options();
    const node = withHeadroomTools(new ToolNode([listOrders, createRetrieveTool(its)]), its);
    expect(node).toBeInstanceOf(ToolNode);
    expect(node.tools).toHaveLength(2);
    const agent = createReactAgent({ llm: new ScriptedModel(script), tools: node });
    const { messages } = await agent.invoke(question());
    expect(messages.at(-1)?.text).toContain('{"id":412,');
    // The state has the short text.
    expect(textOf(messages.find(ToolMessage.isInstance))).toContain("omitted");
  });

  it("leaves the node it was given as it was", async () => {
    const plain = new ToolNode([listOrders]);
    withHeadroomTools(plain, options());
    const call = new AIMessage({
      content: "",
      tool_calls: [{ id: "c1", name: "list_orders", args: {}, type: "tool_call" }],
    });
    const [message] = await plain.invoke([call]);
    expect(message?.content).toBe(orders());
  });
});

describe("withHeadroomTool", () => {
  it("shortens one tool's results in any agent, under the class it had", async () => {
    const its = options();
    const short = withHeadroomTool(listOrders, { ...its, retrieveTool: true });
    expect(short).toBeInstanceOf(StructuredTool);
    expect([short.name, short.description, short.schema]).toEqual([
      listOrders.name,
      listOrders.description,
      listOrders.schema,
    ]);
    const model = new ScriptedModel(script);
    const agent = createAgent({ model, tools: [short, createRetrieveTool(its)] });
    const { messages } = await agent.invoke(question());
    expect(messages.at(-1)?.text).toContain('{"id":412,');
    expect(textOf(messages.find(ToolMessage.isInstance))).toContain("omitted");
    expect(textOf(await listOrders.invoke({}).then((text) => new AIMessage(text)))).toBe(orders());
  });

  it("shortens texts, messages and commands, and is lossless where nobody can redeem", async () => {
    const its = options();
    const call = { type: "tool_call" as const, id: "c1", name: "list_orders", args: {} };
    const lossless = withHeadroomTool(listOrders, its);
    const text = await lossless.invoke({});
    expect(text).toMatch(/^\[\[hr:/);
    expect(text).not.toContain("omitted");
    const message = (await lossless.invoke(call)) as unknown as ToolMessage;
    expect([message.content, message.tool_call_id]).toEqual([text, "c1"]);
    const handOff = tool(
      () =>
        new Command({
          goto: "next",
          update: { messages: [new ToolMessage({ content: orders(), tool_call_id: "c1" })] },
        }),
      { name: "hand_off", description: "Hands off.", schema: { type: "object", properties: {} } },
    );
    const command = (await withHeadroomTool(handOff, its).invoke({})) as unknown as Command;
    expect(command).toBeInstanceOf(Command);
    expect(command.goto).toEqual(["next"]);
    const { messages } = command.update as { messages: ToolMessage[] };
    expect(messages[0]?.content).toBe(text);
  });

  it("lets a tool fail as it failed, and works in a graph", async () => {
    const failing = tool(
      () => {
        throw new Error("no such day");
      },
      { name: "failing", description: "Fails.", schema: { type: "object", properties: {} } },
    );
    const its = { ...options(), retrieveTool: true };
    await expect(withHeadroomTool(failing, its).invoke({})).rejects.toThrow("no such day");
    const node = new ToolNode([withHeadroomTool(listOrders, its), withHeadroomTool(failing, its)]);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("tools", node)
      .addEdge(START, "tools")
      .compile();
    const tool_calls = ["list_orders", "failing"].map((name, index) => ({
      id: `c${index}`,
      name,
      args: {},
      type: "tool_call" as const,
    }));
    const { messages } = await graph.invoke({
      messages: [new HumanMessage("q"), new AIMessage({ content: "", tool_calls })],
    });
    expect(messages.slice(2).map((one) => (one as ToolMessage).status)).toEqual([
      "success",
      "error",
    ]);
    expect(textOf(messages[2])).toContain("omitted");
  });

  it("says what it needs", () => {
    expect(() => withHeadroomTool(listOrders, { store: memoryStore() })).toThrow(
      "acceptMemoryStore",
    );
    expect(() => withHeadroomTool({} as never, options())).toThrow('"tool"');
  });
});
