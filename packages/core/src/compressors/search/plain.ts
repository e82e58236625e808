/**
 * Hits without line numbers, and counts: `path:text`, `path-text`, `path:3`.
 *
 * Trap: any `word: text` comes near it. So paths have to be paths beyond doubt, and files that something is said about
 * (`src/a.ts: OK`) or tests that are named by their file (`a.py::test_x`) are no hits.
 */
import { digitsEnd, type Entry, firstFolder, isNotice, other, type ParsedSearch } from "./entry.ts";
import { isClockAt, pathLikeness } from "./path.ts";

/** Different lengths of paths. */
const MIN_LENGTHS = 3;
/** A path is looked for before this many context marks at most. */
const MAX_CANDIDATES = 24;

/** Of the files that are counted so many have names that only files have. */
const SURE_PATHS = 0.3;

/** `grep -c`: `path:3` on every line, each file once. Other names with a number are settings and their values. */
export function parseCounts(lines: readonly string[]): ParsedSearch | undefined {
  const entries: Entry[] = [];
  let fits = 0;
  let filled = 0;
  let sure = 0;
  const paths = new Set<string>();
  for (const line of lines) {
    if (line !== "") filled++;
    const at = line.lastIndexOf(":");
    const end = at < 1 ? -1 : digitsEnd(line, at + 1);
    const likeness = end === line.length && end > at + 1 ? pathLikeness(line.slice(0, at)) : 0;
    if (likeness > 0) {
      fits++;
      if (likeness > 1) sure++;
      paths.add(line.slice(0, at));
      const rest = line.slice(at);
      entries.push({
        kind: "count",
        path: line.slice(0, at),
        rest,
        number: Number(rest.slice(1)),
        body: 1,
      });
    } else entries.push(other(line));
  }
  if (fits < 4 || sure < fits * SURE_PATHS || paths.size * 2 < fits) return undefined;
  return { style: "counts", entries, share: fits / filled };
}

/** grep without -n: `path:text` and `path-text`. Asks for more, since any `word: text` comes near it. */
export function parsePlain(lines: readonly string[]): ParsedSearch | undefined {
  const paths = plainPaths(lines);
  const entries: Entry[] = [];
  let fits = 0;
  let filled = 0;
  let matches = 0;
  let repeated = 0;
  let spaced = 0;
  let doubled = 0;
  const columns = new Map<number, number>();
  const lengths = new Set<number>();
  const seen = new Set<string>();
  const next: string[] = [];
  let upcoming = "";
  for (let at = lines.length - 1; at >= 0; at--) {
    next[at] = upcoming;
    if (paths[at]) upcoming = paths[at] ?? "";
  }
  let path = "";
  for (const [index, line] of lines.entries()) {
    if (line !== "") filled++;
    const own = paths[index];
    if (own !== undefined) {
      if (seen.has(own)) repeated++;
      seen.add(own);
      path = own;
      matches++;
      fits++;
      if (line.charCodeAt(own.length + 1) === 32 && line.charCodeAt(own.length + 2) > 32) spaced++;
      if (line.charCodeAt(own.length + 1) === 58) doubled++;
      lengths.add(own.length);
      const column = textStart(line, own.length + 1);
      columns.set(column, (columns.get(column) ?? 0) + 1);
      entries.push({ kind: "match", path: own, rest: line.slice(own.length), number: 0, body: 1 });
      continue;
    }
    const around = [path, next[index] ?? ""].find(
      (each) => each !== "" && line.startsWith(each) && isContextMark(line[each.length]),
    );
    if (around !== undefined) {
      fits++;
      entries.push({
        kind: "context",
        path: around,
        rest: line.slice(around.length),
        number: 0,
        body: 1,
      });
      continue;
    }
    const rest = other(line);
    if (rest.kind === "gap" || isNotice(line)) fits++;
    entries.push(rest);
  }
  // `src/a.ts: OK` on every line is a report about files, and `src/a.py::test_x` names tests.
  if (doubled > matches * 0.3) return undefined;
  // What is aligned behind paths of many lengths is a column, as `file` prints it.
  const isAligned = Math.max(0, ...columns.values()) > matches * 0.7;
  if (isAligned && lengths.size >= MIN_LENGTHS) return undefined;
  if (matches < 3 || spaced > matches * 0.8 || (repeated === 0 && seen.size < 3)) return undefined;
  return { style: "plain", entries, share: filled === 0 ? 0 : fits / filled };
}

/** Where the text behind the blanks begins. */
function textStart(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) === 32) at++;
  return at;
}

function isContextMark(mark: string | undefined): boolean {
  return mark === "-" || mark === "=";
}

/** The path of each match line. One with spaces counts beside sure ones in the same first folder. */
function plainPaths(lines: readonly string[]): readonly (string | undefined)[] {
  const own = lines.map(plainPath);
  const sure = new Set<string>();
  const roots = new Set<string>();
  for (const path of own) {
    if (path === undefined) continue;
    sure.add(path);
    roots.add(firstFolder(path));
  }
  return own.map((path, index) => {
    const line = lines[index] ?? "";
    const candidate = path ?? line.slice(0, Math.max(0, line.indexOf(":", 2)));
    if (path === undefined) {
      const known = candidate.includes("/") && roots.has(firstFolder(candidate));
      if (!known || pathLikeness(candidate) !== 1) return undefined;
    }
    return extendsPath(candidate, sure) ? undefined : candidate;
  });
}

/** Whether this is a known path, a context mark and text: `src/a.ts-  limit` of `src/a.ts-  limit: 2`. */
function extendsPath(candidate: string, paths: ReadonlySet<string>): boolean {
  let tried = 0;
  for (let at = 1; at < candidate.length && tried < MAX_CANDIDATES; at++) {
    if (!isContextMark(candidate[at])) continue;
    tried++;
    if (paths.has(candidate.slice(0, at))) return true;
  }
  return false;
}

/** The path before the first colon, if it is one beyond doubt. A revision in front (`main:src/a.ts:`) belongs to it. */
function plainPath(line: string): string | undefined {
  let at = line.indexOf(":");
  if (at === 1) at = line.indexOf(":", 2);
  if (at < 1) return undefined;
  const path = line.slice(0, at);
  if (pathLikeness(path) === 2 && !isClockAt(line, at)) return path;
  const second = line.indexOf(":", at + 1);
  if (second === -1 || pathLikeness(path) !== 1 || path.includes(" ")) return undefined;
  const revised = line.slice(0, second);
  return line.charCodeAt(at + 1) !== 32 && pathLikeness(revised) === 2 ? revised : undefined;
}
