/** An inclusive range of whole numbers. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads `"120-180,201"` (spaces, `..`, `:` and an open end `"120-"` are understood). Ranges are clipped to `first`…`last`,
 * sorted and merged. `undefined` when nothing of it is a range.
 */
export function parseRanges(
  text: string,
  first: number,
  last: number,
): readonly Range[] | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(",")) {
    const bounds = part
      .replace("..", "-")
      .replace(":", "-")
      .split("-", 2)
      .map((bound) => bound.trim());
    const from = bounds[0] === "" ? first : Number(bounds[0]);
    const to = bounds.length === 1 ? from : bounds[1] === "" ? last : Number(bounds[1]);
    if (part.trim() === "" || !Number.isSafeInteger(from) || !Number.isSafeInteger(to))
      return undefined;
    if (Math.max(from, first) <= Math.min(to, last))
      ranges.push({ from: Math.max(from, first), to: Math.min(to, last) });
  }
  ranges.sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of ranges) {
    const previous = merged.at(-1);
    if (previous && range.from <= previous.to + 1)
      merged[merged.length - 1] = { from: previous.from, to: Math.max(previous.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/** `57` or `0-19`. */
export function printRange({ from, to }: Range): string {
  return from === to ? String(from) : `${from}-${to}`;
}
