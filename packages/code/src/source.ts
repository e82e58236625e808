/** A text as lines of source code: with the numbers that a file viewer put before them, and without. */

/** The source in a text. */
export interface Source {
  /** The lines of the text as they are, without their ends. */
  readonly lines: readonly string[];
  /** What stands on them in the file; empty for lines of the viewer. */
  readonly code: readonly string[];
  /** The viewer's number of each line; absent where lines have none. */
  readonly numbers?: readonly (number | undefined)[];
  /** The last line has its end. */
  readonly isClosed: boolean;
  /** The share of filled lines that have the next number; 0 without numbers. */
  readonly numbered: number;
}

/** Below this many lines in a row with numbers, they are content. */
const MIN_NUMBERED = 6;
const MIN_SHARE = 0.5;

export function sourceOf(text: string): Source {
  const lines = text.split("\n");
  const isClosed = lines.at(-1) === "";
  if (isClosed) lines.pop();
  const filled = lines.filter((line) => line.trim() !== "").length;
  const numbers: (number | undefined)[] = [];
  const code: string[] = [];
  let counted = 0;
  let separator: string | undefined;
  let before = 0;
  for (const line of lines) {
    const found = numberOf(line, separator);
    if (found && found.number === before + 1 && separator !== undefined) counted++;
    separator = found?.separator;
    before = found?.number ?? 0;
    numbers.push(found?.number);
    code.push(found ? line.slice(found.end) : "");
  }
  const share = counted === 0 ? 0 : (counted + 1) / Math.max(1, filled);
  if (counted + 1 < MIN_NUMBERED || share < MIN_SHARE)
    return { lines, code: lines, isClosed, numbered: 0 };
  return { lines, code, numbers, isClosed, numbered: Math.min(1, share) };
}

interface LineNumber {
  readonly number: number;
  readonly separator: string;
  /** Where the line of the file begins. */
  readonly end: number;
}

const MAX_FILL = 12;
const MAX_DIGITS = 9;

/** `    12→`, `12\t`, `12: `, `12|`, `  12 | `, `L12: `. */
function numberOf(line: string, known: string | undefined): LineNumber | undefined {
  let at = 0;
  while (line[at] === " " && at < MAX_FILL) at++;
  if (line[at] === "L") at++;
  const start = at;
  while (at - start < MAX_DIGITS && isDigitAt(line, at)) at++;
  if (at === start) return undefined;
  const number = Number(line.slice(start, at));
  const separator = separatorAt(line, at, known);
  if (separator === undefined) return undefined;
  return { number, separator, end: at + Math.min(separator.length, line.length - at) };
}

/** The separator behind a number: the one of the line before, which may have lost its space where the line is empty. */
function separatorAt(line: string, at: number, known: string | undefined): string | undefined {
  if (known !== undefined && line.startsWith(known, at)) return known;
  const rest = line.slice(at).trimEnd();
  if (known !== undefined && (rest === known.trimEnd() || rest === "")) return known;
  for (const mark of ["→", "\t", ": ", " | ", " │ ", "| ", "│ ", "|", "│", ":"])
    if (line.startsWith(mark, at)) return mark;
  return undefined;
}

function isDigitAt(line: string, at: number): boolean {
  const char = line[at] ?? "";
  return char >= "0" && char <= "9";
}
