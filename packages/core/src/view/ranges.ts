import type { UnitRange } from "../types/statement.ts";

/** Ascending numbers as the ranges that they make up. */
export function rangesOf(numbers: readonly number[]): readonly UnitRange[] {
  const ranges: [from: number, to: number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number) last[1]++;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}
