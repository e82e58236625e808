/** Redis stores as somebody would write them first, each without one thing that matters. For sabotage only. */
import type { CcrEntry, CcrRef, CcrStore } from "@headroom/core";
import { redisStore } from "@headroom/redis";
import { Redis } from "ioredis";
import { expandRecord } from "./forge.ts";
import type { StoreSpec } from "./spec.ts";

function connected(port: number | undefined): Redis {
  const client = new Redis(port ?? 0, "127.0.0.1");
  client.on("error", () => {});
  return client;
}

/** SET and GET of UTF-8: whoever writes last wins, nothing is checked. */
export function lastWriteWins(_store: CcrStore, { port }: StoreSpec): CcrStore {
  const client = connected(port);
  return {
    name: "last write wins",
    readsBack: true,
    async put({ ref, text }: CcrEntry) {
      await client.set(`naive:${ref}`, text);
    },
    async get(ref: CcrRef) {
      const text = await client.get(`naive:${ref}`);
      return text === null ? undefined : { ref, text };
    },
    delete: async (ref) => (await client.unlink(`naive:${ref}`)) > 0,
    close: async () => client.disconnect(),
  };
}

/** Writes to the primary and reads from a replica. */
export function readsElsewhere(store: CcrStore, { otherPort }: StoreSpec): CcrStore {
  const replica = redisStore({ url: `redis://127.0.0.1:${otherPort}`, localCacheBytes: 0 });
  return {
    ...store,
    get: (ref) => replica.get(ref),
    async close() {
      await replica.close?.();
      await store.close?.();
    },
  };
}

/** Expands whatever it finds on the server, however large it gets. */
export function expandingReader(store: CcrStore, { port }: StoreSpec): CcrStore {
  const client = connected(port);
  return {
    ...store,
    async get(ref) {
      let bytes = 0;
      for (const key of await client.keys("*")) {
        const value = await client.getBuffer(key);
        if (value !== null) bytes += expandRecord(value).byteLength;
      }
      return { ref, text: `${bytes} bytes` };
    },
    async close() {
      client.disconnect();
      await store.close?.();
    },
  };
}
