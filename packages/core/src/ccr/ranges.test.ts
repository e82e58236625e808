import { describe, expect, it } from "vitest";
import { parseRanges, printRange } from "./ranges.ts";

describe("parseRanges", () => {
  it.each<[text: string, ranges: string]>([
    ["3", "3"],
    [" 3 , 5 ", "3,5"],
    ["3-5", "3-5"],
    ["3..5", "3-5"],
    ["3:5", "3-5"],
    ["3 - 5", "3-5"],
    // Open ends.
    ["8-", "8-10"],
    ["-2", "1-2"],
    ["-", "1-10"],
    // Clipped to what is there.
    ["0-2", "1-2"],
    ["9-99", "9-10"],
    ["10", "10"],
    ["11", ""],
    ["0", ""],
    ["11-20", ""],
    ["0,11", ""],
    ["5-3", ""],
    // Sorted, and merged where they touch.
    ["7,2", "2,7"],
    ["1-2,3-4", "1-4"],
    ["1-2,4-5", "1-2,4-5"],
    ["1-5,2-3", "1-5"],
    ["2-3,1-5", "1-5"],
    ["1-3,3-6", "1-6"],
    ["4,4", "4"],
    // More bounds than two: the first two count.
    ["2-4-9", "2-4"],
  ])("reads %j of 1 to 10 as %j", (text, ranges) => {
    expect(parseRanges(text, 1, 10)?.map(printRange).join(",")).toBe(ranges);
  });

  it.each(["", " ", "1,", ",", "one", "1-x", "x-1", "1.5", "1-2.5", "1e400"])(
    "takes %j for no ranges",
    (text) => {
      expect(parseRanges(text, 1, 10)).toBeUndefined();
    },
  );

  it("counts from 0 where that is the first", () => {
    expect(parseRanges("-1,9-", 0, 9)).toEqual([
      { from: 0, to: 1 },
      { from: 9, to: 9 },
    ]);
    expect(parseRanges("0", 0, -1)).toEqual([]);
  });
});
