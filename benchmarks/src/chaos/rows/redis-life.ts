/** Lives, processes that die in the middle, sizes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Agent, startAgent } from "../harness/agent-process.ts";
import { judge } from "../harness/judge.ts";
import { killed } from "../harness/on-files.ts";
import type { Call } from "../harness/protocol.ts";
import { chaosRedis } from "../harness/redis.ts";
import { markersOf, totalsOf, unredeemed, WITHOUT_READS } from "../harness/tally.ts";
import { ODD_TEXTS, type TextId, textOf } from "../harness/texts.ts";
import { demand, type Row } from "../row.ts";

const MEGA = 1_048_576;
/** What the store states as the largest original. */
const LARGEST = 64 * MEGA;
const HOUR_MS = 3_600_000;

export const redisLife: readonly Row[] = [
  {
    id: "R13",
    title: "1 s to live, sent again every 100 ms; the writer's clock jumps by ±1 h",
    promise: "keeps",
    minTried: 400,
    sabotages: [
      {
        does: "acknowledges what it has put before without looking",
        store: "never-again",
        turns: "lost",
      },
    ],
    async run(context) {
      const server = await chaosRedis();
      const options = { ttlSeconds: 1 };
      const writer = startAgent(
        context.store({
          kind: "redis",
          port: server.port,
          options,
          clockSkewsMs: [0, HOUR_MS, 0, -HOUR_MS],
        }),
      );
      try {
        const once = Array.from({ length: 20 }, (_, id) => id + 10_000);
        const kept = Array.from({ length: 20 }, (_, id) => id);
        const abandoned = await writer.ask({ do: "send", ids: once, lanes: 4 });
        const calls: Call[] = [];
        let longestGapMs = 0;
        let last = performance.now();
        const until = performance.now() + 6_000 * Math.max(0.5, context.scale);
        while (performance.now() < until) {
          calls.push(...(await writer.ask({ do: "send", ids: kept, lanes: 4 })));
          longestGapMs = Math.max(longestGapMs, performance.now() - last);
          last = performance.now();
          await sleep(100);
        }
        const expired = await server.info("expired_keys");
        // Reading lengthens a life: only the very end is looked at, by a process that was up before the last put.
        const spec = context.store({ kind: "redis", port: server.port, options });
        const reader = startAgent({ ...spec, options: { ...options, localCacheBytes: 0 } });
        await reader.ask({ do: "memory" });
        calls.push(...(await writer.ask({ do: "send", ids: kept, lanes: 4 })));
        const look = await reader.ask({ do: "read", markers: markersOf(calls), attempts: 1 });
        const gone = await reader.ask({ do: "read", markers: markersOf(abandoned), attempts: 1 });
        await reader.end();
        const totals = totalsOf(calls);
        return {
          ...WITHOUT_READS,
          ...totals,
          markers: markersOf(calls).length,
          lostAtFirstLook: unredeemed(look),
          wrong: look.wrong,
          hung: totals.hung + look.hung,
          faults: {
            "keys expired that were not sent again": expired,
            "originals gone that were not sent again": gone.missed.length,
          },
          demands: [
            demand(
              "longest time between two turns, under 1 s",
              `${longestGapMs.toFixed(0)} ms`,
              longestGapMs < 1_000,
            ),
            // Each text has a mark that it left shortened, which is written once and lives no longer than that.
            demand(
              "originals expired of those sent again",
              expired - 2 * once.length - kept.length,
              expired <= 2 * once.length + kept.length,
            ),
          ],
        };
      } finally {
        await writer.end();
        await server.stop();
      }
    },
  },
  {
    id: "R14",
    title: "writers killed (SIGKILL) at once after a marker left",
    promise: "keeps",
    minTried: 300,
    sabotages: [
      { does: "acknowledges before it has written", store: "acknowledges-first", turns: "lost" },
    ],
    async run(context) {
      const server = await chaosRedis();
      const spec = context.store({ kind: "redis", port: server.port });
      const folder = mkdtempSync(join(tmpdir(), "headroom-ledger-"));
      const ledger = join(folder, "ledger");
      let kills = 0;
      let silent = 0;
      const calls: Call[] = [];
      try {
        for (let round = 0; round < Math.max(2, Math.round(12 * context.scale)); round++) {
          let reported = 0;
          const agents: readonly Agent[] = [0, 1].map(() =>
            startAgent(spec, {
              ledger,
              onCall(call) {
                reported++;
                calls.push(call);
              },
            }),
          );
          for (const [side, agent] of agents.entries())
            await agent.ask({
              do: "load",
              first: (round * 2 + side) * 100_000,
              step: 1,
              lanes: 4,
              paceMs: 1,
            });
          const least = 40 + 13 * (round % 5);
          for (let wait = 0; wait < 500 && reported < least; wait++) await sleep(10);
          if (reported < least) silent++;
          for (const signals of await Promise.all(agents.map((agent) => agent.kill())))
            kills += signals;
        }
        return await killed(context, spec, ledger, calls, {
          kills,
          demands: [
            demand(
              "rounds in which a writer was killed before it had reported enough",
              silent,
              silent === 0,
            ),
          ],
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
        await server.stop();
      }
    },
  },
  {
    id: "R17",
    title:
      "0 B to 64 MB and one more, NUL, lone surrogates, emoji on chunk borders, default limits",
    promise: "keeps",
    minTried: 15,
    sabotages: [
      { does: "serves no more than a million characters", store: "truncates", turns: "wrong" },
      { does: "keeps texts as UTF-8 whatever they are", store: "last-write-wins", turns: "wrong" },
    ],
    async run(context) {
      const server = await chaosRedis();
      const spec = context.store({ kind: "redis", port: server.port });
      const writer = startAgent(spec, { putLimitMs: 60_000 });
      try {
        const sizes = [1, 8, 64, 512, 4_096, 32_768, 262_144, 2 * MEGA, 4 * MEGA, 16 * MEGA];
        if (context.scale === 1) sizes.push(32 * MEGA, 60 * MEGA, LARGEST);
        const ids: readonly TextId[] = [
          ...ODD_TEXTS.map((_, index) => `odd:${index}`),
          ...sizes.map((size) => `noise:${size}`),
        ];
        const calls = await writer.ask({ do: "send", ids, lanes: 1, direct: true });
        const [over] = await writer.ask({
          do: "send",
          ids: [`noise:${LARGEST + 1}`],
          lanes: 1,
          direct: true,
        });
        const refused = calls.filter(({ acknowledged }) => !acknowledged);
        const look = await judge(spec, markersOf(calls), { attempts: 3, readLimitMs: 60_000 });
        const totals = totalsOf([...calls, ...(over ? [over] : [])]);
        return {
          ...WITHOUT_READS,
          ...totals,
          acknowledged: calls.length - refused.length,
          markers: markersOf(calls).length,
          lostAtFirstLook: unredeemed(look),
          wrong: look.wrong,
          hung: totals.hung + look.hung,
          faults: {
            "originals of 1 MB and more": calls.filter(
              ({ id, acknowledged }) =>
                acknowledged &&
                String(id).startsWith("noise") &&
                Number(String(id).slice(6)) >= MEGA,
            ).length,
            "texts that UTF-8 cannot hold": calls.filter(
              ({ id, acknowledged }) => acknowledged && !textOf(id).isWellFormed(),
            ).length,
          },
          demands: [
            demand(
              "sizes up to the stated limit that are refused",
              refused.length === 0 ? 0 : refused.map(({ id, why }) => `${id} (${why})`).join(", "),
              refused.every(({ why }) => why.includes("bytes")),
            ),
            demand(
              "64 MB and one is refused with the limit in the words",
              over?.why ?? "not tried",
              over?.acknowledged === false && over.why.includes("bytes"),
            ),
          ],
        };
      } finally {
        await writer.end();
        await server.stop();
      }
    },
  },
];
