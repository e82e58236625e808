/**
 * Lines that come back together: the fields of a record, a heading with what stands below it.
 *
 * Neighbours that are each other's most frequent neighbour become one, again and again (as in Re-Pair, Larsson and Moffat, 1999, but
 * with all such pairs of a round at once). A record with an optional field in the middle comes in two blocks, or in two shapes.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

/** Lines that come back in the same order. */
export interface Block {
  /** Lines of one copy. */
  readonly height: number;
  /** The first line of each copy, ascending. */
  readonly starts: readonly number[];
}

/** Fewer copies are not worth a shape. */
const LEAST_COPIES = 3;
const MAX_HEIGHT = 40;
/** More values in a row than this are hard to tell apart. */
const MAX_VALUES = 12;
const MAX_ROUNDS = 8;
/** Neighbours by chance are no block: so much of the rarer of two lines stands beside the other, … */
const TOGETHER = 3 / 4;
/** … and so much of the more frequent one. */
const AMONG = 1 / 3;

/**
 * @param ids What each line is like; -1 for lines that no other is like.
 * @param isConstant For each id whether its lines are all equal.
 * @param blank The id of blank lines: a block ends with one.
 */
export function* findBlocks(
  ids: Int32Array,
  isConstant: readonly boolean[],
  blank: number,
): Steps<readonly Block[]> {
  const meter = new Meter();
  let sequence = ids;
  let starts: Int32Array = new Int32Array(ids.length);
  for (let at = 0; at < ids.length; at++) starts[at] = at;
  const heights = isConstant.map(() => 1);
  const values = isConstant.map((constant) => (constant ? 0 : 1));
  const closed = isConstant.map((_, id) => id === blank);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const pairs = yield* mutualPairs(sequence, heights, values, closed);
    if (pairs.size === 0) break;
    const next = new Int32Array(sequence.length);
    const nextStarts = new Int32Array(sequence.length);
    let length = 0;
    for (let at = 0; at < sequence.length; at++) {
      const pair = pairs.get(sequence[at] ?? -1);
      nextStarts[length] = starts[at] ?? 0;
      if (pair !== undefined && sequence[at + 1] === pair.second) {
        next[length++] = pair.id;
        at++;
      } else next[length++] = sequence[at] ?? -1;
      if (meter.isDue(LINE_WORK)) yield;
    }
    sequence = next.subarray(0, length);
    starts = nextStarts.subarray(0, length);
  }
  const blocks = new Map<number, number[]>();
  for (let at = 0; at < sequence.length; at++) {
    const id = sequence[at] ?? -1;
    if (meter.isDue(1)) yield;
    if (id < 0 || (heights[id] ?? 1) < 2) continue;
    const known = blocks.get(id);
    if (known) known.push(starts[at] ?? 0);
    else blocks.set(id, [starts[at] ?? 0]);
  }
  return [...blocks]
    .filter(([, all]) => all.length >= LEAST_COPIES)
    .map(([id, all]) => ({ height: heights[id] ?? 1, starts: all }));
}

interface Pair {
  readonly second: number;
  readonly id: number;
}

/** Pairs of neighbours, by their first: each is the other's most frequent neighbour. Their heights and values are added. */
function* mutualPairs(
  sequence: Int32Array,
  heights: number[],
  values: number[],
  closed: boolean[],
): Steps<ReadonlyMap<number, Pair>> {
  const meter = new Meter();
  const counts = new Map<number, number>();
  const size = heights.length;
  const all = new Int32Array(size);
  for (let at = 0; at < sequence.length; at++) {
    const first = sequence[at] ?? -1;
    const second = sequence[at + 1] ?? -1;
    if (first >= 0) all[first] = (all[first] ?? 0) + 1;
    if (meter.isDue(LINE_WORK)) yield;
    if (first < 0 || second < 0 || first === second || closed[first]) continue;
    if ((heights[first] ?? 0) + (heights[second] ?? 0) > MAX_HEIGHT) continue;
    if ((values[first] ?? 0) + (values[second] ?? 0) > MAX_VALUES) continue;
    const key = first * size + second;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const after = new Map<number, number>();
  const before = new Map<number, number>();
  const most = (best: Map<number, number>, of: number, key: number): void => {
    const known = best.get(of);
    if (known === undefined || (counts.get(key) ?? 0) > (counts.get(known) ?? 0)) best.set(of, key);
  };
  for (const [key, count] of counts) {
    if (meter.isDue(LINE_WORK)) yield;
    const [first, second] = [Math.floor(key / size), key % size];
    const fewer = Math.min(all[first] ?? 0, all[second] ?? 0);
    const more = Math.max(all[first] ?? 0, all[second] ?? 0);
    if (count < LEAST_COPIES || count < fewer * TOGETHER || count < more * AMONG) continue;
    most(after, first, key);
    most(before, second, key);
  }
  const pairs = new Map<number, Pair>();
  const taken = new Set<number>();
  for (const [first, key] of after) {
    const second = key % size;
    if (before.get(second) !== key || taken.has(first) || taken.has(second)) continue;
    // What begins one pair does not end another in the same round.
    taken.add(first).add(second);
    pairs.set(first, { second, id: heights.length });
    heights.push((heights[first] ?? 1) + (heights[second] ?? 1));
    values.push((values[first] ?? 0) + (values[second] ?? 0));
    closed.push(closed[second] === true);
  }
  return pairs;
}
