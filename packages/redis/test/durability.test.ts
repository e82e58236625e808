/** What a level promises on the servers that people run, and what is said where it promises less. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CcrStore } from "@headroom/core";
import { type RedisStoreEvent, type RedisStoreOptions, redisStore } from "@headroom/redis";
import { afterEach, describe, expect, it } from "vitest";
import { freePort, redisStartable } from "../../../test/support/redis-server.ts";
import { acknowledged, strict } from "../src/durability.ts";
import { entryOf, pause, type Served, serve } from "./servers.ts";

const ALWAYS = ["--appendonly", "yes", "--appendfsync", "always"];
const PATIENT = { timeoutMs: 3_000, breaker: { pauseMs: 50 } };

describe.runIf(redisStartable())("durability", () => {
  const started: Served[] = [];
  const stores: CcrStore[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close?.();
    for (const served of started.splice(0)) await served.stop();
  });
  const up = async (args: readonly string[] = [], port?: number): Promise<Served> => {
    const served = await serve(args, port);
    started.push(served);
    return served;
  };
  const make = (options: RedisStoreOptions): CcrStore => {
    const store = redisStore({ localCacheBytes: 0, ...PATIENT, ...options });
    stores.push(store);
    return store;
  };
  /** Until the client has connected again. */
  const putSoon = async (store: CcrStore, text: string): Promise<unknown> => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const error = await store.put(entryOf(text)).catch((cause: unknown) => cause);
      if (!/ECONNREFUSED|not tried|writeable|closed/.test(String(error))) return error;
      await pause(30);
    }
    return "never connected";
  };

  it.each([
    ["Debian's default", [], [/no append-only file and has no replica/]],
    ["appendfsync everysec", ["--appendonly", "yes"], [/everysec.*second or two/]],
    ["appendfsync no", ["--appendonly", "yes", "--appendfsync", "no"], [/fsync no.*half minute/]],
    ["appendfsync always", ALWAYS, []],
    [
      "a cache",
      [...ALWAYS, "--maxmemory", "50mb", "--maxmemory-policy", "volatile-ttl"],
      [/evicts keys/],
    ],
    ["a full server that refuses", [...ALWAYS, "--maxmemory", "50mb"], []],
  ])("warns of what %s does, with the first put and without a listener", async (_, args, say) => {
    const { server } = await up(args);
    const events: RedisStoreEvent[] = [];
    for (const store of [
      make({ url: server.url }),
      make({ url: server.url, onEvent: (event) => events.push(event) }),
    ]) {
      expect(store.warnings?.()).toEqual([]);
      await store.put(entryOf("first"));
      expect(store.warnings?.()).toEqual(say.map((each) => expect.stringMatching(each)));
      await store.put(entryOf("second"));
    }
    expect(events.map(({ message }) => message)).toEqual(stores[0]?.warnings?.());
  });

  it("says so when the server will not say", async () => {
    const { server, admin } = await up();
    await admin.call("ACL", "SETUSER", "quiet", "on", ">pw", "~*", "+@all", "-info", "-config");
    const store = make({ url: server.url.replace("//", "//quiet:pw@") });
    await store.put(entryOf("x"));
    expect(store.warnings?.()).toEqual([expect.stringMatching(/does not say.*INFO/)]);
    const strictly = make({ url: server.url.replace("//", "//quiet:pw@"), durability: "strict" });
    await expect(strictly.put(entryOf("x"))).rejects.toThrow(/strict.*would not say/);
  });

  it("renews the warnings with every connection", async () => {
    const port = await freePort();
    const first = await up(ALWAYS, port);
    const events: string[] = [];
    const store = make({
      url: first.server.url,
      onEvent: ({ type, message }) => type === "warning" && events.push(message),
    });
    await store.put(entryOf("one"));
    expect(store.warnings?.()).toEqual([]);
    await first.stop();
    const cache = await up(
      [...ALWAYS, "--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"],
      port,
    );
    expect(await putSoon(store, "two")).toBeUndefined();
    expect(store.warnings?.()).toEqual([expect.stringMatching(/evicts/)]);
    await cache.stop();
    await up(["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru", ...ALWAYS], port);
    expect(await putSoon(store, "three")).toBeUndefined();
    expect(events).toHaveLength(2);
  });

  it("strict acknowledges nothing on a server that took the place of another", async () => {
    const port = await freePort();
    const first = await up(ALWAYS, port);
    const store = make({ url: first.server.url, durability: "strict" });
    await store.put(entryOf("kept"));
    await first.stop();
    const second = await up([], port);
    for (let i = 0; i < 20; i++)
      expect(String(await putSoon(store, `lost ${i}`))).toMatch(/strict/);
    expect(await second.admin.dbsize()).toBeLessThanOrEqual(1);
    await second.stop();
    await up(ALWAYS, port);
    expect(await putSoon(store, "kept again")).toBeUndefined();
  });

  it("strict acknowledges no put during which the server was replaced by one as good", async () => {
    const port = await freePort();
    const first = await up(ALWAYS, port);
    const level = strict(1, 1_000);
    const connected = () =>
      expect.poll(() => first.admin.ping().catch(String), { timeout: 5_000 }).toBe("PONG");
    await level.uphold(first.admin, async () => undefined);
    const replaced = level.uphold(first.admin, async () => {
      // Behind the question on the same connection: the first server has answered it.
      await first.admin.ping();
      await first.server.stop();
      await up(ALWAYS, port);
      await connected();
    });
    await expect(replaced).rejects.toThrow(/changed during the put/);
    await level.uphold(first.admin, async () => undefined);
  });

  it("knows its warnings when the first put over a connection resolves, however fast it was", async () => {
    const { admin } = await up();
    await admin.ping();
    const level = acknowledged(() => {});
    await level.uphold(admin, async () => undefined);
    expect(level.warnings()).toHaveLength(1);
  });

  it("strict notices that a setting was changed under it", async () => {
    const { server, admin } = await up(ALWAYS);
    const store = make({ url: server.url, durability: "strict" });
    await store.put(entryOf("kept"));
    const changes: readonly (readonly [string, string, string])[] = [
      ["appendfsync", "everysec", "always"],
      ["appendonly", "no", "yes"],
      ["maxmemory-policy", "allkeys-lru", "noeviction"],
    ];
    await admin.config("SET", "maxmemory", "100mb");
    for (const [name, bad, good] of changes) {
      await admin.config("SET", name, bad);
      await expect(store.put(entryOf(name))).rejects.toThrow(/strict/);
      await admin.config("SET", name, good);
      await expect.poll(() => store.put(entryOf(name)).then(() => "kept", String)).toBe("kept");
    }
  });

  it("strict counts the replicas that have it, also for what was there before", async () => {
    const primary = await up();
    const replica = await up(["--replicaof", `127.0.0.1 ${primary.server.port}`]);
    await expect
      .poll(() => primary.admin.info("replication"), { timeout: 20_000, interval: 200 })
      .toContain("state=online");
    const store = make({ url: primary.server.url, durability: "strict", timeoutMs: 500 });
    await expect
      .poll(() => store.put(entryOf("one")).then(() => "kept", String), { timeout: 10_000 })
      .toBe("kept");
    expect(await replica.admin.dbsize()).toBe(1);
    replica.server.process.kill("SIGSTOP");
    await make({ url: primary.server.url }).put(entryOf("two"));
    for (const text of ["two", "three"])
      await expect(store.put(entryOf(text))).rejects.toThrow(/of 1 replicas|no answer/);
    replica.server.process.kill("SIGCONT");
    await expect
      .poll(() => store.put(entryOf("two")).then(() => "kept", String), { timeout: 10_000 })
      .toBe("kept");
  }, 60_000);

  it("keeps originals a day, and a month where nobody puts them again", async () => {
    const { server, admin } = await up(ALWAYS);
    for (const [durability, days] of [
      ["redis", 1],
      ["strict", 30],
    ] as const) {
      await admin.flushall();
      await make({ url: server.url, durability }).put(entryOf("x"));
      const [key = ""] = await admin.keys("*");
      expect((await admin.pttl(key)) / 86_400_000).toBeCloseTo(days, 2);
    }
  });

  it("heals with the next turn what a restart, a flush or an eviction took", async () => {
    const port = await freePort();
    const first = await up([], port);
    const turn = Array.from({ length: 40 }, (_, i) => entryOf(`a block of the transcript, ${i}`));
    const store = make({ url: first.server.url });
    expect((await store.putMany?.(turn))?.filter(Boolean)).toEqual([]);
    await first.stop();
    const second = await up([], port);
    const losses = [
      () => second.admin.flushall(),
      async () => second.admin.del(...(await second.admin.keys("*")).slice(0, 20)),
      async () => undefined,
    ];
    expect(await putSoon(store, "connected again")).toBeUndefined();
    for (const lose of losses) {
      await lose();
      expect((await store.putMany?.(turn))?.filter(Boolean)).toEqual([]);
      const reader = make({ url: second.server.url });
      const read = await Promise.all(turn.map(({ ref }) => reader.get(ref)));
      expect(read.map((entry) => entry?.text)).toEqual(turn.map(({ text }) => text));
    }
  });

  it("survives SIGKILL at level strict: what was acknowledged is there after the restart", async () => {
    const port = await freePort();
    const first = await up(ALWAYS, port);
    const folder = String(((await first.admin.config("GET", "dir")) as string[])[1]);
    const store = make({ url: first.server.url, durability: "strict" });
    const kept: ReturnType<typeof entryOf>[] = [];
    const writing = (async () => {
      for (let i = 0; ; i++) {
        const entry = entryOf(`number ${i}`);
        const error = await store.put(entry).catch((cause: unknown) => cause);
        if (error) return;
        kept.push(entry);
      }
    })();
    await pause(300);
    first.server.process.kill("SIGKILL");
    await writing;
    await up([...ALWAYS, "--dir", folder], port);
    await pause(200);
    const reader = make({ url: first.server.url });
    for (const { ref, text } of kept) expect((await reader.get(ref))?.text).toBe(text);
    expect(kept.length).toBeGreaterThan(5);
    await rm(join(folder, "appendonlydir"), { recursive: true, force: true });
  });
});
