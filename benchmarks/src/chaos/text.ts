/** Originals that can be made again from their number, so that a ledger is a list of numbers. */
import { refOf, refScope } from "@headroom/core";

const SIZES = [200, 2_000, 8_000, 16_000];
const scope = refScope("default");

export function textOf(seed: number): string {
  const line = `${seed}: ${(seed * 2_654_435_761).toString(36)} a line of tool output with a number ${seed * 7}\n`;
  return line.repeat(Math.ceil((SIZES[seed % SIZES.length] ?? 200) / line.length));
}

export function entryOf(seed: number): { ref: ReturnType<typeof refOf>; text: string } {
  const text = textOf(seed);
  return { ref: refOf(text, scope), text };
}
