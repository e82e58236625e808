/** Shorter lengths all look the same. */
const MIN_LENGTH = 256;

/**
 * A length rounded up to its size class (PADMÉ): at most 12 % more, and of a length of n bits only about log n leading bits
 * can still be seen.
 */
export function paddedLength(length: number): number {
  if (length <= MIN_LENGTH) return MIN_LENGTH;
  const exponent = Math.floor(Math.log2(length));
  const keptBits = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - keptBits);
  return Math.ceil(length / step) * step;
}
