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
    const cached = cachedCounter(counter, { maxBytes: 1_200 });
    for (const letter of "abacab") cached.count(letter.repeat(300));
    expect(counted.map(([letter]) => letter).join("")).toBe("abcb");
  });

  it("has a room for short texts, and another one for long texts", () => {
    const { counted, counter } = spy();
    // An eighth of the bytes has room for two texts of 52 characters.
    const cached = cachedCounter(counter, { maxBytes: 8 * 400 });
    const long = "l".repeat(1_500);
    cached.count(long);
    for (const letter of "abacab") cached.count(letter.repeat(52));
    cached.count(long);
    expect(counted.map(([letter]) => letter).join("")).toBe("labcb");
  });

  it("counts texts of fewer than 48 characters each time where nothing else is said", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter);
    const [short, long] = ["a".repeat(47), "b".repeat(48)];
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
    const cached = cachedCounter(counter, { maxBytes: 800 });
    for (const text of ["a".repeat(400), "b".repeat(401), "a".repeat(400), "b".repeat(401)])
      cached.count(text);
    expect(counted.map(([letter]) => letter).join("")).toBe("abb");
  });
});
