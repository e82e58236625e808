/** Replicas: promoted, stale, read-only. */
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../../test/support/redis-server.ts";
import { startAgent } from "../harness/agent-process.ts";
import { judge } from "../harness/judge.ts";
import { type ChaosRedis, chaosRedis, errorsOf, inSync } from "../harness/redis.ts";
import { startSentinels } from "../harness/sentinel.ts";
import { addReads, markersOf, NO_READS, totalsOf, unredeemed } from "../harness/tally.ts";
import { chaosProxy } from "../harness/tcp-proxy.ts";
import { nextTurn } from "../harness/turns.ts";
import { underFault } from "../harness/under-fault.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const AT_ONCE = ["--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"];

async function replicaOf(port: number): Promise<ChaosRedis> {
  const replica = await chaosRedis(["--replicaof", "127.0.0.1", String(port), ...AT_ONCE]);
  await inSync(replica);
  return replica;
}

/** The replica is cut off, a little later the primary dies, and sentinels promote the replica. */
async function failover(
  context: RunContext,
  options: Readonly<Record<string, unknown>>,
): Promise<Measured> {
  const primary = await chaosRedis(AT_ONCE);
  const replica = await replicaOf(primary.port);
  const sentinels = await startSentinels(primary.port);
  const spec = context.store({ kind: "redis", sentinels: sentinels.ports, options });
  try {
    return await underFault(context, {
      spec,
      async fault() {
        await replica.admin().call("REPLICAOF", "127.0.0.1", String(await freePort()));
        await sleep(1_000);
        const ahead = (await primary.admin().dbsize()) - (await replica.admin().dbsize());
        const kills = await primary.kill();
        let failovers = 0;
        for (let wait = 0; wait < 300 && failovers === 0; wait++) {
          await sleep(50);
          if ((await replica.role()) === "master") failovers = 1;
        }
        return { "keys only the primary had": ahead, "kills by SIGKILL": kills, failovers };
      },
      // One server is left and has no replica: a strict store now refuses, which is right.
      ...(options.durability === "strict" ? { afterPuts: 0, calls: 1_000 } : {}),
    });
  } finally {
    await sentinels.stop();
    await replica.stop();
    await primary.stop();
  }
}

export const redisReplicas: readonly Row[] = [
  {
    id: "R10",
    title: "primary killed whose replica was cut off, sentinels promote it, strict (WAIT 1)",
    promise: "keeps",
    minTried: 1_000,
    sabotages: [
      {
        does: 'promises no more than durability "redis"',
        options: { durability: "redis" },
        turns: "lost",
      },
    ],
    run: (context) => failover(context, { durability: "strict" }),
  },
  {
    id: "R10r",
    title: "the same at the default level",
    promise: "heals",
    minTried: 1_000,
    recoversWithinMs: 5_000,
    sabotages: [
      {
        does: "acknowledges what it has put before without looking",
        store: "never-again",
        turns: "not healed",
      },
    ],
    run: (context) => failover(context, {}),
  },
  {
    id: "R11",
    title: "a replica that answers, and has nothing new",
    promise: "keeps",
    readsGoOn: true,
    sabotages: [{ does: "reads from the replica", store: "reads-elsewhere", turns: "reads" }],
    async run(context) {
      const primary = await chaosRedis(AT_ONCE);
      const link = await chaosProxy(primary.port);
      const replica = await replicaOf(link.port);
      const spec = context.store({
        kind: "redis",
        port: primary.port,
        otherPort: replica.port,
      });
      try {
        return await underFault(context, {
          spec,
          warmPuts: 0,
          async fault() {
            // The link stays open and carries nothing more: the replica thinks it is up to date.
            link.weather({ held: true });
            await sleep(3_000 * Math.max(0.5, context.scale));
            const keys = await primary.admin().keys("*");
            const answers = await Promise.all(keys.map((key) => replica.admin().exists(key)));
            return {
              "reads of keys the replica answered with nothing": answers.filter(
                (there) => there === 0,
              ).length,
              "chunks held on the link": link.counts().heldChunks,
            };
          },
        });
      } finally {
        link.close();
        await replica.stop();
        await primary.stop();
      }
    },
  },
  {
    id: "R22",
    title: "connected to a read-only replica: writing is refused, reading goes on",
    promise: "keeps",
    readsGoOn: true,
    minTried: 300,
    sabotages: [
      { does: "refuses reads after a refused put", store: "refuses-reads", turns: "reads" },
    ],
    async run(context) {
      const primary = await chaosRedis(AT_ONCE);
      const replica = await replicaOf(primary.port);
      const options = { localCacheBytes: 0 };
      const writer = startAgent(context.store({ kind: "redis", port: primary.port, options }));
      const reader = startAgent(context.store({ kind: "redis", port: replica.port, options }));
      try {
        const ids = Array.from({ length: context.count(200) }, (_, id) => id);
        const kept = await writer.ask({ do: "send", ids, lanes: 4 });
        const markers = markersOf(kept);
        while ((await replica.admin().dbsize()) < markers.length) await sleep(20);
        const others = ids.map((id) => id + 100_000);
        const refusing = reader.ask({ do: "send", ids: others, lanes: 4 });
        const reads = await reader.ask({ do: "read", markers, attempts: 1 });
        const refused = await refusing;
        const again = await reader.ask({ do: "read", markers, attempts: 1 });
        const look = await judge(context.store({ kind: "redis", port: replica.port }), markers);
        const turn = context.withoutNextTurn
          ? undefined
          : await nextTurn(context.store({ kind: "redis", port: primary.port }), markers);
        const totals = totalsOf([...kept, ...refused]);
        return {
          ...totals,
          markers: markers.length,
          lostAtFirstLook: unredeemed(look),
          ...(turn ? { lostAfterNextTurn: turn.lost } : {}),
          wrong: reads.wrong + again.wrong + look.wrong + (turn?.wrong ?? 0),
          hung: totals.hung + reads.hung + again.hung + look.hung + (turn?.hung ?? 0),
          reads: addReads(addReads(NO_READS, reads), again),
          faults: { "writes refused by the replica": await errorsOf(replica.admin(), "READONLY") },
          demands: [
            demand(
              "markers whose original went to a replica",
              markersOf(refused).length,
              markersOf(refused).length === 0,
            ),
          ],
        };
      } finally {
        await Promise.all([writer.end(), reader.end()]);
        await replica.stop();
        await primary.stop();
      }
    },
  },
];
