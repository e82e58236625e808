/**
 * Records: blocks of lines that begin alike and give the same fields values (`dpkg -s`, `apt show`, `stat`, `/proc/cpuinfo`, `mysql \G`).
 *
 * A record goes from one line that begins records to the next. Lines of a record that have no key, or stand further right, go on with the field
 * above.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import { indentOf } from "../../text/sentence.ts";
import type { Steps } from "../../types/compressor.ts";
import { keyEnd, keyOf } from "./key.ts";

/** The sequence that sentences about records speak of. */
export const RECORDS = "records";
/** What is behind the name of a field where sentences speak of its lines. */
export const LINES_OF = " lines";

export interface Field {
  readonly name: string;
  /** For each record its value; `undefined` where it has none, or more than one line of it. */
  readonly values: readonly (string | undefined)[];
  /** For each record how many lines it takes. */
  readonly heights: readonly number[];
}

export interface Records {
  /** The first line of each record, ascending. */
  readonly starts: readonly number[];
  /** Behind the last line of the last record. */
  readonly end: number;
  readonly fields: readonly Field[];
}

const LEAST_RECORDS = 4;
const LEAST_FIELDS = 3;
const MAX_FIELDS = 60;
/** Of the lines of records so many give a field a value. */
const KEYED_SHARE = 0.5;
/** Of the lines of records so many may give a field again that has a value: more are a list in which names come as they like. */
const AGAIN_SHARE = 0.3;
/** Of a text so many lines are in records. */
const COVERED_SHARE = 0.7;
/** A record may begin with one of the first lines of the text. */
const FIRST_LINES = 6;
/** Characters of a field's name that ends its line. */
const MAX_NAME = 60;
/** Fields on one line. */
const MAX_PAIRS = 8;
/** The name of the line without a key that stands above a record. */
const HEADLINE = "heading";

/** The records of a text; `undefined` where it has none to speak of. */
export function* recordsOf(lines: readonly string[]): Steps<Records | undefined> {
  const meter = new Meter();
  const candidates = beginnings(lines);
  if (candidates.length === 0) return undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (meter.isDue(LINE_WORK)) yield;
    for (const { text, starts } of candidates) if (line.startsWith(text)) starts.push(at);
  }
  for (const { starts } of candidates) {
    if (starts.length < LEAST_RECORDS) continue;
    const records = yield* read(lines, starts, hasHeadlines(lines, starts));
    if (records !== undefined) return records;
  }
  return undefined;
}

interface Beginning {
  /** The indentation, the key and its sign. */
  readonly text: string;
  readonly starts: number[];
}

/** What records may begin with: the keys of the first lines. */
function beginnings(lines: readonly string[]): readonly Beginning[] {
  const found: Beginning[] = [];
  let seen = 0;
  for (let at = 0; at < lines.length && seen < FIRST_LINES; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    seen++;
    const key = keyOf(line);
    if (key === undefined) continue;
    const text = line.slice(0, indentOf(line) + key.length + 1);
    if (!found.some((other) => other.text === text)) found.push({ text, starts: [] });
  }
  return found;
}

/** Whether a line without a key stands above nearly every record: its name, an address. */
function hasHeadlines(lines: readonly string[], starts: readonly number[]): boolean {
  const indent = indentOf(lines[starts[0] ?? 0] ?? "");
  const heads = starts.filter((start) => {
    const above = lines[start - 1] ?? "";
    return above.trim() !== "" && indentOf(above) <= indent && keyEnd(above) < 0;
  });
  return heads.length * 10 >= starts.length * 9;
}

interface Draft {
  readonly values: (string | undefined)[];
  readonly heights: number[];
}

/** Reads records line by line. Its state: the field that the last line belongs to, and where its further lines stand. */
class Reader {
  readonly fields = new Map<string, Draft>();
  /** Lines that belong to a field. */
  keyed = 0;
  /** Of these, lines that give a field of their record a value again. */
  again = 0;
  readonly #records: number;
  #last: Draft | undefined;
  /** The indentation of lines that go on with the last field; -1 where there were none. */
  #below = -1;

  constructor(records: number) {
    this.#records = records;
  }

  begin(): void {
    this.#last = undefined;
    this.#below = -1;
  }

  headline(line: string, record: number): void {
    this.#add(HEADLINE, record, line.trim());
    this.keyed++;
  }

  line(line: string, record: number): void {
    const end = keyEnd(line);
    // `Conffiles:` has its values on the lines below.
    const isOpen = end < 0 && line.trimEnd().endsWith(":") && line.length <= MAX_NAME;
    const indent = indentOf(line);
    if ((end < 0 && !isOpen) || (this.#below > 0 && indent >= this.#below)) {
      if (this.#last === undefined) return;
      this.keyed++;
      this.#below = this.#below < 0 ? indent : Math.min(indent, this.#below);
      this.#last.heights[record] = (this.#last.heights[record] ?? 0) + 1;
      this.#last.values[record] = undefined;
      return;
    }
    this.keyed++;
    this.#below = -1;
    if (isOpen) this.#add(line.trim().slice(0, -1), record, undefined);
    else for (const [name, value] of pairsOf(line, end)) this.#add(name, record, value);
  }

  #add(name: string, record: number, value: string | undefined): void {
    let field = this.fields.get(name);
    if (field === undefined) {
      field = {
        values: new Array(this.#records).fill(undefined),
        heights: new Array(this.#records).fill(0),
      };
      this.fields.set(name, field);
    }
    const height = (field.heights[record] ?? 0) + 1;
    if (height > 1) this.again++;
    field.heights[record] = height;
    field.values[record] = height === 1 ? value : undefined;
    this.#last = field;
  }
}

/** The fields of a line: `Size: 28   Blocks: 0   IO Block: 4096` has three. */
function pairsOf(line: string, end: number): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = [];
  let name = keyOf(line, end) ?? "";
  let value = "";
  for (const piece of line.slice(end).split(/ {2,}|\t+/)) {
    const at = keyEnd(piece);
    const key = at > 0 && piece[at - 1] === " " ? keyOf(piece, at) : undefined;
    if (key !== undefined && value !== "" && pairs.length < MAX_PAIRS) {
      pairs.push([name, value]);
      [name, value] = [key, piece.slice(at).trim()];
    } else if (piece !== "") value += value === "" ? piece.trim() : ` ${piece.trim()}`;
  }
  pairs.push([name, value]);
  return pairs;
}

function* read(
  lines: readonly string[],
  keys: readonly number[],
  headlines: boolean,
): Steps<Records | undefined> {
  const meter = new Meter();
  const starts = headlines ? keys.map((start) => Math.max(0, start - 1)) : keys;
  const reader = new Reader(starts.length);
  const [first = 0] = starts;
  const average = (lines.length - first) / starts.length;
  let filled = 0;
  let end = first;
  for (let record = 0; record < starts.length; record++) {
    const from = starts[record] ?? 0;
    const to = starts[record + 1] ?? Math.min(lines.length, from + Math.ceil(average * 3));
    reader.begin();
    for (let at = from; at < to; at++) {
      const line = lines[at] ?? "";
      if (meter.isDue(LINE_WORK + Math.min(line.length, 100))) yield;
      if (line.trim() === "") continue;
      filled++;
      end = at + 1;
      if (headlines && at === from) reader.headline(line, record);
      else reader.line(line, record);
      if (reader.fields.size > MAX_FIELDS) return undefined;
    }
  }
  const { fields, keyed, again } = reader;
  if (again > keyed * AGAIN_SHARE) return undefined;
  const usual = [...fields.values()].filter(
    ({ heights }) => heights.filter((height) => height > 0).length * 2 >= starts.length,
  );
  const isCovered = end - first >= lines.length * COVERED_SHARE;
  if (usual.length < LEAST_FIELDS || keyed < filled * KEYED_SHARE || !isCovered) return undefined;
  return { starts, end, fields: [...fields].map(([name, field]) => ({ name, ...field })) };
}
