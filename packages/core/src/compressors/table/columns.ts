/**
 * Rows of cells with little repeated (docs/notation.md):
 *
 *     name version="1.0" size|state="ok"
 *     zlib 12 kB|
 *     "two words" 7 kB|;version=2.1
 *     ^ 9 kB|;state=failed;version=3
 *
 * The header lists the columns with the separator that follows each of them in every row, and says once what all cells are
 * or share. A row ends with its exceptions. `^` is the cell above, and before a space a cell of several words stands in quotes.
 *
 * Trap: cells are never escaped. A row that could be misread is written verbatim by the caller, so `encodeColumns` reports it.
 */
import { chooseDittos, DITTO } from "../../notation/ditto.ts";
import { NotationError } from "../../notation/error.ts";
import type { Feature } from "../../notation/legend.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Draft, Style } from "../shared/draft.ts";
import { mapInSteps, mapTexts } from "../shared/in-steps.ts";
import { fromStampTail, SAME_START, wholeStampTail } from "../shared/stamp-tail.ts";
import {
  type Cells,
  type Coding,
  type ColumnOptions,
  chooseCoding,
  deriveCoding,
  innerOf,
  isBareWord,
  isPrinted,
  isQuotable,
  readCells,
  usualRows,
} from "./coding.ts";
import { hasEnds } from "./ends.ts";
import { printHeader, quoteName, readHeader } from "./header.ts";

export interface Columns {
  readonly header: string;
  /** What a legend has to explain of the header. */
  readonly features: readonly Feature[];
  /** `undefined` where the row has to be written in another way. */
  readonly rows: readonly (CodedRow | undefined)[];
}

/** A row as it is printed: content with the notation around it. */
export type CodedRow = readonly CodedPart[];

interface CodedPart {
  /** A cell, the value of an exception, or `undefined` for `^`. */
  readonly text: string | undefined;
  readonly style: Style | undefined;
  /** What stands before it. */
  readonly before: string;
}

const QUOTED: Style = { print: (text) => (isBareWord(text) ? text : `"${text}"`) };

/** Writes a row; names may stand in it. */
export function draftRow(row: CodedRow, draft: Draft): void {
  for (const { text, style, before } of row) {
    draft.verbatim(before);
    if (text === undefined) draft.verbatim(DITTO);
    else draft.text(text, style);
  }
}

/** The text of a row without names. */
export function rowText(row: CodedRow): string {
  return row
    .map(({ text, style, before }) =>
      text === undefined ? before + DITTO : before + (style?.print?.(text) ?? text),
    )
    .join("");
}

/** Encodes rows of equal length. `notes[i]` is copied behind a column's name (`@12`); it has no space, `|`, `=` or quote. */
export function* encodeColumns(
  names: readonly string[],
  notes: readonly string[],
  rows: readonly (readonly string[])[],
  options: ColumnOptions = {},
): Steps<Columns> {
  const columns: Cells[] = [];
  for (let at = 0; at < names.length; at++) columns.push(yield* readCells(rows, at));
  const usual = yield* usualRows(columns, rows.length);
  const codings: Coding[] = [];
  for (const [at, cells] of columns.entries()) {
    const [name = "", note = ""] = [names[at], notes[at]];
    const isLast = at === names.length - 1;
    const { coding, cost } = yield* chooseCoding(name, note, cells, usual, isLast, options);
    const derived =
      options.ditto !== false && coding.constant === undefined
        ? yield* deriveCoding(columns, names, at, note, usual, cost)
        : undefined;
    codings.push(derived ?? coding);
  }
  const constants = impliedOf(codings);
  const printed = yield* printColumns(codings, columns, constants, options);
  const printer = new RowPrinter(printed, constants, options);
  const coded = yield* mapInSteps(rows, (cells, row) => printer.row(cells, row));
  const features: Feature[] = [];
  if (codings.some(({ constant }) => constant !== undefined)) features.push("always");
  if (codings.some(({ from }) => from !== undefined)) features.push("derived");
  if (codings.some((coding) => isPrinted(coding) && (coding.start !== "" || coding.end !== "")))
    features.push("ends");
  if (printer.hasZones) features.push("zones");
  return {
    header: printHeader(codings),
    features,
    rows: coded,
  };
}

interface PrintedColumn {
  readonly before: string;
  readonly style: Style | undefined;
  /** What each distinct value is printed as; `undefined` where it could be misread. */
  readonly texts: readonly (string | undefined)[];
  readonly ids: Uint32Array;
  readonly stamps: boolean;
}

/** A column that is only printed where a row deviates. */
interface ImpliedColumn {
  readonly index: number;
  /** `;name=` */
  readonly head: string;
  /** The value by the cells of a row. */
  readonly imply: (cells: readonly string[]) => string;
}

function impliedOf(codings: readonly Coding[]): readonly ImpliedColumn[] {
  const places = new Map(codings.map(({ name }, at) => [name, at]));
  return codings.flatMap((coding, index) => {
    if (isPrinted(coding)) return [];
    const head = exceptionHead(coding.name);
    return [{ index, head, imply: impliedValue(coding, places) }];
  });
}

/** What a row has in a column that is not printed, by its other cells. @throws NotationError - There is no such column to the left. */
function impliedValue(
  { name, constant, from, start, end }: Coding,
  places: ReadonlyMap<string, number>,
): (cells: readonly string[]) => string {
  if (constant !== undefined) return () => constant;
  const source = places.get(from ?? "");
  if (source === undefined || source >= (places.get(name) ?? 0))
    throw new NotationError("a column to the left");
  return (cells) => start + (cells[source] ?? "") + end;
}

/** The columns that are printed, with the text of each of their values. */
function* printColumns(
  codings: readonly Coding[],
  columns: readonly Cells[],
  constants: readonly ImpliedColumn[],
  options: ColumnOptions,
): Steps<readonly PrintedColumn[]> {
  const shown = codings.flatMap((coding, index) => (isPrinted(coding) ? [index] : []));
  const heads = constants.map(({ head }) => head);
  const printed: PrintedColumn[] = [];
  for (const [turn, index] of shown.entries()) {
    const coding = codings[index] as Coding;
    const { ids, values } = columns[index] as Cells;
    const isLast = turn === shown.length - 1;
    const previous = codings[shown[turn - 1] ?? -1];
    printed.push({
      before: previous === undefined ? "" : separatorOf(previous),
      style: coding.word && !isLast ? QUOTED : undefined,
      texts: yield* mapTexts(values, (value) => printable(value, coding, isLast, heads, options)),
      ids,
      stamps: coding.stamps === true,
    });
  }
  return printed;
}

/** Rows whose stamps are given by their ends, until one has them in full again. */
const MAX_TAILS = 20;

class RowPrinter {
  readonly #printed: readonly PrintedColumn[];
  readonly #constant: readonly ImpliedColumn[];
  readonly #options: ColumnOptions;
  /** Whether a stamp given by its end has a zone, which stays. */
  hasZones = false;
  /** Rows since one that has a stamp in full. */
  #sinceFull = 0;
  /** Printed cells of the row above. */
  #above: readonly string[] = [];

  constructor(
    printed: readonly PrintedColumn[],
    constant: readonly ImpliedColumn[],
    options: ColumnOptions,
  ) {
    this.#printed = printed;
    this.#constant = constant;
    this.#options = options;
  }

  /** `undefined` for a row that could be misread. */
  row(cells: readonly string[], row: number): CodedRow | undefined {
    const texts: string[] = [];
    for (const column of this.#printed) {
      const text = column.texts[column.ids[row] ?? 0];
      if (text === undefined) return undefined;
      texts.push(text);
    }
    if (texts[0]?.[0] === "\\") return undefined;
    const exceptions: CodedPart[] = [];
    for (const { index, head, imply } of this.#constant) {
      const cell = cells[index] ?? "";
      if (cell === imply(cells)) continue;
      const text = breaksOf(cell, this.#options);
      if (text.includes("\n")) return undefined;
      if (this.#constant.some((other) => text.includes(other.head))) return undefined;
      exceptions.push({ before: head, text, style: undefined });
    }
    const above = this.#above;
    let full = false;
    const dittos = this.#options.ditto !== false ? chooseDittos(texts, above) : [];
    this.#above = texts;
    const shown = this.#printed.map(({ before, style, stamps }, at): CodedPart => {
      const text = texts[at] ?? "";
      if (dittos.includes(at)) return { before, text: undefined, style };
      const tail =
        stamps && this.#sinceFull < MAX_TAILS ? wholeStampTail(above[at] ?? "", text) : undefined;
      if (tail === undefined) {
        if (stamps) full = true;
        return { before, text, style };
      }
      if (!text.endsWith(tail)) this.hasZones = true;
      return { before: before + SAME_START, text: tail, style: undefined };
    });
    this.#sinceFull = full ? 0 : this.#sinceFull + 1;
    return [...shown, ...exceptions];
  }
}

/** A line break in a cell, as it is written. */
export const BREAK = "\\n";

function breaksOf(cell: string, { breaks }: ColumnOptions): string {
  return breaks === true && cell.includes("\n") ? cell.replaceAll("\n", BREAK) : cell;
}

/** The text of a cell; `undefined` where it could be misread. */
function printable(
  value: string,
  coding: Coding,
  isLast: boolean,
  exceptionHeads: readonly string[],
  options: ColumnOptions,
): string | undefined {
  if (!hasEnds(value, coding)) return undefined;
  const text = breaksOf(innerOf(value, coding), options);
  if (text === DITTO || text.startsWith(SAME_START) || text.includes("\n")) return undefined;
  if (isLast) return exceptionHeads.some((head) => text.includes(head)) ? undefined : text;
  if (!coding.word) return text.includes("|") ? undefined : text;
  return isBareWord(text) || isQuotable(text) ? text : undefined;
}

function exceptionHead(name: string): string {
  return `;${quoteName(name)}=`;
}

function separatorOf({ word }: Coding): string {
  return word ? " " : "|";
}

export interface DecodedColumns {
  readonly names: readonly string[];
  readonly notes: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads back what `encodeColumns` wrote.
 *
 * @param spell - Replaces names in a cell by what they stand for.
 * @throws NotationError - The header or a row is not one of ours; lines are counted from the first row.
 */
export function* decodeColumns(
  header: string,
  lines: readonly string[],
  spell: (text: string) => string = (text) => text,
): Steps<DecodedColumns> {
  const codings = readHeader(header);
  const reader = new RowReader(codings, spell);
  return {
    names: codings.map(({ name }) => name),
    notes: codings.map(({ note }) => note),
    rows: yield* mapTexts(lines, (line, at) => reader.row(line, at + 1)),
  };
}

class RowReader {
  readonly #codings: readonly Coding[];
  readonly #printed: readonly number[];
  readonly #implied: readonly ImpliedColumn[];
  readonly #heads: ReadonlyMap<string, number>;
  readonly #spell: (text: string) => string;
  #above: readonly string[] = [];

  constructor(codings: readonly Coding[], spell: (text: string) => string) {
    this.#codings = codings;
    this.#spell = spell;
    this.#printed = codings.flatMap((coding, at) => (isPrinted(coding) ? [at] : []));
    this.#implied = impliedOf(codings);
    this.#heads = new Map(this.#implied.map(({ head, index }) => [head, index]));
  }

  row(line: string, number: number): readonly string[] {
    const row = this.#codings.map(() => "");
    let at = 0;
    const last = this.#printed.length - 1;
    for (const [turn, index] of this.#printed.entries()) {
      if (at > line.length) throw new NotationError(`${this.#printed.length} cells`, number);
      const coding = this.#codings[index] as Coding;
      const end = turn === last ? this.#exceptionsAt(line, at) : this.#cellEnd(line, at, coding);
      const isQuoted = turn !== last && coding.word && line[at] === '"';
      const text = isQuoted ? line.slice(at + 1, end - 1) : line.slice(at, end);
      row[index] = this.#cell(isQuoted ? undefined : index, text, coding, number);
      at = turn === last ? end : end + 1;
    }
    const given = new Map(this.#exceptions(line, at, number));
    // A column may be made of one that is not printed itself.
    for (const { index, imply } of this.#implied) row[index] = given.get(index) ?? imply(row);
    this.#above = row;
    return row;
  }

  #cellEnd(line: string, at: number, { word }: Coding): number {
    if (!word) return indexOrEnd(line, "|", at);
    return line[at] === '"' ? indexOrEnd(line, '"', at + 1) + 1 : indexOrEnd(line, " ", at);
  }

  /** `index` is `undefined` for a cell in quotes, which is never `^`. */
  #cell(index: number | undefined, text: string, { start, end }: Coding, number: number): string {
    if (index !== undefined && text.startsWith(SAME_START)) {
      const inner = innerOf(this.#above[index] ?? "", { start, end });
      const stamp = fromStampTail(inner, text.slice(SAME_START.length));
      if (stamp === undefined) throw new NotationError("a stamp above", number);
      return start + stamp + end;
    }
    if (text !== DITTO || index === undefined) return start + this.#spell(text) + end;
    const above = this.#above[index];
    if (above === undefined) throw new NotationError("a row above", number);
    return above;
  }

  /** Where the exceptions of a row begin. */
  #exceptionsAt(line: string, from: number): number {
    for (let at = line.indexOf(";", from); at >= 0; at = line.indexOf(";", at + 1))
      if (this.#headAt(line, at) !== undefined) return at;
    return line.length;
  }

  #headAt(line: string, at: number): string | undefined {
    const equals = line[at + 1] === '"' ? -1 : line.indexOf("=", at);
    if (line[at + 1] !== '"') {
      const head = line.slice(at, equals + 1);
      return this.#heads.has(head) ? head : undefined;
    }
    for (const head of this.#heads.keys()) if (line.startsWith(head, at)) return head;
    return undefined;
  }

  *#exceptions(line: string, from: number, number: number): Generator<[number, string]> {
    for (let at = from; at < line.length; ) {
      const head = this.#headAt(line, at);
      if (head === undefined) throw new NotationError(";name=value", number);
      const end = this.#exceptionsAt(line, at + head.length);
      yield [this.#heads.get(head) ?? 0, this.#spell(line.slice(at + head.length, end))];
      at = end;
    }
  }
}

function indexOrEnd(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from);
  return at < 0 ? text.length : at;
}
