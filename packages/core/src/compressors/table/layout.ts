/**
 * How the cells of a row stand in its line, learnt from a table and written back byte for byte.
 *
 * A layout is a short text (`csv ,`, `ruled`, `fixed`) and a note per column; `render` is the only authority: a line that it
 * does not give back exactly is no row of the table and is kept as it is.
 *
 * Trap: the last column is special everywhere. Some tools pad it, some trim it, some pad up to it.
 */

/** Lines that belong together: the first of them, counted from 0, and how many. */
export interface LineSpan {
  readonly line: number;
  readonly lines: number;
}

/** A row: its cells, and the lines it stands on. A CSV record may take several, and its cells then have line breaks. */
export interface TableRow extends LineSpan {
  readonly cells: readonly string[];
}

/** One table of a text. Lines of the text that are in no row and no header of any table stand between tables and rows. */
export interface Table {
  readonly layout: string;
  /** Names of the columns, all different. Where the text has none they are `c1`, `c2` … */
  readonly names: readonly string[];
  /** Whether the names are the text's own. */
  readonly named: boolean;
  /** Position and alignment of each column, for `render`. */
  readonly notes: readonly string[];
  /** Where the names stand, with the rules around them, ascending: several places where the tool repeats them. */
  readonly headers: readonly LineSpan[];
  /** Ascending. All rows have as many cells as there are names. */
  readonly rows: readonly TableRow[];
  /** Lines that are read as rows, but not written back exactly: only views have them among the rows. */
  readonly loose?: readonly TableRow[];
}

/** The line a table begins at: its header or its first row. */
export function firstLine({ headers, rows }: Table): number {
  const row = rows[0]?.line ?? 0;
  return Math.min(headers[0]?.line ?? row, row);
}

/** Writes one row in its layout. */
export type Render = (cells: readonly string[]) => string;

/** The renderer a layout, its notes and names describe; `undefined` where they are not ours. */
export function renderer(
  layout: string,
  notes: readonly string[],
  names: readonly string[],
): Render | undefined {
  const [kind, detail] = splitOnce(layout, " ");
  if ((kind === "csv" || kind === "short") && detail !== "") {
    const delimiter = detail === "tab" ? "\t" : detail === "space" ? " " : detail;
    return (cells) => (kind === "csv" ? cells : withoutEmptyEnd(cells)).join(delimiter);
  }
  if (kind === "words") {
    return (cells) => `${cells.slice(0, -1).join(" ")}\t${cells[cells.length - 1] ?? ""}`;
  }
  if (kind === "psql") return ruled("|", "", notes);
  if (kind === "bars") return ruled(detail[0] ?? "|", detail, notes);
  if (kind === "fixed") return fixed(detail, notes);
  if (kind === "list") {
    const separator = readQuoted(detail);
    if (separator === undefined) return undefined;
    return ([name = "", value = ""]) => name + separator + value;
  }
  if (kind === "printf") return printf(detail, notes);
  if (kind === "metrics") {
    return ([metric = "", labels = "", value = ""]) => `${metric}${labels} ${value}`;
  }
  if (kind === "tabs") return tabs(notes);
  if (kind === "pairs") return pairs(notes, names);
  return undefined;
}

/** Where cells at the end of a line are left off, none there is empty. */
function withoutEmptyEnd(cells: readonly string[]): readonly string[] {
  let end = cells.length;
  while (end > 1 && cells[end - 1] === "") end--;
  return cells.slice(0, end);
}

/** The lines of the names: one, or two for psql, which centres them over a rule. */
export function renderHeader(
  layout: string,
  notes: readonly string[],
  names: readonly string[],
): readonly string[] | undefined {
  const [kind, detail] = splitOnce(layout, " ");
  if (kind !== "psql") {
    const render = renderer(layout, notes, names);
    return render && [render(names)];
  }
  const last = Number(detail);
  if (!isWidth(detail)) return undefined;
  const widths = notes.map((note, at) => (at === notes.length - 1 ? last : Number(note.slice(2))));
  if (!widths.every((width) => width >= 0 && width <= MAX_WIDTH)) return undefined;
  const heads = names.map((name, at) => {
    const width = widths[at] ?? 0;
    const left = Math.max(0, Math.floor((width - name.length) / 2));
    return (" ".repeat(left) + name).padEnd(width);
  });
  return [heads.join("|"), widths.map((width) => "-".repeat(width)).join("+")];
}

function readQuoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + at.length)];
}

/** `@<20` left in 20 columns, `@>8` right, `@]8` right without a space behind, `@-` one space on both sides, `@_` one space before, `@` as it is. */
export function padRuled(cell: string, note: string): string {
  const width = Number(note.slice(2));
  switch (note[1]) {
    case "<":
      return ` ${cell}`.padEnd(width);
    case ">":
      return `${cell} `.padStart(width);
    case "]":
      return cell.padStart(width);
    case "-":
      return ` ${cell} `;
    case "_":
      return ` ${cell}`;
    default:
      return cell;
  }
}

/** Cells between bars: psql and markdown. Two bars in `edges` mean bars at both ends of the line as well. */
function ruled(bar: string, edges: string, notes: readonly string[]): Render | undefined {
  if (!notes.every((note) => note[0] === "@" && isWidth(note.slice(2)))) return undefined;
  const edge = edges.length > 1 ? bar : "";
  return (cells) =>
    edge + cells.map((cell, at) => padRuled(cell, notes[at] ?? "")).join(bar) + edge;
}

/** Cells at fixed places: `@12` starts there, `@>20` ends there. */
function fixed(detail: string, notes: readonly string[]): Render | undefined {
  const columns = notes.map((note) => ({
    right: note[1] === ">",
    at: Number(note.slice(note[1] === ">" ? 2 : 1)),
  }));
  if (!columns.every(({ at }) => Number.isInteger(at) && at >= 0 && at <= MAX_WIDTH)) {
    return undefined;
  }
  // Spaces up to the last column or up to the full width, or none.
  const width = detail === "" ? 0 : Number(detail);
  if (!Number.isInteger(width) || width < 0 || width > MAX_WIDTH) return undefined;
  return (cells) => {
    let line = "";
    for (let index = 0; index < columns.length; index++) {
      const cell = cells[index] ?? "";
      if (cell === "") continue;
      const { right, at } = columns[index] as { right: boolean; at: number };
      line = line.padEnd(right ? at - cell.length : at) + cell;
    }
    return line.padEnd(width);
  };
}

/** The place that a tab at `place` leads to. */
export function tabsTo(place: number): number {
  return place - (place % TAB_WIDTH) + TAB_WIDTH;
}

const TAB_WIDTH = 8;

/** Cells at tab stops, a tab between two at least. */
function tabs(notes: readonly string[]): Render | undefined {
  const stops = notes.map((note) => Number(note.slice(1)));
  if (!stops.every((stop) => isWidth(String(stop)) && stop % TAB_WIDTH === 0)) return undefined;
  return (cells) => {
    let line = "";
    let place = 0;
    for (const [at, stop] of stops.entries()) {
      const cell = cells[at] ?? "";
      if (cell === "") continue;
      let tabsBefore = line === "" ? 0 : 1;
      let reached = line === "" ? 0 : tabsTo(place);
      for (; reached < stop; reached = tabsTo(reached)) tabsBefore++;
      line += "\t".repeat(tabsBefore) + cell;
      place = reached + cell.length;
    }
    return line;
  };
}

/** Words that push those behind them: `@<17` is padded to 17, `@>7` with the space before it too; the detail is the indent. */
function printf(detail: string, notes: readonly string[]): Render | undefined {
  const columns = notes.map(readWidths);
  if (!isWidth(detail) || columns.some((column) => column === undefined)) return undefined;
  const indent = " ".repeat(Number(detail));
  return (cells) => {
    let line = indent;
    for (let at = 0; at < columns.length; at++) {
      const { left, right } = columns[at] as Widths;
      const cell = cells[at] ?? "";
      // Between two words stands a space at least.
      if (at > 0 && cell.length >= right) line += " ";
      line += cell.padStart(right).padEnd(Math.max(right, cell.length) - cell.length + left);
    }
    return line;
  };
}

interface Widths {
  readonly left: number;
  readonly right: number;
}

function readWidths(note: string): Widths | undefined {
  const [head = "", right = "0"] = note.split(">");
  const left = head.slice(2);
  if (head[0] !== "@" || (head.length > 1 && head[1] !== "<")) return undefined;
  return isWidth(left) && isWidth(right) ? { left: Number(left), right: Number(right) } : undefined;
}

/** `a:calls=1,usec=2`: the notes are the character in front of each key, or 0. */
function pairs(notes: readonly string[], names: readonly string[]): Render {
  const heads = notes.map((note, at) => {
    const code = Number(note.slice(1));
    return at === 0 ? "" : `${code > 0 ? String.fromCharCode(code) : ""}${names[at] ?? ""}=`;
  });
  return (cells) => cells.map((cell, at) => (heads[at] ?? "") + cell).join("");
}

/** Wider lines are not tables that someone aligned. */
export const MAX_WIDTH = 4000;

function isWidth(text: string): boolean {
  const width = Number(text);
  return Number.isInteger(width) && width >= 0 && width <= MAX_WIDTH;
}
