import { type CcrStore, createHeadroom, memoryStore } from "@headroom/core";
import { bindRetrieveTool, createRetrieveTool, type RetrievalEvent } from "@headroom/langchain";
import type { ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { orders } from "./support/data.ts";
import { ScriptedModel } from "./support/scripted-model.ts";

async function kept(namespace = "default") {
  const store = memoryStore();
  const { ref = "" } = await createHeadroom({ store, namespace }).compressText(orders());
  return { store, hash: ref as string };
}

describe("createRetrieveTool", () => {
  it("serves rows, lines, queries and what follows, as text", async () => {
    const { store, hash } = await kept();
    const retrieve = createRetrieveTool({ store, maxTokens: 300 });
    expect(retrieve.name).toBe("headroom_retrieve");
    expect(await retrieve.invoke({ hash, rows: "617" })).toContain("failed: card expired");
    expect(await retrieve.invoke({ hash, query: "card expired" })).toContain('"id":617');
    const first = await retrieve.invoke({ hash });
    const offset = Number(/call again with offset (\d+)/.exec(first)?.[1]);
    expect(offset).toBeGreaterThan(100);
    expect(await retrieve.invoke({ hash, offset })).toContain('"customer"');
  });

  it("answers a tool call with a tool message", async () => {
    const { store, hash } = await kept();
    const call = {
      type: "tool_call" as const,
      id: "c7",
      name: "headroom_retrieve",
      args: { hash, rows: "1" },
    };
    const message = (await createRetrieveTool({ store }).invoke(call)) as unknown as ToolMessage;
    expect(message.getType()).toBe("tool");
    expect([message.tool_call_id, message.name]).toEqual(["c7", "headroom_retrieve"]);
    expect(message.content).toContain('"id":1,');
  });

  it("says what to do about an unknown hash, another tenant's hash and a failing store", async () => {
    const { store, hash } = await kept("tenant-a");
    const own = createRetrieveTool({ store, namespace: "tenant-a" });
    expect(await own.invoke({ hash, rows: "3" })).toContain('"id":3,');
    const other = createRetrieveTool({ store, namespace: "tenant-b" });
    expect(await other.invoke({ hash, rows: "3" })).toContain("expired or was never stored");
    expect(await own.invoke({ hash: "made up" })).toContain("is not a hash");
    const broken: CcrStore = {
      ...store,
      get: () => Promise.reject(new Error("ECONNREFUSED pw@host")),
    };
    const answer = await createRetrieveTool({ store: broken }).invoke({ hash });
    expect(answer).toContain("could not be read");
    expect(answer).not.toContain("pw@host");
  });

  it("stops looking for a model that guesses hashes", async () => {
    const { store, hash } = await kept();
    const retrieve = createRetrieveTool({ store });
    const guess = hash.replace(/^./, (letter) => (letter === "a" ? "b" : "a"));
    const answers: string[] = [];
    for (let asked = 0; asked < 30; asked++)
      answers.push(await retrieve.invoke({ hash: guess, rows: `${asked}` }));
    expect(answers[0]).not.toContain("not looked up");
    expect(answers.at(-1)).toContain("not looked up");
  });

  it("rejects arguments that are not the tool's, so that the loop tells the model", async () => {
    const { store } = await kept();
    await expect(createRetrieveTool({ store }).invoke({ nope: 1 } as never)).rejects.toThrow(
      /schema/,
    );
  });

  it("dispatches an event with each answer", async () => {
    const { store, hash } = await kept();
    const events: [string, RetrievalEvent][] = [];
    const callbacks = [
      {
        handleCustomEvent(name: string, data: RetrievalEvent) {
          events.push([name, data]);
        },
      },
    ];
    await createRetrieveTool({ store }).invoke({ hash, rows: "1" }, { callbacks });
    expect(events).toEqual([
      ["headroom_retrieval", { hash, found: true, characters: expect.any(Number) }],
    ]);
  });

  it("needs a store, and says so", () => {
    expect(() => createRetrieveTool({} as never)).toThrow('Invalid option "store"');
  });
});

describe("bindRetrieveTool", () => {
  it("offers the tool beside others, always with the same bytes", async () => {
    const { store } = await kept();
    const model = new ScriptedModel(["ok"]);
    const weather = tool(() => "sunny", {
      name: "weather",
      description: "d",
      schema: {
        type: "object",
        properties: { city: { type: "string" }, day: { type: "integer" } },
      },
    });
    await bindRetrieveTool(model, { store }, [weather]).invoke("hi");
    await bindRetrieveTool(model, createRetrieveTool({ store })).invoke("hi");
    expect(model.asked.map(({ tools }) => tools)).toEqual([
      ["weather", "headroom_retrieve"],
      ["headroom_retrieve"],
    ]);
  });
});
