/** A cluster of three whose slots move while writers go on. */
import type { Redis } from "ioredis";
import { startCluster } from "../../../../test/support/redis-cluster.ts";
import { underFault } from "../harness/under-fault.ts";
import { demand, type Row } from "../row.ts";

/** @returns keys that moved with it */
async function moveSlot(slot: number, from: Redis, to: Redis, toPort: number): Promise<number> {
  const [fromId = "", toId = ""] = await Promise.all(
    [from, to].map(async (node) => String(await node.call("CLUSTER", "MYID"))),
  );
  await to.call("CLUSTER", "SETSLOT", String(slot), "IMPORTING", fromId);
  await from.call("CLUSTER", "SETSLOT", String(slot), "MIGRATING", toId);
  let moved = 0;
  for (;;) {
    const keys = await from.call("CLUSTER", "GETKEYSINSLOT", String(slot), "100");
    if (!Array.isArray(keys) || keys.length === 0) break;
    const names = keys.map(String);
    await from.call("MIGRATE", "127.0.0.1", String(toPort), "", "0", "2000", "KEYS", ...names);
    moved += names.length;
  }
  for (const node of [to, from]) await node.call("CLUSTER", "SETSLOT", String(slot), "NODE", toId);
  return moved;
}

/** How many slots a node says are its own. */
async function slotsOf(node: Redis): Promise<number> {
  const nodes = String(await node.call("CLUSTER", "NODES")).split("\n");
  const own =
    nodes
      .find((line) => line.includes("myself"))
      ?.split(" ")
      .slice(8) ?? [];
  let slots = 0;
  for (const range of own) {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    if (Number.isFinite(last - first)) slots += last - first + 1;
  }
  return slots;
}

export const redisCluster: readonly Row[] = [
  {
    id: "R18",
    title: "cluster of three, slots move during the load",
    promise: "keeps",
    readsGoOn: true,
    recoversWithinMs: 2_000,
    sabotages: [
      {
        does: "follows no redirection",
        clientOptions: { maxRedirections: 0 },
        turns: "demand",
      },
    ],
    async run(context) {
      const cluster = await startCluster();
      const [from, to] = cluster.admins;
      try {
        return await underFault(context, {
          spec: context.store({ kind: "redis", cluster: cluster.ports }),
          async fault() {
            let keys = 0;
            const before = to ? await slotsOf(to) : 0;
            // Half of the first node's slots: every sixth key of the load stands in one of them.
            for (let slot = 0; slot < Math.max(800, context.count(2_400)); slot++) {
              if (!from || !to) break;
              keys += await moveSlot(slot, from, to, cluster.ports[1] ?? 0);
            }
            const after = to ? await slotsOf(to) : 0;
            return { "slots moved": after - before, "keys moved with them": keys };
          },
          demands({ during }) {
            const refused = during.filter(({ acknowledged }) => !acknowledged).length;
            const cross = during.filter(({ why }) => why.includes("CROSSSLOT")).length;
            return [
              demand(
                "calls refused while slots moved, ≤ 2 %",
                `${refused} of ${during.length}`,
                during.length > 0 && refused <= 0.02 * during.length,
              ),
              demand("CROSSSLOT errors", cross, cross === 0),
            ];
          },
        });
      } finally {
        await cluster.stop();
      }
    },
  },
];
