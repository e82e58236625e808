import { describe, expect, it } from "vitest";
import { columnOf, tableOf, tableOfSource } from "../../../../test/json-table.ts";
import { finish } from "../../../steps.ts";
import {
  distances,
  isMonotone,
  isTime,
  medianOf,
  numberEnds,
  numbersOf,
  readNumbers,
  sortInSteps,
  timeEnds,
} from "./numbers.ts";

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe("numbersOf strings", () => {
  it.each([
    ["sizes", ["3.2G", "900M", "1G", "2G", "10K", "5G"], "size", [4, 1, 2, 3, 0, 5]],
    ["durations", ["90s", "1h", "2m", "3d", "10ms", "5s"], "duration", [4, 5, 0, 2, 1, 3]],
    [
      "versions",
      ["10.0.0", "9.9.1", "9.10.0", "1.2.3", "1.2.10", "2.0.0"],
      "version",
      [3, 4, 5, 1, 2, 0],
    ],
  ] as const)("compares %s by what they measure", (_name, values, kind, order) => {
    const table = tableOf(values);
    const numbers = numbersOf(table, columnOf(table, ""));
    expect(numbers?.kind).toBe(kind);
    const sorted = [...values.keys()].sort(
      (a, b) => (numbers?.values[a] ?? 0) - (numbers?.values[b] ?? 0),
    );
    expect(sorted).toEqual(order);
  });

  it("does so where four in five measure the same", () => {
    const sizes = (others: number): unknown =>
      numbersOf(
        ...((table): [typeof table, ReturnType<typeof columnOf>] => [table, columnOf(table, "")])(
          tableOf(times(20, (at) => (at < others ? "n/a" : `${at}M`)).reverse()),
        ),
      )?.kind;
    expect(sizes(4)).toBe("size");
    expect(sizes(5)).toBeUndefined();
  });
});

describe("numbersOf", () => {
  const of = (rows: readonly unknown[]): unknown => {
    const table = tableOf(rows);
    return numbersOf(table, columnOf(table, ""));
  };

  it.each([
    ["six numbers", [1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5]],
    ["five numbers", [1, 2, 3, 4, 5], undefined],
    ["five numbers and a null", [1, 2, 3, 4, 5, null], undefined],
    ["six numbers and many nulls", [null, null, 1, 2, 3, 4, 5, null, 6, null], [2, 3, 4, 5, 6, 8]],
    ["one text in ten", [...times(9, (at) => at), "x"], [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["two texts in ten", ["x", ...times(8, (at) => at), "x"], [1, 2, 3, 4, 5, 6, 7, 8]],
    ["words", times(9, (at) => `word ${at}`), undefined],
    ["three texts in ten", ["x", "x", ...times(7, (at) => at), "x"], undefined],
  ])("of %s", (_name, rows, found) => {
    const numbers = of(rows) as { rows: number[]; values: number[] } | undefined;
    expect(numbers?.rows).toEqual(found);
    expect(numbers?.values).toEqual(found?.map((row) => rows[row]));
  });

  it("leaves out what no number can hold, and reads 400 characters of a number", () => {
    const table = tableOfSource(
      `[1e400,1,2,3,4,5,6,${"0.".padEnd(500, "1")},1${"0".repeat(399)}1]`,
    );
    const numbers = numbersOf(table, columnOf(table, ""));
    expect(numbers?.rows).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(numbers?.values[6]).toBeCloseTo(1 / 9);
  });

  it("are read once", () => {
    const table = tableOf(times(9, (at) => ({ a: at, b: "x" })));
    finish(readNumbers(table));
    expect([...table.numbers.keys()].map(({ path }) => path)).toEqual(["a", "b"]);
    const column = columnOf(table, "a");
    expect(numbersOf(table, column)).toBe(table.numbers.get(column));
    expect(numbersOf(table, columnOf(table, "b"))).toBeUndefined();
  });
});

describe("isMonotone", () => {
  /** 20 steps: so many up, so many down, the rest level. */
  const steps = (up: number, down: number): number[] => {
    const values = [0];
    const moves = [
      ...times(up, () => 2),
      ...times(down, () => -1),
      ...times(20 - up - down, () => 0),
    ];
    for (const move of moves) values.push((values.at(-1) as number) + move);
    return values;
  };
  it.each([
    [12, 0, true],
    [11, 0, false],
    [19, 1, true],
    [18, 2, false],
    [12, 1, true],
    [12, 2, false],
    [0, 12, true],
    [0, 11, false],
    [1, 19, true],
    [2, 18, false],
    [1, 12, true],
    [2, 12, false],
    [0, 0, false],
  ])("of 20 steps, %i up and %i down: %s", (up, down, monotone) => {
    expect(isMonotone(steps(up, down))).toBe(monotone);
  });

  it("of no step at all", () => {
    expect(isMonotone([7])).toBe(true);
  });
});

describe("sortInSteps", () => {
  it.each([0, 1, 16_384, 16_385, 32_768, 40_000, 70_001])("sorts %i numbers in place", (count) => {
    const values = Float64Array.from({ length: count }, (_, at) => ((at * 7_919) % 10_007) - 5_000);
    const expected = values.toSorted();
    expect(finish(sortInSteps(values))).toEqual(expected);
    expect(values).toEqual(expected);
  });
});

it("medianOf", () => {
  expect(medianOf(Float64Array.of(1, 2, 9))).toBe(2);
  expect(medianOf(Float64Array.of(1, 2, 4, 9))).toBe(3);
  expect(medianOf(Float64Array.of(5))).toBe(5);
  expect(medianOf(Float64Array.of())).toBe(0);
});

it("distances", () => {
  expect([...distances([1, 5, -3], 2)]).toEqual([1, 3, 5]);
  expect([...distances([], 2)]).toEqual([]);
});

it("numberEnds gives the rows of the least and the largest, the first of equals", () => {
  const rows = [10, 11, 12, 13, 14, 15];
  expect(numberEnds({ kind: "number", values: [3, 9, 1, 9, 1, 5], rows })).toEqual([12, 11]);
  expect(numberEnds({ kind: "number", values: [1, 3, 2, 5, 1, 0], rows })).toEqual([15, 13]);
  expect(numberEnds({ kind: "number", values: [9, 3, 5, 1, 7, 2], rows })).toEqual([13, 10]);
  expect(numberEnds({ kind: "number", values: [1, 2, 3, 4, 5, 6], rows })).toBeUndefined();
});

describe("timeEnds", () => {
  const of = (values: readonly unknown[]): unknown => {
    const table = tableOf(values);
    return timeEnds(table, columnOf(table, ""));
  };

  it.each([
    ["times in no order", ["2026-03-02", "2026-03-01", "2026-03-04", "2026-03-03"], [1, 2]],
    ["equal times", ["2026-03-02", "2026-03-02", "2026-03-01", "2026-03-01"], [2, 0]],
    ["a null among them", [null, "2026-03-02", "2026-03-01"], [2, 1]],
    ["a text among them", ["2026-03-02", "soon"], undefined],
    ["a number among them", ["2026-03-02", 7], undefined],
    ["nulls", [null, null], [undefined, undefined]],
  ])("of %s", (_name, values, ends) => {
    expect(of(values)).toEqual(ends);
  });
});

describe("isTime", () => {
  it.each([
    ["2026-03-01", true],
    ["2026-03-01T00:05:00.000Z", true],
    ["0000-00-00", true],
    ["9999-99-99", true],
    ["2026-03-0", false],
    ["2026/03/01", false],
    ["2026-03/01", false],
    ["2026-3-011", false],
    ["2026-03-0x", false],
    ["x026-03-01", false],
    ["2026-03-/1", false],
    ["2026-03-:1", false],
    ["20260-3-01", false],
    [`2026-03-01${" ".repeat(30)}`, true],
    [`2026-03-01${" ".repeat(31)}`, false],
  ])("of %j is %s", (text, time) => {
    expect(isTime(`<${text}>`, 1, text.length + 1)).toBe(time);
  });

  it("looks no further than its end", () => {
    expect(isTime("2026-03-01", 0, 9)).toBe(false);
    expect(isTime("2026-03-01", 0, 10)).toBe(true);
  });
});
