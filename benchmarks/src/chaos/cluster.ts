/** A real Redis Cluster of three nodes, and slots that move while writers run. */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, Redis } from "ioredis";
import { startRedis } from "../../../test/support/redis-server.ts";
import { type Load, load, type Verdict, verify } from "./run.ts";

const SLOTS = 16_384;

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

export async function cluster<Outcome>(
  puts: number,
  outcomeOf: (result: Load, verdict: Verdict, note: string) => Outcome,
): Promise<Outcome> {
  const { ports, admins, stop } = await startCluster();
  let moved = 0;
  const moveSlots = async (): Promise<void> => {
    for (let slot = 0; slot < 400; slot++) {
      await moveSlot(slot, admins[0] as Redis, admins[1] as Redis, ports[1] ?? 0);
      moved++;
    }
  };
  let over: Promise<void> = Promise.resolve();
  const then = (): void => {
    over = moveSlots();
  };
  const result = await load({
    port: ports[0] ?? 0,
    cluster: ports,
    puts,
    paceMs: 12,
    at: { puts: 200, then },
  });
  await over;
  const client = new Cluster(ports.map((port) => ({ host: "127.0.0.1", port })));
  const verdict = await verify(result.puts, 0, {}, client);
  client.disconnect();
  await stop();
  return outcomeOf(result, verdict, `${moved} slots moved`);
}

async function moveSlot(slot: number, from: Redis, to: Redis, toPort: number): Promise<void> {
  const [fromId, toId] = await Promise.all(
    [from, to].map(async (node) => String(await node.call("CLUSTER", "MYID"))),
  );
  await to.call("CLUSTER", "SETSLOT", String(slot), "IMPORTING", String(fromId));
  await from.call("CLUSTER", "SETSLOT", String(slot), "MIGRATING", String(toId));
  for (;;) {
    const keys = (await from.call("CLUSTER", "GETKEYSINSLOT", String(slot), "100")) as string[];
    if (keys.length === 0) break;
    await from.call("MIGRATE", "127.0.0.1", String(toPort), "", "0", "2000", "KEYS", ...keys);
  }
  for (const node of [to, from])
    await node.call("CLUSTER", "SETSLOT", String(slot), "NODE", String(toId));
}
