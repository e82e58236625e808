/** What a network does between the store and a sound server. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ChaosRedis, chaosRedis } from "../harness/redis.ts";
import { quantile } from "../harness/tally.ts";
import { type ChaosProxy, chaosProxy } from "../harness/tcp-proxy.ts";
import { type Faults, type UnderFault, underFault } from "../harness/under-fault.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

async function throughProxy(
  context: RunContext,
  fault: (proxy: ChaosProxy, server: ChaosRedis) => Promise<Faults>,
  more: Partial<UnderFault> = {},
): Promise<Measured> {
  const server = await chaosRedis();
  const proxy = await chaosProxy(server.port);
  try {
    return await underFault(context, {
      spec: context.store({ kind: "redis", port: proxy.port }),
      // The judges go past the proxy: what is lost is lost on the server.
      judgeSpec: context.store({ kind: "redis", port: server.port }),
      fault: () => fault(proxy, server),
      ...more,
    });
  } finally {
    proxy.close();
    await server.stop();
  }
}

export const redisNetwork: readonly Row[] = [
  {
    id: "R5",
    title: "open connections go silent, new ones work",
    promise: "keeps",
    recoversWithinMs: 1_000,
    sabotages: [
      { does: "never asks again after a failure", store: "stays-open", turns: "recovery" },
    ],
    run: (context) =>
      throughProxy(context, async (proxy) => {
        proxy.silence();
        // Measured before: a dead peer is replaced in 2.2 s. What is later than 4 s in all is too late.
        await sleep(3_000);
        return { "connections silenced": proxy.counts().silenced };
      }),
  },
  {
    id: "R6",
    title: "connections reset every 100 ms",
    promise: "keeps",
    recoversWithinMs: 2_000,
    sabotages: [
      { does: "takes a failure for an acknowledgement", store: "ignores-failures", turns: "lost" },
    ],
    run: (context) =>
      throughProxy(context, async (proxy) => {
        for (let round = 0; round < context.count(30); round++) {
          await sleep(100);
          proxy.reset(round % 2 === 0 ? 1 : 0.5);
        }
        return { resets: proxy.counts().resets };
      }),
  },
  {
    id: "R7",
    title: "20, 100, 500 ms each way, then 1 Mbit/s",
    promise: "keeps",
    recoversWithinMs: 3_000,
    sabotages: [
      {
        does: "has no breaker and waits a minute for an answer",
        options: { timeoutMs: 60_000, breaker: { failures: 1e9, slowMs: 1e9 } },
        turns: "demand",
      },
    ],
    async run(context) {
      const slowest = { from: 0, to: 0 };
      return throughProxy(
        context,
        async (proxy) => {
          for (const delayMs of [20, 100, 500]) {
            proxy.weather({ delayMs });
            slowest.from = Date.now();
            await sleep(2_500 * Math.max(0.6, context.scale));
            slowest.to = Date.now();
          }
          proxy.weather({ bytesPerSecond: 125_000 });
          await sleep(2_000 * Math.max(0.3, context.scale));
          proxy.weather({});
          const { delayedChunks, throttledChunks } = proxy.counts();
          return { "chunks delayed": delayedChunks, "chunks throttled": throttledChunks };
        },
        {
          demands({ during }) {
            const times = during
              .filter(({ at }) => at >= slowest.from && at < slowest.to)
              .map(({ ms }) => ms);
            const median = quantile(times, 0.5);
            return [
              demand(
                "median call at 500 ms each way, ≤ 250 ms",
                `${median.toFixed(0)} ms`,
                median <= 250,
              ),
            ];
          },
        },
      );
    },
  },
];
