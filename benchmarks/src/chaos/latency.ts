/** What a store call takes on loopback: one put of 16 KB, twenty in one request, a get, a get from memory. */
import { memoryStore, refOf, refScope } from "@headroom/core";
import { redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { startRedis } from "../../../test/support/redis-server.ts";
import type { Report } from "../report.ts";
import { textOf } from "./text.ts";

const scope = refScope("default");
const entry = (seed: number) => {
  // Log lines, not noise: what a store is given shrinks to a fifth.
  const words = textOf(seed).split(" ");
  const line = (i: number): string =>
    `2026-11-22T10:00:${String(i % 60).padStart(2, "0")}Z INFO worker ${words[i % 9]} finished job ${i} of ${seed}\n`;
  const text = Array.from({ length: 300 }, (_, i) => line(i))
    .join("")
    .slice(0, 16_384);
  return { ref: refOf(text, scope), text };
};

async function timesOf(
  count: number,
  call: (index: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = -20; index < count; index++) {
    const started = performance.now();
    await call(index + 20);
    if (index >= 0) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
}

const quantile = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 2)} ms`;

export async function latency(out: Report): Promise<void> {
  const server = await startRedis();
  const client = new Redis(server.url, { enableOfflineQueue: true });
  await client.ping();
  const store = redisStore({
    client,
    localCacheBytes: 0,
    timeoutMs: 5_000,
    breaker: { slowMs: Number.POSITIVE_INFINITY },
  });
  const memory = memoryStore();
  const entries = Array.from({ length: 1_100 }, (_, seed) => entry(seed));
  const at = (index: number) => entries[index % entries.length] ?? entry(0);
  for (const one of entries) await memory.put(one);

  const put = await timesOf(1_000, (index) => store.put(at(index)));
  const requests = Array.from({ length: 120 }, (_, index) =>
    Array.from({ length: 20 }, (_, block) => entry(10_000 + index * 20 + block)),
  );
  const batch = await timesOf(100, async (index) => store.putMany?.(requests[index] ?? []));
  const get = await timesOf(1_000, (index) => store.get(at(index).ref));
  const fromMemory = await timesOf(1_000, (index) => memory.get(at(index).ref));
  client.disconnect();
  await server.stop();

  const rows: readonly [string, readonly number[], string, boolean][] = [
    [
      "put of 16 KB",
      put,
      "p50 ≤ 0.5 ms, p99 ≤ 3 ms",
      quantile(put, 0.5) <= 0.5 && quantile(put, 0.99) <= 3,
    ],
    ["20 blocks of 16 KB in one request", batch, "p50 ≤ 2 ms", quantile(batch, 0.5) <= 2],
    ["get of 16 KB", get, "p50 ≤ 0.5 ms", quantile(get, 0.5) <= 0.5],
    ["get from memory", fromMemory, "p50 ≤ 0.02 ms", quantile(fromMemory, 0.5) <= 0.02],
  ];
  out.heading("Latency on loopback");
  out.table(
    ["call", "p50", "p99"],
    rows.map(([call, times]) => [call, ms(quantile(times, 0.5)), ms(quantile(times, 0.99))]),
  );
  for (const [figure, times, target, reached] of rows)
    out.target({
      figure,
      target,
      value: `${ms(quantile(times, 0.5))} / ${ms(quantile(times, 0.99))}`,
      reached,
    });
}
