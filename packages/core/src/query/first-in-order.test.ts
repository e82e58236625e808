import fc from "fast-check";
import { expect, it } from "vitest";
import { finish } from "../steps.ts";
import { firstInOrder } from "./first-in-order.ts";

it("gives what sorting and cutting would give, equal items in the order they came", () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), at: fc.integer() }));
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: 9 }), (all, count) => {
      const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
      const expected = [...all].sort(compare).slice(0, count);
      expect(finish(firstInOrder(all, count, compare))).toEqual(expected);
    }),
  );
});
