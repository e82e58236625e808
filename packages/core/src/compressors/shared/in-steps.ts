/** Array methods in steps, for arrays that may have a row for each line of a text of megabytes. */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

/** Items that are worked on between two yields: a fraction of a millisecond. */
const RANGE = 4_096;

/** `texts.map(make)`, where the work is in the characters. */
export function* mapTexts<Made>(
  texts: readonly string[],
  make: (text: string, at: number) => Made,
): Steps<readonly Made[]> {
  const meter = new Meter();
  const made: Made[] = new Array(texts.length);
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at] as string;
    made[at] = make(text, at);
    if (meter.isDue(text.length + LINE_WORK)) yield;
  }
  return made;
}

/** The indexes of the items that pass. */
export function* indexesInSteps<Item>(
  items: readonly Item[],
  test: (item: Item, at: number) => boolean,
): Steps<readonly number[]> {
  const indexes: number[] = [];
  for (let from = 0; from < items.length; from += RANGE) {
    if (from > 0) yield;
    const end = Math.min(from + RANGE, items.length);
    for (let at = from; at < end; at++) if (test(items[at] as Item, at)) indexes.push(at);
  }
  return indexes;
}

/** `items.map(make)`. */
export function* mapInSteps<Item, Made>(
  items: readonly Item[],
  make: (item: Item, at: number) => Made,
): Steps<readonly Made[]> {
  if (items.length <= RANGE) return items.map((item, at) => make(item, at));
  const made: Made[] = new Array(items.length);
  for (let from = 0; from < items.length; from += RANGE) {
    const end = Math.min(from + RANGE, items.length);
    for (let at = from; at < end; at++) made[at] = make(items[at] as Item, at);
    yield;
  }
  return made;
}

/** `items.every(test)`. */
export function* everyInSteps<Item>(
  items: readonly Item[],
  test: (item: Item, at: number) => boolean,
): Steps<boolean> {
  for (let from = 0; from < items.length; from += RANGE) {
    if (from > 0) yield;
    const end = Math.min(from + RANGE, items.length);
    for (let at = from; at < end; at++) if (!test(items[at] as Item, at)) return false;
  }
  return true;
}
