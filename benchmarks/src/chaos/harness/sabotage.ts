/**
 * Stores that are broken on purpose. Each breaks one thing a row guards; the row has to turn red over it.
 *
 * A wrapper is a `CcrStore` around the real one. It claims `readsBack`, as a store does that is wrong about itself.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { type CcrEntry, type CcrRef, type CcrStore, StoreError } from "@headroom/core";
import { naiveFolder } from "./naive-folder.ts";
import { expandingReader, lastWriteWins, readsElsewhere } from "./naive-redis.ts";
import { naiveSqlite, setsAside, sumsAllRows } from "./naive-sqlite.ts";
import type { StoreSpec } from "./spec.ts";

type Wrap = (store: CcrStore, spec: StoreSpec) => CcrStore;

const around = (store: CcrStore, methods: Partial<CcrStore>): CcrStore => ({
  name: `sabotaged ${store.name}`,
  readsBack: true,
  put: (entry) => store.put(entry),
  get: (ref) => store.get(ref),
  delete: (ref) => store.delete(ref),
  close: async () => store.close?.(),
  ...methods,
});

const WRAPS = {
  /** Acknowledges every tenth original without writing it. */
  forgets(store) {
    let puts = 0;
    return around(store, {
      put: async (entry) => (puts++ % 10 === 9 ? undefined : store.put(entry)),
    });
  },
  /** Acknowledges what this process has put before, without looking. */
  "never-again"(store) {
    const before = new Set<CcrRef>();
    return around(store, {
      async put(entry) {
        if (before.has(entry.ref)) return;
        await store.put(entry);
        before.add(entry.ref);
      },
    });
  },
  /** Acknowledges what the server has something for, readable or not. */
  "trusts-what-is-there"(store) {
    return around(store, {
      async put(entry) {
        const there = await store.get(entry.ref).then(
          (found) => found !== undefined,
          () => true,
        );
        if (!there) await store.put(entry);
      },
    });
  },
  /** Serves another text for every fifth ref or so. */
  damages(store) {
    return around(store, {
      async get(ref) {
        const found = await store.get(ref);
        return found && ref < "f" ? { ...found, text: `${found.text.slice(1)}x` } : found;
      },
    });
  },
  /** Serves no more than a million characters. */
  truncates(store) {
    return around(store, {
      async get(ref) {
        const found = await store.get(ref);
        return found && { ...found, text: found.text.slice(0, 1_000_000) };
      },
    });
  },
  /** Every fifth read never answers. */
  hangs(store) {
    let gets = 0;
    return around(store, {
      get: (ref) => (gets++ % 5 === 4 ? new Promise(() => {}) : store.get(ref)),
    });
  },
  /** Keeps originals in this process only. */
  "local-only"(store) {
    const copies = new Map<CcrRef, CcrEntry>();
    return around(store, {
      async put(entry) {
        copies.set(entry.ref, entry);
      },
      get: async (ref) => copies.get(ref) ?? store.get(ref),
    });
  },
  /** Never asks again after one failure. */
  "stays-open"(store) {
    let failed: unknown;
    const guarded = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
      if (failed) throw failed;
      try {
        return await call();
      } catch (error) {
        failed = error;
        throw error;
      }
    };
    return around(store, {
      put: (entry) => guarded(() => store.put(entry)),
      get: (ref) => guarded(() => store.get(ref)),
    });
  },
  /** Takes a failure for an acknowledgement. */
  "ignores-failures"(store) {
    return around(store, { put: (entry) => store.put(entry).catch(() => undefined) });
  },
  /** Refuses reads for a while after a refused put. */
  "refuses-reads"(store) {
    let until = 0;
    return around(store, {
      async put(entry) {
        try {
          await store.put(entry);
        } catch (error) {
          until = performance.now() + 5_000;
          throw error;
        }
      },
      async get(ref) {
        if (performance.now() < until) throw new StoreError("sabotaged", "get", "not tried.");
        return store.get(ref);
      },
    });
  },
  /** Acknowledges at once and writes a little later. */
  "acknowledges-first"(store) {
    return around(store, {
      async put(entry) {
        sleep(400)
          .then(() => store.put(entry))
          .catch(() => undefined);
      },
    });
  },
  /** Takes 2 ms for a timeout, whoever was late: a healthy server needs a tenth of that. */
  impatient(store) {
    return around(store, {
      put: (entry) =>
        Promise.race([
          store.put(entry),
          sleep(2).then(() => {
            throw new StoreError("sabotaged", "put", "no answer within 2 ms.");
          }),
        ]),
    });
  },
  /** Takes 8 ms longer for every call. */
  slow(store) {
    const later = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      const settled = await answer;
      await sleep(8);
      return settled;
    };
    return around(store, {
      put: (entry) => later(store.put(entry)),
      get: (ref) => later(store.get(ref)),
    });
  },
  /** Keeps everything it has ever been given. */
  leaks(store) {
    const kept: string[] = [];
    return around(store, {
      async put(entry) {
        kept.push(entry.text.split("").reverse().join(""));
        setInterval(() => kept.length, 60_000);
        await store.put(entry);
      },
    });
  },
  "last-write-wins": lastWriteWins,
  "reads-elsewhere": readsElsewhere,
  expands: expandingReader,
  "naive-sqlite": naiveSqlite,
  "sets-aside": setsAside,
  "sums-all-rows": sumsAllRows,
  "naive-folder": naiveFolder,
} satisfies Readonly<Record<string, Wrap>>;

export type SabotageName = keyof typeof WRAPS;

export function sabotaged(store: CcrStore, name: string, spec: StoreSpec): CcrStore {
  const wrap = (WRAPS as Readonly<Record<string, Wrap>>)[name];
  if (!wrap) throw new Error(`There is no sabotage of the name ${name}.`);
  return around(store, wrap(store, spec));
}
