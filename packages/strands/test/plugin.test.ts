/** A real agent of the SDK against a server that speaks Chat Completions: what leaves, what the agent keeps, what can be asked for. */
import { type CcrStore, type CompressTextResult, findMarkers, memoryStore } from "@headroom/core";
import {
  AfterToolCallEvent,
  Agent,
  FunctionTool,
  ImageBlock,
  JsonBlock,
  TextBlock,
  type ToolResultContent,
  ToolResultEvent,
} from "@strands-agents/sdk";
import { OpenAIModel } from "@strands-agents/sdk/models/openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { chat } from "../../openai/test/replies.ts";
import { type HeadroomPluginOptions, headroomPlugin, retrieveTool } from "../src/index.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const rows = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  sku: `SKU-${(id * 7_919) % 9_973}`,
  state: "shipped",
  warehouse: `W${id % 4}`,
}));
const sku500 = "SKU-219";

const toolOf = (name: string, callback: () => unknown): FunctionTool =>
  new FunctionTool({ name, description: "Lists.", callback: callback as () => string });
const orders = toolOf("list_orders", () => rows);
const asked = { name: "list_orders", args: {} };

function agentWith(
  options: HeadroomPluginOptions,
  tools: readonly FunctionTool[] = [orders],
): Agent {
  const model = new OpenAIModel({
    api: "chat",
    modelId: "gpt-4o",
    apiKey: "sk-test",
    clientConfig: { baseURL: `${server.url}/v1`, maxRetries: 0 },
  });
  return new Agent({
    model,
    tools: [...tools],
    plugins: [headroomPlugin(options)],
    printer: false,
  });
}

/** What the agent keeps of its tools' answers. */
const kept = (agent: Agent): readonly ToolResultContent[] =>
  agent.messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.type === "toolResultBlock" ? block.content : [])),
  );
const textOf = (part: ToolResultContent | undefined): string =>
  part?.type === "textBlock" ? part.text : `no text: ${part?.type}`;

/** One turn in which the model calls a tool and then answers. */
async function turn(agent: Agent, call = asked): Promise<void> {
  server.reply(chat({ calls: [call] }, true), chat({ text: "Done." }, true));
  await agent.invoke("Which orders are there?");
}

describe("a tool's result", () => {
  it("is short when it enters the messages, and the model gets back what was left out", async () => {
    const agent = agentWith({ store: memoryStore() });
    server.reply(
      chat({ calls: [asked] }, true),
      ({ body }) => {
        const hash = findMarkers(body)[0]?.ref ?? "";
        return chat({ calls: [{ name: "headroom_retrieve", args: { hash, rows: "500" } }] }, true);
      },
      chat({ text: "It is there." }, true),
    );
    expect(String(await agent.invoke("Which sku has order 500?"))).toContain("It is there.");
    const [first, second, third] = server.requests.map(({ body }) => body);
    expect(first).toContain('"name":"headroom_retrieve"');
    expect(second?.length).toBeLessThan(JSON.stringify(rows).length / 8);
    expect(second).not.toContain(`${sku500}\\"`);
    // What was retrieved arrives as it was served.
    expect(third).toContain(sku500);
    expect(textOf(kept(agent)[1])).not.toContain("[[hr:");
  });

  it("is short in a turn that the caller streams, and its events tell of the short text", async () => {
    const agent = agentWith({ store: memoryStore() });
    server.reply(chat({ calls: [asked] }, true), chat({ text: "Done." }, true));
    const results: string[] = [];
    for await (const event of agent.stream("Which orders are there?"))
      if (event instanceof ToolResultEvent) results.push(textOf(event.result.content[0]));
    expect(results).toEqual([textOf(kept(agent)[0])]);
    expect(results[0]).toMatch(/^\[\[hr:/);
  });

  it("keeps its bytes in every later request", async () => {
    const agent = agentWith({ store: memoryStore() });
    const bodies: string[] = [];
    for (let n = 0; n < 4; n++) {
      await turn(agent);
      bodies.push(...server.requests.map(({ json }) => JSON.stringify(json.messages)));
    }
    for (let n = 1; n < bodies.length; n++)
      expect(bodies[n]?.startsWith(bodies[n - 1]?.slice(0, -1) ?? "")).toBe(true);
  });

  it("is exact where nothing can be retrieved", async () => {
    for (const options of [{}, { store: memoryStore(), retrieval: false }]) {
      const reports: CompressTextResult[] = [];
      const agent = agentWith({ ...options, onCompression: (result) => reports.push(result) });
      await turn(agent);
      expect(reports.map(({ block }) => block.lossless)).toEqual([true]);
      expect(server.requests[0]?.body).not.toContain("headroom_retrieve");
    }
  });

  it("is told apart by its tool, the question and its status", async () => {
    const reports: CompressTextResult[] = [];
    const options = {
      store: memoryStore(),
      tools: { secret_orders: "exclude" as const },
      onCompression: (result: CompressTextResult) => reports.push(result),
    };
    const failing = toolOf("fail", () => {
      const lines = Array.from({ length: 900 }, (_, n) => `INFO step ${n} took ${n * 7} ms`);
      throw new Error([...lines, "ERROR disk 7 is full"].join("\n"));
    });
    const agent = agentWith(options, [toolOf("secret_orders", () => rows), orders, failing]);
    await turn(agent, { name: "secret_orders", args: {} });
    await turn(agent, { name: "fail", args: {} });
    server.reply(chat({ calls: [asked] }, true), chat({ text: "Done." }, true));
    await agent.invoke(`Where is ${sku500}?`);
    expect(reports.map(({ block }) => [block.toolName, block.outcome])).toEqual([
      ["secret_orders", "protected"],
      ["fail", "compressed"],
      ["list_orders", "compressed"],
    ]);
    const results = agent.messages
      .flatMap(({ content }) => content)
      .filter((block) => block.type === "toolResultBlock");
    expect(results.map(({ status }) => status)).toEqual(["success", "error", "success"]);
    expect(textOf(results[1]?.content[0])).toContain("ERROR disk 7 is full");
    expect(textOf(results[2]?.content[0])).toContain(sku500);
  });

  it("keeps images and small parts as the same objects", async () => {
    const image = new ImageBlock({ format: "png", source: { bytes: new Uint8Array([1, 2, 3]) } });
    const small = new JsonBlock({ json: { ok: true } });
    const agent = agentWith({ store: memoryStore() });
    agent.addHook(AfterToolCallEvent, (event) => {
      Object.assign(event.result, {
        content: [small, new TextBlock(JSON.stringify(rows)), image],
      });
    });
    await turn(agent);
    const [first, second, third] = kept(agent);
    expect(first).toBe(small);
    expect(third).toBe(image);
    expect(textOf(second)).toMatch(/^\[\[hr:/);
  });

  it("is the original for the hooks of others", async () => {
    const seen: number[] = [];
    const agent = agentWith({ store: memoryStore() });
    agent.addHook(AfterToolCallEvent, ({ result }) => {
      seen.push(JSON.stringify(result).length);
    });
    await turn(agent);
    expect(seen[0]).toBeGreaterThan(JSON.stringify(rows).length);
  });

  it("stays as it is where something throws, and the turn goes on", async () => {
    const errors: unknown[] = [];
    const agent = agentWith({
      store: memoryStore(),
      onCompression: () => {
        throw new Error("mine");
      },
      onError: (error) => {
        errors.push(error);
        throw new Error("also mine");
      },
    });
    await turn(agent);
    expect(kept(agent)[0]?.type).toBe("jsonBlock");
    expect(errors.map(String)).toEqual(["Error: mine"]);
  });

  it("leaves nothing out while the store is down", async () => {
    const reports: CompressTextResult[] = [];
    const broken: CcrStore = { ...memoryStore(), put: () => Promise.reject(new Error("down")) };
    await turn(agentWith({ store: broken, onCompression: (result) => reports.push(result) }));
    expect(reports[0]?.block.outcome).toBe("store-down");
    expect(reports[0]?.text).not.toContain("omitted");
  });
});

describe("retrieve", () => {
  it("serves another agent what this one shortened, over one store", async () => {
    const store = memoryStore();
    const writer = agentWith({ store });
    await turn(writer);
    const hash = findMarkers(textOf(kept(writer)[0]))[0]?.ref ?? "";
    const reader = agentWith({}, [retrieveTool({ store })]);
    await turn(reader, { name: "headroom_retrieve", args: { hash, rows: "500" } });
    expect(textOf(kept(reader)[0])).toContain(sku500);
  });

  it.each([[{}], [{ hash: 5 }], [{ hash: "x", rows: 3 }]])("answers %j in words", async (args) => {
    const agent = agentWith({ store: memoryStore() });
    await turn(agent, { name: "headroom_retrieve", args });
    expect(textOf(kept(agent)[0])).toMatch(/hash/i);
  });

  it("keeps to its page size, and tells of a store that fails", async () => {
    const store = memoryStore();
    const writer = agentWith({ store, maxTokens: 100 });
    await turn(writer);
    const hash = findMarkers(textOf(kept(writer)[0]))[0]?.ref ?? "";
    await turn(writer, { name: "headroom_retrieve", args: { hash } });
    expect(textOf(kept(writer)[1]).length).toBeLessThan(1_500);
    const errors: unknown[] = [];
    const down: CcrStore = { ...store, get: () => Promise.reject(new Error("down")) };
    const reader = agentWith({}, [
      retrieveTool({ store: down, onError: (error) => errors.push(error) }),
    ]);
    await turn(reader, { name: "headroom_retrieve", args: { hash } });
    expect(textOf(kept(reader)[0])).toMatch(/could not be read/);
    expect(errors).toHaveLength(1);
  });

  it("needs a store", () => {
    expect(() => retrieveTool({} as never)).toThrow(/store/);
    expect(() => headroomPlugin({ mod: "lossless" } as never)).toThrow(/mod/);
  });
});

it("one plugin serves many agents", async () => {
  const plugin = headroomPlugin({ store: memoryStore() });
  const make = (): Agent =>
    new Agent({
      model: new OpenAIModel({
        api: "chat",
        modelId: "gpt-4o",
        apiKey: "k",
        clientConfig: { baseURL: `${server.url}/v1` },
      }),
      tools: [orders],
      plugins: [plugin],
      printer: false,
    });
  await turn(make());
  await turn(make());
  expect(plugin.headroom.stats().calls).toBe(2);
});
