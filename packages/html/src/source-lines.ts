/** Which lines of a source an offset stands on. */

export interface SourceLines {
  readonly count: number;
  /** The index of the line that an offset stands on. */
  at(offset: number): number;
}

export function sourceLines(source: string): SourceLines {
  const starts: number[] = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1))
    if (at + 1 < source.length) starts.push(at + 1);
  return {
    count: starts.length,
    at(offset) {
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}
