/**
 * The lines of the rows that are shown: cells behind each other under the names, what most rows have said once.
 *
 *     NAME READY STATUS="Running" AGE
 *     api-1 1/1 3d
 *     api-2 0/1 5m;STATUS=Pending
 *
 * Nothing reads these lines back: they are for the eye.
 */
import { Meter } from "../../../steps.ts";
import type { Steps } from "../../../types/compressor.ts";
import { cost } from "../../shared/text-cost.ts";

export interface PrintedRows {
  readonly header: string;
  readonly rows: readonly string[];
  /** Whether the header says what holds in every row that does not give another value. */
  readonly hasConstants: boolean;
}

/** A value that fewer of the rows have is printed in each of them. */
const MIN_USUAL = 0.6;
/** From this share of cells with spaces on, bars stand between the cells instead of quotes around them. */
const MAX_QUOTED = 0.2;
/** What stands for a cell that is left out. */
const LEFT_OUT = "…";
/** To print a cell takes as long as reading about so many characters. */
const CELL_WORK = 16;

/** @param rows Cells as they are shown, each of one line */
export function* printRows(
  names: readonly string[],
  rows: readonly (readonly string[])[],
): Steps<PrintedRows> {
  const meter = new Meter();
  const constants: (string | undefined)[] = [];
  for (const at of names.keys()) constants.push(yield* usualOf(names[at] ?? "", rows, at));
  const printed = names.flatMap((_, at) => (constants[at] === undefined ? [at] : []));
  const last = printed.at(-1);
  let spaced = 0;
  for (const row of rows)
    for (const at of printed) if (at !== last && needsQuotes(row[at] ?? "")) spaced++;
  yield;
  const cells = Math.max(1, rows.length * Math.max(1, printed.length - 1));
  const hasBars = spaced > cells * MAX_QUOTED;
  const separator = hasBars ? "|" : " ";
  const cellOf = (cell: string, isLast: boolean): string => {
    if (isLast) return cell;
    const isClear = hasBars ? !cell.includes("|") : !needsQuotes(cell);
    return isClear ? cell : `"${cell}"`;
  };
  const lines: string[] = [];
  for (const row of rows) {
    let line = "";
    let exceptions = "";
    for (const [at, name] of names.entries()) {
      const cell = row[at] ?? "";
      const constant = constants[at];
      if (constant === undefined)
        line += (at === printed[0] ? "" : separator) + cellOf(cell, at === last);
      else if (cell !== constant) exceptions += `;${name}=${cell}`;
    }
    lines.push(line.trimEnd() + exceptions);
    if (meter.isDue(CELL_WORK * names.length)) yield;
  }
  const heads: string[] = [];
  const gone: string[] = [];
  for (const [at, name] of names.entries()) {
    const own = needsQuotes(name) ? `"${name}"` : name;
    const constant = constants[at];
    if (constant === LEFT_OUT) gone.push(own);
    else heads.push(constant === undefined ? own : `${own}=${JSON.stringify(constant)}`);
  }
  const rest =
    gone.length === 0 ? "" : `; left out where no ;name= has it: ${gone.join(separator)}`;
  const hasConstants = constants.some((each) => each !== undefined && each !== LEFT_OUT);
  return { header: heads.join(separator) + rest, rows: lines, hasConstants };
}

/** The value that is said once for a column; `undefined` where each row has its own. */
function* usualOf(
  name: string,
  rows: readonly (readonly string[])[],
  at: number,
): Steps<string | undefined> {
  if (rows.length < 2) return undefined;
  const meter = new Meter();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const cell = row[at] ?? "";
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    if (meter.isDue(CELL_WORK)) yield;
  }
  let usual = "";
  let most = 0;
  for (const [cell, count] of counts) if (count > most) [usual, most] = [cell, count];
  if (most < rows.length * MIN_USUAL) return undefined;
  const exceptions = (rows.length - most) * (3 + cost(name));
  return exceptions < most * Math.max(1, cost(usual)) ? usual : undefined;
}

function needsQuotes(cell: string): boolean {
  return cell === "" || cell.includes(" ");
}
