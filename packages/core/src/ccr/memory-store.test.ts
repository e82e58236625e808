import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../errors.ts";
import { memoryStore } from "./memory-store.ts";
import { refOf, refScope } from "./ref.ts";

const scope = refScope("default");
const entry = (text: string, expiresAt?: number) => ({
  ref: refOf(text, scope),
  text,
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

describe("memoryStore", () => {
  it("drops the least recently used when it is full, by bytes", async () => {
    const store = memoryStore({ maxBytes: 60 });
    const [a, b, c] = ["a".repeat(10), "b".repeat(10), "c".repeat(20)].map((text) => entry(text));
    if (!a || !b || !c) throw new Error("unreachable");
    await store.put(a);
    await store.put(b);
    await store.get(a.ref);
    await store.put(c);
    expect(await store.get(b.ref)).toBeUndefined();
    expect((await store.get(a.ref))?.text).toBe(a.text);
    expect((await store.get(c.ref))?.text).toBe(c.text);
  });

  it("refuses what can never fit, so that no marker is written for it", async () => {
    await expect(memoryStore({ maxBytes: 10 }).put(entry("123456"))).rejects.toThrow(
      /more than maxBytes/,
    );
  });

  it("refuses another text under a ref it holds", async () => {
    const store = memoryStore();
    await store.put(entry("mine"));
    await expect(store.put({ ...entry("mine"), text: "yours" })).rejects.toThrow(/already holds/);
    expect((await store.get(entry("mine").ref))?.text).toBe("mine");
  });

  it("starts a life anew with every read when it has a ttl", async () => {
    let now = 0;
    const store = memoryStore({ ttlSeconds: 10, now: () => now });
    await store.put(entry("read"));
    now = 9_000;
    await store.get(entry("read").ref);
    now = 18_000;
    expect((await store.get(entry("read").ref))?.text).toBe("read");
    now = 28_001;
    expect(await store.get(entry("read").ref)).toBeUndefined();
  });

  it("says how many originals it dropped to make room, and not of those that had expired", async () => {
    let now = 0;
    const store = memoryStore({ maxBytes: 60, now: () => now });
    expect(store.warnings?.()).toEqual([]);
    await store.put(entry("a".repeat(30), 1_000));
    now = 1_000;
    await store.put(entry("b".repeat(30)));
    expect(store.warnings?.()).toEqual([]);
    await store.put(entry("c".repeat(20)));
    expect(store.warnings?.()).toEqual([
      "1 original was dropped to make room (maxBytes 60): what names them cannot be redeemed",
    ]);
    await store.put(entry("d".repeat(30)));
    expect(store.warnings?.()[0]).toMatch(/^2 originals were dropped/);
    await store.delete(entry("d".repeat(30)).ref);
    expect(store.warnings?.()[0]).toMatch(/^2 originals/);
    expect(store.survives).toBe("process");
  });

  it("throws on options that cannot be", () => {
    expect(() => memoryStore({ maxBytes: 0 })).toThrow(/maxBytes/);
    expect(() => memoryStore({ ttlSeconds: -1 })).toThrow(/ttlSeconds/);
  });

  it.each([
    ["maxBytes", 0, "bytes"],
    ["maxBytes", -1, "bytes"],
    ["maxBytes", Number.NaN, "bytes"],
    ["maxBytes", Number.POSITIVE_INFINITY, "bytes"],
    ["ttlSeconds", 0, "seconds"],
    ["ttlSeconds", -1, "seconds"],
    ["ttlSeconds", Number.NaN, "seconds"],
  ])("throws at once: %s %d", (name, value, unit) => {
    expect(() => memoryStore({ [name]: value })).toThrow(
      new InvalidOptionError(name, value, `a positive number of ${unit}`),
    );
  });

  it("takes any life above 0, also one without an end", () => {
    for (const ttlSeconds of [0.001, Number.POSITIVE_INFINITY])
      expect(() => memoryStore({ ttlSeconds, maxBytes: 0.5 })).not.toThrow();
  });
});
