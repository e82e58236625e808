/** Opens a store as described. */
import type { CcrStore } from "@headroom/core";
import { type RedisStoreOptions, redisStore } from "@headroom/redis";
import { type SqliteStoreOptions, sqliteStore } from "@headroom/sqlite";
import { Cluster, Redis } from "ioredis";
import { folderStore } from "../../../../packages/cli/src/folder-store.ts";
import { sabotaged } from "./sabotage.ts";
import type { StoreSpec } from "./spec.ts";

export async function openStore(spec: StoreSpec): Promise<CcrStore> {
  const store = open(spec);
  return spec.sabotage ? sabotaged(store, spec.sabotage, spec) : store;
}

function open(spec: StoreSpec): CcrStore {
  const { kind, path = "", options = {} } = spec;
  if (kind === "sqlite") return sqliteStore({ path, ...options } as SqliteStoreOptions);
  if (kind === "folder") return folderStore({ folder: path, ...options });
  const client = clientOf(spec);
  const skewed = clockOf(spec);
  const store = redisStore({
    ...(client ? { client } : { url: `redis://127.0.0.1:${spec.port}` }),
    ...(client || !spec.clientOptions ? {} : { options: spec.clientOptions }),
    ...(skewed ? { now: skewed } : {}),
    ...options,
  } as RedisStoreOptions);
  if (!client) return store;
  return {
    ...store,
    async close() {
      await store.close?.();
      client.disconnect();
    },
  };
}

/** A cluster or a primary that sentinels name; a single server is left to the store, which connects by itself. */
function clientOf({ cluster, sentinels, clientOptions }: StoreSpec): Redis | Cluster | undefined {
  const failFast = { enableOfflineQueue: false, maxRetriesPerRequest: 0 };
  const host = "127.0.0.1";
  const client = cluster
    ? new Cluster(
        cluster.map((port) => ({ host, port })),
        { redisOptions: failFast, ...clientOptions },
      )
    : sentinels
      ? new Redis({
          sentinels: sentinels.map((port) => ({ host, port })),
          name: "chaos",
          socketTimeout: 2_000,
          ...failFast,
          ...clientOptions,
        })
      : undefined;
  client?.on("error", () => {});
  return client;
}

function clockOf({ clockSkewsMs = [] }: StoreSpec): (() => number) | undefined {
  if (clockSkewsMs.length === 0) return undefined;
  return () => {
    const now = Date.now();
    return now + (clockSkewsMs[Math.floor(now / 500) % clockSkewsMs.length] ?? 0);
  };
}
