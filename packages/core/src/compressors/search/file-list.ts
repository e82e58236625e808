/**
 * Files whose hits are not shown: one line a folder, `src/db/ pool.ts 12 40, query.ts ×9 3–80`.
 *
 * Trap: thousands of files are longer than the cap by their names alone. Then line numbers go first, and at last the names of
 * files: each folder says how many files and hits it has.
 */
import type { Statement } from "../../types/statement.ts";
import { rangesOf } from "../../view/ranges.ts";
import { hitsIn, printRange } from "./claims.ts";
import type { Entry } from "./entry.ts";
import type { PathStyle } from "./grouped.ts";
import { folderOf } from "./path.ts";

export interface FileHits {
  readonly path: string;
  /** Indexes into entries. */
  readonly hits: number[];
  /** Line numbers of the hits; 0 where the output has none. */
  readonly numbers: number[];
  readonly context: number[];
  readonly shown: number[];
}

export interface ListStyle {
  readonly entries: readonly Entry[];
  readonly style: PathStyle;
  /** Files whose path stands whole, on a line of its own. */
  readonly whole: ReadonlySet<FileHits>;
  /** 0: names with line numbers; 1: names with counts; 2: folders with counts. */
  readonly level: number;
}

export interface List {
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
}

/** Line numbers listed one by one, up to so many a file. */
const MAX_LISTED = 3;
/** Folders with most hits that are named, where not even they have room. */
const MAX_FOLDERS = 80;

export function listFiles(files: readonly FileHits[], how: ListStyle): List {
  const lines: string[] = [];
  const statements: Statement[] = [];
  const folders = new Map<string, FileHits[]>();
  for (const file of files) {
    if (how.whole.has(file)) {
      const item = itemOf(file, "", file.path, how.level);
      lines.push(item.text);
      if (item.statement) statements.push(item.statement);
      continue;
    }
    const folder = folderOf(file.path);
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [file]);
    else known.push(file);
  }
  if (how.level === 2) {
    const counted = countFolders(folders, how);
    return {
      lines: [...lines, ...counted.lines],
      statements: [...statements, ...counted.statements],
    };
  }
  for (const [folder, own] of folders) {
    const items = own.map((file) =>
      itemOf(file, folder, file.path.slice(folder.length), how.level),
    );
    const start = folder.slice(how.style.shared.length);
    const names = items.map(({ text }) => text).join(", ");
    lines.push(start === "" ? names : `${start} ${names}`);
    for (const { statement } of items) if (statement) statements.push(statement);
  }
  return { lines, statements };
}

/** `pool.ts 12 40`, `query.ts ×9 3–80`. */
function itemOf(
  file: FileHits,
  base: string,
  name: string,
  level: number,
): { readonly text: string; readonly statement?: Statement } {
  const count = file.hits.length;
  const numbers = file.numbers.map(String);
  const numbered = level === 0 && count > 0 && file.numbers.every((number) => number > 0);
  const listed = numbered && count <= MAX_LISTED;
  const times = count === 1 || listed || count === 0 ? "" : ` ×${count}`;
  const where = !numbered ? "" : ` ${listed ? numbers.join(" ") : printRange(numbers)}`;
  const text = `${name}${times}${where}`;
  if (text === name) return { text };
  return { text, statement: hitsIn(base, name, text, count, numbered ? numbers : [], listed) };
}

/** `… src/db/ 12 files, 80 hits`, those with most hits. */
function countFolders(
  folders: ReadonlyMap<string, readonly FileHits[]>,
  { style, whole }: ListStyle,
): List {
  const lines: string[] = [];
  const statements: Statement[] = [];
  const hits = (files: readonly FileHits[]): number =>
    files.reduce((sum, file) => sum + file.hits.length, 0);
  const order = [...folders].sort((a, b) => hits(b[1]) - hits(a[1])).slice(0, MAX_FOLDERS);
  const named = new Set(order.map(([folder]) => folder));
  for (const [folder, files] of folders) {
    if (!named.has(folder)) continue;
    // Of a folder with files that stand elsewhere, these are the others.
    const other = [...whole].some((file) => folderOf(file.path) === folder) ? "other " : "";
    const text = `${files.length} ${other}files`;
    const start = folder.slice(style.shared.length);
    lines.push(`${start === "" ? "(top)" : start} ${text}, ${hits(files)} hits`);
    statements.push({ text, of: `files in ${folder}`, about: [[0, files.length]], facts: [] });
    statements.push({
      text: `${hits(files)} hits`,
      of: `hits below ${folder}`,
      about: [[0, hits(files)]],
      facts: [],
    });
  }
  const rest = [...folders].filter(([folder]) => !named.has(folder));
  if (rest.length > 0) {
    const text = `… ${rest.length} more folders`;
    const places = new Map([...folders.keys()].map((folder, at) => [folder, at]));
    const about = rangesOf(rest.map(([folder]) => places.get(folder) ?? -1));
    lines.push(text);
    statements.push({ text, of: "folders", about, facts: [] });
  }
  return { lines, statements };
}
