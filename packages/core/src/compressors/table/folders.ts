/**
 * Columns of paths and dotted names, written as two: what stands before the last `/` or `.`, and the rest. Rows of one folder stand
 * together in most listings, so that the first of the two is mostly `^`.
 *
 * A `+` behind the note of a column says that the next one continues it without a space.
 */
import { isLetter } from "../../text/chars.ts";
import type { Steps } from "../../types/compressor.ts";
import { mapInSteps } from "../shared/in-steps.ts";

const JOINED = "+";
/** So many rows have the folder of the row above. */
const MIN_REPEATS = 0.4;
/** Characters. A shorter folder is not worth a column. */
const MIN_FOLDER = 5;

export interface Columns {
  readonly names: readonly string[];
  readonly notes: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Whether there is a column of paths that are worth cutting in two. */
export function* hasFolders({ names, rows }: Columns): Steps<boolean> {
  for (let column = 0; column < names.length; column++) {
    yield;
    if (isWorth(rows, column)) return true;
  }
  return false;
}

/** The columns with paths cut in two. */
export function* splitFolders({ names, notes, rows }: Columns): Steps<Columns> {
  const split: boolean[] = [];
  for (let column = 0; column < names.length; column++) {
    yield;
    split.push(isWorth(rows, column));
  }
  const restNames = names.map((name) => freeName(`…${name}`, names));
  return {
    names: names.flatMap((name, at) => (split[at] ? [name, restNames[at] ?? ""] : [name])),
    notes: notes.flatMap((note, at) => (split[at] ? [`${note || "@"}${JOINED}`, ""] : [note])),
    rows: yield* mapInSteps(rows, (row) =>
      row.flatMap((cell, at) => (split[at] ? cut(cell) : [cell])),
    ),
  };
}

/** Columns that were cut in two put together again. */
export function* joinFolders({ names, notes, rows }: Columns): Steps<Columns> {
  const joined = notes.map((note) => note.endsWith(JOINED));
  if (!joined.includes(true)) return { names, notes, rows };
  const kept = names.map((_, at) => at).filter((at) => at === 0 || !joined[at - 1]);
  return {
    names: kept.map((at) => names[at] ?? ""),
    notes: kept.map((at) => (joined[at] ? (notes[at] ?? "").slice(0, -1) : (notes[at] ?? ""))),
    rows: yield* mapInSteps(rows, (row) =>
      kept.map((at) => (joined[at] ? `${row[at] ?? ""}${row[at + 1] ?? ""}` : (row[at] ?? ""))),
    ),
  };
}

function isWorth(rows: readonly (readonly string[])[], column: number): boolean {
  let repeats = 0;
  let above = "";
  for (const row of rows) {
    const [folder] = cut(row[column] ?? "");
    if (folder.length >= MIN_FOLDER && folder === above) repeats++;
    above = folder;
  }
  return repeats >= rows.length * MIN_REPEATS;
}

/** A path behind its last slash, a name of three parts at least behind its last dot. */
function cut(cell: string): [folder: string, rest: string] {
  // What stands in quotes or brackets is not cut.
  if (NO_PATH.test(cell)) return ["", cell];
  const slash = cell.lastIndexOf("/", cell.length - 2);
  if (slash > 0) return [cell.slice(0, slash + 1), cell.slice(slash + 1)];
  const dot = cell.lastIndexOf(".");
  const first = cell.indexOf(".");
  if (slash < 0 && first > 0 && first < dot && isLetter(cell.charCodeAt(dot + 1)))
    return [cell.slice(0, dot + 1), cell.slice(dot + 1)];
  return ["", cell];
}

const NO_PATH = /["'{}()<>=, ]/;

function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`…${name}`, taken) : name;
}
