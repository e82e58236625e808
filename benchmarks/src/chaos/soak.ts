/**
 * `npm run soak -- --minutes 30` (R21): one process with a memory and a Redis store under mixed load, faults every minute.
 * Nothing may be lost or wrong, and memory and handles have to stay flat. `--sabotage` runs it with a store that leaks,
 * and fails unless that is noticed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createHeadroom, memoryStore } from "@headroom/core";
import { redisStartable } from "../../../test/support/redis-server.ts";
import { bounded } from "./harness/bounded.ts";
import { flatness, type Sample } from "./harness/flatness.ts";
import { judge } from "./harness/judge.ts";
import { openStore } from "./harness/open-store.ts";
import type { Marker } from "./harness/protocol.ts";
import { AOF_ALWAYS, chaosRedis } from "./harness/redis.ts";
import { unredeemed } from "./harness/tally.ts";
import { chaosProxy } from "./harness/tcp-proxy.ts";
import { textOf } from "./harness/texts.ts";

/** What memory and handles may grow by between the first and the last third. */
const MOST_GROWTH = 0.05;
const CALL_LIMIT_MS = 2_500;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    sabotage: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error("--minutes takes a positive number.");
if (!globalThis.gc) throw new Error("Start it with --expose-gc, as npm run soak does.");
if (!redisStartable()) throw new Error("No redis-server on the PATH: install it.");

const server = await chaosRedis(AOF_ALWAYS);
const proxy = await chaosProxy(server.port);
const redis = createHeadroom({
  store: await openStore({
    kind: "redis",
    port: proxy.port,
    options: { localCacheBytes: 8_000_000 },
    ...(values.sabotage ? { sabotage: "leaks" } : {}),
  }),
  cacheBytes: 8_000_000,
});
const memory = createHeadroom({
  store: memoryStore({ maxBytes: 16_000_000 }),
  cacheBytes: 8_000_000,
});

const counts = {
  tried: 0,
  acknowledged: 0,
  wrong: 0,
  hung: 0,
  lost: 0,
  refusedReads: 0,
  faults: 0,
};
const recent: Marker[] = [];
const samples: Sample[] = [];
const end = performance.now() + minutes * 60_000;

/** One fault a minute, of a kind after the other. */
async function faults(): Promise<void> {
  const pause = Math.min(60_000, minutes * 12_000);
  for (let turn = 0; performance.now() + pause < end; turn++) {
    await sleep(pause);
    if (turn % 3 === 0) {
      counts.faults += await server.kill();
      await server.start();
    } else if (turn % 3 === 1) {
      const before = proxy.counts().resets;
      proxy.reset(1);
      counts.faults += proxy.counts().resets - before;
    } else {
      proxy.weather({ delayMs: 200 });
      await sleep(2_000);
      proxy.weather({});
      counts.faults++;
    }
  }
}

async function load(): Promise<void> {
  for (let id = 0; performance.now() < end; id++) {
    const headroom = id % 2 === 0 ? redis : memory;
    const call = await bounded(CALL_LIMIT_MS, () => headroom.compressText(textOf(id)));
    counts.tried++;
    if (call.hung) counts.hung++;
    const ref = call.value?.ref;
    if (ref !== undefined) {
      counts.acknowledged++;
      if (headroom === redis) recent.push([ref, id]);
      if (recent.length > 2_000) recent.shift();
      const read = await bounded(CALL_LIMIT_MS, () => headroom.retrieve({ hash: ref, lines: "1" }));
      if (read.hung) counts.hung++;
      else if (read.error !== undefined) counts.refusedReads++;
      else if (!read.value?.found) counts.lost++;
      else if (read.value.slices.some(({ text }) => !textOf(id).includes(text))) counts.wrong++;
    }
    await sleep(15);
  }
}

async function sample(): Promise<void> {
  const every = Math.max(1_000, minutes * 1_000);
  while (performance.now() < end) {
    await sleep(every);
    globalThis.gc?.();
    samples.push({
      rss: process.memoryUsage().rss,
      heap: process.memoryUsage().heapUsed,
      handles: process.getActiveResourcesInfo().length,
    });
  }
}

await Promise.all([load(), faults(), sample()]);
const look = await judge({ kind: "redis", port: server.port }, recent);
await redis.close();
await memory.close();
proxy.close();
await server.stop();

const lost = counts.lost + unredeemed(look);
const wrong = counts.wrong + look.wrong;
const growth = flatness(samples);
const findings = [
  lost > 0 && `${lost} lost`,
  wrong > 0 && `${wrong} wrong`,
  counts.hung + look.hung > 0 && `${counts.hung + look.hung} hung`,
  counts.faults === 0 && "no fault happened",
  counts.acknowledged < minutes * 300 && `only ${counts.acknowledged} puts acknowledged`,
  growth === undefined && "too few samples to say whether memory is flat",
].filter((finding) => finding !== false);
const growing = growth
  ? Object.entries(growth)
      .filter(([, share]) => share > MOST_GROWTH)
      .map(([what, share]) => `${what} grew by ${(100 * share).toFixed(1)} %`)
  : [];

process.stdout.write(
  `${JSON.stringify({ minutes, ...counts, lost, wrong, growth, samples: samples.length })}\n`,
);
const red = [...findings, ...growing];
process.stdout.write(red.length === 0 ? "green\n" : `red: ${red.join("; ")}\n`);
if (values.sabotage) process.exitCode = growing.length > 0 ? 0 : 1;
else process.exitCode = red.length === 0 ? 0 : 1;
