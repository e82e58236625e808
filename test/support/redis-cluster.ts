/** A real Redis Cluster of three masters, for tests and for chaos. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { startRedis } from "./redis-server.ts";

const SLOTS = 16_384;

export interface RedisCluster {
  readonly ports: readonly number[];
  /** A plain connection to each node. */
  readonly admins: readonly Redis[];
  stop(): Promise<void>;
}

export async function startCluster(): Promise<{
  ports: readonly number[];
  admins: readonly Redis[];
  stop(): Promise<void>;
}> {
  const servers = await Promise.all(
    [0, 1, 2].map(() => startRedis(["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"])),
  );
  const admins = servers.map(({ port }) => new Redis(port, "127.0.0.1"));
  const [first] = servers;
  for (const [index, admin] of admins.entries()) {
    const from = Math.floor((index * SLOTS) / 3);
    const to = Math.floor(((index + 1) * SLOTS) / 3) - 1;
    await admin.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to));
    if (index > 0) await admin.call("CLUSTER", "MEET", "127.0.0.1", String(first?.port));
  }
  for (const admin of admins)
    while (!String(await admin.call("CLUSTER", "INFO")).includes("cluster_state:ok"))
      await sleep(100);
  return {
    ports: servers.map(({ port }) => port),
    admins,
    async stop() {
      for (const admin of admins) admin.disconnect();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
