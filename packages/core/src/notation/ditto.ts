/**
 * `^` in a row: the same value as in the row above. It is always written out, and stands at most twice in a row of text:
 * a reader has to look each of them up.
 */

/** The sign. */
export const DITTO = "^";

/** How many values of one row may be written as `^`. */
export const MAX_DITTOS = 2;

/** Characters. A shorter value costs as little as the sign, and reads by itself. */
const MIN_LENGTH = 4;

/**
 * Which values of a row are written as `^`: of those that equal the value above, the two longest.
 *
 * @returns The indexes, ascending.
 */
export function chooseDittos(
  values: readonly string[],
  above: readonly (string | undefined)[],
): readonly number[] {
  const same: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as string;
    if (value.length >= MIN_LENGTH && value === above[i]) same.push(i);
  }
  if (same.length <= MAX_DITTOS) return same;
  const length = (index: number): number => (values[index] as string).length;
  return same
    .sort((a, b) => length(b) - length(a) || a - b)
    .slice(0, MAX_DITTOS)
    .sort((a, b) => a - b);
}
