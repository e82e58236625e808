/**
 * Byte-pair merging of one piece: how many tokens it becomes.
 *
 * The pair of lowest rank is merged, leftmost first, until no neighbours make a token. Short pieces scan for the lowest
 * pair, which is quadratic and fastest there; long ones keep the pairs in a heap.
 *
 * Trap: tokens are bytes, and a token may end inside a character. A pair is looked up as text when both its ends lie
 * between characters (UTF-8 is self-synchronising, so whole-character tokens occur nowhere else), else by its bytes.
 */
export interface Vocabulary {
  /** Tokens that are whole characters. */
  readonly whole: ReadonlyMap<string, number>;
  /** The others, by their bytes as Latin-1. */
  readonly partial: ReadonlyMap<string, number>;
}

/** Bytes up to which scanning beats the heap. */
const SCAN_LIMIT = 96;
/** Ranks and positions share one number in the heap: `rank * POSITIONS + position`. */
const POSITIONS = 2 ** 20;

/** The rank of the token made of these bytes, or `Infinity`. */
type RankOf = (start: number, end: number) => number;

export function countMerged(piece: string, vocabulary: Vocabulary): number {
  const { whole, partial } = vocabulary;
  if (asciiOnly(piece)) {
    return merge(piece.length, (start, end) => whole.get(piece.slice(start, end)) ?? Infinity);
  }
  const { bytes, wellFormed, unit } = utf8(piece);
  return merge(bytes.length, (start, end) => {
    const from = unit[start] as number;
    const to = unit[end] as number;
    const rank =
      from >= 0 && to >= 0
        ? whole.get(wellFormed.slice(from, to))
        : partial.get(bytes.slice(start, end));
    return rank ?? Infinity;
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

function asciiOnly(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return false;
  }
  return true;
}

interface Utf8 {
  /** One Latin-1 character a byte. */
  readonly bytes: string;
  /** Lone surrogates replaced, as every UTF-8 encoder does. */
  readonly wellFormed: string;
  /** Index into `wellFormed` of each byte that starts a character (and of the end), else -1. */
  readonly unit: readonly number[];
}

function utf8(piece: string): Utf8 {
  let bytes = "";
  let wellFormed = "";
  const unit: number[] = [];
  for (const character of piece) {
    const point = character.codePointAt(0) as number;
    const lone = point >= 0xd800 && point <= 0xdfff;
    const encoded = encodePoint(lone ? 0xfffd : point);
    unit.push(wellFormed.length);
    for (let index = 1; index < encoded.length; index++) unit.push(-1);
    bytes += encoded;
    wellFormed += lone ? "\ufffd" : character;
  }
  unit.push(wellFormed.length);
  return { bytes, wellFormed, unit };
}

function encodePoint(point: number): string {
  if (point < 0x80) return String.fromCharCode(point);
  const last = 0x80 | (point & 63);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), last);
  const third = 0x80 | ((point >> 6) & 63);
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), third, last);
  return String.fromCharCode(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), third, last);
}
