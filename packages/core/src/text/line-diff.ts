/**
 * What changed between two texts, for a reader who has the first one.
 *
 * Lines that occur once in both texts anchor the comparison (patience diff, B. Cohen); between anchors everything counts as
 * replaced. n log n whatever the texts are. The form is for reading, not for `patch`.
 */

/** A run of lines that differ: `[oldFrom, oldTo)` became `[newFrom, newTo)`, 0-based. */
export interface Change {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** The changes that turn `before` into `after`, in order. */
export function changesOf(before: readonly string[], after: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let oldAt = 0;
  let newAt = 0;
  const upTo = (oldEnd: number, newEnd: number): void => {
    while (oldAt < oldEnd && newAt < newEnd && before[oldAt] === after[newAt]) {
      oldAt++;
      newAt++;
    }
    let oldTo = oldEnd;
    let newTo = newEnd;
    while (oldTo > oldAt && newTo > newAt && before[oldTo - 1] === after[newTo - 1]) {
      oldTo--;
      newTo--;
    }
    if (oldTo > oldAt || newTo > newAt)
      changes.push({ oldFrom: oldAt, oldTo, newFrom: newAt, newTo });
    oldAt = oldEnd;
    newAt = newEnd;
  };
  for (const [oldIndex, newIndex] of anchorsOf(before, after)) {
    upTo(oldIndex, newIndex);
    oldAt = oldIndex + 1;
    newAt = newIndex + 1;
  }
  upTo(before.length, after.length);
  return changes;
}

/** The changes as text: where in the new text, `-` old lines, `+` new lines. */
export function printChanges(before: string, after: string): string {
  const old = before.split("\n");
  const now = after.split("\n");
  const parts: string[] = [];
  for (const { oldFrom, oldTo, newFrom, newTo } of changesOf(old, now)) {
    parts.push(`at line ${newFrom + 1}:`);
    for (let line = oldFrom; line < oldTo; line++) parts.push(`-${old[line]}`);
    for (let line = newFrom; line < newTo; line++) parts.push(`+${now[line]}`);
  }
  return parts.join("\n");
}

/** Pairs of lines that occur once in both texts, thinned to the longest run that ascends in both. */
function anchorsOf(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [number, number])[] {
  const inAfter = onceIn(after);
  const pairs: [number, number][] = [];
  for (const [line, oldIndex] of onceIn(before)) {
    const newIndex = inAfter.get(line);
    if (newIndex !== undefined) pairs.push([oldIndex, newIndex]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  return longestAscending(pairs);
}

function onceIn(lines: readonly string[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const [index, line] of lines.entries()) seen.set(line, seen.has(line) ? -1 : index);
  for (const [line, index] of seen) if (index < 0) seen.delete(line);
  return seen;
}

/** Longest run of pairs that ascends in its second number (Fredman 1975). */
function longestAscending(pairs: readonly [number, number][]): readonly [number, number][] {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const tail = pairs[tails[middle] ?? 0];
      if (tail && tail[1] < pair[1]) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? (tails[low - 1] ?? -1) : -1);
    tails[low] = index;
  }
  const run: [number, number][] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair) run.push(pair);
  }
  return run.reverse();
}
