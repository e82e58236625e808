import { type CcrStore, createHeadroom, memoryStore } from "@headroom/core";
import {
  bindRetrieveTool,
  type CompressionEvent,
  createRetrieveTool,
  HeadroomCompressor,
  langchainMessages,
} from "@headroom/langchain";
import { HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate, MessagesPlaceholder, PromptTemplate } from "@langchain/core/prompts";
import { describe, expect, it } from "vitest";
import { conversation, orders, refsIn, textOf } from "./support/data.ts";
import { ScriptedModel } from "./support/scripted-model.ts";

const prompt = ChatPromptTemplate.fromMessages([
  ["system", "you are {who}"],
  new MessagesPlaceholder("history"),
]);
const values = () => ({ who: "terse", history: conversation() });

describe("HeadroomCompressor", () => {
  it("stands between prompt and model, and leaves nothing out where no tool could get it back", async () => {
    const model = new ScriptedModel(["Order 617."]);
    const chain = prompt
      .pipe(new HeadroomCompressor({ store: memoryStore() }))
      .pipe(model)
      .pipe(new StringOutputParser());
    const input = values();
    expect(await chain.invoke(input)).toBe("Order 617.");
    const sent = model.asked[0]?.messages ?? [];
    expect(sent.slice(1, 3)).toEqual(input.history.slice(0, 2));
    expect(sent[1]).toBe(input.history[0]);
    expect(textOf(sent[3]).length).toBeLessThan(orders().length / 2);
    expect(textOf(sent[3])).not.toContain("omitted");
    expect(input.history[2]?.content).toBe(orders());
  });

  it("shortens where the model has the retrieve tool, and the tool serves what was left out", async () => {
    const store = memoryStore();
    const model = new ScriptedModel(["ok"]);
    const compressor = new HeadroomCompressor({ store, retrieveTool: true });
    await prompt.pipe(compressor).pipe(bindRetrieveTool(model, { store })).invoke(values());
    const asked = model.asked[0];
    expect(asked?.tools).toEqual(["headroom_retrieve"]);
    expect(textOf(asked?.messages[3])).toContain("omitted");
    expect(textOf(asked?.messages[3]).length).toBeLessThan(orders().length / 10);
    const [hash = ""] = refsIn(asked?.messages ?? []);
    const answer = await createRetrieveTool({ store }).invoke({ hash, rows: "412" });
    expect(answer).toContain('{"id":412,"customer":"customer-24"');
  });

  it("leaves nothing out where a call, or the compressor, says that the model cannot retrieve", async () => {
    const store = memoryStore();
    const shortened = async (compressor: HeadroomCompressor, options: object): Promise<boolean> =>
      textOf((await compressor.invoke(conversation(), options))[2]).includes("omitted");
    const able = new HeadroomCompressor({ store, retrieveTool: true });
    expect(await shortened(able, { lossless: true })).toBe(false);
    expect(await shortened(able, {})).toBe(true);
    // What the compressor was made for, a call cannot undo.
    const unable = new HeadroomCompressor({ store });
    expect(await shortened(unable, { lossless: false })).toBe(false);
    const { blocks } = await unable.instanceOf().compress(conversation(), { lossless: false });
    expect(blocks.some(({ lossless }) => lossless === false)).toBe(false);
    expect((await unable.instanceOf().compressText(orders())).block.lossless).toBe(true);
    const simulated = await unable.instanceOf().simulate(conversation());
    expect(simulated.blocks.some(({ lossless }) => lossless === false)).toBe(false);
  });

  it("clamps every mode to lossless without the tool, per-tool modes too", async () => {
    const compressor = new HeadroomCompressor({
      store: memoryStore(),
      mode: "aggressive",
      tools: { "list_*": "aggressive", other: "exclude" },
    });
    const [, , tool] = await compressor.invoke(conversation());
    expect(textOf(tool)).toContain("[[hr:");
    expect(textOf(tool)).not.toContain("omitted");
  });

  it("gives what an instance of core with the same options gives", async () => {
    const messages = conversation();
    const ours = await new HeadroomCompressor({ store: memoryStore(), retrieveTool: true }).invoke(
      messages,
    );
    const core = createHeadroom({ store: memoryStore(), adapter: langchainMessages });
    expect(ours).toEqual((await core.compress(messages)).messages);
    expect(ours[0]).toBe(messages[0]);
  });

  it("takes strings, tuples, role objects and both kinds of prompt values", async () => {
    const compressor = new HeadroomCompressor();
    const kinds = async (input: Parameters<typeof compressor.invoke>[0]) =>
      (await compressor.invoke(input)).map((message) => [message.getType(), message.content]);
    expect(await kinds("hi")).toEqual([["human", "hi"]]);
    expect(await kinds([["system", "s"], { role: "user", content: "u" }, "t"])).toEqual([
      ["system", "s"],
      ["human", "u"],
      ["human", "t"],
    ]);
    const fromString = PromptTemplate.fromTemplate("a {b}").pipe(compressor);
    expect((await fromString.invoke({ b: "c" }))[0]?.content).toBe("a c");
    await expect(compressor.invoke({} as never)).rejects.toThrow("expected a string, an array");
  });

  it("batches, and streams the model's own pieces", async () => {
    const text = "one two three four five";
    const model = new ScriptedModel([text]);
    const compressed = prompt.pipe(new HeadroomCompressor()).pipe(model);
    const plain = prompt.pipe(model);
    const pieces = async (chain: typeof plain): Promise<string[]> => {
      const found: string[] = [];
      for await (const chunk of await chain.stream(values())) found.push(textOf(chunk));
      return found;
    };
    const ours = await pieces(compressed);
    expect(ours).toEqual(await pieces(plain));
    expect(ours.length).toBeGreaterThan(4);
    const answers = await compressed.batch([values(), values()]);
    expect(answers.map(({ content }) => content)).toEqual([text, text]);
  });

  it("reports every compression as a custom event, alone and in a chain, and shows in streamEvents", async () => {
    const compressor = new HeadroomCompressor({ store: memoryStore(), retrieveTool: true });
    const events: CompressionEvent[] = [];
    const callbacks = [
      {
        handleCustomEvent(name: string, data: CompressionEvent) {
          if (name === "headroom_compression") events.push(data);
        },
      },
    ];
    await compressor.invoke(conversation(), { callbacks });
    const named = compressor.withConfig({ runName: "shorten", tags: ["t"] });
    const chain = prompt.pipe(named).pipe(new ScriptedModel(["ok"]));
    await chain.invoke(values(), { callbacks });
    expect(events).toHaveLength(2);
    expect(events[0]?.savings).toBeGreaterThan(0.85);
    expect(events[0]?.blocks.map(({ toolName, outcome }) => [toolName, outcome])).toContainEqual([
      "list_orders",
      "compressed",
    ]);
    expect(JSON.stringify(events)).not.toContain("customer-24");
    const seen = new Set<string>();
    for await (const { event, name } of chain.streamEvents(values(), { version: "v2" }))
      seen.add(`${event} ${name}`);
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "on_chain_start shorten",
        "on_custom_event headroom_compression",
        "on_chat_model_stream ScriptedModel",
      ]),
    );
  });

  it("passes the query of a call on", async () => {
    const compressor = new HeadroomCompressor({ store: memoryStore(), retrieveTool: true });
    const messages = [new SystemMessage("s"), ...conversation().slice(1)];
    const asked = await compressor.invoke(messages, { query: "id 412 customer-24" });
    const plain = await compressor.invoke(messages);
    expect(textOf(asked[2])).not.toBe(textOf(plain[2]));
    const bound = compressor.withConfig({ query: "id 412 customer-24" });
    expect(await bound.invoke(messages)).toEqual(asked);
  });

  it("stops when its signal fires, before and during the work", async () => {
    const compressor = new HeadroomCompressor({ store: memoryStore() });
    await expect(
      compressor.invoke(conversation(), { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/i);
    const controller = new AbortController();
    const slow: CcrStore = { ...memoryStore(), put: () => new Promise(() => undefined) };
    const pending = new HeadroomCompressor({ store: slow, storeTimeoutMs: 30_000 }).invoke(
      conversation(),
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 50);
    await expect(pending).rejects.toThrow(/abort/i);
  });

  it("shows no option, store or secret in a trace", () => {
    const compressor = new HeadroomCompressor({ store: memoryStore(), secret: "hush" });
    expect(compressor.getName()).toBe("HeadroomCompressor");
    expect(JSON.stringify(compressor)).not.toContain("hush");
  });

  it("throws at once on an option that cannot be right", () => {
    expect(() => new HeadroomCompressor({ mode: "harder" as never })).toThrow(
      'Invalid option "mode"',
    );
    expect(() => new HeadroomCompressor({ stores: 1 } as never)).toThrow('Invalid option "stores"');
  });

  it("leaves results of the retrieve tool alone", async () => {
    const store = memoryStore();
    const message = new ToolMessage({
      content: orders(),
      tool_call_id: "c9",
      name: "headroom_retrieve",
    });
    const compressor = new HeadroomCompressor({ store, retrieveTool: true });
    const output = await compressor.invoke([new HumanMessage("q"), message]);
    expect(output[1]).toBe(message);
  });
});
