/**
 * Lists of paths: find, git ls-files, git ls-tree --name-only, rg --files, globs, tar t, git status.
 *
 * Three forms, the first that gives the order back:
 * - sorted: a list in byte order becomes one line a folder, and sorting the paths restores it;
 * - walk: a depth-first list (find) becomes one line a folder, and descending into a folder where it is named restores it;
 * - runs: neighbours in one folder share a line. Any order, any text around and in front of the paths.
 *
 * Trap: `a-b` sorts before `a/c`, so a folder's name and its entries can stand apart in a sorted list. That is why the
 * walk can say `util/*`: the entries of util come here.
 */

import {
  INSERT,
  isBareName,
  isPlainFolder,
  nameStart,
  readFolderLine,
  readVerbatim,
  UNDER,
  writeFolderLine,
  writeVerbatim,
} from "./folder-line.ts";
import { expandPattern, groupNames, readPattern, writePattern } from "./name-pattern.ts";

const SORTED = "[paths, sorted: one line per folder; * is each name after the colon]";
const BY_SEGMENT =
  "[paths, sorted by segment: one line per folder; * is each name after the colon]";
const WALK = "[paths: one line per folder, subfolders below; * is each name after the colon]";
const RUNS = "[paths: folder/: names in it]";

/** The forms of a path list, best first. Nothing is checked here: the caller decodes and takes the first that holds. */
export function* encodePaths(lines: readonly string[]): Generator<string> {
  const list = cutList(lines);
  if (list) {
    const { tail } = list;
    const rooted = isRootOfAll(list.paths);
    const head = rooted ? [...list.head, list.paths[0] ?? ""] : list.head;
    const paths = rooted ? list.paths.slice(1) : list.paths;
    const base = commonFolder(paths, rooted);
    const relative = base === "" ? paths : paths.map((path) => path.slice(base.length));
    const frame = (legend: string, body: readonly string[]): string =>
      [
        legend,
        ...head.map((line) => writeVerbatim(line, true)),
        ...(base === "" ? [] : [UNDER + base]),
        ...body,
        ...tail.map((line) => writeVerbatim(line, true)),
      ].join("\n");
    if (isAscending(relative, same)) yield frame(SORTED, byFolder(relative));
    else if (isAscending(relative, segmentKey)) yield frame(BY_SEGMENT, byFolder(relative));
    else {
      const walk = byWalk(relative);
      if (walk) yield frame(WALK, walk);
      if (base !== "") yield frame(RUNS, byRun(relative));
    }
  }
  yield [RUNS, ...byRun(lines)].join("\n");
}

export function decodePaths(compressed: string): readonly string[] | undefined {
  const [legend, ...lines] = compressed.split("\n");
  if (legend !== RUNS && legend !== SORTED && legend !== BY_SEGMENT && legend !== WALK)
    return undefined;
  if (legend === RUNS && !lines.some((line) => line.startsWith(UNDER))) return expandRuns(lines);
  const head: string[] = [];
  const tail: string[] = [];
  const body: string[] = [];
  let base = "";
  for (const line of lines) {
    const verbatim = readVerbatim(line);
    if (verbatim !== undefined) (body.length === 0 ? head : tail).push(verbatim);
    else if (body.length === 0 && base === "" && line.startsWith(UNDER))
      base = line.slice(UNDER.length);
    else body.push(line);
  }
  const expand = legend === WALK ? expandWalk : legend === RUNS ? expandRuns : undefined;
  const paths = expand?.(body) ?? expandSorted(body, legend === SORTED ? same : segmentKey);
  return paths && [...head, ...paths.map((path) => base + path), ...tail];
}

/** The one stretch of paths in a text that is otherwise a few lines of words; `undefined` where it is not like that. */
export function cutList(
  lines: readonly string[],
): { head: readonly string[]; paths: readonly string[]; tail: readonly string[] } | undefined {
  const maxAround = 6;
  let from = 0;
  while (from < lines.length && from <= maxAround && !isPathLine(lines[from] ?? "")) from++;
  let to = lines.length;
  while (to > from && lines.length - to <= maxAround && !isPathLine(lines[to - 1] ?? "")) to--;
  const paths = lines.slice(from, to);
  if (paths.length < 4 || !paths.every(isPathLine)) return undefined;
  return { head: lines.slice(0, from), paths, tail: lines.slice(to) };
}

/** A path and nothing else. Words in a name are fine after a slash, but then it is short. */
export function isPathLine(line: string): boolean {
  if (line === "" || line.length > 1024 || line.startsWith(UNDER) || line.startsWith("\\"))
    return false;
  if (line.includes("://") || line.includes("/: ")) return false;
  if (isBareName(line)) return true;
  const at = nameStart(line);
  if (at === 0 || line[0] === " " || line.includes("\t") || line.includes("\r")) return false;
  return isBareName(line.slice(0, line.indexOf("/") + 1)) && line.split(" ").length <= 6;
}

function isAscending(paths: readonly string[], keyOf: (path: string) => string): boolean {
  let previous = keyOf(paths[0] ?? "");
  for (let at = 1; at < paths.length; at++) {
    const key = keyOf(paths[at] ?? "");
    if (previous >= key) return false;
    previous = key;
  }
  return true;
}

/** With the slash below every other character a folder's entries follow it at once, the way `tree` sorts. */
function segmentKey(path: string): string {
  return path.replaceAll("/", "\u0000");
}

/** `find src` starts with `src` itself, and everything else is below it. */
function isRootOfAll(paths: readonly string[]): boolean {
  const root = paths[0] ?? "";
  const folder = root.endsWith("/") ? root : `${root}/`;
  return paths.length > 4 && paths.every((path, at) => at === 0 || path.startsWith(folder));
}

/** The folder all paths are in, when naming it once pays. */
function commonFolder(paths: readonly string[], rooted: boolean): string {
  const first = paths[0] ?? "";
  let length = nameStart(first);
  const folders = new Set<string>();
  for (const path of paths) {
    while (length > 0 && !path.startsWith(first.slice(0, length))) {
      length = nameStart(first.slice(0, length));
    }
    if (length === 0) return "";
    if (folders.size < 3) folders.add(path.slice(0, nameStart(path)));
  }
  const base = first.slice(0, length);
  const worth =
    folders.size > 2 && (rooted || base.length > 8) && isBareName(base) && isPlainFolder(base);
  // A path that is the base itself would become empty.
  return worth && paths.every((path) => path.length > base.length) ? base : "";
}

function byFolder(paths: readonly string[]): readonly string[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const at = nameStart(path);
    const folder = path.slice(0, at);
    const names = folders.get(folder);
    if (names) names.push(path.slice(at));
    else folders.set(folder, [path.slice(at)]);
  }
  const out: string[] = [];
  for (const [folder, names] of folders) {
    const { rest, patterns } = groupNames(folder, names);
    if (rest.length > 0) out.push(writeFolderLine({ folder, names: rest }));
    out.push(...patterns);
  }
  return out;
}

function same(path: string): string {
  return path;
}

function expandSorted(
  lines: readonly string[],
  keyOf: (path: string) => string,
): readonly string[] | undefined {
  const paths: string[] = [];
  for (const line of lines) {
    const pattern = expandPattern(line);
    if (pattern) {
      for (const path of pattern) paths.push(path);
      continue;
    }
    const read = readFolderLine(line);
    if (!read) return undefined;
    for (const name of read.names) paths.push(read.folder + name);
  }
  const keyed = paths.map((path) => ({ path, key: keyOf(path) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ path }) => path);
}

/** One line a folder in order of first visit; `undefined` when a folder is visited twice. */
function byWalk(paths: readonly string[]): readonly string[] | undefined {
  const folders = new Map<string, string[]>([["", []]]);
  const open: string[] = [""];
  let previous = "";
  for (const path of paths) {
    const at = nameStart(path);
    const folder = path.slice(0, at);
    const name = path.slice(at);
    if (name.endsWith(INSERT)) return undefined;
    while (!folder.startsWith(open[open.length - 1] ?? "")) open.pop();
    const parent = open[open.length - 1] ?? "";
    if (folder !== parent) {
      if (folders.has(folder)) return undefined;
      const listed = previous !== "" && (`${previous}/` === folder || previous === folder);
      if (!listed) folders.get(parent)?.push(folder.slice(parent.length, -1) + INSERT);
      folders.set(folder, []);
      open.push(folder);
    }
    folders.get(folder)?.push(name);
    previous = path;
  }
  const out: string[] = [];
  for (const [folder, names] of folders) {
    // Folders that follow a folder's last name are found by their own lines.
    while (names[names.length - 1]?.endsWith(INSERT)) names.pop();
    if (names.length === 0) continue;
    out.push(writePattern(folder, names) ?? writeFolderLine({ folder, names }));
  }
  return out;
}

function expandWalk(lines: readonly string[]): readonly string[] | undefined {
  const folders = new Map<string, string[]>([["", []]]);
  const listed = new Set<string>();
  const placed = new Set<string>();
  for (const line of lines) {
    const read = readPattern(line) ?? readFolderLine(line);
    if (!read || (folders.has(read.folder) && read.folder !== "")) return undefined;
    const { folder, names } = read;
    if (folder !== "" && !listed.has(folder) && !placed.has(folder)) {
      const parent = nearest(folder, folders);
      folders.get(parent)?.push(folder.slice(parent.length, -1) + INSERT);
      placed.add(folder);
    }
    folders.set(folder, [...names]);
    for (const name of names) {
      const path = folder + name;
      if (name.endsWith(INSERT)) placed.add(path.slice(0, -1));
      else listed.add(path.endsWith("/") ? path : `${path}/`);
    }
  }
  const out: string[] = [];
  const stack: { folder: string; names: readonly string[]; at: number }[] = [];
  const enter = (folder: string): void => {
    const names = folders.get(folder);
    if (!names) return;
    folders.delete(folder);
    stack.push({ folder, names, at: 0 });
  };
  enter("");
  for (let top = stack[stack.length - 1]; top; top = stack[stack.length - 1]) {
    const name = top.names[top.at++];
    if (name === undefined) {
      stack.pop();
    } else if (name.endsWith(INSERT)) {
      enter(top.folder + name.slice(0, -1));
    } else {
      const path = top.folder + name;
      out.push(path);
      const folder = path.endsWith("/") ? path : `${path}/`;
      if (!placed.has(folder)) enter(folder);
    }
  }
  return folders.size === 0 ? out : undefined;
}

/** The innermost folder that has a line already. */
function nearest(folder: string, folders: ReadonlyMap<string, unknown>): string {
  let at = nameStart(folder);
  while (!folders.has(folder.slice(0, at))) at = nameStart(folder.slice(0, at));
  return folder.slice(0, at);
}

/** Neighbours in one folder share a line; everything else stays as it is. */
function byRun(lines: readonly string[]): readonly string[] {
  const out: string[] = [];
  let folder: string | undefined;
  let names: string[] = [];
  const flush = (): void => {
    if (folder !== undefined && names.length === 1) {
      out.push(writeVerbatim(folder + (names[0] ?? ""), false));
    } else if (folder !== undefined) out.push(writeFolderLine({ folder, names }));
    folder = undefined;
    names = [];
  };
  for (const line of lines) {
    const at = nameStart(line);
    const name = line.slice(at);
    const here = line.slice(0, at);
    const bare = isBareName(name) && isPlainFolder(here) && !name.endsWith(INSERT);
    if (!bare || name.startsWith(TOP_MARK)) {
      flush();
      out.push(writeVerbatim(line, false));
    } else if (here === folder) {
      names.push(name);
    } else {
      flush();
      folder = here;
      names = [name];
    }
  }
  flush();
  return out;
}

const TOP_MARK = "(";

function expandRuns(lines: readonly string[]): readonly string[] | undefined {
  const out: string[] = [];
  for (const line of lines) {
    const verbatim = readVerbatim(line);
    if (verbatim !== undefined) {
      out.push(verbatim);
      continue;
    }
    if (!line.includes("/: ") && !line.startsWith("(top): ")) {
      out.push(line);
      continue;
    }
    const read = readFolderLine(line);
    if (!read) return undefined;
    for (const name of read.names) out.push(read.folder + name);
  }
  return out;
}
