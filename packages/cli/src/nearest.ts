/** What somebody may have meant: the nearest of the names that there are. */

/** `undefined` where none is near: a third of the letters may be wrong, swapped neighbours count once. */
export function nearest(given: string, names: Iterable<string>): string | undefined {
  const word = given.toLowerCase().slice(0, MAX_LENGTH);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = name.startsWith(word) && word.length > 1 ? 1 : distanceOf(word, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

const MAX_LENGTH = 40;

/** Letters to add, leave out, change or swap with their neighbour. */
function distanceOf(left: string, right: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: right.length + 1 }, (_, at) => at),
  ];
  for (let row = 1; row <= left.length; row++) {
    const now = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1])
        cost = Math.min(cost, (before[column - 2] ?? cost) + 1);
      now.push(cost);
    }
    [before, last] = [last, now];
  }
  return last[right.length] ?? 0;
}
