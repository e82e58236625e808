import { Cluster, type Redis } from "ioredis";
import { startCluster } from "../../../test/support/redis-cluster.ts";
import { type Load, load, type Verdict, verify } from "./run.ts";

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
