import { describe, expect, it } from "vitest";
import { localCache } from "./local-cache.ts";

const LATER = 1_000;

describe("a local cache", () => {
  it("serves a copy until the moment it expires", () => {
    const cache = localCache(100);
    cache.set("a", "text", 10);
    expect(cache.get("a", 9)).toBe("text");
    expect(cache.get("a", 10)).toBeUndefined();
    expect(cache.get("a", 9)).toBeUndefined();
    expect(cache.get("none", 0)).toBeUndefined();
  });

  it("holds as many bytes as it may, two for a character", () => {
    const cache = localCache(20);
    cache.set("a", "12345", LATER);
    cache.set("b", "12345", LATER);
    expect([cache.get("a", 0), cache.get("b", 0)]).toEqual(["12345", "12345"]);
    cache.set("c", "1", LATER);
    expect([cache.get("a", 0), cache.get("b", 0), cache.get("c", 0)]).toEqual([
      undefined,
      "12345",
      "1",
    ]);
  });

  it("drops what was not read or written for longest, and no more than it has to", () => {
    const cache = localCache(12);
    for (const key of ["a", "b", "c"]) cache.set(key, "12", LATER);
    cache.get("a", 0);
    cache.set("b", "34", LATER);
    cache.set("d", "12", LATER);
    expect(["a", "b", "c", "d"].map((key) => cache.get(key, 0))).toEqual([
      "12",
      "34",
      undefined,
      "12",
    ]);
  });

  it("does not count what was read, replaced, deleted or expired twice", () => {
    const cache = localCache(20);
    for (let n = 0; n < 10; n++) {
      cache.set("a", "12345", LATER);
      cache.get("a", 0);
      cache.set("b", "123", LATER);
      cache.delete("b");
      cache.delete("none");
      cache.set("c", "123", 1);
      cache.get("c", 1);
    }
    cache.set("b", "12345", LATER);
    expect([cache.get("a", 0), cache.get("b", 0)]).toEqual(["12345", "12345"]);
  });

  it("keeps no text that is too large for it, nor the one before it", () => {
    const cache = localCache(20);
    cache.set("other", "12", LATER);
    cache.set("a", "12345678", LATER);
    cache.set("a", "12345678901", LATER);
    expect(cache.get("a", 0)).toBeUndefined();
    expect(cache.get("other", 0)).toBe("12");
    cache.set("a", "1234567890", LATER);
    expect(cache.get("a", 0)).toBe("1234567890");
  });
});
