/**
 * Byte-pair merging of one piece: how many tokens it becomes.
 *
 * The pair of lowest rank is merged, leftmost first, until no neighbours make a token. Short pieces scan for the lowest
 * pair, which is quadratic and fastest there; long ones keep the pairs in a heap.
 */
import type { ByteTable } from "./byte-table.ts";

/** Bytes up to which scanning beats the heap. */
const SCAN_LIMIT = 96;
/** Ranks and positions share one number in the heap: `rank * POSITIONS + position`. */
const POSITIONS = 2 ** 20;

/** The rank of the token made of these bytes, or `Infinity`. */
type RankOf = (start: number, end: number) => number;

/** @param vocabulary tokens by their ranks @param bytes of the piece, and perhaps more @param length of the piece */
export function countMerged(bytes: Uint8Array, length: number, vocabulary: ByteTable): number {
  return merge(length, (start, end) => {
    const rank = vocabulary.find(bytes, start, end);
    return rank === -1 ? Infinity : rank;
  });
}

function merge(length: number, rankOf: RankOf): number {
  return length <= SCAN_LIMIT ? mergeByScan(length, rankOf) : mergeByHeap(length, rankOf);
}

function mergeByScan(length: number, rankOf: RankOf): number {
  const starts: number[] = [];
  const ranks: number[] = [];
  for (let index = 0; index < length; index++) {
    starts.push(index);
    ranks.push(index + 2 <= length ? rankOf(index, index + 2) : Infinity);
  }
  starts.push(length);
  for (;;) {
    let lowest = Infinity;
    let at = -1;
    for (let index = 0; index < ranks.length - 1; index++) {
      const rank = ranks[index] as number;
      if (rank < lowest) {
        lowest = rank;
        at = index;
      }
    }
    if (at === -1) return ranks.length;
    starts.splice(at + 1, 1);
    ranks.splice(at + 1, 1);
    const next = starts[at + 2];
    ranks[at] = next === undefined ? Infinity : rankOf(starts[at] as number, next);
    if (at > 0) ranks[at - 1] = rankOf(starts[at - 1] as number, starts[at + 1] as number);
  }
}

function mergeByHeap(length: number, rankOf: RankOf): number {
  // Part `i` begins at byte `i` and ends at `ends[i]`; `previous[i]` is where the part before it begins.
  const ends = new Int32Array(length);
  const previous = new Int32Array(length);
  const ranks = new Float64Array(length).fill(Infinity);
  const heap: number[] = [];
  const offer = (start: number): void => {
    const next = ends[start] as number;
    const rank = next < length ? rankOf(start, ends[next] as number) : Infinity;
    ranks[start] = rank;
    if (rank !== Infinity) push(heap, rank * POSITIONS + start);
  };
  for (let index = 0; index < length; index++) {
    ends[index] = index + 1;
    previous[index] = index - 1;
  }
  for (let index = 0; index < length; index++) offer(index);
  let parts = length;
  for (let lowest = pop(heap); lowest !== undefined; lowest = pop(heap)) {
    const start = lowest % POSITIONS;
    // An entry is stale when its part was merged since, alone or with a neighbour.
    if (ranks[start] !== (lowest - start) / POSITIONS) continue;
    const gone = ends[start] as number;
    const end = ends[gone] as number;
    ends[start] = end;
    ranks[gone] = Infinity;
    if (end < length) previous[end] = start;
    parts--;
    offer(start);
    const before = previous[start] as number;
    if (before >= 0) offer(before);
  }
  return parts;
}

function push(heap: number[], value: number): void {
  let index = heap.length;
  heap.push(value);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const other = heap[parent] as number;
    if (other <= value) break;
    heap[index] = other;
    index = parent;
  }
  heap[index] = value;
}

function pop(heap: number[]): number | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    const other = heap[child] as number;
    if (other >= last) break;
    heap[index] = other;
    index = child;
  }
  heap[index] = last;
  return top;
}
