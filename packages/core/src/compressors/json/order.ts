/**
 * The original order of a type's keys: rows and headers give the fields that vary first and the fixed ones behind a bar.
 *
 * Written as the lengths of runs in key order, of varying and fixed fields in turns, one digit each: `0321` is none that
 * varies, three fixed, two that vary, one fixed. `9` and `0` in a row continue a longer run.
 */
import { NotationError } from "../../notation/error.ts";
import type { RowPlan } from "./rule.ts";

/** The runs of a type; `undefined` where the varying fields stand first anyway. */
export function printOrder({ table, cells }: RowPlan): string | undefined {
  const varying = new Set(cells);
  const runs: number[] = [];
  let isVarying = true;
  let length = 0;
  for (const column of table.columns) {
    if (varying.has(column) !== isVarying) {
      runs.push(length);
      length = 0;
      isVarying = !isVarying;
    }
    length++;
  }
  runs.push(length);
  return runs.length <= 2 ? undefined : runs.map(printRun).join("");
}

function printRun(length: number): string {
  let out = "";
  let rest = length;
  for (; rest > 9; rest -= 9) out += "90";
  return `${out}${rest}`;
}

/** Fields in key order. Without runs those that vary, then the fixed ones. */
export function inOrder<Field>(
  cells: readonly Field[],
  fixed: readonly Field[],
  runs: string | undefined,
): readonly Field[] {
  if (!runs) return [...cells, ...fixed];
  const ordered: Field[] = [];
  let nextCell = 0;
  let nextFixed = 0;
  let isVarying = true;
  for (let i = 0; i < runs.length; i++) {
    let length = runs.charCodeAt(i) - 48;
    if (!(length >= 0 && length <= 9)) throw new NotationError("digits for the order of keys");
    for (; length > 0; length--) {
      const field = isVarying ? cells[nextCell++] : fixed[nextFixed++];
      if (field === undefined) throw new NotationError("an order of as many keys as there are");
      ordered.push(field);
    }
    isVarying = !isVarying;
  }
  if (nextCell !== cells.length || nextFixed !== fixed.length) {
    throw new NotationError("an order of all keys");
  }
  return ordered;
}
