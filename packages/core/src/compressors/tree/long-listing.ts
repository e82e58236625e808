/**
 * A long listing as rows under folders: from headings (`ls -lR`, `dir`), or from the paths of the rows (`find -ls`, `tar tv`).
 *
 * Trap: a heading is no row, and what a tool says besides (`total 48`, `ls: cannot open directory`) is neither.
 */
import type { Steps } from "../../types/compressor.ts";
import { mapTexts } from "../shared/in-steps.ts";
import { nameStart } from "./folder-line.ts";
import { type ColumnRole, type LongRow, readLongRow } from "./long-row.ts";

export interface ListedRow extends LongRow {
  /** Index of the line. */
  readonly line: number;
  /** The line from the name on: the path where the tool prints paths, and what a link points to. */
  readonly rest: string;
  /** Ends with a slash; empty where no folder is known. */
  readonly folder: string;
  /** In the folder, without what a link points to. */
  readonly name: string;
}

export interface LongListing {
  readonly roles: readonly ColumnRole[];
  readonly rows: readonly ListedRow[];
  /** Folders by the index of their heading; without headings the rows have paths. */
  readonly headings: ReadonlyMap<number, string>;
  /** Indexes of the lines that are neither rows, headings, blank, nor `total 48`. */
  readonly others: readonly number[];
  /** Characters between the columns and the name. */
  readonly gap: string;
}

const MIN_ROWS = 4;
const FIRST_LINES = 40;
/** Lines are rows, headings, totals or blank, all but so many. */
const MIN_SHARE = 0.85;

/** `undefined` where the lines are no long listing. */
export function* readLongListing(lines: readonly string[]): Steps<LongListing | undefined> {
  // Most texts are none: a look at the first lines is enough to know.
  if (!lines.slice(0, FIRST_LINES).some(readLongRow)) return undefined;
  const read = yield* mapTexts(lines, readLongRow);
  const roles = mostFrequent(read);
  if (roles === undefined) return undefined;
  const key = roles.join(" ");
  const isRow = (at: number): boolean => read[at]?.roles.join(" ") === key;
  let gap = Number.POSITIVE_INFINITY;
  const found: number[] = [];
  for (const [at, row] of read.entries()) {
    if (row === undefined || !isRow(at)) continue;
    found.push(at);
    gap = Math.min(gap, row.nameAt - (row.cells.at(-1)?.end ?? 0));
  }
  if (found.length < MIN_ROWS) return undefined;
  yield;
  const headings = new Map<number, string>();
  const others: number[] = [];
  let filled = 0;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    filled++;
    if (isRow(at)) continue;
    const folder = headingOf(lines, at, isRow);
    if (folder !== undefined) headings.set(at, folder);
    else if (!isTotal(line)) others.push(at);
  }
  if (filled - others.length < filled * MIN_SHARE && others.length > MAX_OTHERS) return undefined;
  if (others.length > found.length) return undefined;
  yield;
  const first = read[found[0] ?? 0] as LongRow;
  const firstEnd = first.cells.at(-1)?.end ?? 0;
  const between = (lines[found[0] ?? 0] ?? "").slice(firstEnd, firstEnd + gap);
  let heading = "";
  const rows: ListedRow[] = [];
  let next = 0;
  for (const [at, line] of lines.entries()) {
    const folder = headings.get(at);
    if (folder !== undefined)
      heading = folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
    if (found[next] !== at) continue;
    next++;
    const row = read[at] as LongRow;
    const rest = line.slice((row.cells.at(-1)?.end ?? 0) + gap);
    const isLink = row.cells.some(
      ({ text }, column) => roles[column] === "mode" && text[0] === "l",
    );
    const arrow = isLink ? rest.indexOf(" -> ") : -1;
    const path = arrow > 0 ? rest.slice(0, arrow) : rest;
    const cut = headings.size > 0 ? 0 : nameStart(path);
    const own = headings.size > 0 ? heading : path.slice(0, cut);
    rows.push({ ...row, line: at, rest, folder: own, name: path.slice(cut) });
  }
  return { roles, rows, headings, others, gap: between };
}

/** Few lines of words around a listing are fine, whatever their share. */
const MAX_OTHERS = 6;

function mostFrequent(rows: readonly (LongRow | undefined)[]): readonly ColumnRole[] | undefined {
  const counts = new Map<string, { count: number; roles: readonly ColumnRole[] }>();
  for (const row of rows) {
    if (row === undefined) continue;
    const key = row.roles.join(" ");
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { count: 1, roles: row.roles });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most?.roles;
}

/** `total 48` of ls. */
export function isTotal(line: string): boolean {
  return /^total [\d.,]{1,15}[KMGTPEi]{0,2}$/.test(line);
}

const DIRECTORY = ["Directory of ", "Directory: "] as const;

/** The folder that a line names for the rows below it. */
function headingOf(
  lines: readonly string[],
  at: number,
  isRow: (at: number) => boolean,
): string | undefined {
  const line = lines[at] ?? "";
  const trimmed = line.trim();
  const word = DIRECTORY.find((each) => trimmed.startsWith(each));
  if (word !== undefined) return trimmed.slice(word.length);
  if (!line.endsWith(":") || line.length < 2 || line.includes(": ")) return undefined;
  if (at > 0 && lines[at - 1] !== "") return undefined;
  const next = lines[at + 1];
  const isAbove = next === undefined || next === "" || isTotal(next) || isRow(at + 1);
  return isAbove ? line.slice(0, -1) : undefined;
}
