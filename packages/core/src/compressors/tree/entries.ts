/** What stands on a page of a listing about each folder: names that are shown, and how many are not. */
import type { Statement } from "../../types/statement.ts";
import { namesLeft } from "./claims.ts";
import { isBareName } from "./folder-line.ts";
import { extensionOf, type Folder } from "./folders.ts";

/** Folders with more names have a line of their own. */
const MAX_INSIDE = 6;
/** Characters. To show one name that is no longer takes no more than to say that it is left out. */
const MAX_BRIEF = 12;
/** Characters. The one name of a folder that would be left out is shown if it is no longer. */
const MAX_SINGLE = 20;

/** What is shown where it can be. */
export interface Wanted {
  /** Paths. */
  readonly matches: ReadonlySet<string>;
  /** Names. */
  readonly notable: ReadonlySet<string>;
}

/** What stands on a page about what is right in a folder. */
export interface Entry {
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
  readonly omitted: number;
  /** Folders in it that have entries of their own. */
  readonly below: readonly Folder[];
  /** What the legend has to say of it. */
  readonly hasInside: boolean;
  readonly hasFull: boolean;
  readonly hasCount: boolean;
  readonly hasPlace: boolean;
}

type EntryAt = (folder: Folder, extra: number, levelOf: (folder: Folder) => number) => Entry;

/** Many pages are tried, and most entries are the same on several: they depend on the levels of a folder and of those in it. */
export function rememberingEntries(make: EntryAt): EntryAt {
  const known = new Map<Folder, Map<string, Entry>>();
  return (folder, extra, levelOf) => {
    const [first = folder] = folder.folders;
    const inside = levelOf(first);
    if (folder.folders.some((child) => levelOf(child) !== inside))
      return make(folder, extra, levelOf);
    const own = known.get(folder) ?? new Map<string, Entry>();
    known.set(folder, own);
    const key = `${levelOf(folder)} ${inside}`;
    const entry = own.get(key) ?? make(folder, extra, levelOf);
    own.set(key, entry);
    return entry;
  };
}

/**
 * @param extra names of it that are shown beyond its level
 * @param aboutOf what is said behind the names of a folder
 */
export function entryFor(
  folder: Folder,
  extra: number,
  wanted: Wanted,
  levelOf: (folder: Folder) => number,
  aboutOf: (folder: string) => Statement | undefined,
): Entry {
  const statements: Statement[] = [];
  const lines: string[] = [];
  const listedFolders = new Set<string>();
  const items: string[] = [];
  const below: Folder[] = [];
  let omitted = 0;
  let hasInside = false;
  let hasCount = false;
  let hasPlace = false;
  for (const child of folder.folders) {
    const name = child.path.slice(folder.path.length);
    listedFolders.add(name);
    listedFolders.add(name.slice(0, -1));
    const inside = namesInside(child, wanted.matches, levelOf(child));
    if (inside !== undefined && aboutOf(child.path) === undefined) {
      items.push(`${name}{${inside}}`);
      hasInside = true;
      continue;
    }
    const shows = child.folders.length > 0 || keepsAny(child, wanted, levelOf(child));
    if (shows) below.push(child);
    else {
      const count = child.names.length;
      const text = `${name}(${count})`;
      omitted += count;
      hasCount = true;
      items.push(text);
      statements.push({
        text,
        of: `names in ${folder.path}`,
        field: name,
        about: [[0, count]],
        facts: [],
      });
    }
  }
  const kept = keptNames(folder, listedFolders, wanted, levelOf(folder) + extra);
  const left: number[] = [];
  const full: string[] = [];
  const names: string[] = [];
  /** How many of the names that are shown stand above the first that is left out, and above the last. */
  let [above, between] = [0, 0];
  for (const [at, name] of folder.names.entries()) {
    if (wanted.matches.has(folder.path + name)) full.push(folder.path + name);
    else if (kept.has(name)) names.push(isBareName(name) ? name : JSON.stringify(name));
    else if (!listedFolders.has(name)) {
      if (left.length === 0) above = names.length;
      between = names.length;
      left.push(at);
    }
  }
  const [only] = left;
  const single = left.length === 1 && only !== undefined ? (folder.names[only] ?? "") : "";
  if (single !== "" && single.length <= MAX_SINGLE && isBareName(single)) {
    names.splice(above, 0, single);
    left.length = 0;
  }
  omitted += left.length;
  const parts = [...names, ...items];
  if (left.length > 0) {
    const rest = namesLeft(folder.path, folder.names, left);
    // Where they are one run, its place says which names can be among them.
    const isRun = above > 0 && above === between && above < names.length;
    if (isRun) hasPlace = true;
    parts.splice(isRun ? above : parts.length, 0, `… ${rest.text}${isRun ? " …" : ""}`);
    statements.push(rest);
  }
  const about = aboutOf(folder.path);
  if (about) {
    parts.push(`… ${about.text}`);
    statements.push(about);
  }
  const here = folder.path === "" ? "(top)" : folder.path;
  if (parts.length > 0) lines.push(`${here}: ${parts.join(" ")}`);
  else if (full.length === 0 && folder.path !== "") lines.push(here);
  lines.push(...full);
  const hasFull = full.length > 0;
  return { lines, statements, omitted, below, hasInside, hasFull, hasCount, hasPlace };
}

/** All names of a folder without folders in it, where they are few; `undefined` elsewhere. */
function namesInside(
  { names, folders, path }: Folder,
  matches: ReadonlySet<string>,
  level: number,
): string | undefined {
  const [only = ""] = names;
  const isBrief = names.length === 1 && only.length <= MAX_BRIEF;
  if (
    folders.length > 0 ||
    !(isBrief || (level > 0 && names.length <= Math.min(MAX_INSIDE, level + 2)))
  )
    return undefined;
  const isPlain = (name: string): boolean =>
    isBareName(name) && !/[{}]/.test(name) && !matches.has(path + name);
  return names.every(isPlain) ? names.join(" ") : undefined;
}

function keepsAny(folder: Folder, { matches, notable }: Wanted, level: number): boolean {
  if (folder.names.some((name) => matches.has(folder.path + name) || notable.has(name)))
    return true;
  return level >= 3 || (level > 0 && folder.names.length > 8);
}

function keptNames(
  folder: Folder,
  folders: ReadonlySet<string>,
  { matches, notable }: Wanted,
  level: number,
): ReadonlySet<string> {
  const kept = new Set<string>();
  const files = folder.names.filter((name) => !folders.has(name));
  for (const name of files) {
    if (matches.has(folder.path + name)) kept.add(name);
  }
  const room = level + kept.size;
  // Leaving out two names says no less than naming them.
  if (files.length <= room + (level > 0 ? 2 : 0)) return new Set(files);
  let found = 0;
  for (const name of files) {
    if (notable.has(name) && found++ < Math.max(3, level)) kept.add(name);
  }
  if (level >= 2) {
    const counts = new Map<string, number>();
    for (const name of files) {
      const end = extensionOf(name) ?? "";
      counts.set(end, (counts.get(end) ?? 0) + 1);
    }
    for (const name of files) {
      if (kept.size < room && counts.get(extensionOf(name) ?? "") === 1) kept.add(name);
    }
  }
  for (const name of files) {
    if (kept.size >= room - 1) break;
    kept.add(name);
  }
  const last = files[files.length - 1];
  if (level > 0 && last !== undefined && kept.size < room) kept.add(last);
  return kept;
}
