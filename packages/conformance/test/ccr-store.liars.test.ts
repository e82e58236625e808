import type { CcrEntry, CcrRef, CcrStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { type CcrStoreSubject, ccrStoreCases } from "../src/index.ts";
import { type FullStore, honestStore } from "./honest-store.ts";
import { describeLiars, failures } from "./liars.ts";

/** An honest store with some methods replaced; its own calls go through the replaced ones too. */
function liar(change: (honest: FullStore, now: () => number) => Partial<CcrStore>): {
  subject: CcrStoreSubject;
} {
  return {
    subject: {
      create(now) {
        const store = honestStore(now);
        return Object.assign(store, change({ ...store }, now));
      },
      runs: 20,
      largeCharacters: 200_000,
    },
  };
}

const shared = new Map<string, CcrEntry>();

describeLiars(
  ccrStoreCases,
  { create: honestStore },
  {
    "returns what was put, byte for byte": liar((store) => ({
      // What UTF-8 does to half a character.
      put: (entry) =>
        store.put({
          ...entry,
          text: new TextDecoder().decode(new TextEncoder().encode(entry.text)),
        }),
    })),
    "returns a large text, byte for byte": liar((store) => ({
      put: (entry) => store.put({ ...entry, text: entry.text.slice(0, 150_000) }),
    })),
    "an entry carries the ref it was asked for by": liar((store) => ({
      async get(ref) {
        const entry = await store.get(ref);
        return entry && { ...entry, ref: "another" as CcrRef };
      },
    })),
    "an unknown ref is undefined": liar((store) => {
      const known = new Set<string>();
      return {
        async put(entry) {
          known.add(entry.ref);
          await store.put(entry);
        },
        async get(ref) {
          // Something is better than nothing, it thinks, once it holds anything.
          const guess = known.size === 1 && !known.has(ref) ? { ref, text: "" } : undefined;
          return (await store.get(ref)) ?? guess;
        },
      };
    }),
    "two stores made separately share nothing by accident": liar((store) => ({
      async put(entry) {
        if (entry.text === "private") shared.set(entry.ref, entry);
        await store.put(entry);
      },
      get: async (ref) => shared.get(ref) ?? (await store.get(ref)),
    })),
    "an entry is gone at its deadline": liar((store) => {
      // A millisecond late, the mistake of `<` for `<=`.
      const late = (expiresAt: number | undefined) =>
        expiresAt === undefined ? {} : { expiresAt: expiresAt + 1 };
      return { put: ({ expiresAt, ...entry }) => store.put({ ...entry, ...late(expiresAt) }) };
    }),
    "an entry put after its deadline is never served": liar((store, now) => ({
      put: ({ expiresAt, ...entry }) =>
        store.put(expiresAt === undefined || expiresAt < now() ? entry : { ...entry, expiresAt }),
    })),
    "a second put never shortens a life": liar((store) => ({
      async put(entry) {
        const old = await store.get(entry.ref);
        const shorter =
          (entry.expiresAt ?? Number.POSITIVE_INFINITY) <
          (old?.expiresAt ?? Number.POSITIVE_INFINITY);
        if (old?.text === entry.text && shorter) await store.delete(entry.ref);
        await store.put(entry);
      },
    })),
    "a second put lengthens a life": liar((store) => ({
      async put(entry) {
        const old = await store.get(entry.ref);
        if (old?.text !== entry.text) await store.put(entry);
      },
    })),
    "the deadline it tells is no earlier than the one asked for": liar((store) => ({
      async get(ref) {
        const entry = await store.get(ref);
        return entry?.expiresAt === undefined
          ? entry
          : { ...entry, expiresAt: Math.floor(entry.expiresAt / 1_000) };
      },
    })),
    "putting the same entry again is fine": liar((store) => {
      const times = new Map<string, number>();
      return {
        async put(entry) {
          const time = (times.get(entry.ref) ?? 0) + 1;
          times.set(entry.ref, time);
          // The others put at most twice; the law asks for three.
          if (time > 2) throw new Error("exists");
          await store.put(entry);
        },
      };
    }),
    "another text under a ref in use is refused and never served": liar((store) => ({
      async put(entry) {
        const old = await store.get(entry.ref);
        if (old?.text === "first" && entry.text === "second") return;
        await store.put(entry);
      },
    })),
    "of texts racing for one ref only the acknowledged one is served": liar((store) => {
      const written = new Map<string, CcrEntry>();
      return {
        async put(entry) {
          if (!/^text \d$/.test(entry.text)) return store.put(entry);
          // Looks, waits, writes: the classic race.
          const old = written.get(entry.ref);
          await Promise.resolve();
          if (old !== undefined && old.text !== entry.text) throw new Error("another text");
          written.set(entry.ref, { ...entry });
          return undefined;
        },
        async get(ref) {
          const entry = written.get(ref);
          return entry === undefined ? store.get(ref) : { ...entry };
        },
      };
    }),
    "concurrent puts all arrive": liar((store) => {
      let busy = 0;
      return {
        async put(entry) {
          busy++;
          await Promise.resolve();
          // A pool of 32 connections that drops what waits.
          if (busy <= 32) await store.put(entry);
          busy--;
        },
      };
    }),
    "delete says whether there was something to delete": liar((store) => ({
      async delete(ref) {
        await store.delete(ref);
        return true;
      },
    })),
    "a deleted entry is gone, alone, and can be put again": liar((store) => {
      const tombstones = new Set<string>();
      return {
        async delete(ref) {
          tombstones.add(ref);
          return store.delete(ref);
        },
        async put(entry) {
          if (!tombstones.has(entry.ref)) await store.put(entry);
        },
      };
    }),
    "an odd ref is a name like any other, or refused": liar((store) => {
      const record: Record<string, unknown> = {};
      return {
        async get(ref) {
          const inherited = record[ref];
          return inherited === undefined ? store.get(ref) : { ref, text: String(inherited) };
        },
      };
    }),
    "objects handed in and out are not the stored ones": liar((store) => {
      const live = new Map<string, CcrEntry>();
      return {
        async put(entry) {
          await store.put(entry);
          if (entry.text === "kept") live.set(entry.ref, entry);
        },
        get: async (ref) => live.get(ref) ?? store.get(ref),
      };
    }),
    "putMany stores every entry, and none when there is none": liar((store) => ({
      putMany: (entries) => store.putMany(entries.slice(0, 10)),
    })),
    "putMany tells which entries failed and stores the others": liar((store) => ({
      async putMany(entries) {
        const answers = await store.putMany(entries);
        return answers.map(() => undefined);
      },
    })),
    "closing twice is fine": liar((store) => {
      let closed = false;
      return {
        async close() {
          if (closed) throw new Error("already closed");
          closed = true;
          await store.close();
        },
      };
    }),
  },
);

describe("a store fails that", () => {
  const every = ccrStoreCases({ create: honestStore }).map(({ name }) => name);
  it("always says that there is nothing", async () => {
    const { subject } = liar(() => ({ get: async () => undefined }));
    const failed = await failures(ccrStoreCases(subject));
    // It may say so of what was never put, has expired or was deleted, and it may be closed.
    expect(every.filter((law) => !failed.includes(law))).toEqual([
      "an unknown ref is undefined",
      "two stores made separately share nothing by accident",
      "an entry put after its deadline is never served",
      "delete says whether there was something to delete",
      "closing twice is fine",
    ]);
  });

  it("refuses every put", async () => {
    const { subject } = liar(() => ({
      put: async () => {
        throw new Error("read-only");
      },
    }));
    const failed = await failures(ccrStoreCases(subject));
    expect(failed).toContain("of texts racing for one ref only the acknowledged one is served");
  });
});

it("a store without putMany and close is a store", async () => {
  const create = (now: () => number): CcrStore => {
    const { putMany: _, close: __, ...store } = honestStore(now);
    return store;
  };
  expect(await failures(ccrStoreCases({ create, runs: 20 }))).toEqual([]);
});

it("a store with a clock of its own is tested by waiting", async () => {
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  expect(
    await failures(ccrStoreCases({ create: () => honestStore(Date.now), wait, runs: 20 })),
  ).toEqual([]);
});

it("a declared difference is skipped; a stale or unexplained one is an error", () => {
  const law = "an entry is gone at its deadline";
  const names = (skips: Record<string, string>) =>
    ccrStoreCases({ create: honestStore, skips }).map(({ name }) => name);
  expect(names({})).toContain(law);
  expect(names({ [law]: "whole seconds only" })).not.toContain(law);
  expect(() => names({ "no such law": "reason" })).toThrow(/does not exist/);
  expect(() => names({ [law]: " " })).toThrow(/no reason/);
});

it("a broken law says what was expected and what came", async () => {
  const create = (now: () => number): CcrStore => ({
    ...honestStore(now),
    get: async () => undefined,
  });
  const law = ccrStoreCases({ create }).find(({ name }) => name === "concurrent puts all arrive");
  await expect(law?.run()).rejects.toMatchObject({
    name: "LawError",
    expected: "text 0",
    actual: undefined,
  });
  await expect(law?.run()).rejects.toThrow(
    'text put at once\n  expected: "text 0"\n  received: undefined',
  );
});
