/**
 * Rows of cells with little repeated: the text form of tables and long listings.
 *
 * The header lists the columns with the separator that follows each of them in every row, and says once what a column's
 * cells have in common: `unit="ms"` (every cell, or nearly), `boot=setting` (the same as another column), `date="2026-"*`
 * (a shared start or end), `who{a="Ann Lee" b="Bo Ray"}` (names for long values and for phrases, as words of a cell). A row ends with what
 * deviates, after tabs: letters that the header explains (`arch="amd64"{a="all"}`), then `name=other`. `"` is the cell above, `"/name`
 * another name in the folder of the path above, and before a space `"Ann Lee"` is a cell of several words. Everything else is the
 * cell as it is.
 *
 * Trap: cells are never escaped. A row that could be misread is written verbatim by the caller, so `encodeColumns` reports it.
 */
import {
  type Cells,
  type Coding,
  type ColumnOptions,
  chooseCoding,
  isBareWord,
  isQuotable,
  isSilent,
  LETTERS,
  usualRows,
} from "./column-coding.ts";
import { hasEnds } from "./column-ends.ts";
import { nameEnd, quoteName, readHeader, writeHeader } from "./column-header.ts";
import { expandPhrases, phraseWriter } from "./phrases.ts";
import { cost } from "./text-cost.ts";

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
  let letters = LETTERS;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? "";
    const all = { ...options, ditto };
    const coding = chooseCoding(name, notes[at] ?? "", at, columns, usual, letters, all);
    codings.push(coding);
    letters = letters.slice(coding.marks.size);
  }
  const last = codings.findLastIndex((coding) => !isSilent(coding));
  const header = writeHeader(codings);
  // What each distinct value is written as, once per value and not once per row.
  const texts = codings.map((coding, at) => {
    return writeValues(coding, columns[at]?.values ?? [], at === last);
  });
  const marks = codings.map((coding, at) => markValues(coding, columns[at]?.values ?? []));
  const folders = texts.map((column, at) =>
    ditto && codings[at]?.aliases.size === 0 && codings[at]?.marks.size === 0
      ? column.map((text) => (text?.[0] === DITTO ? "" : folderOf(text ?? "")))
      : undefined,
  );
  const quoted = names.map(quoteName);
  let above = -1;
  const lines: (string | undefined)[] = [];
  for (let row = 0; row < rows.length; row++) {
    let line: string | undefined = "";
    let tail = "";
    let marked = "";
    for (let at = 0; at < codings.length; at++) {
      const coding = codings[at] as Coding;
      const { ids, values } = columns[at] as Cells;
      const id = ids[row] ?? 0;
      const text = texts[at]?.[id];
      if (text === undefined) {
        line = undefined;
        break;
      }
      const letter = marks[at]?.[id] ?? "";
      if (isSilent(coding)) {
        const copied = coding.copy === undefined ? undefined : columns[coding.copy];
        const meant = copied ? copied.values[copied.ids[row] ?? 0] : coding.usual;
        if (values[id] === meant) continue;
        if (letter === "") tail += `\t${quoted[at]}=${text}`;
        else marked += letter;
      } else {
        const before = above >= 0 ? (ids[above] ?? 0) : -1;
        const folder = folders[at]?.[id] ?? "";
        if (ditto && before === id && (isLong(text) || letter !== "")) line += DITTO;
        else if (folder.length > 3 && before >= 0 && folders[at]?.[before] === folder) {
          line += SAME_FOLDER + text.slice(folder.length);
        } else {
          line += text;
          marked += letter;
        }
        if (at !== last) line += coding.word ? " " : "|";
      }
    }
    if (marked !== "") marked = `\t${marked}`;
    lines.push(line === undefined ? undefined : line + marked + tail);
    if (line !== undefined) above = row;
  }
  return { header, lines };
}

/** A space and a number are two tokens. */
function cellCost(cell: string): number {
  return cost(cell) + (isDigit(cell) ? 1 : 0);
}

/** Whether the sign for the cell above is shorter. */
function isLong(text: string): boolean {
  return text.length > 2 || (text.length === 2 && isDigit(text));
}

function isDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57;
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
  return { values, costs: values.map(cellCost), ids };
}

/** The text of each value (no word of it is a name: those are chosen so); `undefined` where it could be misread, so that its row has to be verbatim. */
function writeValues(
  coding: Coding,
  values: readonly string[],
  isLast: boolean,
): (string | undefined)[] {
  const { aliases, marks, start, end, word } = coding;
  const silent = isSilent(coding);
  const write = phraseWriter(new Map([...aliases].map(([name, value]) => [value, name])));
  return values.map((value) => {
    if (value.includes("\t") || value.includes("\n")) return undefined;
    if (silent) return value;
    const whole = !hasEnds(value, coding);
    if (whole && marks.size === 0) return undefined;
    const inner = whole ? value : value.slice(start.length, value.length - end.length);
    const text = write(inner);
    if (text === DITTO || text.startsWith(SAME_FOLDER)) return undefined;
    if (isLast) return text;
    if (!word) return text.includes("|") ? undefined : text;
    if (isBareWord(text)) return text;
    return isQuotable(text) ? `"${text}"` : undefined;
  });
}

/** The letter that a row with this value ends with. */
function markValues(coding: Coding, values: readonly string[]): readonly string[] | undefined {
  if (coding.marks.size === 0) return undefined;
  const letters = new Map([...coding.marks].map(([letter, value]) => [value, letter]));
  if (isSilent(coding)) return values.map((value) => letters.get(value) ?? "");
  return values.map((value) => (hasEnds(value, coding) ? "" : (letters.get(undefined) ?? "")));
}

/** A path up to its last slash, that included. */
function folderOf(text: string): string {
  return text.slice(0, text.lastIndexOf("/") + 1);
}

/** Whether the word at the start of a cell opens a quoted cell: nothing in quotes, or a quote that the word does not close. */
function isOpenQuote(word: string): boolean {
  if (word[0] !== DITTO || word.length < 2 || word[1] === "/") return false;
  return word === DITTO + DITTO || !word.endsWith(DITTO);
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
  const marks = new Map<string, { index: number; value: string | undefined }>();
  for (const [index, coding] of codings.entries()) {
    for (const [letter, value] of coding.marks) marks.set(letter, { index, value });
  }
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
    const named = new Map<number, string>();
    const whole = new Set<number>();
    for (const part of tab === -1 ? [] : line.slice(tab + 1).split("\t")) {
      if (!part.includes("=")) {
        for (const letter of part) {
          const mark = marks.get(letter);
          if (!mark) return undefined;
          if (mark.value === undefined) whole.add(mark.index);
          else named.set(mark.index, mark.value);
        }
        continue;
      }
      const equals = nameEnd(part);
      const index = byName.get(part.slice(0, equals));
      if (index === undefined) return undefined;
      named.set(index, part.slice(equals + 1));
    }
    let at = 0;
    for (let turn = 0; turn < printed.length; turn++) {
      const index = printed[turn] ?? 0;
      const coding = codings[index] as Coding;
      const isLast = index === last;
      const found = isLast ? -1 : main.indexOf(coding.word ? " " : "|", at);
      let end = found === -1 ? main.length : found;
      let text = main.slice(at, end);
      if (coding.word && !isLast && isOpenQuote(text)) {
        const close = main.indexOf(DITTO, at + 1);
        if (close !== -1) {
          text = main.slice(at + 1, close);
          end = close + 1;
        }
      }
      at = end + 1;
      const over = above[index] ?? "";
      const [start, stop] = whole.has(index) ? ["", ""] : [coding.start, coding.end];
      if (text === DITTO) row[index] = over;
      else if (coding.aliases.size > 0)
        row[index] = start + expandPhrases(text, coding.aliases) + stop;
      else if (coding.marks.size === 0 && text.startsWith(SAME_FOLDER)) {
        const folder = folderOf(over.slice(0, over.length - stop.length));
        row[index] = folder + text.slice(SAME_FOLDER.length) + stop;
      } else row[index] = start + text + stop;
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
