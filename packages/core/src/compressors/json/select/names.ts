/** Which values name things: whoever reads a list may ask for any of them. */
import { measure } from "../../../view/measure.ts";
import { isOpaque } from "./opaque.ts";
import { templateHash } from "./template.ts";

/** Characters of a name, on average. */
export const MAX_NAME = 120;
/** Share of the rows that have a name of their own. */
export const NAMED_SHARE = 0.9;
/** Share of shapes among names that are not just numbered. */
const SHAPE_SHARE = 0.5;

/** Values that are looked at before all of them are. */
const SAMPLE = 64;

/** Whether values are short, different, and differ by more than a number or a code. */
export function areNames(values: readonly string[]): boolean {
  const count = values.length;
  if (count > 4 * SAMPLE) {
    const stride = Math.floor(count / SAMPLE);
    const sample = Array.from({ length: SAMPLE }, (_, at) => values[at * stride] ?? "");
    if (!areAllNames(sample, SHAPE_SHARE / 2)) return false;
  }
  return areAllNames(values, SHAPE_SHARE);
}

function areAllNames(values: readonly string[], shapeShare: number): boolean {
  const count = values.length;
  const seen = new Set<string>();
  const shapes = new Set<number>();
  let length = 0;
  let opaque = 0;
  for (const value of values) {
    seen.add(value);
    shapes.add(templateHash(value, 0, value.length));
    length += value.length;
    if (isOpaque(value)) opaque++;
  }
  if (seen.size < NAMED_SHARE * count || length > MAX_NAME * count || opaque * 4 > count)
    return false;
  if (shapes.size >= Math.max(3, shapeShare * count)) return true;
  const measured = shapes.size > count / 4 ? undefined : measure(values);
  return measured?.kind === "version" && measured.count >= NAMED_SHARE * count;
}
