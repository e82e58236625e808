/** The key of a line that gives something a value: `Version: 1.2`, `net.core.somaxconn = 4096`, `PATH=/bin`. */

/** Characters. Longer beginnings are sentences. */
const MAX_KEY = 64;
/** Words. */
const MAX_WORDS = 4;

/**
 * Where the value begins, behind the key, its `:` or `=` and the blanks; -1 where a line has no key, or no value.
 *
 * A key begins with a letter or digit and has at most four words.
 */
export function keyEnd(line: string): number {
  let at = 0;
  while (isBlank(line.charCodeAt(at))) at++;
  const start = at;
  if (!isWordStart(line.charCodeAt(at))) return -1;
  let words = 1;
  const limit = Math.min(line.length, start + MAX_KEY);
  for (; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (code === COLON || code === EQUALS) {
      // `12:30`, `std::string`, `==` and `=>` give nothing a value.
      const next = line.charCodeAt(at + 1);
      if (next === code || next === GREATER) return -1;
      if (code === COLON && !isBlank(next) && !isName(line, start, at, next)) return -1;
      at++;
      while (isBlank(line.charCodeAt(at))) at++;
      return at < line.length ? at : -1;
    }
    if (code === BLANK || code === TAB) {
      if (isBlank(line.charCodeAt(at - 1))) continue;
      const next = firstInk(line, at);
      if (
        line.charCodeAt(next) !== COLON &&
        line.charCodeAt(next) !== EQUALS &&
        ++words > MAX_WORDS
      )
        return -1;
    } else if (!isKeyCode(code) || (code === OPEN && !isBlank(line.charCodeAt(at - 1)))) return -1;
  }
  return -1;
}

/** Whether `redis_mode:standalone` gives a name a value: one word that begins with a letter, and no address behind it. */
function isName(line: string, start: number, end: number, next: number): boolean {
  if (next === SLASH || next === BACKSLASH || (line.charCodeAt(start) | 32) < 97) return false;
  for (let at = start; at < end; at++)
    if (!isWordStart(line.charCodeAt(at)) && !"_.-".includes(line[at] ?? "")) return false;
  return end - start > 1;
}

/** The key alone, without indentation, separator and blanks. */
export function keyOf(line: string, end: number = keyEnd(line)): string | undefined {
  if (end < 0) return undefined;
  let stop = end;
  while (isBlank(line.charCodeAt(stop - 1))) stop--;
  return line.slice(0, stop - 1).trim();
}

const BLANK = 32;
const TAB = 9;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const SLASH = 47;
const BACKSLASH = 92;
/** `Size (kB)` is a key, `close(3)` is a call. */
const OPEN = 40;

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}

function firstInk(line: string, from: number): number {
  let at = from;
  while (isBlank(line.charCodeAt(at))) at++;
  return at;
}

function isWordStart(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code > 127;
}

/** Letters, digits and the signs that names of settings have: `net.ipv4/conf`, `NODE_ENV`, `Size (kB)`, `#`, `%`. */
function isKeyCode(code: number): boolean {
  return isWordStart(code) || SIGNS.has(code);
}

const SIGNS: ReadonlySet<number> = new Set([..."-_./()[]%#@+*'"].map((sign) => sign.charCodeAt(0)));
