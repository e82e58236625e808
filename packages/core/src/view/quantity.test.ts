import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareValues } from "./fact.ts";
import { measure } from "./measure.ts";
import { quantityOf } from "./quantity.ts";

describe("quantityOf", () => {
  it.each([
    ["12", "number", 12],
    ["-1.5", "number", -1.5],
    ["1,234,567.8", "number", 1_234_567.8],
    ["1e3", "number", 1_000],
    ["87%", "percent", 87],
    ["4.0K", "size", 4_096],
    ["3.2G", "size", 3.2 * 1024 ** 3],
    ["12 MB", "size", 12e6],
    ["1,024 KiB", "size", 1024 ** 2],
    ["512B", "size", 512],
    ["1.5 MB/s", "rate", 1.5e6],
    ["90s", "duration", 90],
    ["1h", "duration", 3_600],
    ["250ms", "duration", 0.25],
    ["5d3h", "duration", 442_800],
    ["2h 5m", "duration", 7_500],
    ["3 days ago", "duration", 259_200],
    ["1:30", "duration", 90],
    ["01:00:05", "duration", 3_605],
    ["2-01:00:00", "duration", 176_400],
    ["$1,234.50", "money $", 1_234.5],
    ["-€3", "money €", -3],
    ["1.234,50 €", "money €", 1_234.5],
    ["1242,24 €", "money €", 1_242.24],
    ["1,234.50 $", "money $", 1_234.5],
    ["12 €", "money €", 12],
    ["2026-11-28", "time", Date.UTC(2026, 10, 28)],
    ["2026-11-28T08:56:53Z", "time", Date.UTC(2026, 10, 28, 8, 56, 53)],
    ["2026-11-28 08:56:53,250", "time", Date.UTC(2026, 10, 28, 8, 56, 53, 250)],
    ["2026-11-28T08:56:53+02:00", "time", Date.UTC(2026, 10, 28, 6, 56, 53)],
    ["28/Nov/2026:08:56:53 +0100", "time", Date.UTC(2026, 10, 28, 7, 56, 53)],
    ["Sat, 28 Nov 2026 08:56:53 GMT", "time", Date.UTC(2026, 10, 28, 8, 56, 53)],
    ["Sat Nov 28 08:56:53 2026", "time", Date.UTC(2026, 10, 28, 8, 56, 53)],
    ["November 28, 2026", "time", Date.UTC(2026, 10, 28)],
    ["2026/11/28 08:56", "time", Date.UTC(2026, 10, 28, 8, 56)],
    ["ISSUE-57", "label ISSUE-", 57],
    ["pod_003", "label pod_", 3],
    ["28.11.2026", "time", Date.UTC(2026, 10, 28)],
    ["1.2.2026 08:30", "time", Date.UTC(2026, 1, 1, 8, 30)],
    ["v1.10.2", "version", 0],
    ["1.2.13.dfsg-1", "version", 0],
    ["10.0.0.5", "version", 0],
    ["1.2.3-rc.1", "version", 0],
  ])("%s is a %s", (text, kind, value) => {
    const quantity = quantityOf(text);
    expect(quantity?.kind).toBe(kind);
    expect(quantity?.value).toBeCloseTo(value, 5);
  });

  it.each([
    "",
    "-",
    "n/a",
    "<none>",
    "abc",
    "1e999",
    "12x34",
    "10.0.0.5:3000",
    "1.2.3.4.5.6.7.8",
    "1.1234567890.2",
    "Nov 28",
    "Nov 28 10:15",
    "28 Nov 2026 in the morning",
    "2026/13/01",
    "32 Nov 2026",
    "Nov 28 2026 25:00",
    "3 boxes",
    "1.234.50 €",
    "1,2345 €",
    "$",
    "10 apples/s",
    `1${"0".repeat(60)}`,
  ])("%j measures nothing", (text) => expect(quantityOf(text)).toBeUndefined());
});

describe("compareValues", () => {
  it.each([
    ["900M", "3.2G"],
    ["512", "4.0K"],
    ["9.9", "10.0.1"],
    ["9.9.1", "10.0.0"],
    ["90s", "1h"],
    ["999", "1,000"],
    ["999 KB/s", "1 MB/s"],
    ["$9", "$10"],
    ["30/Nov/2025:00:00:00", "28/Nov/2026:00:00:00"],
    ["2 hours ago", "3 days ago"],
    ["31.12.2023", "01.02.2024"],
    ["apple", "pear"],
    ["ISSUE-9", "ISSUE-10"],
    ["B-10", "C-9"],
  ])("%s is less than %s", (less, more) => {
    expect(compareValues(less, more)).toBeLessThan(0);
    expect(compareValues(more, less)).toBeGreaterThan(0);
  });
});

describe("measure", () => {
  it("reads a value as its neighbours are read", () => {
    expect(measure(["512", "4.0K", "0"])).toMatchObject({
      kind: "size",
      count: 3,
      quantities: [{ value: 512 }, { value: 4_096 }, { value: 0 }],
    });
    expect(measure(["9.9", "10.0.1", "10"])).toMatchObject({
      kind: "version",
      quantities: [{ parts: [9, 9] }, { parts: [10, 0, 1] }, { parts: [10] }],
    });
    expect(measure(["9.9", "9.10"])?.kind).toBe("number");
    const numbers = Array.from({ length: 90 }, (_, at) => `${at}`);
    expect(measure([...numbers, "5.15.0"])).toMatchObject({ kind: "number", count: 90 });
    expect(measure([...numbers, "5K"])).toMatchObject({ kind: "number", count: 90 });
    expect(measure(["5", "-", "7"])).toMatchObject({ kind: "number", count: 2 });
    expect(measure(["3s", "4K", "5s"])).toMatchObject({ kind: "duration", count: 2 });
    expect(measure(["a", "b"])).toBeUndefined();
  });

  it("takes a text for the same thing wherever it stands", () => {
    const value = fc.oneof(fc.integer().map(String), fc.constantFrom("1K", "2s", "x", "", "1.2.3"));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const quantities = measure(values)?.quantities ?? [];
        for (const [at, quantity] of quantities.entries())
          expect(quantity).toEqual(quantities[values.indexOf(values[at] ?? "")]);
      }),
    );
  });
});
