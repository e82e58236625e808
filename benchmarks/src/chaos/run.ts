/** Runs writers against a server that something happens to, and checks every original whose marker left. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { entryOf } from "./text.ts";
import type { PutReport, WriterJob } from "./writer.ts";

export interface Load {
  readonly puts: readonly PutReport[];
  readonly hung: number;
}

/** Four writers in each of two processes. */
const PROCESSES = 2;
const WRITERS = 4;
/** What a put may take beyond its timeout before it counts as hung: timers are late when two cores do all of this. */
const GRACE_MS = 2_000;

export interface LoadOptions {
  readonly port: number;
  readonly cluster?: readonly number[];
  readonly store?: Readonly<Record<string, unknown>>;
  readonly puts?: number;
  readonly paceMs?: number;
  readonly again?: readonly number[];
  /** Called once, when this many puts are over. */
  readonly at?: { readonly puts: number; readonly then: () => void };
}

/** @returns reports of all puts, in the order they came */
export async function load({
  port,
  cluster,
  store = {},
  puts = 2_000,
  paceMs = 8,
  again,
  at,
}: LoadOptions): Promise<Load> {
  const reports: PutReport[] = [];
  const timeoutMs = Number(store.timeoutMs ?? 500);
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, index) => {
      const putsPerWriter = Math.ceil(puts / PROCESSES / WRITERS);
      const job: WriterJob = {
        port,
        ...(cluster ? { cluster } : {}),
        store,
        writers: WRITERS,
        putsPerWriter,
        firstSeed: index * putsPerWriter * WRITERS,
        paceMs,
        ...(again ? { again: again.filter((_, at) => at % PROCESSES === index) } : {}),
      };
      const child = fork(new URL("writer.ts", import.meta.url), [JSON.stringify(job)], {
        execArgv: ["--conditions=@headroom/source"],
      });
      child.on("message", (report) => {
        if (reports.push(report as PutReport) === at?.puts) at.then();
      });
      await once(child, "exit");
    }),
  );
  return {
    puts: reports,
    hung: reports.filter(({ milliseconds }) => milliseconds > timeoutMs + GRACE_MS).length,
  };
}

export interface Verdict {
  readonly lost: number;
  readonly wrong: number;
}

/** Reads every acknowledged original straight from the server, past every fault and cache. */
export async function verify(
  puts: readonly PutReport[],
  port: number,
  store: Readonly<Record<string, unknown>> = {},
  client?: unknown,
): Promise<Verdict> {
  const own = client ?? new Redis(port, "127.0.0.1");
  const direct = redisStore({
    ...store,
    client: own as Redis,
    localCacheBytes: 0,
    timeoutMs: 10_000,
    durability: "redis",
    breaker: { failures: Number.POSITIVE_INFINITY, slowMs: Number.POSITIVE_INFINITY },
  });
  let lost = 0;
  let wrong = 0;
  for (const { seed } of puts.filter(({ acknowledged }) => acknowledged)) {
    const { ref, text } = entryOf(seed);
    const got = await patiently(() => direct.get(ref));
    if (got === undefined) lost++;
    else if (got.text !== text) wrong++;
  }
  if (!client) (own as Redis).disconnect();
  return { lost, wrong };
}

/** A server that has just started may still be loading; what it says then is no verdict. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 10) return undefined;
      await sleep(String(error).includes("damaged") ? 0 : 200);
    }
  }
}
