import { describe, expect, it, vi } from "vitest";
import { memoryStore, retrieve } from "../index.ts";
import type { CcrStore } from "../types/store.ts";
import { asides } from "./asides.ts";

/** A store that another process could read, and what is asked of it. */
function shared() {
  const memory = memoryStore();
  const calls: string[] = [];
  let fails: "no" | "throws" | "hangs" = "no";
  const broken = <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (fails === "throws") return Promise.reject(new Error("down"));
    return fails === "hangs" ? new Promise(() => {}) : work();
  };
  const store: CcrStore = {
    ...memory,
    survives: "restart",
    put(entry) {
      calls.push("put");
      return broken(() => memory.put(entry));
    },
    get(ref) {
      calls.push("get");
      return broken(() => memory.get(ref));
    },
  };
  return {
    store,
    calls,
    fail(how: typeof fails) {
      fails = how;
    },
  };
}

interface Value {
  readonly words: string;
}

describe("asides", () => {
  it("asks a store of this process only where something was kept in it", async () => {
    const { store, calls } = shared();
    const own: CcrStore = { ...store, survives: "process" };
    const [one, other] = [
      asides<Value>({ name: "test", store: own }),
      asides<Value>({ name: "test", store: own }),
    ];
    expect(await other.find("id")).toBe(undefined);
    expect(calls).toEqual([]);
    await one.keep(["id"], { words: "kept" });
    expect(await other.find("id")).toEqual({ words: "kept" });
    expect(await asides<Value>({ name: "test", store: own }).find("id")).toEqual({ words: "kept" });
  });

  it("finds many in their order, also where it rests between them", async () => {
    const { store } = shared();
    const ids = Array.from({ length: 300 }, (_, at) => `id ${at}`);
    const kept = asides<Value>({ name: "test", store });
    for (const id of ids.slice(0, 20)) await kept.keep([id], { words: id });
    // The test's clock: each look at it is a millisecond later.
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now++);
    let turns = 0;
    let other = setImmediate(function turn() {
      turns++;
      other = setImmediate(turn);
    });
    const found = await asides<Value>({ name: "test", store }).findAll([...ids, undefined, "id 3"]);
    clearImmediate(other);
    clock.mockRestore();
    const expected = ids.map((id, at) => (at < 20 ? { words: id } : undefined));
    expect(found).toEqual([...expected, undefined, { words: "id 3" }]);
    expect(turns).toBeGreaterThan(0);
  });

  it("are found by each of their keys, here and in another process", async () => {
    const { store } = shared();
    const here = asides<Value>({ name: "test", store });
    await here.keep(["a", "b", "c"], { words: "größer" });
    for (const key of ["a", "b", "c"]) {
      expect(await here.find(key)).toEqual({ words: "größer" });
      const there = asides<Value>({ name: "test", store });
      expect(await there.find(key)).toEqual({ words: "größer" });
    }
    expect(await here.find("d")).toBeUndefined();
  });

  it("stay with their name, namespace and secret", async () => {
    const { store } = shared();
    await asides<Value>({ name: "test", store, secret: "s" }).keep(["a"], { words: "mine" });
    for (const other of [
      { name: "other", secret: "s" },
      { name: "test", secret: "t" },
      { name: "test", secret: "s", namespace: "else" },
    ])
      expect(await asides<Value>({ store, ...other }).find("a")).toBeUndefined();
  });

  it("are fetched once from the store, which forgets them later", async () => {
    const { store, calls } = shared();
    await asides<Value>({ name: "test", store }).keep(["a", "b"], { words: "here" });
    const there = asides<Value>({ name: "test", store });
    calls.length = 0;
    for (let turn = 0; turn < 3; turn++) expect(await there.find("b")).toEqual({ words: "here" });
    expect(calls).toEqual(["get", "get"]);
  });

  it("ask the store once for what it does not have, and not for what is known", async () => {
    const { store, calls } = shared();
    const kept = asides<Value>({ name: "test", store });
    for (let turn = 0; turn < 3; turn++) await kept.find("a");
    expect(calls).toEqual(["get"]);
    await kept.keep(["a"], { words: "now" });
    expect(await kept.find("a")).toEqual({ words: "now" });
    expect(calls).toEqual(["get", "put"]);
  });

  it("cannot be retrieved as originals", async () => {
    const memory = memoryStore();
    const refs: string[] = [];
    const store: CcrStore = {
      ...memory,
      survives: "restart",
      put(entry) {
        refs.push(entry.ref);
        return memory.put(entry);
      },
    };
    await asides<Value>({ name: "test", store }).keep(["a"], { words: "hidden" });
    const result = await retrieve(store, { hash: refs[0] ?? "" });
    expect(result.found).toBe(false);
  });

  it.each(["throws", "hangs"] as const)("do without a store that %s", async (how) => {
    const { store, fail } = shared();
    const errors: unknown[] = [];
    const failed = (error: unknown) => errors.push(error);
    const kept = asides<Value>({ name: "test", store, storeTimeoutMs: 20, failed });
    fail(how);
    await kept.keep(["a"], { words: "here" });
    expect(await kept.find("a")).toEqual({ words: "here" });
    expect(await kept.find("b")).toBeUndefined();
    expect(errors).toHaveLength(2);
    // What could not be asked is asked again.
    fail("no");
    await asides<Value>({ name: "test", store }).keep(["b"], { words: "there" });
    expect(await kept.find("b")).toEqual({ words: "there" });
  });

  it("are found by a client that was made anew with a store of this process", async () => {
    const store = memoryStore();
    await asides<Value>({ name: "test", store }).keep(["a"], { words: "here" });
    expect(await asides<Value>({ name: "test", store }).find("a")).toEqual({ words: "here" });
  });

  it("that change are found as they were written last, by whomever", async () => {
    const { store } = shared();
    const [here, there] = [0, 1].map(() => asides<Value>({ name: "test", store }));
    for (const words of ["one", "two"]) {
      await here?.replace("a", { words });
      expect(await there?.findLatest("a")).toEqual({ words });
    }
    await there?.replace("a", undefined);
    expect(await here?.findLatest("a")).toBeUndefined();
    expect(await here?.find("a")).toBeUndefined();
  });

  it.each(["throws", "hangs"] as const)(
    "that change are those of this process where the store %s, or there is none",
    async (how) => {
      const { store, fail } = shared();
      fail(how);
      const errors: unknown[] = [];
      const failed = (error: unknown) => errors.push(error);
      for (const more of [{ store, storeTimeoutMs: 20, failed }, {}]) {
        const kept = asides<Value>({ name: "test", ...more });
        await kept.replace("a", { words: "here" });
        expect(await kept.findLatest("a")).toEqual({ words: "here" });
        await kept.replace("a", undefined);
        expect(await kept.findLatest("a")).toBeUndefined();
      }
      // Deleting is not what fails here, unless something is to be put.
      expect(errors).toHaveLength(3);
    },
  );
});
