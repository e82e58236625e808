/** The laws of stores against a real Redis Cluster of three nodes, and against Valkey where there is one. */
import { existsSync } from "node:fs";
import { ccrStoreCases } from "@headroom/conformance";
import { type CcrStore, refOf, refScope } from "@headroom/core";
import { redisLedger, redisStore } from "@headroom/redis";
import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisCluster, startCluster } from "../../../test/support/redis-cluster.ts";
import {
  type RedisServer,
  redisStartable,
  startRedis,
} from "../../../test/support/redis-server.ts";

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const PATIENT = {
  timeoutMs: 10_000,
  breaker: { slowMs: Number.POSITIVE_INFINITY },
  localCacheBytes: 0,
};

describe.runIf(redisStartable())("a Redis Cluster of three", () => {
  let cluster: RedisCluster;
  let client: Cluster;
  let spaces = 0;
  beforeAll(async () => {
    cluster = await startCluster();
    client = new Cluster(cluster.ports.map((port) => ({ host: "127.0.0.1", port })));
  }, 60_000);
  afterAll(async () => {
    client?.disconnect();
    await cluster?.stop();
  });

  const create = (now: () => number): CcrStore =>
    redisStore({ client, namespace: `c${spaces++}`, now, ...PATIENT });
  for (const law of ccrStoreCases({ create, wait, runs: 10, largeCharacters: 3_000_000 }))
    it(law.name, law.run);

  it("keeps a batch whose originals live on all nodes", async () => {
    const store = create(Date.now);
    const entries = Array.from({ length: 60 }, (_, i) => ({
      ref: refOf(`text ${i}`, refScope("x")),
      text: `text ${i}`,
    }));
    expect((await store.putMany?.(entries))?.filter(Boolean)).toEqual([]);
    for (const { ref, text } of entries) expect((await store.get(ref))?.text).toBe(text);
    expect(
      (await Promise.all(cluster.admins.map((node) => node.dbsize()))).every((size) => size > 0),
    ).toBe(true);
  });

  it("writes to the nodes that answer while another does not, also over new connections", async () => {
    const fresh = new Cluster(cluster.ports.map((port) => ({ host: "127.0.0.1", port })));
    await new Promise((resolve) => fresh.once("ready", resolve));
    await cluster.admins[1]?.call("CLIENT", "PAUSE", "1500", "ALL");
    const store = redisStore({ client: fresh, namespace: "hung", localCacheBytes: 0 });
    const entries = Array.from({ length: 60 }, (_, i) => ({
      ref: refOf(`text ${i}`, refScope("x")),
      text: `text ${i}`,
    }));
    const problems = (await store.putMany?.(entries)) ?? [];
    const refused = problems.filter((problem) => problem !== undefined);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(40);
    fresh.disconnect();
    await wait(1_500);
  });

  it("carries a shared context, one slot a session", async () => {
    const ledger = redisLedger({ client, session: "s", timeoutMs: 5_000 });
    const record = {
      name: "a",
      ref: refOf("a", refScope("default")),
      agent: "x",
      at: 1,
      tokens: 1,
    };
    expect((await ledger.append(record)).version).toBe(1);
    expect((await ledger.append(record)).version).toBe(2);
    expect(await ledger.list()).toHaveLength(1);
  });
});

const valkey = ["/usr/bin/valkey-server", "/usr/local/bin/valkey-server"].find((path) =>
  existsSync(path),
);
if (valkey === undefined)
  process.stderr.write(
    "SKIPPED: no valkey-server is installed, so nothing is tested against Valkey.\n",
  );
describe.runIf(valkey !== undefined)("Valkey", () => {
  let server: RedisServer;
  let client: Redis;
  let spaces = 0;
  beforeAll(async () => {
    server = await startRedis([], undefined, valkey);
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.stop();
  });
  const create = (now: () => number): CcrStore =>
    redisStore({ client, namespace: `v${spaces++}`, now, ...PATIENT });
  for (const law of ccrStoreCases({ create, wait, runs: 10 })) it(law.name, law.run);
});
