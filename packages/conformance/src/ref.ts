import type { CcrRef } from "@headroom/core";

const A = 97;

/**
 * A ref for a name: 21 letters and the check letter of core's refs, so that a store that checks refs takes it.
 *
 * Not a digest, only distinct and always the same; the suite takes nothing but types from core.
 */
export function refOf(name: string): CcrRef {
  let state = 2_166_136_261;
  for (let index = 0; index < name.length; index++) {
    state = Math.imul(state ^ name.charCodeAt(index), 16_777_619);
  }
  let letters = "";
  let sum = 0;
  for (let index = 0; index < 21; index++) {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) + index;
    const letter = (state >>> 8) % 26;
    letters += String.fromCharCode(A + letter);
    sum = (sum * 3 + letter + 1) % 26;
  }
  return (letters + String.fromCharCode(A + sum)) as CcrRef;
}
