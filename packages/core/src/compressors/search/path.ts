/**
 * Whether a piece of text can be a file path that a search tool printed.
 *
 * Made for telling `src/a.ts:12:` from `2024-01-15T10:00:01` and `localhost:8080:`. Drive letters, backslashes, a git
 * revision in front (`v1.2:src/a.ts`), names with spaces and route names like `app/(shop)/[id].tsx` are paths.
 *
 * Trap: a colon or hyphen with digits proves nothing. Clocks, ports and dates have them too; `isClockAt` and the demand
 * for a slash or an extension keep those out.
 */
import { isDigit } from "../../text/chars.ts";

/** 2: certainly path-like; 1: could be one (a bare name, or with spaces); 0: no. */
export type PathLikeness = 0 | 1 | 2;

const MAX_PATH = 1024;
/** Never part of a path that grep would print in a source tree, and common in logs. */
const FORBIDDEN: ReadonlySet<number> = new Set([...'"<>|*?\t`{}'].map((c) => c.charCodeAt(0)));

export function pathLikeness(text: string): PathLikeness {
  if (text.length === 0 || text.length > MAX_PATH) return 0;
  const first = text.charCodeAt(0);
  if (first <= 32 || text.charCodeAt(text.length - 1) <= 32) return 0;
  let spaces = 0;
  let slash = false;
  let dot = -1;
  let segment = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (FORBIDDEN.has(code)) return 0;
    if (code === 32) spaces++;
    else if (code === 47 || code === 92) {
      if (code === 47 && at > 0 && text.charCodeAt(at - 1) === 47 && text[at - 2] === ":") return 0;
      slash = true;
      segment = at + 1;
      dot = -1;
    } else if (code === 46) dot = at;
    else if (isLetter(code)) letters++;
    else if (code === 58 && text.charCodeAt(at + 1) === 32) return 0;
  }
  if (letters === 0) return 0;
  const known = slash || hasExtension(text, segment, dot);
  if (!known) return spaces === 0 && isBareName(text) ? 1 : 0;
  return spaces > 0 ? 1 : 2;
}

/** `a.ts`, `.gitignore`, `x.tar.gz`: a dot with one to ten letters or digits after it, one of them a letter. */
function hasExtension(text: string, segment: number, dot: number): boolean {
  if (dot < segment || text.length - dot - 1 < 1 || text.length - dot - 1 > 10) return false;
  let letters = 0;
  for (let at = dot + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) letters++;
    else if (!isDigit(code) && code !== 95) return false;
  }
  return letters > 0;
}

/** `Makefile`, `LICENSE`: one word. */
function isBareName(text: string): boolean {
  if (!isLetter(text.charCodeAt(0))) return false;
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isLetter(code) && !isDigit(code) && code !== 95 && code !== 45 && code !== 46) {
      return false;
    }
  }
  return true;
}

/**
 * Whether `line[colon]` is the first colon of a clock: one or two digits before it, two after it, then `:` and two more
 * (`09:15:02`), and nothing but a separator in front of the hours.
 */
export function isClockAt(line: string, colon: number): boolean {
  if (!isDigit(line.charCodeAt(colon - 1))) return false;
  if (isLogDateBefore(line, colon)) return true;
  if (!isTwoDigits(line, colon + 1) || line.charCodeAt(colon + 3) !== 58) return false;
  if (!isTwoDigits(line, colon + 4)) return false;
  const from = isDigit(line.charCodeAt(colon - 2)) ? colon - 2 : colon - 1;
  if (from === 0) return true;
  const before = line.charCodeAt(from - 1);
  // `…15T10:00:00`: the T of ISO 8601 stands between digits.
  if (before === 84 || before === 116) return isDigit(line.charCodeAt(from - 2));
  // `a.log:10:00:01` is a hit in a log: the clock is the content, so a dot, slash or colon in front does not count here.
  return !isLetter(before) && !isDigit(before) && before !== 46 && before !== 47 && before !== 95;
}

/** `17/May/2015:10:05:03`: the stamp of web server logs has its clock after the year. */
function isLogDateBefore(line: string, colon: number): boolean {
  return (
    line.charCodeAt(colon - 5) === 47 &&
    isLetter(line.charCodeAt(colon - 6)) &&
    line.charCodeAt(colon - 9) === 47 &&
    isTwoDigits(line, colon - 2) &&
    isTwoDigits(line, colon - 4)
  );
}

function isTwoDigits(line: string, at: number): boolean {
  return isDigit(line.charCodeAt(at)) && isDigit(line.charCodeAt(at + 1));
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
}

/** The folder of a path with its separator; a git revision counts as part of it. Empty for a bare name. */
export function folderOf(path: string): string {
  for (let at = path.length - 1; at >= 0; at--) {
    const code = path.charCodeAt(at);
    if (code === 47 || code === 92) return path.slice(0, at + 1);
  }
  const colon = path.lastIndexOf(":");
  return colon > 1 ? path.slice(0, colon + 1) : "";
}
