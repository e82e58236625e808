/** One process of writers. Tells its parent of every put: which, whether a marker left, how long it took. */
import { redisStore } from "@headroom/redis";
import { Cluster } from "ioredis";
import { entryOf } from "./text.ts";

export interface WriterJob {
  readonly port: number;
  readonly cluster?: readonly number[];
  readonly store: Readonly<Record<string, unknown>>;
  readonly writers: number;
  readonly putsPerWriter: number;
  readonly firstSeed: number;
  readonly paceMs: number;
  /** Puts the seeds again, as the next turn of a transcript does. */
  readonly again?: readonly number[];
}

export interface PutReport {
  readonly seed: number;
  readonly acknowledged: boolean;
  readonly milliseconds: number;
  /** Why no marker left. */
  readonly why?: string;
}

const job = JSON.parse(process.argv[2] ?? "{}") as WriterJob;
const cluster =
  job.cluster &&
  new Cluster(
    job.cluster.map((port) => ({ host: "127.0.0.1", port })),
    {
      enableOfflineQueue: true,
      redisOptions: { maxRetriesPerRequest: 0 },
    },
  );
const store = redisStore({
  ...(cluster ? { client: cluster } : { url: `redis://127.0.0.1:${job.port}` }),
  localCacheBytes: 8_000_000,
  ...job.store,
});

async function put(seed: number): Promise<void> {
  const started = performance.now();
  const why = await store.put(entryOf(seed)).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  const report: PutReport = {
    seed,
    acknowledged: why === undefined,
    milliseconds: performance.now() - started,
    ...(why === undefined ? {} : { why }),
  };
  process.send?.(report);
}

async function write(writer: number): Promise<void> {
  const seeds = job.again
    ? job.again.filter((_, index) => index % job.writers === writer)
    : Array.from(
        { length: job.putsPerWriter },
        (_, index) => job.firstSeed + writer * job.putsPerWriter + index,
      );
  for (const seed of seeds) {
    await put(seed);
    if (job.paceMs > 0) await new Promise((resolve) => setTimeout(resolve, job.paceMs));
  }
}

await Promise.all(Array.from({ length: job.writers }, (_, writer) => write(writer)));
await store.close?.();
cluster?.disconnect();
process.disconnect?.();
