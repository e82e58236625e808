import { type CcrStore, createHeadroom, refOf, refScope } from "@headroom/core";
import { type RedisStoreEvent, type RedisStoreOptions, redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type RedisServer,
  redisStartable,
  startRedis,
} from "../../../test/support/redis-server.ts";

const scope = refScope("default");
const entry = (text: string) => ({ ref: refOf(text, scope), text });
const KEY = "k".repeat(32);

describe.runIf(redisStartable())("redisStore", () => {
  let server: RedisServer;
  let client: Redis;
  let spaces = 0;
  const stores: CcrStore[] = [];

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    for (const store of stores) await store.close?.();
    client?.disconnect();
    await server?.stop();
  });

  const make = (options: Partial<RedisStoreOptions> = {}): CcrStore => {
    const store = redisStore({ client, namespace: `n${spaces++}`, timeoutMs: 5_000, ...options });
    stores.push(store);
    return store;
  };

  it("compresses, stores and redeems across two clients", async () => {
    const rows = JSON.stringify(
      Array.from({ length: 400 }, (_, id) => ({
        id,
        name: `user ${id}`,
        at: `2026-01-01T00:00:${id % 60}Z`,
      })),
    );
    const one = createHeadroom({ store: make({ namespace: "shared" }) });
    const two = createHeadroom({ store: redisStore({ url: server.url, namespace: "shared" }) });
    const { ref } = await one.compressText(rows);
    const answer = await two.retrieve({ hash: String(ref), path: "[399].name" });
    expect(answer.slices[0]?.text).toBe('"user 399"');
    await two.close();
  });

  it("cuts large originals into chunks and puts them together again", async () => {
    const text = Array.from({ length: 200_000 }, (_, i) => (i * 2_654_435_761).toString(36)).join(
      "",
    );
    const store = make({ localCacheBytes: 0, encryptionKey: KEY });
    await store.put(entry(text));
    await store.put(entry(text));
    expect((await store.get(entry(text).ref))?.text).toBe(text);
    expect(await store.delete(entry(text).ref)).toBe(true);
    expect((await client.keys("*")).filter((key) => key.includes(":0"))).toEqual([]);
  });

  it("shows neither names nor content in Redis when it encrypts", async () => {
    await client.flushall();
    const secret = "canary-1234567890 ".repeat(50);
    await make({ namespace: "tenant-canary", encryptionKey: KEY }).put(entry(secret));
    for (const key of await client.keys("*")) {
      expect(key).not.toContain("canary");
      expect((await client.getBuffer(key))?.toString("latin1")).not.toContain("canary");
    }
  });

  it("never serves a damaged record, and says so", async () => {
    const events: RedisStoreEvent[] = [];
    for (const encryptionKey of [undefined, KEY]) {
      await client.flushall();
      const store = make({
        localCacheBytes: 0,
        onEvent: (event) => events.push(event),
        ...(encryptionKey ? { encryptionKey } : {}),
      });
      const original = entry("the original ".repeat(100));
      await store.put(original);
      const [key = ""] = await client.keys("*");
      const value = (await client.getBuffer(key)) ?? Buffer.alloc(0);
      for (let at = 0; at < value.byteLength; at += 3) {
        const damaged = Buffer.from(value);
        damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
        await client.set(key, damaged, "PX", 60_000);
        const got = await store.get(original.ref).catch((error: unknown) => String(error));
        // The reserved bytes and the time of writing carry no content; everything else must be noticed.
        if (typeof got === "object") expect(got.text, `byte ${at}`).toBe(original.text);
        else expect(got, `byte ${at}`).toMatch(/damaged/);
      }
    }
    expect(events.some(({ type }) => type === "corrupt")).toBe(true);
  });

  it("keeps namespaces and secrets apart", async () => {
    const original = entry("mine");
    await make({ namespace: "a" }).put(original);
    for (const options of [
      { namespace: "b" },
      { namespace: "a", secret: "s" },
      { namespace: "*" },
      { namespace: "a", keyPrefix: "p:" },
    ])
      expect(await make(options).get(original.ref)).toBeUndefined();
  });

  it("refuses in strict mode what this server cannot promise", async () => {
    await expect(make({ durability: "strict" }).put(entry("x"))).rejects.toThrow(/strict/);
    const synced = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
    const store = redisStore({ url: synced.url, durability: "strict" });
    await store.put(entry("x"));
    await store.close?.();
    await synced.stop();
  });

  it("fails within its timeout when the server hangs, and at once after that", async () => {
    const frozen = await startRedis();
    const store = redisStore({
      url: frozen.url,
      timeoutMs: 100,
      localCacheBytes: 0,
      breaker: { pauseMs: 60_000 },
    });
    await store.put(entry("before"));
    frozen.process.kill("SIGSTOP");
    for (let i = 0; i < 5; i++)
      await expect(store.put(entry(`during ${i}`))).rejects.toThrow(
        /StoreError|within|not tried|failed/,
      );
    const started = performance.now();
    await expect(store.put(entry("open"))).rejects.toThrow(/not tried/);
    expect(performance.now() - started).toBeLessThan(50);
    await store.close?.();
    await frozen.stop();
  });

  it.each([
    [{ namespace: { a: 1 } }, /namespace/],
    [{ namespace: "x".repeat(300) }, /namespace/],
    [{ ttlSeconds: 0 }, /ttlSeconds/],
    [{ encryptionKey: "short" }, /32 bytes/],
    [{ keyPrefix: "{x}" }, /braces/],
    [{ durability: "maybe" }, /durability/],
    [{ client: undefined }, /client/],
    [{ client: {} }, /ioredis/],
  ])("throws at once on %j", (options, message) => {
    expect(() => redisStore({ client, ...options } as RedisStoreOptions)).toThrow(message);
  });
});
