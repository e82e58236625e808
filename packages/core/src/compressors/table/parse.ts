/**
 * Finds the table in some lines: bars (psql, markdown), delimiters (CSV, TSV), fixed places (ps, kubectl, dpkg -l), or pairs
 * that repeat on every line (`calls=1,usec=2`).
 *
 * Each reader looks at the lines twice at most, learns a layout from them and lets `renderer` judge each line.
 *
 * Trap: columns of fixed width overflow, and titles stand above tables. A few lines may therefore disagree.
 */
import { MAX_WIDTH, renderer, renderHeader, type Table } from "./layout.ts";

/** The table that explains most lines; `undefined` where none explains enough of them. */
export function parseTable(lines: readonly string[]): Table | undefined {
  return parseBars(lines) ?? parsePairs(lines) ?? parseDelimited(lines) ?? parseFixed(lines);
}

/** Lines above a table that may be anything. */
const MAX_TITLES = 6;
/** Lines that decide between layouts. */
const SAMPLE = 200;
/** Fewer rows are not worth a header. */
const MIN_ROWS = 4;

/** `│` and `|` between cells, found by the rule under the names. */
export function parseBars(lines: readonly string[]): Table | undefined {
  const rule = lines.findIndex((line, at) => at > 0 && at < 12 && isRule(line));
  if (rule < 1) return undefined;
  const bar = lines[rule - 1]?.includes("│") ? "│" : "|";
  const head = lines[rule - 1] ?? "";
  const edged = head.startsWith(bar) && head.endsWith(bar) && head.length > 1;
  const cut = (line: string): readonly string[] | undefined => {
    if (edged && !(line.length > 1 && line.startsWith(bar) && line.endsWith(bar))) return undefined;
    const cells = (edged ? line.slice(1, -1) : line).split(bar);
    return cells.length === width ? cells : undefined;
  };
  const width = (edged ? head.slice(1, -1) : head).split(bar).length;
  if (width < 2 || width > 200) return undefined;
  const raw = lines.map((line, at) => (at === rule ? undefined : cut(line)));
  const body = raw.filter((cells, at) => cells !== undefined && at > rule);
  if (body.length < MIN_ROWS) return undefined;
  const notes = Array.from({ length: width }, (_, column) =>
    learnPadding(
      body.map((cells) => cells?.[column] ?? ""),
      !edged,
    ),
  );
  const names = (raw[rule - 1] ?? []).map((cell) => cell.trim());
  const rows = raw.map((cells) => cells?.map(trimSpaces));
  const last = raw[rule - 1]?.[width - 1]?.length ?? 0;
  const layout = edged ? `bars ${bar}${bar}` : bar === "|" ? `psql ${last}` : `bars ${bar}`;
  return settle(lines, { layout, names, notes, headerLine: rule - 1, rows });
}

/** Comma, tab, semicolon or bar, with quotes as in RFC 4180. Cells keep their quotes. */
export function parseDelimited(lines: readonly string[]): Table | undefined {
  const sample = lines.slice(0, 60).filter((line) => line !== "");
  let best: { delimiter: string; width: number; share: number } | undefined;
  for (const delimiter of [",", "\t", ";", "|", ":", " "]) {
    const counts = new Map<number, number>();
    for (const line of sample) {
      const width = splitFields(line, delimiter).length;
      counts.set(width, (counts.get(width) ?? 0) + 1);
    }
    const [width, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
    const share = count / Math.max(1, sample.length);
    if (width < 2 || share < 0.8) continue;
    // Words and clock times have spaces and colons too.
    if (delimiter === ":" && (width < 4 || share < 0.95)) continue;
    if (delimiter === " " && (width > 12 || share < 0.95)) continue;
    if (delimiter === " " && sample.some((line) => line.includes("  ") || line.includes("\t"))) {
      continue;
    }
    if (!best || share * Math.min(width, 6) > best.share * Math.min(best.width, 6)) {
      best = { delimiter, width, share };
    }
  }
  if (!best) return undefined;
  const { delimiter, width } = best;
  const rows = lines.map((line) => {
    const cells = line === "" ? [] : splitFields(line, delimiter);
    return cells.length === width ? cells : undefined;
  });
  const layout = `csv ${delimiter === "\t" ? "tab" : delimiter === " " ? "space" : delimiter}`;
  return settle(lines, { layout, ...namesOf(rows, width), notes: blank(width), rows });
}

/** Columns at the same places on nearly every line, found by the spaces between them. */
export function parseFixed(lines: readonly string[]): Table | undefined {
  const filled = lines.filter((line) => line !== "" && line.length <= MAX_WIDTH);
  if (filled.length < MIN_ROWS) return undefined;
  // Titles and legends stand above a table, and a name can be longer than all its cells.
  const titles = filled.length >= 4 * MAX_TITLES ? MAX_TITLES : 0;
  const columns = underNames(filled[0] ?? "", findColumns(filled.slice(titles)));
  if (columns.length < 2) return undefined;
  const right = columns.map(({ start, end }, at) => {
    let lefts = 0;
    let rights = 0;
    const before = columns[at - 1]?.end ?? 0;
    for (const line of filled.slice(0, 10 * SAMPLE)) {
      const cell = trimSpaces(line.slice(before, columns[at + 1] ? end : undefined));
      if (cell === "") continue;
      if (line.startsWith(cell, start)) lefts++;
      if (line.startsWith(cell, end - cell.length)) rights++;
    }
    // An overlong cell to the left can look like the start of this one, so a few more are no proof.
    return rights > lefts + filled.length / 20;
  });
  const cells = lines.map((line) =>
    line === "" || line.length > MAX_WIDTH ? undefined : cutFixed(line, columns, right),
  );
  const notes = columns.map(({ start, end }, at) => (right[at] ? `@>${end}` : `@${start}`));
  const names = namesOf(cells, columns.length);
  const widths = ["", String(columns[columns.length - 1]?.start ?? 0), String(longest(filled))];
  const layouts = widths.map((width) => `fixed ${width}`.trimEnd());
  const fits = layouts.map((layout) => {
    const render = renderer(layout, notes, notes);
    const sample = cells.slice(0, SAMPLE);
    return sample.filter((row, at) => row && render?.(row) === lines[at]).length;
  });
  const layout = layouts[fits.indexOf(Math.max(...fits))] ?? "fixed";
  return settle(lines, { layout, ...names, notes, rows: cells });
}

/** A left-aligned column ends where the next one starts; a right-aligned one starts after the last space before its end. */
function cutFixed(
  line: string,
  columns: readonly { start: number; end: number }[],
  right: readonly boolean[],
): readonly string[] | undefined {
  const starts = columns.map(({ start, end }, at) => {
    if (at === 0) return 0;
    if (!right[at]) return start;
    const space = line.lastIndexOf(" ", end - 1);
    return Math.max(space + 1, columns[at - 1]?.start ?? 0);
  });
  // A title above the table runs across its columns.
  const cutsWord = starts.some(
    (at) => at > 0 && at < line.length && line[at - 1] !== " " && line[at] !== " ",
  );
  if (cutsWord) return undefined;
  return columns.map((_, at) => trimSpaces(line.slice(starts[at], starts[at + 1])));
}

/** `cmdstat_get:calls=1,usec=2`: the same keys on every line. */
export function parsePairs(lines: readonly string[]): Table | undefined {
  if (lines.slice(0, SAMPLE).filter((line) => line.includes("=")).length < MIN_ROWS)
    return undefined;
  const shapes = new Map<string, number>();
  const parsed = lines.map((line) => {
    const pairs = readPairs(line);
    if (!pairs) return undefined;
    const shape = pairs.keys.join("\n");
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    return { shape, cells: pairs.cells };
  });
  const [shape, count] = [...shapes].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  if (count < MIN_ROWS) return undefined;
  const heads = shape.split("\n");
  const names = heads.map((head, at) =>
    at === 0 ? "" : head.slice(head.length - keyLength(head)),
  );
  names[0] = "c1";
  const notes = heads.map((head, at) => {
    const glue = head.length - keyLength(head);
    return at === 0 || glue === 0 ? "@0" : `@${head.charCodeAt(0)}`;
  });
  const rows = parsed.map((pairs) => (pairs?.shape === shape ? pairs.cells : undefined));
  return settle(lines, { layout: "pairs", names, notes, headerLine: undefined, rows });
}

function keyLength(head: string): number {
  let start = head.length;
  while (start > 0 && isWordCode(head.charCodeAt(start - 1))) start--;
  return head.length - start;
}

/** Keeps what the renderer gives back, and makes names that can be told apart. */
function settle(lines: readonly string[], table: Table): Table | undefined {
  const { layout, notes } = table;
  const named = table.headerLine !== undefined || layout === "pairs";
  const usable = named && new Set(table.names).size === table.names.length;
  const names =
    usable && table.names.every((name) => name !== "")
      ? table.names
      : table.names.map((_, at) => `c${at + 1}`);
  const render = renderer(layout, notes, names);
  if (!render) return undefined;
  let headerLine = names === table.names ? table.headerLine : undefined;
  if (headerLine !== undefined) {
    const header = renderHeader(layout, notes, names);
    const at = headerLine;
    if (!header?.every((line, offset) => line === lines[at + offset])) headerLine = undefined;
  }
  let count = 0;
  const filled = lines.reduce((sum, line) => sum + (line === "" ? 0 : 1), 0);
  const rows = table.rows.map((cells, at) => {
    if (!cells || at === headerLine || render(cells) !== lines[at]) return undefined;
    count++;
    return cells;
  });
  return count >= MIN_ROWS && count >= filled / 2
    ? { layout, notes, names, headerLine, rows }
    : undefined;
}

/** How many lines are rows. */
export function countRows(table: Table): number {
  let count = 0;
  for (const cells of table.rows) if (cells) count++;
  return count;
}

/** The first row's cells when they read as names, and its line. */
function namesOf(
  rows: readonly (readonly string[] | undefined)[],
  width: number,
): { names: readonly string[]; headerLine: number | undefined } {
  const first = rows.findIndex((cells) => cells !== undefined);
  const cells = rows[first] ?? [];
  const good = cells.length === width && cells.every((cell) => NAME.test(cell));
  if (good && new Set(cells).size === cells.length) return { names: cells, headerLine: first };
  return { names: Array.from({ length: width }, () => ""), headerLine: undefined };
}

/** Starts with a letter or sign and holds no value-like punctuation. */
const NAME = /^"?[A-Za-z_%#][A-Za-z0-9_ %()/.#-]{0,40}"?$/;

/** Splits at the delimiter outside quotes; a quote counts only where a field starts. */
export function splitFields(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let start = 0;
  while (start <= line.length) {
    let from = start;
    if (line[start] === '"') {
      let close = line.indexOf('"', start + 1);
      while (close !== -1 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
      const after = close === -1 ? undefined : line[close + 1];
      if (close !== -1 && (after === undefined || after === delimiter || after === "\r"))
        from = close + 1;
    }
    const at = line.indexOf(delimiter, from);
    const end = at === -1 ? line.length : at;
    fields.push(line.slice(start, end));
    if (at === -1) break;
    start = end + 1;
  }
  return fields;
}

/** Which padding most cells of a column between bars follow. */
function learnPadding(cells: readonly string[], ruled: boolean): string {
  const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0);
  const lefts = { left: 0, right: 0, both: 0, before: 0, bare: 0 };
  for (const raw of cells) {
    const cell = trimSpaces(raw);
    if (` ${cell}`.padEnd(width) === raw) lefts.left++;
    if (`${cell} `.padStart(width) === raw) lefts.right++;
    if (` ${cell} ` === raw) lefts.both++;
    if (` ${cell}` === raw) lefts.before++;
    if (cell === raw) lefts.bare++;
  }
  const padded: readonly (readonly [string, number])[] = [
    [`@<${width}`, lefts.left],
    [`@>${width}`, lefts.right],
  ];
  const plain: readonly (readonly [string, number])[] = [
    ["@-", lefts.both],
    ["@_", lefts.before],
    ["@.", lefts.bare],
  ];
  // The first of equals wins. psql needs the width for its rule, markdown is shorter without it.
  const notes = ruled ? [...padded, ...plain] : [...plain, ...padded];
  return notes.reduce((best, note) => (note[1] > best[1] ? note : best))[0];
}

/** Runs of places where text stands, between places where nearly all lines have a space. */
function findColumns(lines: readonly string[]): readonly { start: number; end: number }[] {
  const width = longest(lines);
  const text = new Uint32Array(width + 1);
  const reach = new Uint32Array(width + 1);
  for (const line of lines) {
    reach[line.length] = (reach[line.length] ?? 0) + 1;
    for (let at = 0; at < line.length; at++) {
      if (line.charCodeAt(at) !== 32) text[at] = (text[at] ?? 0) + 1;
    }
  }
  const allowed = Math.max(lines.length > 8 ? 1 : 0, Math.floor(lines.length / 20));
  const narrow = lines.length >= 8;
  const columns: { start: number; end: number }[] = [];
  let longer = lines.length;
  let start = -1;
  let gap = 0;
  for (let at = 0; at < width; at++) {
    longer -= reach[at] ?? 0;
    // Where only a few lines reach, everything belongs to the last column.
    const ragged = longer < Math.max(2, lines.length / 5);
    const space = !ragged && (text[at] ?? 0) <= allowed;
    if (!space) {
      if (start !== -1 && gap > 0) {
        if (gap >= 2 || narrow) {
          columns.push({ start, end: at - gap });
          start = at;
        }
      } else if (start === -1) start = at;
      gap = 0;
    } else gap++;
  }
  if (start !== -1) columns.push({ start, end: width - gap });
  return columns;
}

/** Joins columns that have no name of their own to the one before, where the first line names the others. */
function underNames(
  head: string,
  columns: readonly { start: number; end: number }[],
): readonly { start: number; end: number }[] {
  const named = columns.map(
    ({ start }, at) => head.slice(start, columns[at + 1]?.start).trim() !== "",
  );
  const whole = columns.every(
    ({ start }, at) => !named[at] || start === 0 || head[start - 1] === " ",
  );
  if (!whole || named.filter((yes) => yes).length * 5 < columns.length * 4) return columns;
  const joined: { start: number; end: number }[] = [];
  for (const [at, column] of columns.entries()) {
    const before = joined[joined.length - 1];
    if (before && !named[at]) before.end = column.end;
    else joined.push({ ...column });
  }
  return joined;
}

function readPairs(
  line: string,
): { keys: readonly string[]; cells: readonly string[] } | undefined {
  const first = line.indexOf("=");
  if (first < 1 || line.length > MAX_WIDTH) return undefined;
  const keys: string[] = [];
  const cells: string[] = [];
  let from = 0;
  let equals = first;
  while (equals !== -1) {
    let key = equals;
    while (key > from && isWordCode(line.charCodeAt(key - 1))) key--;
    const glue = key > from ? key - 1 : key;
    if (key === equals || keys.length > 60) return undefined;
    if (keys.length === 0) {
      keys.push("");
      cells.push(line.slice(0, glue));
    } else cells.push(line.slice(from, glue));
    keys.push(line.slice(glue, equals));
    from = equals + 1;
    equals = line.indexOf("=", from);
  }
  cells.push(line.slice(from));
  return keys.length >= 3 ? { keys, cells } : undefined;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    ((code | 32) >= 97 && (code | 32) <= 122) ||
    code === 95 ||
    code === 46 ||
    code === 45
  );
}

/** `----+----`, `|---|:--:|`, `├───┼───┤`. */
function isRule(line: string): boolean {
  let dashes = 0;
  let joints = 0;
  for (const char of line) {
    if (char === "-" || char === "─" || char === "━" || char === "═") dashes++;
    else if (char === "+" || char === "|" || char === "┼" || char === "╪" || char === "┿") joints++;
    else if (
      char !== ":" &&
      char !== " " &&
      char !== "├" &&
      char !== "┤" &&
      char !== "╞" &&
      char !== "╡"
    ) {
      return false;
    }
  }
  return dashes >= 3 && joints >= 1 && line.length <= MAX_WIDTH;
}

function longest(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length), 0);
}

function blank(width: number): readonly string[] {
  return Array.from({ length: width }, () => "");
}

function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === " ") start++;
  while (end > start && text[end - 1] === " ") end--;
  return text.slice(start, end);
}
