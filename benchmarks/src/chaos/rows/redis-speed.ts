/** What calls take on loopback, and five hundred of them at once. Medians of several runs: the machine is noisy. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type CcrEntry, type CcrStore, createHeadroom, refOf, refScope } from "@headroom/core";
import { bounded } from "../harness/bounded.ts";
import { judge } from "../harness/judge.ts";
import { openStore } from "../harness/open-store.ts";
import type { Marker } from "../harness/protocol.ts";
import { type ChaosRedis, chaosRedis } from "../harness/redis.ts";
import type { StoreSpec } from "../harness/spec.ts";
import { quantile, unredeemed, WITHOUT_READS } from "../harness/tally.ts";
import { textOf } from "../harness/texts.ts";
import { nextTurn } from "../harness/turns.ts";
import type { Measured } from "../measured.ts";
import { demand, type Row, type RunContext } from "../row.ts";

const RUNS = 5;
/** Five hundred calls share one thread: each waits for the work of the others. */
const CALL_LIMIT_MS = 30_000;
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
  readonly slowestMs: number;
  /** Calls that took longer than any deadline. */
  readonly late: number;
}

const LATE_MS = 2_500;

/** Calls of each run that are not counted. */
const WARM_UP = 10;

/** Medians, over the runs, of each run's quantiles. */
async function timesOf<Input>(
  count: number,
  make: (index: number) => Input,
  call: (input: Input) => Promise<void>,
): Promise<Times> {
  const runs: Pick<Times, "p50" | "p99">[] = [];
  let [index, slowestMs, late] = [0, 0, 0];
  for (let run = 0; run < RUNS; run++) {
    const times: number[] = [];
    // Texts and refs are made first: what is timed is the store.
    const inputs = Array.from({ length: count + WARM_UP }, () => make(index++));
    for (const input of inputs) {
      const started = performance.now();
      await call(input);
      const took = performance.now() - started;
      times.push(took);
      slowestMs = Math.max(slowestMs, took);
      if (took > LATE_MS) late++;
    }
    times.splice(0, WARM_UP);
    runs.push({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
  }
  return {
    slowestMs,
    late,
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
        let [tried, failed] = [0, 0];
        const acknowledged: CcrEntry[] = [];
        const put = await timesOf(
          calls,
          (index) => entryOf(index),
          async (entry) => {
            tried++;
            try {
              await store.put(entry);
              acknowledged.push(entry);
            } catch {
              failed++;
              await sleep(100);
            }
          },
        );
        const commands = await server.info("total_commands_processed");
        const batchOf = (index: number): CcrEntry[] =>
          Array.from({ length: 20 }, (_, at) => entryOf(100_000 + index * 20 + at));
        const batch = await timesOf(context.count(40), batchOf, async (entries) => {
          const failures = store.putMany
            ? await store.putMany(entries)
            : await Promise.all(entries.map((entry) => store.put(entry).then(() => undefined)));
          tried += entries.length;
          for (const [at, entry] of entries.entries())
            if (failures[at] === undefined) acknowledged.push(entry);
            else failed++;
        });
        const asked = (await server.info("total_commands_processed")) - commands;
        let [lost, wrong] = [0, 0];
        for (const { ref, text } of acknowledged) {
          const found = await store.get(ref);
          if (found === undefined) lost++;
          else if (found.text !== text) wrong++;
        }
        return {
          ...WITHOUT_READS,
          tried,
          acknowledged: acknowledged.length,
          markers: new Set(acknowledged.map(({ ref }) => ref)).size,
          lostAtFirstLook: lost,
          wrong,
          hung: put.late + batch.late,
          slowestMs: Math.max(put.slowestMs, batch.slowestMs),
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
        let [wrong, refused, lost] = [0, 0, 0];
        const read = (entries: typeof small) => async (index: number) => {
          const entry = entries[index % entries.length];
          if (!entry) return;
          try {
            const found = await store.get(entry.ref);
            if (found === undefined) lost++;
            else if (found.text !== entry.text) wrong++;
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
          ...WITHOUT_READS,
          tried: hits,
          acknowledged: small.length + large.length,
          markers: small.length + large.length,
          lostAtFirstLook: lost,
          wrong,
          hung: get.late + getLarge.late,
          slowestMs: Math.max(get.slowestMs, getLarge.slowestMs),
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
        let [atOnce, mostAtOnce, late] = [0, 0, 0];
        let why: string | undefined;
        const call = async (id: number): Promise<void> => {
          const started = performance.now();
          atOnce++;
          mostAtOnce = Math.max(mostAtOnce, atOnce);
          const { value, hung } = await bounded(CALL_LIMIT_MS, () =>
            headroom.compressText(textOf(id)),
          );
          atOnce--;
          slowestMs = Math.max(slowestMs, performance.now() - started);
          tried++;
          if (hung) late++;
          if (value === undefined) return;
          const { ref, block } = value;
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
        const turn = context.withoutNextTurn
          ? undefined
          : await nextTurn({ kind: "redis", port: server.port }, markers);
        return {
          ...WITHOUT_READS,
          tried,
          acknowledged: markers.length,
          markers: markers.length,
          lostAtFirstLook: unredeemed(look),
          ...(turn ? { lostAfterNextTurn: turn.lost } : {}),
          wrong: look.wrong + (turn?.wrong ?? 0),
          hung: late + look.hung + (turn?.hung ?? 0),
          slowestMs,
          ...(why === undefined ? {} : { why }),
          faults: { "calls at once": mostAtOnce },
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
