/** Facts that have to be visible in the view of any output, found by plain means and not by our own parsers. */
import { hiddenErrors, withoutColour } from "../visible-lines.ts";

/** Fewer rows are no list. */
const MIN_ROWS = 20;
const UNITS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** What is missing: error lines, and of a list with a column of numbers or sizes the row with the greatest. */
export function hiddenFacts(original: string, output: string): readonly string[] {
  const errors = speaksOfErrors(original)
    ? []
    : hiddenErrors(original, output).hidden.map((line) => `error: ${line}`);
  const rows = topRows(original).filter(
    ({ cells }) => !cells.every((cell) => output.includes(cell)),
  );
  return [...errors, ...rows.map(({ row }) => `top: ${row}`)];
}

/** A manual tells of errors that can happen and source code handles them: none of their lines says that one did. */
function speaksOfErrors(text: string): boolean {
  const lines = withoutColour(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: manuals are printed in bold by printing twice.
    .replace(/.\u0008/g, "")
    .split("\n");
  const titles = new Set(lines.filter((line) => /^[A-Z][A-Z ]+$/.test(line)));
  if (titles.has("NAME") && (titles.has("SYNOPSIS") || titles.has("DESCRIPTION"))) return true;
  const blamed = lines.filter((line) => /^\^?[0-9a-f]{7,40} .*\b\d+\) /.test(`${line} `));
  return blamed.length * 10 > lines.length * 8;
}

interface TopRow {
  readonly row: string;
  /** Its number and its name: what a reader of the list would ask for. */
  readonly cells: readonly string[];
}

/** The row with the greatest number of each leading column that is all numbers or sizes. */
function topRows(text: string): readonly TopRow[] {
  const rows = text.split("\n").map((line) => ({ line, cells: line.trim().split(/\s+/) }));
  const width = commonest(rows.map(({ cells }) => cells.length));
  const alike = rows.filter(({ cells }) => cells.length === width);
  if (width < 2 || alike.length < MIN_ROWS || alike.length * 10 < rows.length * 8) return [];
  const tops: TopRow[] = [];
  for (let column = 0; column < width; column++) {
    const values = alike.map(({ cells }) => sizeOf(cells[column] ?? ""));
    if (values.filter((value) => value !== undefined).length * 10 < alike.length * 9) continue;
    if (new Set(values).size * 2 < values.length) continue;
    // Numbers that only count the rows have no top.
    if (values.every((value, at) => at < 2 || (value ?? 0) - (values[at - 1] ?? 0) === 1)) continue;
    const most = Math.max(...values.map((value) => value ?? Number.NEGATIVE_INFINITY));
    const top = alike[values.indexOf(most)];
    if (top) tops.push({ row: top.line, cells: [top.cells[column] ?? "", top.cells.at(-1) ?? ""] });
  }
  return tops;
}

function sizeOf(cell: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT])?(?:i?B)?$/i.exec(cell);
  return match ? Number(match[1]) * (UNITS[match[2]?.toLowerCase() ?? ""] ?? 1) : undefined;
}

function commonest(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
