/** Reads go on when only writing fails. */
import type { CcrStore } from "@headroom/core";
import { type RedisStoreOptions, redisStore } from "@headroom/redis";
import { afterEach, describe, expect, it } from "vitest";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { entryOf, noise, pause, type Served, serve } from "./servers.ts";

describe.runIf(redisStartable())("a server that refuses writes", () => {
  const started: Served[] = [];
  const stores: CcrStore[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close?.();
    for (const served of started.splice(0)) await served.stop();
  });
  const up = async (args: readonly string[] = []): Promise<Served> => {
    const served = await serve(args);
    started.push(served);
    return served;
  };
  const make = (url: string, options: Partial<RedisStoreOptions> = {}): CcrStore => {
    // What the server refuses is asked for, not how fast; the last test has a deadline of its own.
    const store = redisStore({ url, localCacheBytes: 0, timeoutMs: 30_000, ...options });
    stores.push(store);
    return store;
  };
  const small = entryOf("an original ".repeat(100));
  const large = entryOf(noise(2_000_000));

  const refusals: Record<string, (served: Served) => Promise<string | undefined>> = {
    "a replica": async ({ server, admin }) => {
      const replica = await up(["--replicaof", `127.0.0.1 ${server.port}`]);
      await expect
        .poll(() => replica.admin.info("replication"), { timeout: 20_000, interval: 100 })
        .toContain("master_link_status:up");
      await expect.poll(() => replica.admin.dbsize()).toBe(await admin.dbsize());
      return replica.server.url;
    },
    "too few replicas": async ({ admin }) => {
      await admin.config("SET", "min-replicas-to-write", "1");
      return undefined;
    },
    "no right to lengthen": async ({ server, admin }) => {
      await admin.call("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+@all", "-pexpire");
      return server.url.replace("//", "//reader:pw@");
    },
    "out of memory": async ({ admin }) => {
      await admin.config("SET", "maxmemory", "1mb");
      return undefined;
    },
  };
  it.each(Object.entries(refusals))("still serves reads: %s", async (name, refuse) => {
    const served = await up();
    const before = make(served.server.url);
    await before.put(small);
    await before.put(large);
    const url = (await refuse(served)) ?? served.server.url;
    const events: string[] = [];
    const store = make(url, { onEvent: ({ type }) => events.push(type) });
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 6; j++) {
        // Without the right to lengthen, what is new can be written, and what is there cannot be promised a longer life.
        const again = name === "no right to lengthen";
        const put = store.put(again ? small : entryOf(`refused ${i} ${j}`));
        await expect(put).rejects.toThrow(/READONLY|NOREPLICAS|NOPERM|permissions|OOM/);
      }
      expect((await store.get(small.ref))?.text).toBe(small.text);
    }
    expect((await store.get(large.ref))?.text === large.text).toBe(true);
    expect(await store.get(entryOf("absent").ref)).toBeUndefined();
    expect(events).not.toContain("breaker");
    // PEXPIRE needs no memory; where it is refused, the reader is told.
    if (name !== "out of memory")
      expect(store.warnings?.()).toContainEqual(expect.stringMatching(/do not lengthen the life/));
  });

  it("leaves no part of a large original behind that did not fit", async () => {
    const { server, admin } = await up(["--maxmemory", "8mb"]);
    const store = make(server.url);
    await store.put(small);
    for (let i = 0; i < 3; i++)
      await expect(store.put(entryOf(noise(12_000_000, i + 2)))).rejects.toThrow(/OOM/);
    await expect.poll(() => admin.dbsize()).toBe(1);
    await store.put(entryOf(noise(200_000, 9)));
  });

  it("has a breaker for writes and one for reads", async () => {
    const { server, admin } = await up();
    await make(server.url).put(small);
    const events: string[] = [];
    // CLIENT PAUSE WRITE holds back writes only: puts are late, reads of a user who may not write are not.
    await admin.call("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+@all", "-pexpire");
    await admin.call("ACL", "SETUSER", "writer", "on", ">pw", "~*", "+@all");
    const store = make(server.url.replace("//", "//writer:pw@"), {
      timeoutMs: 100,
      breaker: { pauseMs: 60_000 },
      onEvent: ({ type, message }) => type === "breaker" && events.push(message),
    });
    await store.get(small.ref);
    await admin.call("CLIENT", "PAUSE", "1500", "WRITE");
    for (let i = 0; i < 5; i++)
      await expect(store.put(entryOf(`late ${i}`))).rejects.toThrow(/no answer|writeable/);
    await expect(store.put(entryOf("open"))).rejects.toThrow(/not tried/);
    await pause(1_600);
    expect((await store.get(small.ref))?.text).toBe(small.text);
    expect(events).toEqual([expect.stringMatching(/^writes: open/)]);
  });
});
