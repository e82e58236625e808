/**
 * Rows of cells with little repeated: the text form of tables and long listings.
 *
 * The header lists the columns with the separator that follows each of them in every row, and says once what a column's
 * cells have in common: `unit="ms"` (every cell, or nearly), `boot=setting` (the same as another column), `date="2026-"*`
 * (a shared start or end), `who{a="Ann Lee" b="Bo Ray"}` (names for long values). A row ends with the cells that deviate, after tabs. `"` is
 * the cell above. Everything else is the cell as it is.
 *
 * Trap: cells are never escaped. A row that could be misread is written verbatim by the caller, so `encodeColumns` reports it.
 */

/** What may be said once. Rows that stand alone (a selection) must not point at the row above. */
export interface ColumnOptions {
  /** `"` for the cell above. @default true */
  readonly ditto?: boolean;
  /** Letters for long values. @default true */
  readonly aliases?: boolean;
  /** Shared starts and ends with letters or digits, such as the year of all dates. @default true */
  readonly ends?: boolean;
  /** Prefers to name what deviates (`failed=1`) even where printing the column is as cheap. @default false */
  readonly byName?: boolean;
}

export interface ColumnText {
  readonly header: string;
  /** One per row; `undefined` where the row has to be written in another way. */
  readonly lines: readonly (string | undefined)[];
}

interface Coding {
  readonly name: string;
  readonly note: string;
  /** The value of cells a row does not mention. */
  readonly usual?: string;
  /** Index of the column whose cell is meant where a row does not mention this one. */
  readonly copy?: number;
  readonly start: string;
  readonly end: string;
  readonly aliases: ReadonlyMap<string, string>;
  /** No cell has a space, so that a space ends it. */
  readonly word: boolean;
}

/** So many columns to the left are compared with a column; wide tables would cost quadratic time. */
const MAX_LOOKBACK = 24;
const DITTO = '"';
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** One column of cells: its distinct values, and for each row the index of its value. */
interface Cells {
  readonly values: readonly string[];
  readonly costs: readonly number[];
  readonly ids: Uint32Array;
}

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
  const header = codings
    .map((coding) => writeItem(coding, names) + (isSilent(coding) || coding.word ? " " : "|"))
    .join("")
    .slice(0, -1);
  // What each distinct value is written as, once per value and not once per row.
  const texts = codings.map((coding, at) => {
    const written = writeValues(coding, columns[at]?.values ?? []);
    return written.map((text) =>
      text === undefined || fits(text, coding, at === last) ? text : undefined,
    );
  });
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
        const repeats = ditto && above >= 0 && ids[above] === id && text.length > 2;
        line += repeats ? DITTO : text;
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
    const misread = inner === DITTO || coding.aliases.has(inner) || start + inner + end !== value;
    return misread && !isSilent(coding) ? undefined : inner;
  });
}

/** Whether a text can stand before the column's separator. */
function fits(text: string, coding: Coding, isLast: boolean): boolean {
  if (isSilent(coding)) return true;
  if (coding.word) return text !== "" && !text.includes(" ");
  return isLast || !text.includes("|");
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
      if (text === DITTO) row[index] = above[index] ?? "";
      else if (coding.aliases.size > 0) row[index] = coding.aliases.get(text) ?? text;
      else row[index] = coding.start + text + coding.end;
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

/** Roughly the tokens of a cell: words, groups of three digits, runs of signs. */
export function cost(text: string): number {
  let tokens = 0;
  let run = 0;
  let kind = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const here =
      code >= 48 && code <= 57
        ? 1
        : (code | 32) >= 97 && (code | 32) <= 122
          ? 2
          : code === 32
            ? 3
            : 4;
    if (here !== kind || (here === 1 && run === 3) || (here === 2 && run === 8)) {
      if (here !== 3) tokens++;
      kind = here;
      run = 0;
    }
    run++;
  }
  return tokens;
}

function isSilent(coding: Coding | undefined): boolean {
  return coding !== undefined && (coding.usual !== undefined || coding.copy !== undefined);
}

function chooseCoding(
  name: string,
  note: string,
  index: number,
  columns: readonly Cells[],
  usualRows: readonly number[],
  options: ColumnOptions,
): Coding {
  const { values, costs, ids } = columns[index] as Cells;
  const counts = new Uint32Array(values.length);
  // How often a value stands right below itself.
  const again = new Uint32Array(values.length);
  let repeats = 0;
  let repeatCost = 0;
  let total = 0;
  for (let at = 0; at < usualRows.length; at++) {
    const id = ids[usualRows[at] ?? 0] ?? 0;
    counts[id] = (counts[id] ?? 0) + 1;
    total += costs[id] ?? 0;
    if (options.ditto && at > 0 && ids[usualRows[at - 1] ?? 0] === id) {
      repeats++;
      again[id] = (again[id] ?? 0) + 1;
      repeatCost += costs[id] ?? 0;
    }
  }
  const seen: number[] = [];
  let usual = 0;
  for (let id = 0; id < values.length; id++) {
    if ((counts[id] ?? 0) > 0) seen.push(id);
    if ((counts[id] ?? 0) > (counts[usual] ?? 0)) usual = id;
  }
  const rows = usualRows.length;
  const cells = seen.map((id) => values[id] ?? "");
  const { start, end } = options.ends === false ? signs(sharedEnds(cells)) : sharedEnds(cells);
  const none: Coding = { name, note, start: "", end: "", aliases: new Map(), word: false };
  const word = cells.every((cell) => isWord(cell.slice(start.length, cell.length - end.length)));
  let best: Coding = { ...none, start, end, word };
  const shared = cost(start) + cost(end);
  let bestCost =
    shared + (word ? 0 : rows) + repeats + total - repeatCost - shared * (rows - repeats);
  if (rows < 2) return best;

  const nameCost = 3 + cost(name);
  const often = counts[usual] ?? 0;
  const unusual = 1 + total - often * (costs[usual] ?? 0) + nameCost * (rows - often);
  if (often * 2 > rows && (unusual < bestCost || (options.byName && often * 4 > rows * 3))) {
    best = { ...none, usual: values[usual] ?? "" };
    bestCost = unusual;
  }
  for (let other = Math.max(0, index - MAX_LOOKBACK); other < index; other++) {
    const there = columns[other] as Cells;
    let copied = 2;
    // A column is hardly ever a copy; a short look at its start usually settles it.
    for (let at = 0; at < rows && copied < bestCost; at++) {
      const row = usualRows[at] ?? 0;
      const id = ids[row] ?? 0;
      if (values[id] !== there.values[there.ids[row] ?? 0]) copied += nameCost + (costs[id] ?? 0);
      if (at === 63 && copied > 32 * nameCost) copied = bestCost;
    }
    if (copied < bestCost) {
      best = { ...none, copy: other };
      bestCost = copied;
    }
  }
  if (options.aliases === false || bestCost < rows || seen.length === rows) return best;

  const aliased = chooseAliases(seen, columns[index] as Cells, counts);
  const others = seen.filter((id) => !aliased.has(id));
  const aliasWord = others.every((id) => isWord(values[id] ?? ""));
  let aliasCost = aliasWord ? 0 : rows;
  for (const id of aliased.keys()) aliasCost += 3 + (costs[id] ?? 0) + (counts[id] ?? 0);
  for (const id of others) {
    aliasCost += (costs[id] ?? 0) * ((counts[id] ?? 0) - (again[id] ?? 0)) + (again[id] ?? 0);
  }
  if (aliasCost >= bestCost * 0.9) return best;
  const aliases = new Map([...aliased].map(([id, letter]) => [letter, values[id] ?? ""]));
  return { ...none, aliases, word: aliasWord };
}

/** Without the few rows (titles, odd ones) whose cells would cost all others their cheap separator. */
function usualRows(columns: readonly Cells[], rows: number): readonly number[] {
  const odd = new Uint8Array(rows);
  for (const { values, ids } of columns) {
    const words = values.map(isWord);
    if (words.every((yes) => yes)) continue;
    let wordless = 0;
    for (const id of ids) if (!words[id]) wordless++;
    if (wordless * 30 > rows) continue;
    for (let row = 0; row < rows; row++) if (!words[ids[row] ?? 0]) odd[row] = 1;
  }
  const usual: number[] = [];
  for (let row = 0; row < rows; row++) if (odd[row] === 0) usual.push(row);
  return usual.length * 2 > rows ? usual : Array.from({ length: rows }, (_, row) => row);
}

/** A space can end a cell that has none. */
function isWord(cell: string): boolean {
  return cell !== "" && !cell.includes(" ");
}

/** Letters for the values that save most. */
function chooseAliases(
  seen: readonly number[],
  { values, costs }: Cells,
  counts: Uint32Array,
): ReadonlyMap<number, string> {
  const worth: { id: number; saved: number }[] = [];
  for (const id of seen) {
    const count = counts[id] ?? 0;
    const saved = (count - 1) * (costs[id] ?? 0) - count - 3;
    if (saved > 0) worth.push({ id, saved });
  }
  worth.sort((a, b) => b.saved - a.saved || a.id - b.id);
  const used = new Set(values.filter((value) => value.length === 1));
  const letters = [...LETTERS].filter((letter) => !used.has(letter));
  return new Map(worth.slice(0, letters.length).map(({ id }, at) => [id, letters[at] ?? ""]));
}

/** Only what is punctuation, such as quotes: dates and paths stay whole. */
function signs({ start, end }: { start: string; end: string }): { start: string; end: string } {
  const isSign = (text: string): boolean => {
    for (let at = 0; at < text.length; at++) if (isAlnum(text.charCodeAt(at))) return false;
    return true;
  };
  return { start: isSign(start) ? start : "", end: isSign(end) ? end : "" };
}

/** What all cells start and end with, cut where a word or number ends. */
function sharedEnds(cells: readonly string[]): { start: string; end: string } {
  const first = cells[0] ?? "";
  let start = first.length;
  let end = first.length;
  let shortest = first.length;
  for (const cell of cells) {
    shortest = Math.min(shortest, cell.length);
    let at = 0;
    while (at < start && at < cell.length && cell[at] === first[at]) at++;
    start = at;
    at = 0;
    while (
      at < end &&
      at < cell.length &&
      cell[cell.length - 1 - at] === first[first.length - 1 - at]
    )
      at++;
    end = at;
  }
  if (cells.length < 2) return { start: "", end: "" };
  while (start > 0 && isAlnum(first.charCodeAt(start - 1))) start--;
  while (end > 0 && isAlnum(first.charCodeAt(first.length - end))) end--;
  if (start + end > shortest) end = Math.max(0, shortest - start);
  while (end > 0 && isAlnum(first.charCodeAt(first.length - end))) end--;
  const shared = { start: first.slice(0, start), end: first.slice(first.length - end) };
  return {
    start: shared.start.trim() === "" ? "" : shared.start,
    end: end === 0 || shared.end.trim() === "" ? "" : shared.end,
  };
}

function isAlnum(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code >= 128;
}

const BARE_NAME = /^[^\s|={}*"@,\\]+$/;

function quoteName(name: string): string {
  return BARE_NAME.test(name) ? name : JSON.stringify(name);
}

/** Where the `=` after a name stands. */
function nameEnd(part: string): number {
  if (part[0] !== '"') return Math.max(0, part.indexOf("="));
  return closingQuote(part, 0) + 1;
}

function writeItem(coding: Coding, names: readonly string[]): string {
  const head = quoteName(coding.name) + coding.note;
  if (coding.copy !== undefined) return `${head}=${quoteName(names[coding.copy] ?? "")}#`;
  if (coding.usual !== undefined) return `${head}=${JSON.stringify(coding.usual)}`;
  if (coding.aliases.size > 0) {
    const list = [...coding.aliases].map(([letter, value]) => `${letter}=${JSON.stringify(value)}`);
    return `${head}{${list.join(" ")}}`;
  }
  if (coding.start === "" && coding.end === "") return head;
  const start = coding.start === "" ? "" : JSON.stringify(coding.start);
  return `${head}=${start}*${coding.end === "" ? "" : JSON.stringify(coding.end)}`;
}

/** The items of a header, each up to the separator outside quotes and braces. */
function readHeader(header: string): Coding[] | undefined {
  const items: { text: string; word: boolean }[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at <= header.length; at++) {
    const char = header[at];
    if (char === '"') {
      const end = closingQuote(header, at);
      if (end === -1) return undefined;
      at = end;
    } else if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (depth === 0 && (char === " " || char === "|" || char === undefined)) {
      items.push({ text: header.slice(start, at), word: char !== "|" });
      start = at + 1;
    }
  }
  const names = items.map(({ text }) => itemName(text));
  const codings: Coding[] = [];
  for (const [at, { text, word }] of items.entries()) {
    const coding = readItem(text, word, names[at] ?? "", names);
    if (!coding) return undefined;
    codings.push(coding);
  }
  return codings;
}

function itemName(text: string): string {
  if (text[0] === '"') return text.slice(0, closingQuote(text, 0) + 1);
  let at = 0;
  while (at < text.length && !"={@".includes(text[at] ?? "")) at++;
  return text.slice(0, at);
}

function readItem(
  text: string,
  word: boolean,
  quoted: string,
  names: readonly string[],
): Coding | undefined {
  let at = quoted.length;
  const noteStart = at;
  while (at < text.length && text[at] !== "=" && text[at] !== "{") at++;
  const name = quoted[0] === '"' ? unquote(quoted) : quoted;
  if (name === undefined) return undefined;
  const base = {
    name,
    note: text.slice(noteStart, at),
    start: "",
    end: "",
    aliases: new Map<string, string>(),
    word,
  };
  const rest = text.slice(at);
  if (rest === "") return base;
  if (rest[0] === "{") {
    for (let from = 1; from < rest.length - 1; ) {
      const letter = rest[from] ?? "";
      const end = closingQuote(rest, from + 2);
      const value = end === -1 ? undefined : unquote(rest.slice(from + 2, end + 1));
      if (value === undefined) return undefined;
      base.aliases.set(letter, value);
      from = end + 2;
    }
    return base;
  }
  if (rest.endsWith("#")) {
    const copy = names.indexOf(rest.slice(1, -1));
    return copy === -1 ? undefined : { ...base, copy };
  }
  let from = 1;
  let start = "";
  if (rest[from] === '"') {
    const end = closingQuote(rest, from);
    const value = end === -1 ? undefined : unquote(rest.slice(from, end + 1));
    if (value === undefined) return undefined;
    if (end === rest.length - 1) return { ...base, usual: value };
    start = value;
    from = end + 1;
  }
  if (rest[from] !== "*") return undefined;
  const end = from + 1 === rest.length ? "" : unquote(rest.slice(from + 1));
  return end === undefined ? undefined : { ...base, start, end };
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}
