/**
 * How the columns of a block of rows are padded, found from where they stand, and the rows printed by it.
 *
 * Trap: between a left-aligned and a right-aligned column blanks could belong to either. They are given to the right-aligned one.
 */
import type { ListedRow } from "./long-listing.ts";
import type { ColumnRole } from "./long-row.ts";

/** Where the blanks of a column stand; `none` where values are not padded at all. */
export type Side = "left" | "right" | "none";

export interface Column {
  readonly role: ColumnRole;
  readonly side: Side;
  /** Characters it is wide at least; 0 where the longest value of the block is as wide as the column. */
  readonly least: number;
  /** Words of each value. */
  readonly words: number;
  /** What stands between it and the next one, or the name. */
  readonly gap: string;
}

/** `undefined` where a column is aligned neither left nor right. */
export function inferLayout(
  block: readonly ListedRow[],
  roles: readonly ColumnRole[],
  nameGap: string,
  lines: readonly string[],
): readonly Column[] | undefined {
  const [first] = block;
  if (first === undefined) return undefined;
  const bare = unpadded(block, roles, nameGap, lines);
  if (bare) return bare;
  const sides = roles.map((role, at) => sideOf(block, role, at));
  if (sides.includes(undefined)) return undefined;
  const columns: Column[] = [];
  let start = 0;
  for (const [at, role] of roles.entries()) {
    const cell = first.cells[at];
    const next = first.cells[at + 1];
    if (cell === undefined) return undefined;
    const side = sides[at] ?? "left";
    const longest = Math.max(...block.map(({ cells }) => cells[at]?.text.length ?? 0));
    const isLast = at === roles.length - 1;
    const isNextRight = sides[at + 1] === "right";
    let width = longest;
    let between = 1;
    if (side === "right") {
      width = cell.end - start;
      if (next && !isNextRight) between = next.start - cell.end;
    } else {
      if (cell.start !== start) return undefined;
      if (next && !isNextRight) width = next.start - 1 - start;
      if (isLast) width = longest;
    }
    if (width < longest) return undefined;
    if (between < 1) return undefined;
    const gap = isLast ? nameGap : " ".repeat(between);
    const least = width > longest ? width : 0;
    columns.push({ role, side, least, words: wordsOf(role, cell.text), gap });
    start += width + gap.length;
  }
  return columns;
}

/** Columns that are as long as their values: what `find -printf` prints. */
function unpadded(
  block: readonly ListedRow[],
  roles: readonly ColumnRole[],
  nameGap: string,
  lines: readonly string[],
): readonly Column[] | undefined {
  const columns: Column[] = [];
  const [first] = block;
  const line = lines[first?.line ?? 0] ?? "";
  for (const [at, role] of roles.entries()) {
    const cell = first?.cells[at];
    if (cell === undefined) return undefined;
    if (at === 0 && block.some(({ cells }) => cells[0]?.start !== 0)) return undefined;
    const next = first?.cells[at + 1];
    const gap = next ? line.slice(cell.end, next.start) : nameGap;
    for (const { cells } of block) {
      const [own, behind] = [cells[at], cells[at + 1]];
      if (own && behind && behind.start - own.end !== gap.length) return undefined;
    }
    columns.push({ role, side: "none", least: 0, words: wordsOf(role, cell.text), gap });
  }
  return columns;
}

/** Times are written with blanks. */
function wordsOf(role: ColumnRole, text: string): number {
  return role === "time" ? text.split(/ +/).length : 1;
}

function sideOf(
  block: readonly ListedRow[],
  role: ColumnRole,
  at: number,
): "left" | "right" | undefined {
  const [first] = block;
  const left = block.every(({ cells }) => cells[at]?.start === first?.cells[at]?.start);
  const right = block.every(({ cells }) => cells[at]?.end === first?.cells[at]?.end);
  // All as long as each other: numbers are aligned to the right, by most tools.
  if (left && right) return role !== "time" && isNumber(first?.cells[at]?.text) ? "right" : "left";
  return left ? "left" : right ? "right" : undefined;
}

/** The rows as lines, each column as wide as its longest value or as declared. */
export function printRows(
  rows: readonly { readonly cells: readonly string[]; readonly rest: string }[],
  columns: readonly Column[],
  nameGap: string,
): readonly string[] {
  const widths = columns.map(({ least }) => least);
  for (const { cells } of rows)
    for (const [at, text] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, text.length);
  return rows.map(({ cells, rest }) => {
    let line = "";
    for (const [at, text] of cells.entries()) {
      const column = columns[at];
      const width = widths[at] ?? 0;
      if (column?.side === "right") line += text.padStart(width);
      else line += column?.side === "left" ? text.padEnd(width) : text;
      line += at === cells.length - 1 ? nameGap : (column?.gap ?? " ");
    }
    return line + rest;
  });
}

function isNumber(text: string | undefined): boolean {
  const code = text?.charCodeAt(0) ?? 0;
  return code >= 48 && code <= 57;
}
