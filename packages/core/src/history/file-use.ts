import type { UnknownRecord } from "../kit/json.ts";

/** One thing a call does with a file. */
export interface FileUse {
  readonly action: "edit" | "read";
  readonly path: string;
  /** The lines that were read; absent where it was all of them. */
  readonly lines?: Lines;
}

/** Lines of a file, counted from 1, both included. The last may be beyond the end. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** Whether a read of some lines shows all that another showed; no lines are all of them. */
export function covers(later: Lines | undefined, earlier: Lines | undefined): boolean {
  if (later === undefined) return true;
  return earlier !== undefined && later.from <= earlier.from && later.to >= earlier.to;
}

const FROM = ["offset", "start_line", "startLine", "start_line_one_indexed", "line_start"];
const TO = ["end_line", "endLine", "end_line_one_indexed_inclusive", "line_end"];

/** The lines a read asks for; nothing where it asks for all of them. */
export function linesOfArgs(values: UnknownRecord): Lines | undefined {
  if (values.should_read_entire_file === true) return undefined;
  const { view_range: range, limit } = values;
  if (Array.isArray(range) && isNumber(range[0]) && isNumber(range[1]))
    return { from: range[0], to: range[1] < 0 ? Number.POSITIVE_INFINITY : range[1] };
  const from = FROM.map((key) => values[key]).find(isNumber);
  const end = TO.map((key) => values[key]).find(isNumber);
  if (from === undefined && end === undefined && !isNumber(limit)) return undefined;
  const start = from ?? 0;
  if (end !== undefined) return { from: start, to: end };
  return { from: start, to: isNumber(limit) ? start + limit - 1 : Number.POSITIVE_INFINITY };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The same path for `./a.ts` and `a.ts`. */
export function tidyPath(path: string): string {
  let from = 0;
  while (path.startsWith("./", from)) from += 2;
  return path.slice(from);
}
