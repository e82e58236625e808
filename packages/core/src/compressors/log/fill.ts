/** Which units of a plan there is room for. */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { leastLimit } from "./long-line.ts";
import type { Unit } from "./plan.ts";

export interface Filled {
  /** 1 for each line that is shown. */
  readonly shown: Uint8Array;
  /** There was no room for some units. */
  readonly isFull: boolean;
}

/** Units that are added only to a share of the room up to this are not missed. */
const SPARE = 0.5;
/** Characters of the sentence that stands for a gap. */
const GAP = 50;

/**
 * Adds unit by unit while there is room, and says which lines are shown: 1 for each.
 *
 * @param room - characters for what there is room for
 * @param most - characters for the units that have to be shown
 */
export function* fill(
  lines: readonly string[],
  units: readonly Unit[],
  room: number,
  most: number,
): Steps<Filled> {
  const meter = new Meter();
  const shown = new Uint8Array(lines.length);
  const limit = leastLimit(room);
  let used = 0;
  let isFull = false;
  for (const { lines: unit, upTo, isMust } of units) {
    const added: number[] = [];
    let size = 0;
    for (const at of unit) {
      if (shown[at] === 1) continue;
      shown[at] = 1;
      added.push(at);
      // A line alone makes one gap two; one between shown lines closes a gap.
      const neighbours = (shown[at - 1] ?? 1) + (shown[at + 1] ?? 1);
      size += Math.min((lines[at] ?? "").length, limit) + 1 + GAP * (1 - neighbours);
    }
    if (meter.isDue(unit.length * 8)) yield;
    if (used + size <= (isMust ? most : room * upTo)) {
      used += size;
      continue;
    }
    for (const at of added) shown[at] = 0;
    if (upTo > SPARE) isFull = true;
  }
  return { shown, isFull };
}
