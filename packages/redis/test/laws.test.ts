/** The laws of stores, against the server that `REDIS_URL` names or one of our own. */
import { ccrStoreCases } from "@headroom/conformance";
import { type RedisStoreOptions, redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { afterAll, beforeAll, describe, it } from "vitest";
import { redisAvailable, testRedis } from "../../../test/support/redis-server.ts";

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const PATIENT = { timeoutMs: 10_000, breaker: { slowMs: Number.POSITIVE_INFINITY } };
const KEY = "k".repeat(32);

describe.runIf(redisAvailable())("redisStore", () => {
  let server: Awaited<ReturnType<typeof testRedis>>;
  let client: Redis;
  let client5: Redis5;
  let spaces = 0;
  beforeAll(async () => {
    server = await testRedis();
    client = new Redis(server.url);
    client5 = new Redis5(server.url);
  });
  afterAll(async () => {
    client?.disconnect();
    client5?.disconnect();
    await server?.stop();
  });

  const variants: Record<string, () => Partial<RedisStoreOptions>> = {
    "ioredis 6": () => ({}),
    "ioredis 5": () => ({ client: client5 }),
    "no local copies": () => ({ localCacheBytes: 0 }),
    encryption: () => ({ encryptionKey: KEY, localCacheBytes: 0 }),
  };
  for (const [name, options] of Object.entries(variants))
    describe(`keeps the laws of stores with ${name}`, () => {
      for (const law of ccrStoreCases({
        create: (now) =>
          redisStore({
            client,
            namespace: `laws ${process.pid} ${spaces++}`,
            now,
            ...PATIENT,
            ...options(),
          }),
        wait,
        runs: 20,
      }))
        it(law.name, law.run);
    });
});
