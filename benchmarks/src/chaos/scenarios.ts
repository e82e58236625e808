/** Faults R1 to R18: each lets writers run, does something to the server, and says how it ended. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HeadroomError } from "@headroom/core";
import { type RedisStoreEvent, redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { freePort, type RedisServer, startRedis } from "../../../test/support/redis-server.ts";
import { cluster } from "./cluster.ts";
import { type Load, type LoadOptions, load, type Verdict, verify } from "./run.ts";
import { chaosProxy } from "./tcp-proxy.ts";
import { entryOf } from "./text.ts";

export interface Outcome extends Verdict {
  readonly puts: number;
  readonly acknowledged: number;
  readonly hung: number;
  readonly note: string;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  run(): Promise<Outcome>;
}

const PUTS = 2_000;

/** Lets the fault begin when writers are well under way: processes take seconds to start on a busy machine. */
async function loadAndFault(options: LoadOptions, fault: () => Promise<void>): Promise<Load> {
  let over: Promise<void> = Promise.resolve();
  const then = (): void => {
    over = fault();
  };
  const result = await load({ ...options, at: { puts: 200, then } });
  await over;
  return result;
}

/** Runs a load and a fault side by side, then verifies. */
async function under(
  server: RedisServer,
  fault: () => Promise<void>,
  options: Partial<Parameters<typeof load>[0]> = {},
  verifyPort = server.port,
): Promise<Outcome> {
  const result = await loadAndFault({ port: server.port, puts: PUTS, ...options }, fault);
  return outcomeOf(result, await verify(result.puts, verifyPort, options.store));
}

function outcomeOf({ puts, hung }: Load, verdict: Verdict, note = ""): Outcome {
  const acknowledged = puts.filter((put) => put.acknowledged).length;
  const slowest = Math.max(0, ...puts.map(({ milliseconds }) => milliseconds));
  const why = mostOften(puts.flatMap((put) => put.why ?? []));
  const share = puts.length === 0 ? 0 : (100 * (puts.length - acknowledged)) / puts.length;
  return {
    puts: puts.length,
    acknowledged,
    hung,
    ...verdict,
    note: [
      `${share.toFixed(0)} % lossless${why ? ` (${why})` : ""}, slowest put ${slowest.toFixed(0)} ms`,
      note,
    ]
      .filter(Boolean)
      .join("; "),
  };
}

function mostOften(reasons: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0].slice(0, 110);
}

/** The next turn of a transcript puts again what it emits again; only then does it leave. */
async function nextTurn(
  first: Load,
  port: number,
  store: Readonly<Record<string, unknown>> = {},
): Promise<Outcome> {
  const left = first.puts.filter(({ acknowledged }) => acknowledged).map(({ seed }) => seed);
  const before = await verify(first.puts, port, store);
  const again = await load({ port, store, again: left, paceMs: 0 });
  const healed = outcomeOf(
    { puts: again.puts, hung: first.hung + again.hung },
    await verify(again.puts, port, store),
  );
  return {
    ...healed,
    note: `${before.lost} gone after the fault, ${before.lost - healed.lost} healed by the next turn; ${healed.note}`,
  };
}

async function warned(port: number, durability: "redis" | "strict"): Promise<string> {
  const events: RedisStoreEvent[] = [];
  const store = redisStore({
    url: `redis://127.0.0.1:${port}`,
    durability,
    onEvent: (event) => events.push(event),
  });
  const refused = await store.put(entryOf(1)).then(
    () => false,
    (error: unknown) => HeadroomError.isInstance(error),
  );
  await sleep(100);
  await store.close?.();
  return durability === "strict"
    ? `strict ${refused ? "refuses" : "ACCEPTS"}`
    : events.some(({ type }) => type === "warning")
      ? "probe warns"
      : "NO WARNING";
}

const STRICT = { durability: "strict" };
/** Where the server is sound and only the machine is busy, slowness is no finding. */
const PATIENT = { timeoutMs: 5_000, breaker: { slowMs: 1e9 } };
const ALWAYS = ["--appendonly", "yes", "--appendfsync", "always"];

export const scenarios: readonly Scenario[] = [
  {
    id: "R1",
    title: "absent at start, appears after 3 s",
    async run() {
      const port = await freePort();
      let server: RedisServer | undefined;
      const [result] = await Promise.all([
        load({ port, puts: PUTS, paceMs: 20 }),
        sleep(3_000).then(async () => {
          server = await startRedis([], port);
        }),
      ]);
      const outcome = outcomeOf(result, await verify(result.puts, port));
      await server?.stop();
      return outcome;
    },
  },
  {
    id: "R2",
    title: "kill -9 and restart, appendfsync always, strict",
    async run() {
      const folder = mkdtempSync(join(tmpdir(), "headroom-aof-"));
      const args = [...ALWAYS, "--dir", folder];
      const server = await startRedis(args);
      let second: RedisServer | undefined;
      const result = await under(
        server,
        async () => {
          await sleep(1_500);
          await server.stop();
          second = await startRedis(args, server.port);
        },
        { store: STRICT },
      );
      await second?.stop();
      return result;
    },
  },
  {
    id: "R3",
    title: "kill -9 and restart, nothing on disk, level redis, next turn",
    async run() {
      const server = await startRedis();
      const warning = [
        await warned(server.port, "redis"),
        await warned(server.port, "strict"),
      ].join(", ");
      const first = await load({ port: server.port, puts: PUTS, paceMs: 0, store: PATIENT });
      await server.stop();
      const second = await startRedis([], server.port);
      const outcome = await nextTurn(first, second.port);
      await second.stop();
      return { ...outcome, note: `${warning}; ${outcome.note}` };
    },
  },
  {
    id: "R4",
    title: "SIGSTOP for 3 s",
    async run() {
      const server = await startRedis();
      const outcome = await under(
        server,
        async () => {
          await sleep(800);
          server.process.kill("SIGSTOP");
          await sleep(3_000);
          server.process.kill("SIGCONT");
        },
        { store: { timeoutMs: 250 }, paceMs: 16 },
      );
      await server.stop();
      return outcome;
    },
  },
  {
    id: "R5",
    title: "half-open peer",
    run: () =>
      throughProxy(
        async (proxy) => {
          await sleep(800);
          proxy.fault({ halfOpen: true });
          await sleep(50);
          proxy.fault({});
        },
        { paceMs: 20 },
      ),
  },
  {
    id: "R6",
    title: "connections reset every 100 ms",
    run: () =>
      throughProxy(async (proxy) => {
        for (let i = 0; i < 30; i++) {
          await sleep(100);
          proxy.reset(i % 2 === 0 ? 1 : 0.5);
        }
      }),
  },
  {
    id: "R7",
    title: "20, 100, 500 ms latency, then 1 Mbit/s",
    run: () =>
      throughProxy(async (proxy) => {
        for (const fault of [
          { delayMs: 20 },
          { delayMs: 100 },
          { delayMs: 500 },
          { bytesPerSecond: 125_000 },
        ]) {
          proxy.fault(fault);
          await sleep(1_500);
        }
        proxy.fault({});
      }),
  },
  {
    id: "R8",
    title: "full, noeviction",
    async run() {
      const server = await startRedis(["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"]);
      const outcome = await under(server, async () => {}, { paceMs: 0, store: PATIENT });
      await server.stop();
      return outcome;
    },
  },
  {
    id: "R9",
    title: "full, allkeys-lru, next turn on a larger server",
    async run() {
      const server = await startRedis(["--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru"]);
      const warning = [
        await warned(server.port, "redis"),
        await warned(server.port, "strict"),
      ].join(", ");
      const first = await load({ port: server.port, puts: PUTS, paceMs: 0, store: PATIENT });
      const admin = new Redis(server.port, "127.0.0.1");
      await admin.config("SET", "maxmemory", "0");
      admin.disconnect();
      const outcome = await nextTurn(first, server.port);
      await server.stop();
      return { ...outcome, note: `${warning}; ${outcome.note}` };
    },
  },
  {
    id: "R10",
    title: "primary killed, replica promoted, strict (WAIT 1)",
    async run() {
      const primary = await startRedis([
        "--repl-diskless-sync",
        "yes",
        "--repl-diskless-sync-delay",
        "0",
      ]);
      const replica = await startRedis(["--replicaof", "127.0.0.1", String(primary.port)]);
      const admin = new Redis(replica.port, "127.0.0.1");
      while (!(await admin.info("replication")).includes("master_link_status:up")) await sleep(50);
      const proxy = await chaosProxy(primary.port);
      const result = await loadAndFault(
        { port: proxy.port, puts: PUTS, store: STRICT },
        async () => {
          await sleep(500);
          // The replica lags, then the primary dies: only what the replica has confirmed may have been acknowledged.
          replica.process.kill("SIGSTOP");
          await sleep(700);
          await primary.stop();
          replica.process.kill("SIGCONT");
          await admin.call("REPLICAOF", "NO", "ONE");
        },
      );
      const outcome = outcomeOf(result, await verify(result.puts, replica.port));
      admin.disconnect();
      await proxy.close();
      await replica.stop();
      return outcome;
    },
  },
  {
    id: "R11",
    title: "reads with a stale replica beside the primary",
    async run() {
      const primary = await startRedis(["--repl-diskless-sync-delay", "0"]);
      const replica = await startRedis(["--replicaof", "127.0.0.1", String(primary.port)]);
      await sleep(500);
      replica.process.kill("SIGSTOP");
      const outcome = await under(primary, async () => {}, { paceMs: 0 });
      await replica.stop();
      await primary.stop();
      return outcome;
    },
  },
  {
    id: "R12",
    title: "FLUSHALL in the middle, next turn",
    async run() {
      const server = await startRedis();
      const admin = new Redis(server.port, "127.0.0.1");
      const first = await loadAndFault({ port: server.port, puts: PUTS }, async () => {
        await sleep(1_000);
        await admin.flushall();
      });
      admin.disconnect();
      const outcome = await nextTurn(first, server.port);
      await server.stop();
      return outcome;
    },
  },
  {
    id: "R13",
    title: "1 s to live, put again every 100 ms, clock jumps of ±1 h",
    async run() {
      const server = await startRedis();
      let skew = 0;
      const store = redisStore({
        url: server.url,
        ttlSeconds: 1,
        localCacheBytes: 0,
        now: () => Date.now() + skew,
      });
      let expired = 0;
      let puts = 0;
      const seeds = Array.from({ length: 20 }, (_, seed) => seed);
      for (let round = 0; round < 100; round++) {
        skew = round % 20 === 5 ? 3_600_000 : round % 20 === 15 ? -3_600_000 : 0;
        for (const seed of seeds) await store.put(entryOf(seed));
        puts += seeds.length;
        await sleep(60);
        for (const seed of seeds)
          if ((await store.get(entryOf(seed).ref))?.text !== entryOf(seed).text) expired++;
      }
      await store.close?.();
      await server.stop();
      return {
        puts,
        acknowledged: puts,
        hung: 0,
        lost: expired,
        wrong: 0,
        note: "none expired while it was put again",
      };
    },
  },
  {
    id: "R14",
    title: "writer killed between put and forward",
    async run() {
      // A marker leaves only after the put: what was acknowledged before the kill is there, orphans do no harm.
      const server = await startRedis();
      const outcome = await under(server, async () => {}, { paceMs: 0, puts: PUTS });
      const { fork } = await import("node:child_process");
      const job = {
        port: server.port,
        store: {},
        writers: 4,
        putsPerWriter: 5_000,
        firstSeed: 100_000,
        paceMs: 0,
      };
      const reports: { seed: number; acknowledged: boolean; milliseconds: number }[] = [];
      const child = fork(new URL("writer.ts", import.meta.url), [JSON.stringify(job)], {
        execArgv: ["--conditions=@headroom/source"],
      });
      child.on("message", (report) => reports.push(report as never));
      await sleep(1_500);
      child.kill("SIGKILL");
      await sleep(200);
      const verdict = await verify(reports, server.port);
      await server.stop();
      return {
        ...outcome,
        puts: outcome.puts + reports.length,
        acknowledged: outcome.acknowledged + reports.length,
        lost: outcome.lost + verdict.lost,
        wrong: outcome.wrong + verdict.wrong,
      };
    },
  },
  {
    id: "R15",
    title: "two processes put the same; forged text under a ref",
    async run() {
      const server = await startRedis();
      const seeds = Array.from({ length: PUTS / 2 }, (_, seed) => seed);
      const [a, b] = await Promise.all([
        load({ port: server.port, again: [...seeds, ...seeds], paceMs: 0, store: PATIENT }),
        load({ port: server.port, again: seeds, paceMs: 0, store: PATIENT }),
      ]);
      const client = new Redis(server.port, "127.0.0.1");
      const keys = await client.dbsize();
      const store = redisStore({ client, localCacheBytes: 0 });
      const forged = await Promise.all(
        seeds.map((seed) =>
          store.put({ ...entryOf(seed), text: `forged ${seed}` }).then(
            () => 1,
            () => 0,
          ),
        ),
      );
      const accepted = forged.reduce<number>((sum, one) => sum + one, 0);
      client.disconnect();
      const all = { puts: [...a.puts, ...b.puts], hung: a.hung + b.hung };
      const outcome = outcomeOf(
        all,
        await verify(all.puts, server.port),
        `${keys} objects for ${seeds.length} originals, ${accepted} forgeries accepted`,
      );
      await server.stop();
      return { ...outcome, wrong: outcome.wrong + accepted };
    },
  },
  {
    id: "R16",
    title: "bits flipped, records cut, swapped, chunks missing",
    run: () => damage(),
  },
  {
    id: "R17",
    title: "sizes 0 B to 64 MB, lone surrogates, NUL, emoji at chunk borders",
    run: () => sizes(),
  },
  {
    id: "R18",
    title: "cluster of three, slots moving during load",
    run: () => cluster(PUTS, outcomeOf),
  },
];

async function throughProxy(
  fault: (proxy: Awaited<ReturnType<typeof chaosProxy>>) => Promise<void>,
  options: Partial<Parameters<typeof load>[0]> = {},
): Promise<Outcome> {
  const server = await startRedis();
  const proxy = await chaosProxy(server.port);
  const result = await loadAndFault({ port: proxy.port, puts: PUTS, paceMs: 24, ...options }, () =>
    fault(proxy),
  );
  const outcome = outcomeOf(result, await verify(result.puts, server.port, options.store));
  await proxy.close();
  await server.stop();
  return outcome;
}

/** Whatever happens to the bytes in Redis, nothing but the original is ever served. */
async function damage(): Promise<Outcome> {
  const server = await startRedis();
  const client = new Redis(server.port, "127.0.0.1");
  let puts = 0;
  let wrong = 0;
  let served = 0;
  for (const encryptionKey of [undefined, "k".repeat(32)]) {
    const store = redisStore({
      client,
      localCacheBytes: 0,
      timeoutMs: 5_000,
      ...(encryptionKey ? { encryptionKey } : {}),
    });
    let earlier: Buffer | null = null;
    for (let seed = 0; seed < PUTS / 2; seed++) {
      await client.flushall();
      const { ref, text } = entryOf(seed);
      const entry = {
        ref,
        text: seed % 100 === 0 ? text.repeat(300) + Math.random().toString().repeat(80_000) : text,
      };
      await store.put(entry);
      puts++;
      const keys = (await client.keys("*")).sort((a, b) => a.length - b.length);
      const key = keys.at(seed % keys.length) ?? "";
      const value = (await client.getBuffer(key)) ?? Buffer.alloc(0);
      const bad = Buffer.from(value);
      const how = seed % 4;
      if (how === 0)
        bad.writeUInt8(
          bad.readUInt8(seed % bad.byteLength) ^ (1 << (seed % 8)),
          seed % bad.byteLength,
        );
      if (how === 3 && keys.length > 1) await client.del(key);
      else if (how === 2 && earlier) await client.set(key, earlier, "PX", 60_000);
      else
        await client.set(
          key,
          how === 1 ? bad.subarray(0, seed % bad.byteLength) : bad,
          "PX",
          60_000,
        );
      earlier = value;
      const got = await store.get(ref).catch(() => undefined);
      if (got) served++;
      if (got && got.text !== entry.text) wrong++;
    }
  }
  client.disconnect();
  await server.stop();
  return {
    puts,
    acknowledged: puts,
    hung: 0,
    lost: 0,
    wrong,
    note: `${served} served, all of them exact (the damage was in bytes that carry no content, or there was none)`,
  };
}

async function sizes(): Promise<Outcome> {
  const server = await startRedis();
  const texts = [
    "",
    "\0",
    "\ud800 lone \udfff",
    "a\r\nb\n",
    "\ufeffbom",
    "😀".repeat(300_000),
    `${"x".repeat(1_048_575)}😀`.repeat(3),
  ];
  for (let size = 1; size <= 64 * 1024 * 1024; size *= 8) texts.push(noise(size));
  texts.push(noise(64 * 1024 * 1024));
  let wrong = 0;
  let lost = 0;
  let acknowledged = 0;
  const { refOf, refScope } = await import("@headroom/core");
  const scope = refScope("default");
  for (const encryptionKey of [undefined, "k".repeat(32)]) {
    const store = redisStore({
      url: server.url,
      localCacheBytes: 0,
      timeoutMs: 30_000,
      ...(encryptionKey ? { encryptionKey, namespace: "sealed" } : {}),
    });
    for (const text of texts) {
      const ref = refOf(text, scope);
      await store.put({ ref, text });
      acknowledged++;
      const got = await store.get(ref).catch(() => undefined);
      if (!got) lost++;
      else if (got.text !== text) wrong++;
    }
    const tooLarge = "x".repeat(64 * 1024 * 1024 + 1);
    if (
      await store.put({ ref: refOf(tooLarge, scope), text: tooLarge }).then(
        () => true,
        () => false,
      )
    )
      wrong++;
    await store.close?.();
  }
  await server.stop();
  return { puts: acknowledged, acknowledged, hung: 0, lost, wrong, note: "over 64 MB refused" };
}

/** Text that does not shrink. */
function noise(size: number): string {
  const parts: string[] = [];
  let state = size;
  for (let at = 0; at < size; at += 8) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    parts.push(state.toString(16).padStart(8, "0"));
  }
  return parts.join("").slice(0, size);
}
