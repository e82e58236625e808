/**
 * Rows of cells with little repeated: the text form of tables and long listings.
 *
 * The header lists the columns with the separator that follows each of them in every row, and says once what a column's
 * cells have in common: `unit="ms"` (every cell, or nearly), `boot=setting` (the same as another column), `date="2026-"*`
 * (a shared start or end), `who{a="Ann Lee" b="Bo Ray"}` (names for long values). A row ends with the cells that deviate, after tabs. `"` is
 * the cell above, `"/name` another name in the folder of the path above. Everything else is the cell as it is.
 *
 * Trap: cells are never escaped. A row that could be misread is written verbatim by the caller, so `encodeColumns` reports it.
 */
import {
  type Cells,
  type Coding,
  type ColumnOptions,
  chooseCoding,
  cost,
  isSilent,
  isWord,
  usualRows,
} from "./column-coding.ts";
import { nameEnd, quoteName, readHeader, writeHeader } from "./column-header.ts";

export interface ColumnText {
  readonly header: string;
  /** One per row; `undefined` where the row has to be written in another way. */
  readonly lines: readonly (string | undefined)[];
}

const DITTO = '"';
/** Stands for the folder of the path above, slash included. */
const SAME_FOLDER = '"/';

/** Encodes rows of equal length. `notes[i]` is copied behind a column's name (`@12`); it has no space, `|`, `=` or quote. */
export function encodeColumns(
  names: readonly string[],
  notes: readonly string[],
  rows: readonly (readonly string[])[],
  options: ColumnOptions = {},
): ColumnText {
  const { ditto = true } = options;
  const columns = names.map((_, at) => readCells(rows, at));
  const usual = usualRows(columns, rows.length);
  const codings: Coding[] = [];
  for (let at = 0; at < names.length; at++) {
    codings.push(
      chooseCoding(names[at] ?? "", notes[at] ?? "", at, columns, usual, { ...options, ditto }),
    );
  }
  const last = codings.findLastIndex((coding) => !isSilent(coding));
  const header = writeHeader(codings);
  // What each distinct value is written as, once per value and not once per row.
  const texts = codings.map((coding, at) => {
    const written = writeValues(coding, columns[at]?.values ?? []);
    return written.map((text) =>
      text === undefined || fits(text, coding, at === last) ? text : undefined,
    );
  });
  const folders = texts.map((column, at) =>
    ditto && codings[at]?.aliases.size === 0
      ? column.map((text) => folderOf(text ?? ""))
      : undefined,
  );
  const quoted = names.map(quoteName);
  let above = -1;
  const lines: (string | undefined)[] = [];
  for (let row = 0; row < rows.length; row++) {
    let line: string | undefined = "";
    let tail = "";
    for (let at = 0; at < codings.length; at++) {
      const coding = codings[at] as Coding;
      const { ids, values } = columns[at] as Cells;
      const id = ids[row] ?? 0;
      const text = texts[at]?.[id];
      if (text === undefined) {
        line = undefined;
        break;
      }
      if (coding.usual !== undefined) {
        if (values[id] !== coding.usual) tail += `\t${quoted[at]}=${text}`;
      } else if (coding.copy !== undefined) {
        const copied = columns[coding.copy] as Cells;
        if (values[id] !== copied.values[copied.ids[row] ?? 0]) tail += `\t${quoted[at]}=${text}`;
      } else {
        const before = above >= 0 ? (ids[above] ?? 0) : -1;
        const folder = folders[at]?.[id] ?? "";
        if (ditto && before === id && text.length > 2) line += DITTO;
        else if (folder.length > 3 && before >= 0 && folders[at]?.[before] === folder) {
          line += SAME_FOLDER + text.slice(folder.length);
        } else line += text;
        if (at !== last) line += coding.word ? " " : "|";
      }
    }
    lines.push(line === undefined ? undefined : line + tail);
    if (line !== undefined) above = row;
  }
  return { header, lines };
}

function readCells(rows: readonly (readonly string[])[], index: number): Cells {
  const known = new Map<string, number>();
  const values: string[] = [];
  const ids = new Uint32Array(rows.length);
  let previous = "";
  let id = -1;
  for (let row = 0; row < rows.length; row++) {
    const cell = rows[row]?.[index] ?? "";
    if (id === -1 || cell !== previous) {
      id = known.get(cell) ?? -1;
      if (id === -1) {
        id = values.length;
        known.set(cell, id);
        values.push(cell);
      }
      previous = cell;
    }
    ids[row] = id;
  }
  return { values, costs: values.map(cost), ids };
}

/** The text of each value; `undefined` where it could be misread, so that its row has to be verbatim. */
function writeValues(coding: Coding, values: readonly string[]): (string | undefined)[] {
  const letters = new Map([...coding.aliases].map(([letter, value]) => [value, letter]));
  const { start, end } = coding;
  return values.map((value) => {
    if (value.includes("\t") || value.includes("\n")) return undefined;
    const letter = letters.get(value);
    if (letter !== undefined) return letter;
    const inner =
      start === "" && end === "" ? value : value.slice(start.length, value.length - end.length);
    const misread =
      inner === DITTO ||
      inner.startsWith(SAME_FOLDER) ||
      coding.aliases.has(inner) ||
      start + inner + end !== value;
    return misread && !isSilent(coding) ? undefined : inner;
  });
}

/** A path up to its last slash, that included. */
function folderOf(text: string): string {
  return text.slice(0, text.lastIndexOf("/") + 1);
}

/** Whether a text can stand before the column's separator. */
function fits(text: string, coding: Coding, isLast: boolean): boolean {
  if (isSilent(coding) || isLast) return true;
  return coding.word ? isWord(text) : !text.includes("|");
}

/** Reads back what `encodeColumns` wrote; `undefined` where the header is not one of its headers. */
export function decodeColumns(
  header: string,
  lines: readonly (string | undefined)[],
):
  | { names: readonly string[]; notes: readonly string[]; rows: readonly (readonly string[])[] }
  | undefined {
  const codings = readHeader(header);
  if (!codings) return undefined;
  const byName = new Map(codings.map(({ name }, at) => [quoteName(name), at]));
  const printed = codings.map((_, at) => at).filter((at) => !isSilent(codings[at]));
  const last = printed[printed.length - 1];
  const blank = codings.map(({ usual }) => usual ?? "");
  const copies = codings.map((_, at) => at).filter((at) => codings[at]?.copy !== undefined);
  let above: readonly string[] = [];
  const rows: (readonly string[])[] = [];
  for (const line of lines) {
    if (line === undefined) {
      rows.push([]);
      continue;
    }
    const tab = line.indexOf("\t");
    const main = tab === -1 ? line : line.slice(0, tab);
    const row = blank.slice();
    let at = 0;
    for (let turn = 0; turn < printed.length; turn++) {
      const index = printed[turn] ?? 0;
      const coding = codings[index] as Coding;
      const found = index === last ? -1 : main.indexOf(coding.word ? " " : "|", at);
      const end = found === -1 ? main.length : found;
      const text = main.slice(at, end);
      at = end + 1;
      const over = above[index] ?? "";
      if (text === DITTO) row[index] = over;
      else if (coding.aliases.size > 0) row[index] = coding.aliases.get(text) ?? text;
      else if (text.startsWith(SAME_FOLDER)) {
        const folder = folderOf(over.slice(0, over.length - coding.end.length));
        row[index] = folder + text.slice(SAME_FOLDER.length) + coding.end;
      } else row[index] = coding.start + text + coding.end;
    }
    const named = new Map<number, string>();
    for (const part of tab === -1 ? [] : line.slice(tab + 1).split("\t")) {
      const equals = nameEnd(part);
      const index = byName.get(part.slice(0, equals));
      if (index === undefined) return undefined;
      named.set(index, part.slice(equals + 1));
    }
    // A copied column can itself be named, so the names come first.
    for (const [index, value] of named) row[index] = value;
    for (const index of copies) {
      if (!named.has(index)) row[index] = row[codings[index]?.copy ?? 0] ?? "";
    }
    rows.push(row);
    above = row;
  }
  return { names: codings.map(({ name }) => name), notes: codings.map(({ note }) => note), rows };
}
