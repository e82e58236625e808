/** The server is full, and refuses or evicts. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ChaosRedis, chaosRedis, errorsOf } from "../harness/redis.ts";
import { type Faults, type UnderFault, underFault } from "../harness/under-fault.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const NO_COPIES = { localCacheBytes: 0 };
const EVICTS = ["--maxmemory-policy", "allkeys-lru"];

/** A server with room for a little more than it has on an empty stomach. */
async function small(args: readonly string[]): Promise<ChaosRedis> {
  const server = await chaosRedis(args);
  const used = await server.info("used_memory");
  await server.admin().config("SET", "maxmemory", String(used + 700_000));
  return server;
}

/** Waits until a counter of the server moves, then for a while more. */
async function whenCounted(count: () => Promise<number>, enough: number): Promise<void> {
  for (let wait = 0; wait < 400 && (await count()) < enough; wait++) await sleep(50);
  await sleep(1_000);
}

async function evicting(
  context: RunContext,
  options: Readonly<Record<string, unknown>>,
  more: Partial<UnderFault> = {},
): Promise<Measured> {
  const server = await small(EVICTS);
  const evicted = (): Promise<number> => server.info("evicted_keys");
  try {
    return await underFault(context, {
      spec: context.store({ kind: "redis", port: server.port, options }),
      paceMs: 3,
      async fault(): Promise<Faults> {
        if (options.durability === "strict") return {};
        await whenCounted(evicted, 20);
        return {};
      },
      async settle() {
        const faults: Faults =
          options.durability === "strict"
            ? { "maxmemory of the evicting server": await server.info("maxmemory") }
            : { "keys evicted": await evicted() };
        // The next turn has to find room, or the figure would be about the server's size.
        if (options.durability !== "strict") await server.admin().config("SET", "maxmemory", "0");
        return faults;
      },
      ...more,
    });
  } finally {
    await server.stop();
  }
}

export const redisMemory: readonly Row[] = [
  {
    id: "R8",
    title: "full, noeviction: writing is refused, reading goes on",
    promise: "keeps",
    readsGoOn: true,
    sabotages: [
      { does: "refuses reads after a refused put", store: "refuses-reads", turns: "reads" },
    ],
    async run(context) {
      const server = await small(["--maxmemory-policy", "noeviction"]);
      const refused = (): Promise<number> => errorsOf(server.admin(), "OOM");
      try {
        return await underFault(context, {
          // Read by the very store whose puts are refused, which keeps no copies that would hide it.
          spec: context.store({ kind: "redis", port: server.port, options: NO_COPIES }),
          writerReads: true,
          paceMs: 3,
          warmPuts: 100,
          async fault() {
            await whenCounted(refused, 20);
            await sleep(2_000 * context.scale);
            return { "writes refused for lack of memory": await refused() };
          },
          afterPuts: 0,
          demands: ({ during, after }) => {
            const refusals = [...during, ...after].filter(({ acknowledged }) => !acknowledged);
            return [
              demand("calls without a marker while full", refusals.length, refusals.length > 0),
            ];
          },
        });
      } finally {
        await server.stop();
      }
    },
  },
  {
    id: "R9",
    title: "full, allkeys-lru; then there is room again",
    promise: "heals",
    sabotages: [
      {
        does: "acknowledges what it has put before without looking",
        store: "never-again",
        turns: "not healed",
      },
    ],
    run: (context) =>
      evicting(
        context,
        {},
        {
          demands({ before, during }) {
            const all = [...before, ...during];
            const warned = all.filter(({ why }) => why.toLowerCase().includes("evict")).length;
            return [
              demand(
                "reports that warn of eviction, without a listener",
                `${warned} of ${all.length}`,
                warned > 0,
              ),
            ];
          },
        },
      ),
  },
  {
    id: "R9s",
    title: "a server that evicts, strict",
    promise: "refuses",
    minTried: 500,
    sabotages: [
      {
        does: 'promises no more than durability "redis"',
        options: { durability: "redis" },
        turns: "accepted",
      },
    ],
    run: (context) =>
      evicting(context, { durability: "strict" }, { warmPuts: 0, calls: 500, afterPuts: 0 }),
  },
];
