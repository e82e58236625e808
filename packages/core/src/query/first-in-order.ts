import { Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";

/** To compare two items takes as long as reading about so many characters. */
const COMPARISON_WORK = 4;

/** The first `count` items of the sorted items, without sorting them all. */
export function* firstInOrder<Item>(
  items: Iterable<Item>,
  count: number,
  compare: (a: Item, b: Item) => number,
): Steps<readonly Item[]> {
  const meter = new Meter();
  const first: Item[] = [];
  for (const item of items) {
    let at = first.length;
    while (at > 0 && compare(item, first[at - 1] as Item) < 0) at--;
    if (meter.isDue((first.length - at + 1) * COMPARISON_WORK)) yield;
    if (at === count) continue;
    first.splice(at, 0, item);
    if (first.length > count) first.pop();
  }
  return first;
}
