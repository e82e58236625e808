/**
 * `path:12:text` and the context lines `path-12-text`: grep -n, git grep -n, rg -n.
 *
 * Trap: `src/my-1-file.ts:12:` and `src/a.ts-13-` cannot be told apart by looking for `-digits-`. So the paths are collected
 * from match lines first, and a context line has to start with one of them.
 */
import { digitsEnd, type Entry, firstFolder, isNotice, other, type ParsedSearch } from "./entry.ts";
import { isClockAt, pathLikeness } from "./path.ts";

/** A context line is tried against this many known paths at most. */
const MAX_CANDIDATES = 24;

interface Cut {
  readonly at: number;
  readonly end: number;
}

/** Leftmost `:digits:` that is not a clock. */
function colonNumber(line: string): Cut | undefined {
  let at = line.indexOf(":", 1);
  // A drive letter's colon is never the one.
  if (at === 1) at = line.indexOf(":", 2);
  while (at !== -1) {
    const end = digitsEnd(line, at + 1);
    if (end > at + 1 && line.charCodeAt(end) === 58) {
      return isClockAt(line, at) ? undefined : { at, end };
    }
    at = line.indexOf(":", at + 1);
  }
  return undefined;
}

export function parseNumbered(lines: readonly string[]): ParsedSearch {
  const paths = collectPaths(lines);
  const entries: Entry[] = [];
  let fits = 0;
  let filled = 0;
  let path = "";
  for (const line of lines) {
    if (line !== "") filled++;
    const entry =
      hitOf(line, path, 58, "match") ?? matchLine(line, paths) ?? contextLine(line, paths);
    if (entry === undefined) {
      const rest = other(line);
      if (rest.kind === "gap" || isNotice(line)) fits++;
      entries.push(rest);
      continue;
    }
    path = entry.path;
    fits++;
    entries.push(entry);
  }
  return { style: "numbered", entries, share: filled === 0 ? 0 : fits / filled };
}

/** `path` + separator + number + separator at the start of the line. */
function hitOf(
  line: string,
  path: string,
  separator: number,
  kind: "match" | "context",
): Entry | undefined {
  if (path === "" || line.charCodeAt(path.length) !== separator || !line.startsWith(path)) {
    return undefined;
  }
  const from = path.length + 1;
  const end = digitsEnd(line, from);
  if (end === from || line.charCodeAt(end) !== separator) return undefined;
  return {
    kind,
    path,
    rest: line.slice(from),
    number: Number(line.slice(from, end)),
    body: end + 1 - from,
  };
}

/** Paths that stand before `:number:`, with what makes them believable. */
function collectPaths(lines: readonly string[]): ReadonlySet<string> {
  const sure = new Set<string>();
  const maybe = new Map<string, Bare>();
  let path = "";
  for (const line of lines) {
    if (hitOf(line, path, 58, "match") !== undefined) continue;
    const cut = colonNumber(line);
    if (cut === undefined) continue;
    const prefix = line.slice(0, cut.at);
    if (sure.has(prefix)) {
      path = prefix;
      continue;
    }
    const likeness = pathLikeness(prefix);
    if (likeness === 2) {
      sure.add(prefix);
      path = prefix;
    } else if (likeness === 1) {
      const bare = maybe.get(prefix) ?? { count: 0, last: 0, falls: false, texts: 0 };
      maybe.set(prefix, bare);
      const number = Number(line.slice(cut.at + 1, cut.end));
      bare.count++;
      if (number <= bare.last) bare.falls = true;
      bare.last = number;
      if (isText(line, cut.end + 1)) bare.texts++;
    }
  }
  // A bare name, or one with spaces, counts beside sure paths: with the same first folder, or seen more than once.
  const roots = new Set<string>();
  for (const each of sure) roots.add(firstFolder(each));
  const surelyRooted = [...maybe].filter(
    ([each, bare]) =>
      (sure.size > 0 && (roots.has(firstFolder(each)) || !each.includes(" "))) ||
      (isFileOfHits(bare) && !each.includes("[") && !each.includes("(")),
  );
  for (const [each] of surelyRooted) sure.add(each);
  return sure;
}

/** A name that may be one of a file, by the numbers and texts that stand behind it. */
interface Bare {
  count: number;
  last: number;
  /** A number is not greater than the one before it. */
  falls: boolean;
  texts: number;
}

/** A search tool prints the lines of a file in their order, and lines of files are more than numbers. */
function isFileOfHits({ count, falls, texts }: Bare): boolean {
  return count > 1 && !falls && texts * 2 > count;
}

/** Whether what stands behind a line number is more than a number. */
function isText(line: string, from: number): boolean {
  const text = line.slice(from, from + MAX_LOOK).trim();
  return /[^\d.,]/.test(text);
}

/** Characters of a hit that are looked at. */
const MAX_LOOK = 200;

function matchLine(line: string, paths: ReadonlySet<string>): Entry | undefined {
  const cut = colonNumber(line);
  if (cut === undefined) return undefined;
  const path = line.slice(0, cut.at);
  if (!paths.has(path)) return undefined;
  const context = contextLine(line, paths, cut.at);
  // `src/a.ts-13-f(10:22:` : a known path with `-13-` stands in front of the colon, and what follows is no file name.
  if (context !== undefined && !endsLikeFile(path.slice(context.path.length))) return context;
  return hitOf(line, path, 58, "match");
}

/** Whether the end of a longer path reads as a file name: `-1-file.ts`. */
function endsLikeFile(tail: string): boolean {
  return pathLikeness(tail.slice(1)) === 2 && !tail.includes("(") && !tail.includes("=");
}

/** `path-12-text` and git's `path=12=text`, for a path that a match line has shown. */
function contextLine(
  line: string,
  paths: ReadonlySet<string>,
  limit: number = line.length,
): Entry | undefined {
  let tried = 0;
  for (const separator of ["-", "="]) {
    let at = line.indexOf(separator, 1);
    while (at !== -1 && at < limit && at <= 1024 && tried < MAX_CANDIDATES) {
      const end = digitsEnd(line, at + 1);
      if (end > at + 1 && line[end] === separator) {
        tried++;
        const path = line.slice(0, at);
        if (paths.has(path)) return hitOf(line, path, separator.charCodeAt(0), "context");
      }
      at = line.indexOf(separator, at + 1);
    }
  }
  return undefined;
}
