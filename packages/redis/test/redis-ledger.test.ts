import { createSharedContext, memoryStore } from "@headroom/core";
import { redisLedger } from "@headroom/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisAvailable, testRedis } from "../../../test/support/redis-server.ts";

/** A shared server keeps what earlier runs left. */
const keyPrefix = `test-${process.pid}-${Date.now()}:`;

describe.runIf(redisAvailable())("a shared context over Redis", () => {
  let server: Awaited<ReturnType<typeof testRedis>>;
  let client: Redis;
  beforeAll(async () => {
    server = await testRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.stop();
  });

  it("is one context for two processes' worth of clients", async () => {
    const store = memoryStore();
    const one = createSharedContext({
      store,
      ledger: redisLedger({ client, keyPrefix, session: "s1" }),
    });
    const two = createSharedContext({
      store,
      ledger: redisLedger({ url: server.url, keyPrefix, session: "s1" }),
    });
    const heard: string[] = [];
    const stop = await two.subscribe(({ name, version }) => heard.push(`${name} ${version}`));
    await one.put("a", "first", { agent: "x" });
    const put = await two.put("a", "second", { agent: "y" });
    expect(put).toMatchObject({ version: 2, agent: "y" });
    expect((await one.put("b", "second", { agent: "x" })).duplicateOf).toMatchObject({
      name: "a",
      version: 2,
      agent: "y",
    });
    expect((await one.get("a", { agent: "x" }))?.text).toContain("second");
    expect((await two.entries()).map(({ name, version }) => [name, version])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    expect(await two.stats()).toMatchObject({ puts: 3, duplicates: 1, reads: 1 });
    await expect.poll(() => heard).toEqual(["a 1", "a 2", "b 1"]);
    await stop();
    await two.close();
  });

  it("numbers versions without gaps or doubles when many write at once", async () => {
    const ledger = redisLedger({ client, keyPrefix, session: "race" });
    const context = createSharedContext({ store: memoryStore(), ledger });
    const puts = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        context.put("hot", `text ${i}`, { agent: `agent ${i % 8}` }),
      ),
    );
    expect(puts.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    expect((await context.get("hot", { agent: "reader" }))?.version).toBe(100);
  });

  it("keeps sessions, namespaces and odd names apart", async () => {
    const store = memoryStore();
    const odd = ["*", "?", "{x}", "a:b", "\0", "__proto__"];
    for (const session of odd) {
      const context = createSharedContext({
        store,
        ledger: redisLedger({ client, keyPrefix, session }),
      });
      expect(await context.entries()).toEqual([]);
      await context.put(session, session, { agent: session });
      expect((await context.entries()).map(({ name }) => name)).toEqual([session]);
    }
    expect(
      (await client.keys(`${keyPrefix}*`)).some((key) =>
        odd.slice(2).some((name) => key.includes(`{${name}`)),
      ),
    ).toBe(false);
    const other = createSharedContext({
      store,
      ledger: redisLedger({ client, keyPrefix, session: "*", namespace: "other" }),
    });
    expect(await other.entries()).toEqual([]);
  });

  it.each([
    [{ session: "" }],
    [{ session: 7 }],
    [{ session: { a: 1 } }],
    [{ session: "x".repeat(300) }],
  ])("throws at once on %j", (options) => {
    expect(() => redisLedger({ client, ...options } as never)).toThrow(/session/);
  });
});
