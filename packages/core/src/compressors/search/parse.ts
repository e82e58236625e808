/**
 * What each line of a search output is: grep, git grep, ripgrep (plain and with headings), with and without line numbers,
 * context lines, counts.
 *
 * The text after a path is kept as it stands, so that path + rest is the line. A line that fits nothing is `other`.
 *
 * Trap: `src/my-1-file.ts:12:` and `src/a.ts-13-` cannot be told apart by looking for `-digits-`. So the paths are
 * collected from match lines first, and a context line has to start with one of them.
 */
import { isClockAt, isDigit, pathLikeness } from "./path.ts";

export type SearchStyle = "numbered" | "plain" | "headings" | "counts";
export type EntryKind = "match" | "context" | "gap" | "count" | "heading" | "other";

/** One line. `path` + `rest` is its text, except under headings, where `rest` alone is. */
export interface Entry {
  readonly kind: EntryKind;
  readonly path: string;
  readonly rest: string;
  /** Line number in the file, or the count; 0 where the output has none. */
  readonly number: number;
  /** Where the content starts in `rest`. */
  readonly body: number;
}

export interface ParsedSearch {
  readonly style: SearchStyle;
  readonly entries: readonly Entry[];
  /** Share of the non-blank lines that are hits, counts, headings or separators. */
  readonly share: number;
}

/** A context line is tried against this many known paths at most. */
const MAX_CANDIDATES = 24;
const MAX_NUMBER_DIGITS = 9;

/** Lines without terminators in, the most fitting reading out; `undefined` when they are no search output. */
export function parseSearch(lines: readonly string[]): ParsedSearch | undefined {
  const numbered = parseNumbered(lines);
  if (numbered.share >= 0.6) return numbered;
  const headed = parseHeadings(lines);
  if (headed !== undefined && headed.share >= 0.8) return headed;
  const counted = parseCounts(lines);
  if (counted !== undefined && counted.share >= 0.9) return counted;
  const plain = parsePlain(lines);
  return plain !== undefined && plain.share >= 0.9 ? plain : undefined;
}

const GAP: Entry = { kind: "gap", path: "", rest: "--", number: 0, body: 2 };

/** What the tools themselves say between hits. */
function isNotice(line: string): boolean {
  if (line.startsWith("grep: ") || line.startsWith("rg: ")) return true;
  if (line.startsWith("Binary file ")) return line.endsWith(" matches");
  return line.startsWith("Found ") && isDigit(line.charCodeAt(6));
}

function other(line: string): Entry {
  return line === "--" ? GAP : { kind: "other", path: "", rest: line, number: 0, body: 0 };
}

interface Cut {
  readonly at: number;
  readonly end: number;
}

/** Leftmost `:digits:` that is not a clock, not before `from`. */
function colonNumber(line: string, from = 0): Cut | undefined {
  let at = line.indexOf(":", Math.max(1, from));
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

/** The end of the digits from `from`; `from` itself where there are none, or too many for a line number. */
function digitsEnd(line: string, from: number): number {
  let end = from;
  while (end - from <= MAX_NUMBER_DIGITS && isDigit(line.charCodeAt(end))) end++;
  return end - from > MAX_NUMBER_DIGITS ? from : end;
}

function parseNumbered(lines: readonly string[]): ParsedSearch {
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
  const maybe = new Map<string, number>();
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
    } else if (likeness === 1) maybe.set(prefix, (maybe.get(prefix) ?? 0) + 1);
  }
  // A bare name, or one with spaces, counts beside sure paths: with the same first folder, or seen more than once.
  const roots = new Set<string>();
  for (const each of sure) roots.add(firstFolder(each));
  const surelyRooted = [...maybe].filter(
    ([each, count]) =>
      (sure.size > 0 && (roots.has(firstFolder(each)) || !each.includes(" "))) ||
      (count > 1 && !each.includes("[") && !each.includes("(")),
  );
  for (const [each] of surelyRooted) sure.add(each);
  return sure;
}

function firstFolder(path: string): string {
  for (let at = 1; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (code === 47 || code === 92) return path.slice(0, at);
  }
  return "";
}

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

/**
 * `rg --heading`: a path alone, then `12:text` and `12-text`, a blank line between files. Agents' own search tools do the
 * same with `src/a.ts:` or `File: src/a.ts` and `  Line 12: text` or `L12: text`.
 */
function parseHeadings(lines: readonly string[]): ParsedSearch | undefined {
  const entries: Entry[] = [];
  let path = "";
  let previous = 0;
  let fits = 0;
  let filled = 0;
  let files = 0;
  let gaps = 0;
  for (const [index, line] of lines.entries()) {
    if (line !== "") filled++;
    const hit = path === "" ? undefined : headedHit(line, path);
    // Line numbers grow inside a file; clocks do not.
    if (hit !== undefined && hit.number > previous) {
      if (hit.number !== previous + 1) gaps++;
      previous = hit.number;
      fits++;
      entries.push(hit);
      continue;
    }
    const before = lines[index - 1] ?? "";
    const starts = before === "" || before === "---" || isNotice(before);
    const name = headingPath(line);
    if (starts && pathLikeness(name) > 0 && headedHit(lines[index + 1] ?? "", name)) {
      path = name;
      previous = 0;
      files++;
      fits++;
      entries.push({ kind: "heading", path, rest: line.slice(name.length), number: 0, body: 0 });
      continue;
    }
    const rest = other(line);
    if (rest.kind === "gap" || line === "---" || isNotice(line)) fits++;
    entries.push(rest);
  }
  // One path over lines 1, 2, 3 is a file that was read, not searched.
  if (files === 0 || (files === 1 && gaps < 2)) return undefined;
  return { style: "headings", entries, share: filled === 0 ? 0 : fits / filled };
}

function headingPath(line: string): string {
  const bare = line.endsWith(":") ? line.slice(0, -1) : line;
  return bare.startsWith("File: ") ? bare.slice("File: ".length) : bare;
}

function headedHit(line: string, path: string): Entry | undefined {
  let at = 0;
  // Without a word in front, an indented `12:5  error` is a linter's.
  while (line.charCodeAt(at) === 32) at++;
  const word = line.startsWith("Line ", at) ? 5 : line[at] === "L" ? 1 : 0;
  if (at > 0 && word === 0) return undefined;
  at += word;
  const end = digitsEnd(line, at);
  const mark = line[end];
  if (end === at || (mark !== ":" && mark !== "-")) return undefined;
  return {
    kind: mark === ":" ? "match" : "context",
    path,
    rest: line,
    number: Number(line.slice(at, end)),
    body: end + 1,
  };
}

/** `grep -c`: `path:3` on every line. */
function parseCounts(lines: readonly string[]): ParsedSearch | undefined {
  const entries: Entry[] = [];
  let fits = 0;
  let filled = 0;
  for (const line of lines) {
    if (line !== "") filled++;
    const at = line.lastIndexOf(":");
    const end = at < 1 ? -1 : digitsEnd(line, at + 1);
    if (end === line.length && end > at + 1 && pathLikeness(line.slice(0, at)) > 0) {
      fits++;
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
  return fits < 4 ? undefined : { style: "counts", entries, share: fits / filled };
}

/** grep without -n: `path:text` and `path-text`. Asks for more, since any `word: text` comes near it. */
function parsePlain(lines: readonly string[]): ParsedSearch | undefined {
  const paths = plainPaths(lines);
  const entries: Entry[] = [];
  let fits = 0;
  let filled = 0;
  let matches = 0;
  let repeated = 0;
  let spaced = 0;
  let doubled = 0;
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
  if (matches < 3 || spaced > matches * 0.8 || (repeated === 0 && seen.size < 3)) return undefined;
  return { style: "plain", entries, share: filled === 0 ? 0 : fits / filled };
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
