import type { Patch } from "@headroom/core/wire";

/**
 * A text in UTF-8 with patches in it.
 *
 * @param plain bytes, and the text they say
 * @param patches places in the text, in its order
 */
export function patchedBytes(
  { bytes, text }: { readonly bytes: Buffer; readonly text: string },
  patches: readonly Patch[],
): Buffer {
  // Of a text in ASCII each unit is a byte.
  const isAscii = bytes.length === text.length;
  const sizeOf = (from: number, to: number): number =>
    isAscii ? to - from : Buffer.byteLength(text.slice(from, to));
  const parts: Buffer[] = [];
  let at = 0;
  let byteAt = 0;
  for (const patch of patches) {
    const from = byteAt + sizeOf(at, patch.start);
    parts.push(bytes.subarray(byteAt, from), Buffer.from(patch.text));
    byteAt = from + sizeOf(patch.start, patch.end);
    at = patch.end;
  }
  parts.push(bytes.subarray(byteAt));
  return Buffer.concat(parts);
}
