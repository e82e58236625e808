import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../ccr/memory-store.ts";
import { changesOf } from "../text/line-diff.ts";
import { memoryLedger } from "./memory-ledger.ts";
import { createSharedContext, type SharedContext } from "./shared-context.ts";

const rows = (count: number, more: object = {}): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, id) => ({
      id,
      name: `user ${id}`,
      status: "active",
      ...more,
    })),
  );
const file = Array.from({ length: 200 }, (_, i) => `const value${i} = compute(${i});`);
const make = (): SharedContext => {
  let time = 0;
  return createSharedContext({ store: memoryStore(), now: () => ++time });
};

describe("a shared context", () => {
  it("hands out a compressed text that any agent can redeem", async () => {
    const store = memoryStore();
    const context = createSharedContext({ store });
    await context.put("users", rows(500), { agent: "researcher" });
    const view = await context.get("users", { agent: "coder" });
    expect(view).toMatchObject({ form: "compressed", agent: "researcher", version: 1 });
    expect(view?.tokensServed).toBeLessThan((view?.tokens ?? 0) / 5);
    expect(view?.text).toContain(view?.ref);
    expect((await context.get("users", { agent: "coder", full: true }))?.text).toBe(rows(500));
    expect((await context.stats()).savings).toBeGreaterThan(0.4);
  });

  it("keeps the same content once and says who put it first", async () => {
    const context = make();
    await context.put("a", rows(50), { agent: "one" });
    const again = await context.put("b", rows(50), { agent: "two" });
    expect(again.duplicateOf).toMatchObject({ name: "a", agent: "one", version: 1 });
    expect((await context.stats()).duplicates).toBe(1);
  });

  it("offers a newer version as a difference, to those who have read the older one whole", async () => {
    const context = make();
    const edited = file.with(100, "const value100 = 42;");
    await context.put("src/a.ts", file.join("\n"), { agent: "coder" });
    await context.get("src/a.ts", { agent: "reviewer", full: true });
    await context.put("src/a.ts", edited.join("\n"), { agent: "coder" });
    expect(await context.get("src/a.ts", { agent: "reviewer" })).toMatchObject({
      form: "difference",
      text: "[src/a.ts: version 2 by coder, changes since version 1, which you have read]\nat line 101:\n-const value100 = compute(100);\n+const value100 = 42;",
    });
    expect((await context.get("src/a.ts", { agent: "newcomer" }))?.form).toBe("compressed");
  });

  it("never refers an agent to what it has not been shown", async () => {
    const context = make();
    await context.put("a", file.join("\n"), { agent: "one" });
    await context.put("b", file.join("\n"), { agent: "one" });
    expect((await context.get("b", { agent: "two" }))?.form).toBe("compressed");
    expect(await context.get("a", { agent: "two" })).toMatchObject({ form: "same" });
    expect((await context.get("a", { agent: "three" }))?.form).toBe("compressed");
  });

  it("sends nothing to whom nothing is new", async () => {
    const context = make();
    await context.put("a", rows(50), { agent: "one" });
    expect(await context.get("a", { agent: "two", ifChangedSince: 1 })).toMatchObject({
      form: "unchanged",
      text: "",
    });
    expect((await context.get("a", { agent: "two", ifChangedSince: 0 }))?.form).toBe("compressed");
    expect(await context.get("missing", { agent: "two" })).toBeUndefined();
  });

  it("tells who put what and when, and tells listeners", async () => {
    const context = make();
    const heard: string[] = [];
    const stop = await context.subscribe(({ name, version }) => heard.push(`${name} ${version}`));
    await context.put("a", "1", { agent: "one" });
    await context.put("b", "2", { agent: "two" });
    await context.put("a", "3", { agent: "two" });
    await stop();
    await context.put("a", "4", { agent: "one" });
    expect(heard).toEqual(["a 1", "b 1", "a 2"]);
    expect(
      (await context.entries()).map(({ name, version, agent, at }) => [name, version, agent, at]),
    ).toEqual([
      ["a", 3, "one", 4],
      ["b", 1, "two", 2],
    ]);
  });

  it("rejects a put that the store does not keep", async () => {
    const context = createSharedContext({ store: { ...memoryStore(), put: async () => {} } });
    await expect(context.put("a", "text", { agent: "one" })).rejects.toThrow(/read back/);
    expect(await context.entries()).toEqual([]);
  });
});

describe("what those who rely on a content have to know", () => {
  it("is in the put: a ledger that outlives the store, and what the store says", async () => {
    const by = { agent: "one" };
    expect(await make().put("a", "text", by)).not.toHaveProperty("warnings");
    const ledger = { ...memoryLedger(), name: "redis" };
    const store = memoryStore({ maxBytes: 100 });
    const context = createSharedContext({ store, ledger });
    const forgets = 'store "memory" forgets with this process, ledger "redis" may not';
    expect((await context.put("a", "x".repeat(40), by)).warnings).toEqual([forgets]);
    const second = await context.put("b", "y".repeat(40), by);
    expect(second.warnings).toEqual([forgets, expect.stringMatching(/^1 original was dropped/)]);
    const lasting = { ...memoryStore(), survives: "restart" as const };
    const other = createSharedContext({ store: lasting, ledger });
    expect(await other.put("a", "text", by)).not.toHaveProperty("warnings");
  });

  it("refuses namespaces and secrets that would not isolate", () => {
    const store = memoryStore();
    for (const odd of [{ namespace: "a\ud800" }, { secret: "a\ud800" }])
      expect(() => createSharedContext({ store, ...odd })).toThrow(/well-formed/);
  });

  it("reads contents back with the signal", async () => {
    const kept = memoryStore();
    const stop = new AbortController();
    const context = createSharedContext({ store: kept, signal: stop.signal });
    await context.put("a", "text", { agent: "one" });
    stop.abort(new Error("stopped"));
    await expect(context.get("a", { agent: "two", full: true })).rejects.toThrow("stopped");
  });
});

describe("changesOf", () => {
  it("turns one text into the other", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const built: string[] = [];
        let at = 0;
        for (const { oldFrom, oldTo, newFrom, newTo } of changesOf(before, after)) {
          built.push(...before.slice(at, oldFrom), ...after.slice(newFrom, newTo));
          at = oldTo;
        }
        expect([...built, ...before.slice(at)]).toEqual(after);
      }),
      { numRuns: 1_000 },
    );
  });
});
