/** What calls take on loopback, and five hundred of them at once. Medians of several runs: the machine is noisy. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type CcrEntry, type CcrStore, createHeadroom, refOf, refScope } from "@headroom/core";
import { judge } from "../harness/judge.ts";
import { openStore } from "../harness/open-store.ts";
import type { Marker } from "../harness/protocol.ts";
import { type ChaosRedis, chaosRedis } from "../harness/redis.ts";
import type { StoreSpec } from "../harness/spec.ts";
import { quantile, unredeemed } from "../harness/tally.ts";
import { textOf } from "../harness/texts.ts";
import { type Measured, NOTHING } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const RUNS = 5;
const scope = refScope("default");

/** Log lines, as tools print them: they shrink to a fifth. */
function logOf(seed: number, characters: number): string {
  const lines: string[] = [];
  for (let line = 0, length = 0; length < characters; line++) {
    const text = `2026-11-22T10:00:${String(line % 60).padStart(2, "0")}Z INFO worker ${(seed * 31 + line) % 97} finished job ${line} of ${seed}\n`;
    lines.push(text);
    length += text.length;
  }
  return lines.join("").slice(0, characters);
}

const entryOf = (seed: number, characters = 16_384): CcrEntry => {
  const text = logOf(seed, characters);
  return { ref: refOf(text, scope), text };
};

interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** Calls of each run that are not counted. */
const WARM_UP = 10;

/** Medians, over the runs, of each run's quantiles. */
async function timesOf<Input>(
  count: number,
  make: (index: number) => Input,
  call: (input: Input) => Promise<void>,
): Promise<Times> {
  const runs: Times[] = [];
  let index = 0;
  for (let run = 0; run < RUNS; run++) {
    const times: number[] = [];
    // Texts and refs are made first: what is timed is the store.
    const inputs = Array.from({ length: count + WARM_UP }, () => make(index++));
    for (const input of inputs) {
      const started = performance.now();
      await call(input);
      times.push(performance.now() - started);
    }
    times.splice(0, WARM_UP);
    runs.push({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
  }
  return {
    p50: quantile(
      runs.map(({ p50 }) => p50),
      0.5,
    ),
    p99: quantile(
      runs.map(({ p99 }) => p99),
      0.5,
    ),
  };
}

const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 2)} ms`;

function within(what: string, { p50, p99 }: Times, most50: number, most99?: number) {
  const target =
    most99 === undefined ? `p50 ≤ ${most50} ms` : `p50 ≤ ${most50}, p99 ≤ ${most99} ms`;
  return demand(
    `${what}, ${target}`,
    `${ms(p50)} / ${ms(p99)}`,
    p50 <= most50 && (most99 === undefined || p99 <= most99),
  );
}

async function onLoopback(
  context: RunContext,
  measure: (store: CcrStore, server: ChaosRedis) => Promise<Measured>,
): Promise<Measured> {
  const server = await chaosRedis();
  const spec: StoreSpec = context.store({
    kind: "redis",
    port: server.port,
    options: { localCacheBytes: 0 },
  });
  const store = await openStore(spec);
  try {
    return await measure(store, server);
  } finally {
    await store.close?.();
    await server.stop();
  }
}

export const redisSpeed: readonly Row[] = [
  {
    id: "R19",
    title: "how long a put takes on loopback",
    promise: "keeps",
    alone: true,
    minTried: 1_000,
    sabotages: [{ does: "takes 8 ms longer", store: "slow", turns: "demand", says: "of 16 KB" }],
    run: (context) =>
      onLoopback(context, async (store, server) => {
        const calls = context.count(200);
        let failed = 0;
        const put = await timesOf(
          calls,
          (index) => entryOf(index),
          (entry) =>
            store.put(entry).catch(async () => {
              failed++;
              await sleep(100);
            }),
        );
        const commands = await server.info("total_commands_processed");
        const batchOf = (index: number): CcrEntry[] =>
          Array.from({ length: 20 }, (_, at) => entryOf(100_000 + index * 20 + at));
        const batch = await timesOf(context.count(40), batchOf, async (entries) => {
          const failures = store.putMany
            ? await store.putMany(entries)
            : await Promise.all(entries.map((entry) => store.put(entry).then(() => undefined)));
          failed += failures.filter((failure) => failure !== undefined).length;
        });
        const asked = (await server.info("total_commands_processed")) - commands;
        const keys = await server.admin().dbsize();
        return {
          ...NOTHING,
          tried: keys,
          acknowledged: keys,
          markers: keys,
          faults: { "commands the server ran for the batches": asked },
          demands: [
            within("put of 16 KB", put, 0.5, 3),
            within("20 blocks of 16 KB in one request", batch, 2),
            demand("puts refused", failed, failed === 0),
          ],
        };
      }),
  },
  {
    id: "R20",
    title: "how long a get takes on loopback",
    promise: "keeps",
    alone: true,
    minTried: 1_000,
    sabotages: [{ does: "takes 8 ms longer", store: "slow", turns: "demand", says: "of 16 KB" }],
    run: (context) =>
      onLoopback(context, async (store, server) => {
        const small = Array.from({ length: context.count(200) }, (_, seed) => entryOf(seed));
        const large = Array.from({ length: 4 }, (_, seed) => entryOf(seed + 1_000, 5_000_000));
        for (const entry of [...small, ...large]) await store.put(entry);
        let wrong = 0;
        let refused = 0;
        const read = (entries: typeof small) => async (index: number) => {
          const entry = entries[index % entries.length];
          if (!entry) return;
          try {
            if ((await store.get(entry.ref))?.text !== entry.text) wrong++;
          } catch {
            refused++;
            await sleep(100);
          }
        };
        const before = await server.info("keyspace_hits");
        const get = await timesOf(context.count(200), (index) => index, read(small));
        const getLarge = await timesOf(context.count(20), (index) => index, read(large));
        const hits = (await server.info("keyspace_hits")) - before;
        return {
          ...NOTHING,
          tried: hits,
          acknowledged: small.length + large.length,
          markers: small.length + large.length,
          wrong,
          faults: { "reads the server answered": hits },
          demands: [
            within("get of 16 KB", get, 0.5, 3),
            within("get of 5 MB", getLarge, 25, 60),
            demand("gets refused", refused, refused === 0),
          ],
        };
      }),
  },
  {
    id: "M1",
    title: "five hundred calls at once, twice, on a healthy server",
    promise: "keeps",
    alone: true,
    minTried: 1_000,
    sabotages: [
      {
        does: "takes this process's own slowness for the server's",
        store: "impatient",
        turns: "demand",
        says: "store is down",
      },
    ],
    async run(context) {
      const server = await chaosRedis();
      const spec = context.store({ kind: "redis", port: server.port });
      const store = await openStore(spec);
      const headroom = createHeadroom({ store });
      try {
        const markers: Marker[] = [];
        let tried = 0;
        let down = 0;
        let slowestMs = 0;
        let why: string | undefined;
        const call = async (id: number): Promise<void> => {
          const started = performance.now();
          const { ref, block } = await headroom.compressText(textOf(id));
          slowestMs = Math.max(slowestMs, performance.now() - started);
          tried++;
          if (ref !== undefined) markers.push([ref, id]);
          if (block.outcome === "store-down") {
            down++;
            why = block.reason;
          }
        };
        await call(999_999);
        const delay = monitorEventLoopDelay({ resolution: 10 });
        delay.enable();
        // Whatever the scale: fewer than this do not press.
        for (const first of [0, 500])
          await Promise.all(Array.from({ length: 500 }, (_, index) => call(first + index)));
        delay.disable();
        for (let id = 2_000; id < 2_020; id++) await call(id);
        const look = await judge({ kind: "redis", port: server.port }, markers);
        return {
          ...NOTHING,
          tried,
          acknowledged: markers.length,
          markers: markers.length,
          lostAtFirstLook: unredeemed(look),
          wrong: look.wrong,
          hung: look.hung,
          slowestMs,
          ...(why === undefined ? {} : { why }),
          faults: { "calls at once": 500 },
          demands: [
            demand(
              "calls told that the store is down",
              why ? `${down} (${why})` : down,
              down === 0,
            ),
            demand(
              "longest time no timer could run, ≤ 100 ms",
              `${(delay.max / 1e6).toFixed(0)} ms`,
              delay.max / 1e6 <= 100,
            ),
          ],
        };
      } finally {
        await headroom.close();
        await server.stop();
      }
    },
  },
];
