import { type CcrStore, createHeadroom, memoryStore, refOf, refScope } from "@headroom/core";
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
    const answer = await createRetrieveTool({ store: broken, namespace: "tenant-a" }).invoke({
      hash,
    });
    expect(answer).toContain("could not be read");
    expect(answer).not.toContain("pw@host");
  });

  it("answers odd arguments, as an object and in a tool call, instead of failing the run", async () => {
    const { store, hash } = await kept();
    const retrieve = createRetrieveTool({ store });
    const ask = async (args: object): Promise<string> => {
      const text = await retrieve.invoke(args as never);
      const call = { type: "tool_call" as const, id: "c", name: retrieve.name, args };
      const message = (await retrieve.invoke(call as never)) as unknown as ToolMessage;
      expect(message.content).toBe(text);
      return text;
    };
    expect(await ask({ hash, rows: 617 })).toContain("failed: card expired");
    expect(await ask({ hash, rows: [617], lines: null, offset: null })).toContain("card expired");
    expect(await ask({ hash, rows: "617", offset: "0", limit: -1, level: 2 })).toContain("card ex");
    expect(await ask({ hash, rows: { from: 1 } })).toContain("Cannot read rows");
    expect(await ask({ hash, level: "error", count: true })).toMatch(/^0: Nothing is of level/);
    expect(await ask({ hash, path: "[*].id", count: "true", limit: "2" })).toMatch(/^\d+ values$/);
    expect(await ask({ nope: 1 })).toContain("not an object with a hash");
  });

  it("serves what maxTokens allows, not the default", async () => {
    const { store, hash } = await kept();
    const sizes: number[] = [];
    for (const maxTokens of [300, 1_200, undefined]) {
      const options = maxTokens === undefined ? {} : { maxTokens };
      sizes.push((await createRetrieveTool({ store, ...options }).invoke({ hash })).length);
    }
    const [small = 0, medium = 0, standard = 0] = sizes;
    expect(medium).toBeGreaterThan(3 * small);
    expect(standard).toBeGreaterThan(3 * medium * 0.9);
  });

  it("rejects with the signal of the run, even while the store does not answer", async () => {
    const { store, hash } = await kept();
    const hanging: CcrStore = { ...store, get: () => new Promise(() => {}) };
    await expect(
      createRetrieveTool({ store: hanging }).invoke({ hash }, { signal: AbortSignal.timeout(20) }),
    ).rejects.toThrow(/timeout|abort/i);
  });

  it("stops looking for a model that guesses hashes", async () => {
    const { store, hash } = await kept();
    const retrieve = createRetrieveTool({ store });
    const scope = refScope("default");
    const guesses = Array.from({ length: 25 }, (_, at) => refOf(`never stored ${at}`, scope));
    const answers: string[] = [];
    for (const guess of [...guesses, ...guesses.slice(-1)])
      answers.push(await retrieve.invoke({ hash: guess }));
    expect(answers[0]).not.toContain("not looked up");
    expect(answers.at(-1)).toContain("not looked up");
    expect(await retrieve.invoke({ hash, rows: "617" })).toContain("failed: card expired");
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
