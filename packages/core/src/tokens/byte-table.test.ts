import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteTable } from "./byte-table.ts";

const strings = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 6, max: 3 }), {
  maxLength: 60,
  selector: String,
});

describe("byteTable", () => {
  it("finds the number of every string it has, and of no other", () => {
    fc.assert(
      fc.property(strings, strings, (inside, others) => {
        const table = byteTable(60, 360);
        for (const [number, bytes] of inside.entries())
          expect(table.add(bytes, 0, bytes.length)).toBe(number);
        for (const bytes of [...inside, ...others]) {
          const number = inside.findIndex((one) => String(one) === String(bytes));
          expect(table.find(bytes, 0, bytes.length)).toBe(number);
          const padded = Uint8Array.of(9, ...bytes, 9);
          expect(table.find(padded, 1, 1 + bytes.length)).toBe(number);
        }
      }),
    );
  });

  it("gives an empty string a number and does not find it", () => {
    const table = byteTable(3, 9);
    expect(table.add(Uint8Array.of(), 0, 0)).toBe(0);
    expect(table.add(Uint8Array.of(7), 0, 1)).toBe(1);
    expect(table.find(Uint8Array.of(7), 0, 0)).toBe(-1);
    expect(table.find(Uint8Array.of(7), 0, 1)).toBe(1);
  });

  it.each([
    ["entries", byteTable(2, 100)],
    ["bytes", byteTable(100, 2)],
  ])("takes no more when its %s are full, and again when it was cleared", (_name, table) => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect([0, 1, 2].map((at) => table.add(bytes, at, at + 1))).toEqual([0, 1, -1]);
    expect([0, 1, 2].map((at) => table.find(bytes, at, at + 1))).toEqual([0, 1, -1]);
    table.clear();
    expect([0, 1, 2].map((at) => table.find(bytes, at, at + 1))).toEqual([-1, -1, -1]);
    expect(table.add(bytes, 2, 3)).toBe(0);
    expect(table.find(bytes, 2, 3)).toBe(0);
  });
});
