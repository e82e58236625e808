import { describe, expect, it } from "vitest";
import { inParallel } from "./in-parallel.ts";

describe("calls in parallel", () => {
  it.each([
    [0, 3, 0],
    [2, 3, 2],
    [3, 3, 3],
    [10, 3, 3],
    [4, 1, 1],
  ])("are made once for each of %i items, at most %i at a time", async (count, limit, most) => {
    const items = Array.from({ length: count }, (_, index) => `item ${index}`);
    const called: unknown[] = [];
    let running = 0;
    let seen = 0;
    const results = await inParallel(items, limit, async (item, index) => {
      called.push([item, index]);
      seen = Math.max(seen, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return `${item} done`;
    });
    expect(called).toEqual(items.map((item, index) => [item, index]));
    expect(results).toEqual(items.map((item) => `${item} done`));
    expect(seen).toBe(most);
  });

  it("end with the first failure, and none is begun after it", async () => {
    const called: number[] = [];
    const all = inParallel([0, 1, 2, 3, 4, 5], 2, async (item) => {
      called.push(item);
      await new Promise((resolve) => setImmediate(resolve));
      if (item === 2) throw new Error("the third");
    });
    await expect(all).rejects.toThrow("the third");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(called).toEqual([0, 1, 2, 3]);
  });
});
