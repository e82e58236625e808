/**
 * What was left out, summed up for the marker: the largest few places by name, the rest added up, nothing lost.
 */
import type { Omission } from "../../../types/compressor.ts";

/** Omissions told apart in the marker; the rest is added up by unit. */
const MAX_OMISSIONS = 4;

/** The largest few by place, the rest added up by unit. */
export function summed(
  all: readonly { unit: string; what: string; count: number; total: number }[],
): readonly Omission[] {
  const order = [...all].sort((a, b) => rank(a.unit) - rank(b.unit) || b.count - a.count);
  const out: Omission[] = [];
  const rest = new Map<string, { count: number; total: number; places: number }>();
  for (const { unit, what, count, total } of order) {
    if (out.length < MAX_OMISSIONS) {
      out.push(what === "" ? { unit, count, total } : { unit, count, total, what });
      continue;
    }
    const sum = rest.get(unit) ?? { count: 0, total: 0, places: 0 };
    rest.set(unit, { count: sum.count + count, total: sum.total + total, places: sum.places + 1 });
  }
  for (const [unit, { count, total, places }] of rest) {
    out.push({ unit, count, total, what: `in ${places} other place${places === 1 ? "" : "s"}` });
  }
  return out;
}

function rank(unit: string): number {
  return unit === "rows" ? 0 : unit === "items" ? 1 : unit === "keys" ? 2 : 3;
}
