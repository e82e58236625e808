/** Which values name things: whoever reads a list may ask for any of them. */
import { measure } from "../../../view/measure.ts";
import { isOpaque } from "./opaque.ts";
import { templateOf } from "./template.ts";

/** Characters of a name, on average. */
export const MAX_NAME = 80;
/** Share of the rows that have a name of their own. */
export const NAMED_SHARE = 0.9;
/** Share of shapes among names that are not just numbered. */
const SHAPE_SHARE = 0.5;

/** Whether values are short, different, and differ by more than a number or a code. */
export function areNames(values: readonly string[]): boolean {
  const seen = new Set<string>();
  const shapes = new Set<string>();
  let length = 0;
  let opaque = 0;
  for (const value of values) {
    seen.add(value);
    shapes.add(templateOf(value));
    length += value.length;
    if (isOpaque(value)) opaque++;
  }
  const count = values.length;
  if (seen.size < NAMED_SHARE * count || length > MAX_NAME * count || opaque * 4 > count)
    return false;
  if (shapes.size >= Math.max(3, SHAPE_SHARE * count)) return true;
  const measured = shapes.size > count / 4 ? undefined : measure(values);
  return measured?.kind === "version" && measured.count >= NAMED_SHARE * count;
}
