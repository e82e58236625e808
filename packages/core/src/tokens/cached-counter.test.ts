import { describe, expect, it } from "vitest";
import { cachedCounter } from "./cached-counter.ts";

function spy(): { counted: string[]; counter: { name: string; count(text: string): number } } {
  const counted: string[] = [];
  const count = (text: string): number => {
    counted.push(text);
    return text.length;
  };
  return { counted, counter: { name: "spy", count } };
}

describe("cachedCounter", () => {
  it("counts a long text once and a short one each time", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter, { minLength: 4 });
    for (const text of ["abcd", "abcd", "abc", "abc"]) cached.count(text);
    expect(counted).toEqual(["abcd", "abc", "abc"]);
  });

  it("forgets the text that was used longest ago when the bytes are full", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter, { minLength: 1, maxBytes: 16 });
    for (const text of ["aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"]) cached.count(text);
    expect(counted).toEqual(["aaaa", "bbbb", "cccc", "bbbb"]);
  });

  it("counts texts of fewer than 64 characters each time where nothing else is said", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter);
    const [short, long] = ["a".repeat(63), "b".repeat(64)];
    for (const text of [short, short, long, long]) expect(cached.count(text)).toBe(text.length);
    expect(counted).toEqual([short, short, long]);
    expect(cached.name).toBe("spy");
  });

  it("keeps 16 MiB where nothing else is said, two bytes a character", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter);
    const half = 4 * 1024 * 1024;
    const texts = ["a", "b", "c"].map((letter) => letter.repeat(half));
    const [a, b, c] = texts as [string, string, string];
    for (const text of [a, b, a, b]) cached.count(text);
    expect(counted.length).toBe(2);
    for (const text of [c, b, a]) cached.count(text);
    expect(counted.length).toBe(4);
    const { counted: large, counter: other } = spy();
    const second = cachedCounter(other);
    for (const length of [2 * half, 2 * half + 1])
      for (let time = 0; time < 2; time++) second.count("d".repeat(length));
    expect(large.map((text) => text.length)).toEqual([2 * half, 2 * half + 1, 2 * half + 1]);
  });

  it("does not keep what is larger than the cache", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter, { minLength: 1, maxBytes: 8 });
    for (const text of ["aaaa", "bbbbbb", "aaaa"]) cached.count(text);
    expect(counted).toEqual(["aaaa", "bbbbbb"]);
  });
});
