import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lru } from "./lru.ts";

describe("lru", () => {
  it("forgets what was used longest ago, and counts a get as use", () => {
    const cache = lru<string, number>({ max: 2 });
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    expect([...cache.entries()]).toEqual([
      ["a", 1],
      ["c", 3],
    ]);
  });

  it("does not count a peek as use", () => {
    const cache = lru<string, number>({ max: 2 });
    cache.set("a", 1);
    cache.set("b", 2);
    expect(cache.peek("a")).toBe(1);
    cache.set("c", 3);
    expect(cache.peek("a")).toBeUndefined();
  });

  it("replaces a value and its size", () => {
    const cache = lru<string, string>({ max: 10 });
    cache.set("a", "small", 4);
    cache.set("a", "large", 9);
    expect([cache.count, cache.size, cache.get("a")]).toEqual([1, 9, "large"]);
  });

  it("does not keep what is larger than the bound, nor the value it was to replace, and keeps the rest", () => {
    const cache = lru<string, string>({ max: 10 });
    cache.set("a", "old", 2);
    cache.set("b", "other", 2);
    expect(cache.set("a", "huge", 11)).toBe(false);
    expect([...cache.entries()]).toEqual([["b", "other"]]);
    expect(cache.size).toBe(2);
  });

  it("keeps values that are undefined, false or 0 apart from missing ones when it deletes", () => {
    const cache = lru<string, unknown>({ max: 3 });
    for (const [index, value] of [undefined, false, 0].entries()) cache.set(`${index}`, value);
    expect(["0", "1", "2", "3"].map((key) => cache.delete(key))).toEqual([true, true, true, false]);
    expect(cache.size).toBe(0);
  });

  it("tells of evictions only", () => {
    const evicted: string[] = [];
    const cache = lru<string, number>({
      max: 3,
      onEvict: (key, value) => evicted.push(`${key}${value}`),
    });
    cache.set("a", 1);
    cache.set("a", 2);
    cache.set("b", 3);
    cache.set("c", 4);
    cache.delete("b");
    cache.set("d", 5, 3);
    cache.clear();
    expect(evicted).toEqual(["a2", "c4"]);
    expect([cache.count, cache.size]).toEqual([0, 0]);
  });

  it("keeps the longest tail of what was used that fits, whatever is done", () => {
    const step = fc.record({
      key: fc.constantFrom("a", "b", "c", "d", "e"),
      size: fc.nat(6),
      act: fc.constantFrom("set", "get", "delete"),
    });
    fc.assert(
      fc.property(fc.nat(10), fc.array(step, { maxLength: 60 }), (max, steps) => {
        const cache = lru<string, number>({ max });
        // The plain model: a list, the one used last at its end.
        let model: { key: string; size: number }[] = [];
        for (const { key, size, act } of steps) {
          const known = model.find((entry) => entry.key === key);
          const others = model.filter((entry) => entry !== known);
          if (act === "get") {
            expect(cache.get(key)).toBe(known?.size);
            model = known ? [...others, known] : others;
          } else if (act === "delete") {
            expect(cache.delete(key)).toBe(known !== undefined);
            model = others;
          } else {
            expect(cache.set(key, size, size)).toBe(size <= max);
            model = size <= max ? [...others, { key, size }] : others;
            while (sizeOf(model) > max) model.shift();
          }
          expect([...cache.entries()]).toEqual(model.map((entry) => [entry.key, entry.size]));
          expect(cache.size).toBe(sizeOf(model));
        }
      }),
    );
  });
});

function sizeOf(entries: readonly { readonly size: number }[]): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}
