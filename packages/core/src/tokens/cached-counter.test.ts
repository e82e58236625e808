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

  it("does not keep what is larger than the cache", () => {
    const { counted, counter } = spy();
    const cached = cachedCounter(counter, { minLength: 1, maxBytes: 8 });
    for (const text of ["aaaa", "bbbbbb", "aaaa"]) cached.count(text);
    expect(counted).toEqual(["aaaa", "bbbbbb"]);
  });
});
