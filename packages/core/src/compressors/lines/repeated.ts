/** Lines that stand several times in a row: one of them is kept, with how many more there were. */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { cost } from "../shared/text-cost.ts";

export interface Once {
  readonly lines: readonly string[];
  /** For lines that stood several times how many more there were, by their index in `lines`. */
  readonly more: ReadonlyMap<number, number>;
}

/** Fewer lines are read faster than counted. */
const LEAST_MORE = 2;
/** Tokens that have to be saved. */
const MIN_SAVING = 8;

export function* eachOnce(all: readonly string[]): Steps<Once> {
  const meter = new Meter();
  const lines: string[] = [];
  const more = new Map<number, number>();
  for (let at = 0; at < all.length; ) {
    const line = all[at] ?? "";
    let end = at + 1;
    while (end < all.length && all[end] === line) {
      end++;
      if (meter.isDue(1)) yield;
    }
    if (meter.isDue(LINE_WORK)) yield;
    const extra = end - at - 1;
    if (extra >= LEAST_MORE && extra * (cost(line) + 1) >= MIN_SAVING) {
      more.set(lines.length, extra);
      lines.push(line);
    } else for (let n = at; n < end; n++) lines.push(line);
    at = end;
  }
  return { lines, more };
}
