/**
 * The lossless form of a long listing: what many lines share stands once above them, columns are written without padding.
 *
 * `=` says mode, links, owner and the like for the lines below it, by a letter from the second time on; `@` their time; `#` their
 * folder. What is left in a line is what differs from file to file: the size and the name.
 *
 * Trap: widths. Each tool pads by its own rule; here they are those of the longest value of a block, or declared. A line that would
 * come back with another blank stands as it was, behind a `|`.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { isPlainFolder } from "./folder-line.ts";
import { type Column, inferLayout, printRows } from "./long-layout.ts";
import type { ListedRow, LongListing } from "./long-listing.ts";

const LEGEND =
  '[long listing: "=" is what the lines below share, "@" their time, "#" their folder; in columns, "<" is padded behind, ">" before; "|" any other line]';
const COLUMNS = "columns ";
const MARKS = "=@#|";
/** To find how a row is padded takes as long as reading about so many characters. */
const BLOCK_WORK = 400;
/** A layout is worth declaring anew for so many rows. */
const MIN_BLOCK = 8;

/** `undefined` where hardly a line could be written shorter. */
export function* encodeLong(
  lines: readonly string[],
  listing: LongListing,
): Steps<string | undefined> {
  const meter = new Meter();
  const { rows, roles, headings, gap } = listing;
  const carried = carriedOf(listing);
  const out: string[] = [LEGEND];
  const byLine = new Map(rows.map((row) => [row.line, row]));
  const aliases = new Map<string, string>();
  let columns: readonly Column[] | undefined;
  let kind = "";
  let time = "";
  let folder = "";
  let verbatim = 0;
  const blocks = yield* blocksOf(lines, listing);
  const layouts = new Map<number, readonly Column[] | undefined>();
  const starts = new Set(blocks.map(([first]) => first?.line));
  // Where no heading parts two blocks, the columns are said again.
  let isParted = false;
  for (const block of blocks) {
    if (meter.isDue(block.length * BLOCK_WORK)) yield;
    const layout = inferLayout(block, roles, gap, lines);
    const fits = layout !== undefined && printsAs(lines, block, layout, gap);
    for (const row of block) layouts.set(row.line, fits ? layout : undefined);
  }
  for (const [at, line] of lines.entries()) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    const row = byLine.get(at);
    if (row === undefined) {
      const heading = headings.get(at);
      const isUsual = heading !== undefined && line === `${heading}:` && isSpaced(lines, at);
      if (isUsual) {
        out.push(`# ${line}`);
        isParted = true;
      }
      if (!isUsual && (line !== "" || !isUnderstood(lines, headings, at))) out.push(`|${line}`);
      continue;
    }
    const layout = layouts.get(at);
    const printed = layout && printRow(row, layout, carried, headings.size > 0);
    if (layout === undefined || printed === undefined) {
      out.push(`|${line}`);
      verbatim++;
      continue;
    }
    const isNew = columns === undefined || !isSameLayout(columns, layout);
    const isUnmarked = starts.has(at) && !isParted;
    isParted = false;
    if (isNew || isUnmarked) out.push(COLUMNS + writeColumns(layout, carried));
    columns = layout;
    if (headings.size === 0 && row.folder !== folder) {
      out.push(`# ${row.folder}`);
      folder = row.folder;
    }
    if (printed.kind !== kind && printed.kind !== "") {
      const alias = aliases.get(printed.kind) ?? letters(aliases.size);
      out.push(aliases.has(printed.kind) ? `=${alias}` : `=${alias} ${printed.kind}`);
      aliases.set(printed.kind, alias);
      kind = printed.kind;
    }
    if (printed.time !== undefined && printed.time !== time) {
      out.push(`@${printed.time}`);
      time = printed.time;
    }
    out.push(printed.text);
  }
  return verbatim * 2 > rows.length ? undefined : yield* joinInSteps(out, "\n");
}

/** Blocks of rows that a tool aligned together: under one heading, or while the layout stays the same. */
function* blocksOf(
  lines: readonly string[],
  { rows, headings, roles, gap }: LongListing,
): Steps<readonly (readonly ListedRow[])[]> {
  const meter = new Meter();
  const blocks: ListedRow[][] = [];
  let last = -1;
  for (const row of rows) {
    let parted = blocks.length === 0;
    for (let at = last + 1; at < row.line && !parted; at++) parted = headings.has(at);
    if (parted) blocks.push([row]);
    else blocks.at(-1)?.push(row);
    last = row.line;
  }
  const parts: (readonly ListedRow[])[] = [];
  for (const block of blocks) {
    if (meter.isDue(block.length * BLOCK_WORK)) yield;
    const layout = inferLayout(block, roles, gap, lines);
    if (layout !== undefined && printsAs(lines, block, layout, gap)) parts.push(block);
    else parts.push(...whereWidthsChange(block));
  }
  return parts;
}

/** Some tools widen a column from the first longer value on. */
function whereWidthsChange(block: readonly ListedRow[]): readonly (readonly ListedRow[])[] {
  const parts: ListedRow[][] = [];
  let previous = -1;
  for (const row of block) {
    if (row.nameAt !== previous) parts.push([row]);
    else parts.at(-1)?.push(row);
    previous = row.nameAt;
  }
  const isWorth = parts.length <= Math.max(2, block.length / MIN_BLOCK);
  return isWorth ? parts : [block];
}

/** Whether the printed rows are the lines. */
function printsAs(
  lines: readonly string[],
  block: readonly ListedRow[],
  layout: readonly Column[],
  gap: string,
): boolean {
  const printed = printRows(
    block.map(({ cells, rest }) => ({ cells: cells.map(({ text }) => text), rest })),
    layout,
    gap,
  );
  return block.every((row, at) => printed[at] === lines[row.line]);
}

/** Which columns stand above the lines: those that seldom change. */
interface Carried {
  readonly columns: readonly boolean[];
  readonly time: boolean;
}

function carriedOf({ rows, roles }: LongListing): Carried {
  const columns = roles.map((role, column) => {
    if (role === "time" || role === "size") return false;
    const distinct = new Set(rows.map(({ cells }) => cells[column]?.text)).size;
    return distinct <= Math.max(4, rows.length / 50);
  });
  const timeAt = roles.indexOf("time");
  const times = rows.map(({ cells }) => cells[timeAt]?.text ?? "");
  let changes = 0;
  for (const [at, text] of times.entries()) if (text !== times[at - 1]) changes++;
  return { columns, time: timeAt >= 0 && changes * 2.5 <= rows.length };
}

function printRow(
  row: ListedRow,
  columns: readonly Column[],
  carried: Carried,
  hasHeadings: boolean,
): { readonly kind: string; readonly time?: string; readonly text: string } | undefined {
  const kind: string[] = [];
  const own: string[] = [];
  let time: string | undefined;
  for (const [at, { text }] of row.cells.entries()) {
    if (columns[at]?.role === "time") {
      if (carried.time) time = text;
      else if (text.split(/ +/).length !== columns[at]?.words) return undefined;
      else own.push(text);
    } else if (text.includes(" ")) return undefined;
    else (carried.columns[at] ? kind : own).push(text);
  }
  const name = hasHeadings ? row.rest : row.rest.slice(row.folder.length);
  const text = [...own, name].join(" ");
  const isMisread = MARKS.includes(text[0] ?? "") || text.startsWith(COLUMNS);
  if (isMisread || (!hasHeadings && !isPlainFolder(row.folder))) return undefined;
  return { kind: kind.join(" "), ...(time === undefined ? {} : { time }), text };
}

function isSameLayout(a: readonly Column[], b: readonly Column[]): boolean {
  return a.every((column, at) => {
    const other = b[at];
    return (
      other !== undefined &&
      column.side === other.side &&
      column.least === other.least &&
      column.words === other.words &&
      column.gap === other.gap
    );
  });
}

/** `=mode =links> =owner =group size> @time name`, with the gaps that lie between the columns. */
function writeColumns(columns: readonly Column[], carried: Carried): string {
  return `${columns
    .map(({ role, side, least, words, gap }, at) => {
      const mark = role === "time" ? (carried.time ? "@" : "") : carried.columns[at] ? "=" : "";
      const name = role === "other" ? `c${at + 1}` : role;
      const align = side === "right" ? ">" : side === "none" ? "" : "<";
      const length = role === "time" && !carried.time ? `*${words}` : "";
      return `${mark}${name}${length}${align}${least > 0 ? least : ""}${gap}`;
    })
    .join("")}name`;
}

interface ReadColumn extends Column {
  readonly mark: string;
}

/** The inverse of `writeColumns`; the last gap is the one before the name. */
function readColumns(
  text: string,
): { readonly columns: readonly ReadColumn[]; readonly gap: string } | undefined {
  const columns: ReadColumn[] = [];
  const end = text.length - NAME.length;
  if (!text.endsWith(NAME)) return undefined;
  for (let at = 0; at < end; ) {
    let stop = at;
    while (stop < end && !" \t".includes(text[stop] ?? "")) stop++;
    let next = stop;
    while (next < end && " \t".includes(text[next] ?? "")) next++;
    const column = COLUMN.exec(text.slice(at, stop));
    if (!column || next === stop) return undefined;
    const [, mark = "", role = "", words, align, least] = column;
    columns.push({
      mark,
      role: role === "time" ? "time" : "other",
      side: align === ">" ? "right" : align === "<" ? "left" : "none",
      least: Number(least ?? "") || 0,
      words: Number(words ?? 1),
      gap: text.slice(stop, next),
    });
    at = next;
  }
  return columns.length === 0 ? undefined : { columns, gap: columns.at(-1)?.gap ?? " " };
}

const NAME = "name";
const COLUMN = /^([=@]?)([a-z]{1,8}\d{0,3})(?:\*(\d{1,3}))?(?:([<>])(\d{0,6}))?$/;

/** Whether a heading has a blank line above it, or begins the text. */
function isSpaced(lines: readonly string[], at: number): boolean {
  return at === 0 || lines[at - 1] === "";
}

/** Whether a blank line is the one above a heading. */
function isUnderstood(
  lines: readonly string[],
  headings: ReadonlyMap<number, string>,
  at: number,
): boolean {
  const heading = headings.get(at + 1);
  return heading !== undefined && lines[at + 1] === `${heading}:`;
}

function letters(count: number): string {
  let name = "";
  for (let rest = count; rest >= 0; rest = Math.floor(rest / 26) - 1)
    name = String.fromCharCode(97 + (rest % 26)) + name;
  return name;
}

export function isLongForm(text: string): boolean {
  return text.startsWith(`${LEGEND}\n`);
}

/** The inverse of `encodeLong`. */
export function decodeLong(text: string): readonly string[] | undefined {
  if (!isLongForm(text)) return undefined;
  const out: string[] = [];
  const aliases = new Map<string, readonly string[]>();
  let layout: ReturnType<typeof readColumns>;
  let kind: readonly string[] = [];
  let time = "";
  let folder = "";
  let block: { cells: string[]; rest: string }[] = [];
  let places: number[] = [];
  const flush = (): void => {
    if (layout && block.length > 0) {
      const printed = printRows(block, layout.columns, layout.gap);
      for (const [at, place] of places.entries()) out[place] = printed[at] ?? "";
    }
    block = [];
    places = [];
  };
  for (const line of text.slice(LEGEND.length + 1).split("\n")) {
    if (line.startsWith("|")) out.push(line.slice(1));
    else if (line.startsWith("# ")) {
      folder = line.slice(2);
      // The folder of a path ends with a slash, or is empty; a heading ends with a colon.
      if (folder.endsWith(":")) {
        flush();
        if (out.length > 0) out.push("");
        out.push(folder);
        folder = "";
      }
    } else if (line.startsWith(COLUMNS)) {
      flush();
      layout = readColumns(line.slice(COLUMNS.length));
      if (layout === undefined) return undefined;
    } else if (line.startsWith("=")) {
      const space = line.indexOf(" ");
      const alias = line.slice(1, space < 0 ? undefined : space);
      if (space > 0) aliases.set(alias, line.slice(space + 1).split(" "));
      const known = aliases.get(alias);
      if (known === undefined) return undefined;
      kind = known;
    } else if (line.startsWith("@")) time = line.slice(1);
    else {
      if (layout === undefined) return undefined;
      const cells: string[] = [];
      let at = 0;
      let shared = 0;
      for (const { mark, words } of layout.columns) {
        if (mark === "=") cells.push(kind[shared++] ?? "");
        else if (mark === "@") cells.push(time);
        else {
          const end = wordsEnd(line, at, words);
          if (end < 0) return undefined;
          cells.push(line.slice(at, end));
          at = end + 1;
        }
      }
      block.push({ cells, rest: folder + line.slice(at) });
      places.push(out.length);
      out.push("");
    }
  }
  flush();
  return out;
}

/** The end of so many words. */
function wordsEnd(line: string, from: number, words: number): number {
  let at = from;
  for (let word = 0; word < words; word++) {
    while (line[at] === " ") at++;
    at = line.indexOf(" ", at);
    if (at < 0) return -1;
  }
  return at;
}
