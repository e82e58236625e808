import { ccrStoreCases } from "@headroom/conformance";
import type { CcrRef } from "@headroom/core";
import { createRetrieveTool, langGraphStore } from "@headroom/langchain";
import { type HeadroomMiddlewareOptions, headroomMiddleware } from "@headroom/langchain/middleware";
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { InMemoryStore } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { orders, refsIn, textOf } from "./support/data.ts";
import { type Answer, callTool, ScriptedModel } from "./support/scripted-model.ts";

describe("langGraphStore", () => {
  const create = (now: () => number) => langGraphStore(new InMemoryStore(), { now });
  for (const law of ccrStoreCases({ create, runs: 40 })) it(law.name, law.run);

  it("stores what JSON in a database can hold, and nothing to be searched", async () => {
    const puts: unknown[][] = [];
    const items = new Map<string, string>();
    const store = langGraphStore({
      async get(namespace, key) {
        const found = items.get([...namespace, key].join("/"));
        return found === undefined ? null : { value: JSON.parse(found) };
      },
      async put(...put) {
        puts.push(put);
        const [namespace, key, value] = put;
        items.set([...namespace, key].join("/"), JSON.stringify(value));
      },
      async delete() {},
    });
    const odd = "a\0b \ud800 é 👩‍👦";
    for (const [index, text] of ["plain", odd].entries()) {
      const ref = `${index}` as CcrRef;
      await store.put({ ref, text });
      expect((await store.get(ref))?.text).toBe(text);
    }
    expect(puts.map(([namespace, , , indexed]) => [namespace, indexed])).toEqual([
      [["headroom", "originals"], false],
      [["headroom", "originals"], false],
    ]);
    for (const value of items.values()) expect(value).not.toMatch(/\\u0000|\\ud800/);
  });

  it("says of itself what it knows", async () => {
    const memory = langGraphStore(new InMemoryStore());
    expect([memory.survives, memory.warnings?.()]).toEqual(["process", []]);
    class RedisStore extends InMemoryStore {
      ttlConfig = { defaultTTL: 60 };
    }
    const redis = langGraphStore(new RedisStore());
    expect(redis.survives).toBeUndefined();
    expect(redis.warnings?.()).toEqual([expect.stringContaining("after 60 minutes")]);
  });

  it("refuses what is no store, and never serves what is no original", async () => {
    expect(() => langGraphStore(undefined)).toThrow('Invalid option "store"');
    const inner = new InMemoryStore();
    await inner.put(["headroom", "originals"], "x", { other: 1 });
    await expect(langGraphStore(inner).get("x" as CcrRef)).rejects.toThrow("no original");
  });
});

describe("an agent with a store of its own, for many tenants", () => {
  const listOrders = tool(() => orders(), {
    name: "list_orders",
    description: "All orders.",
    schema: { type: "object", properties: {} },
  });
  const lookUp: Answer = (messages) =>
    callTool("headroom_retrieve", { hash: refsIn(messages)[0], rows: "412" }, "c2");
  const options: HeadroomMiddlewareOptions = {
    store: ({ store }) => langGraphStore(store),
    namespace: ({ context }) => `${context.tenant}`,
  };
  const agentOf = (model: ScriptedModel, store?: InMemoryStore) =>
    createAgent({
      model,
      tools: [listOrders],
      middleware: [headroomMiddleware(options)],
      ...(store ? { store } : {}),
    });
  const question = () => ({ messages: [new HumanMessage("Row 412?")] });

  it("keeps originals in the run's store, under the run's namespace", async () => {
    const script: Answer[] = [
      callTool("list_orders", {}, "c1"),
      lookUp,
      (messages) => textOf(messages.at(-1)),
    ];
    const store = new InMemoryStore();
    const refs: string[] = [];
    const model = new ScriptedModel([...script, ...script]);
    const agent = agentOf(model, store);
    for (const tenant of ["one", "two"]) {
      const { messages } = await agent.invoke(question(), { context: { tenant } } as never);
      expect(messages.at(-1)?.text).toContain('{"id":412,');
      refs.push(refsIn(model.asked.at(-1)?.messages ?? [])[0] ?? "");
    }
    expect(new Set(refs).size).toBe(2);
    expect(await store.search(["headroom", "originals"])).toHaveLength(2);
    // What one tenant was shown, another cannot redeem.
    const thief = new ScriptedModel([
      callTool("headroom_retrieve", { hash: refs[0] ?? "" }, "c1"),
      (messages) => textOf(messages.at(-1)),
    ]);
    const stolen = await agentOf(thief, store).invoke(question(), {
      context: { tenant: "two" },
    } as never);
    expect(stolen.messages.at(-1)?.text).not.toContain("customer-");
  });

  it("fails a run that has no tenant, or no store, instead of mixing them", async () => {
    const nameless = createAgent({
      model: new ScriptedModel(["ok"]),
      tools: [],
      middleware: [
        headroomMiddleware({ ...options, namespace: ({ context }) => context.tenant as string }),
      ],
      store: new InMemoryStore(),
    });
    await expect(nameless.invoke(question())).rejects.toThrow('Invalid option "namespace"');
    await expect(
      agentOf(new ScriptedModel(["ok"])).invoke(question(), { context: { tenant: "a" } } as never),
    ).rejects.toThrow("createAgent");
  });

  it("asks for the run in a tool of its own, too", async () => {
    const retrieve = createRetrieveTool({
      store: langGraphStore(new InMemoryStore()),
      namespace: ({ configurable }) => `${configurable.tenant}`,
    });
    const answer = await retrieve.invoke({ hash: "x" }, { configurable: { tenant: "a" } });
    expect(answer).toContain("hash");
  });
});
