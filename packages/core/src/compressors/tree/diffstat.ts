/**
 * `git diff --stat`: a path, how many lines changed, and a bar of them.
 *
 * Without loss the folder stands once above its files, and nothing is padded. It is shown as a long listing by changes.
 *
 * Trap: paths are padded to the longest one, and cut (`.../x.ts`) where they are too long for the terminal: then they are no paths
 * of the repository, but still what git printed.
 */
import { isPlainFolder, nameStart } from "./folder-line.ts";
import type { ListedRow, LongListing } from "./long-listing.ts";

export interface Diffstat {
  readonly listing: LongListing;
  /** Where the bars stand, by line: `undefined` where a line has none. */
  readonly rows: ReadonlyMap<number, StatRow>;
  readonly pathWidth: number;
  readonly countWidth: number;
}

interface StatRow {
  readonly path: string;
  readonly count: string;
  /** With the blank before it; empty where there is none. */
  readonly bar: string;
}

const MIN_ROWS = 4;
const FIRST_LINES = 40;
const MIN_SHARE = 0.8;
const LEGEND_START =
  "[git diff --stat: lines changed, bar, name; # folder; | any other line; width ";

/** `undefined` where most lines are something else. */
export function readDiffstat(lines: readonly string[]): Diffstat | undefined {
  if (!lines.slice(0, FIRST_LINES).some(readRow)) return undefined;
  const rows = new Map<number, StatRow>();
  let filled = 0;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    filled++;
    const row = readRow(line);
    if (row) rows.set(at, row);
  }
  if (rows.size < MIN_ROWS || rows.size < filled * MIN_SHARE) return undefined;
  const listed: ListedRow[] = [];
  for (const [line, { path, count }] of rows) {
    const start = nameStart(path);
    listed.push({
      cells: [{ text: count, start: 0, end: count.length }],
      roles: ["changes"],
      nameAt: 0,
      line,
      rest: path,
      folder: path.slice(0, start),
      name: path.slice(start),
    });
  }
  const others = [...lines.keys()].filter((at) => !rows.has(at) && (lines[at] ?? "").trim() !== "");
  const all = [...rows.values()];
  return {
    listing: { roles: ["changes"], rows: listed, headings: new Map(), others, gap: "" },
    rows,
    pathWidth: Math.max(...all.map(({ path }) => path.length)),
    countWidth: Math.max(...all.map(({ count }) => count.length)),
  };
}

/** ` src/a.ts | 12 ++--`. */
function readRow(line: string): StatRow | undefined {
  const middle = line.indexOf(" | ");
  if (line[0] !== " " || middle < 2 || line.length > 1_000) return undefined;
  const path = line.slice(1, middle).trimEnd();
  let at = middle + 3;
  while (line[at] === " ") at++;
  const from = at;
  while (line.charCodeAt(at) >= 48 && line.charCodeAt(at) <= 57) at++;
  if (at === from || path === "" || path.startsWith(" ")) return undefined;
  const count = line.slice(from, at);
  const bar = line.slice(at);
  return bar === "" || isBar(bar) ? { path, count, bar } : undefined;
}

/** A blank, then `+` and `-`; git leaves the blank where nothing changed. */
function isBar(text: string): boolean {
  if (text[0] !== " ") return false;
  for (let at = 1; at < text.length; at++) if (text[at] !== "+" && text[at] !== "-") return false;
  return true;
}

export function encodeDiffstat(lines: readonly string[], stat: Diffstat): string {
  const { rows, pathWidth, countWidth } = stat;
  const out = [`${LEGEND_START}${pathWidth} ${countWidth}]`];
  let folder = "";
  for (const [at, line] of lines.entries()) {
    const row = rows.get(at);
    const start = row ? nameStart(row.path) : 0;
    const own = row?.path.slice(0, start) ?? "";
    if (row === undefined || printRow(row, stat) !== line || !isPlainFolder(own)) {
      out.push(`|${line}`);
      continue;
    }
    if (own !== folder) out.push(`# ${own}`);
    folder = own;
    const name = row.path.slice(start);
    // A name that begins like a bar would be read as one.
    const isClear = row.bar.length > 1 || !isBar(` ${name.split(" ", 1)[0]}`);
    out.push(isClear && row.bar !== " " ? `${row.count}${row.bar} ${name}` : `|${line}`);
  }
  return out.join("\n");
}

/** The inverse of `encodeDiffstat`; `undefined` where the text is none. */
export function decodeDiffstat(encoded: string): readonly string[] | undefined {
  const [legend = "", ...body] = encoded.split("\n");
  if (!legend.startsWith(LEGEND_START) || !legend.endsWith("]")) return undefined;
  const [pathWidth = 0, countWidth = 0] = legend
    .slice(LEGEND_START.length, -1)
    .split(" ")
    .map(Number);
  const out: string[] = [];
  let folder = "";
  for (const line of body) {
    if (line.startsWith("|")) out.push(line.slice(1));
    else if (line.startsWith("# ")) folder = line.slice(2);
    else {
      const read = readShort(line);
      if (!read) return undefined;
      const { count, bar, name } = read;
      out.push(printRow({ path: folder + name, count, bar }, { pathWidth, countWidth }));
    }
  }
  return out;
}

/** `12 ++-- a.ts`, `0 a.ts`. */
function readShort(
  line: string,
): { readonly count: string; readonly bar: string; readonly name: string } | undefined {
  const [count = "", second = ""] = line.split(" ", 2);
  if (!/^\d{1,12}$/.test(count)) return undefined;
  const bar = second !== "" && isBar(` ${second}`) ? ` ${second}` : "";
  return { count, bar, name: line.slice(count.length + bar.length + 1) };
}

function printRow(
  { path, count, bar }: StatRow,
  { pathWidth, countWidth }: Pick<Diffstat, "pathWidth" | "countWidth">,
): string {
  return ` ${path.padEnd(pathWidth)} | ${count.padStart(countWidth)}${bar}`;
}
