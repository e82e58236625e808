/** Originals that can be made again from their number, so that a ledger is a list of numbers. */
import { refOf, refScope } from "@headroom/core";

const SIZES = [200, 2_000, 8_000, 16_000];
const scope = refScope("default");

export function textOf(seed: number): string {
  const size = SIZES[seed % SIZES.length] ?? 200;
  let state = seed + 1;
  let text = `output ${seed}\n`;
  while (text.length < size) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    text += `${state.toString(36)}${state % 9 === 0 ? "\n" : " "}`;
  }
  return text;
}

export function entryOf(seed: number): { ref: ReturnType<typeof refOf>; text: string } {
  const text = textOf(seed);
  return { ref: refOf(text, scope), text };
}
