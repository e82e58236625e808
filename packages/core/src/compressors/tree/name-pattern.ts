/**
 * Many names of one folder that share their ends: `tests/test_*.py: api cli store`.
 *
 * Only for forms in which the order of names does not matter. The shared start ends at a word boundary, and the shared
 * end is the extension, so that what stands for `*` reads as a word.
 *
 * Trap: a name or folder with a `*` of its own takes no part.
 */
import { isBareName } from "./folder-line.ts";

/** From this many names on, a line of their own is cheaper than repeating what they share. */
const MIN_NAMES = 8;

/** Takes the names that fit a pattern out of a folder. `rest` keeps its order. */
export function groupNames(
  folder: string,
  names: readonly string[],
): { rest: readonly string[]; patterns: readonly string[] } {
  // What lies at the top is what a reader asks for by its full name.
  if (names.length < MIN_NAMES || folder === "" || !isStarless(folder)) {
    return { rest: names, patterns: [] };
  }
  const byEnd = collect(names, (name) => extensionOf(name));
  const patterns: string[] = [];
  const taken = new Set<string>();
  for (const [end, same] of byEnd) {
    const byStart = collect(same, (name) => firstWordOf(name.slice(0, name.length - end.length)));
    for (const [start, group] of byStart) {
      if (start === "" || group.length < MIN_NAMES) continue;
      patterns.push(write(folder, start, end, group, taken));
    }
    const left = same.filter((name) => !taken.has(name));
    if (end !== "" && left.length >= MIN_NAMES) patterns.push(write(folder, "", end, left, taken));
  }
  return { rest: names.filter((name) => !taken.has(name)), patterns };
}

/** The paths a pattern line stands for; `undefined` where the line is none. */
export function expandPattern(line: string): readonly string[] | undefined {
  const colon = line.indexOf(": ");
  if (colon === -1) return undefined;
  const star = line.indexOf("*");
  if (star === -1 || star > colon || line[colon - 1] === "/") return undefined;
  const start = line.slice(0, star);
  const end = line.slice(star + 1, colon);
  return line
    .slice(colon + 2)
    .split(" ")
    .map((word) => start + word + end);
}

/** All names of a folder in one pattern line, in their order; `undefined` where they share no extension. */
export function writePattern(folder: string, names: readonly string[]): string | undefined {
  if (names.length < MIN_NAMES || folder === "" || !isStarless(folder)) return undefined;
  const end = extensionOf(names[0] ?? "");
  const shared = (name: string): boolean =>
    extensionOf(name) === end && isBareName(name) && !name.includes("*");
  return end !== "" && names.every(shared) ? write(folder, "", end, names, new Set()) : undefined;
}

/** What `writePattern` wrote. */
export function readPattern(
  line: string,
): { folder: string; names: readonly string[] } | undefined {
  const paths = expandPattern(line);
  const folder = line.slice(0, line.lastIndexOf("/", line.indexOf("*")) + 1);
  return paths && { folder, names: paths.map((path) => path.slice(folder.length)) };
}

function isStarless(folder: string): boolean {
  return !folder.includes("*") && !folder.includes(": ");
}

function write(
  folder: string,
  start: string,
  end: string,
  names: readonly string[],
  taken: Set<string>,
): string {
  for (const name of names) taken.add(name);
  const words = names.map((name) => name.slice(start.length, name.length - end.length));
  return `${folder}${start}*${end}: ${words.join(" ")}`;
}

function collect(
  names: readonly string[],
  keyOf: (name: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    if (!isBareName(name) || name.includes("*")) continue;
    const key = keyOf(name);
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  return groups;
}

/** `.py` of `a.test.py`; nothing for `.gitignore`, `Makefile`, `libfoo.so.1.2` and folders. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || name.length - dot > 8 || name.endsWith("/")) return "";
  for (let at = dot + 1; at < name.length; at++) {
    const code = name.charCodeAt(at) | 32;
    if ((code < 97 || code > 122) && !(at > dot + 1 && code >= 48 && code <= 57)) return "";
  }
  return dot + 1 < name.length ? name.slice(dot) : "";
}

/** `test_` of `test_api`; nothing where no word follows. */
function firstWordOf(name: string): string {
  for (let at = 1; at < name.length - 1 && at < 24; at++) {
    if (name[at] === "_" || name[at] === "-" || name[at] === ".") return name.slice(0, at + 1);
  }
  return "";
}
