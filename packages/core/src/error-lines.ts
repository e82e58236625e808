/** The check that a shortened error result still shows every line that speaks of an error. */
import { Meter } from "./steps.ts";
import type { Steps } from "./types/compressor.ts";

/** Wherever they stand in a line: `fail` is in `failed` and `failure` too. */
const WORDS = [
  "critical",
  "denied",
  "error",
  "exception",
  "fail",
  "fatal",
  "panic",
  "traceback",
  "unhandled",
];

/** Lines not found as whole lines are searched for inside longer ones, this many times at most: the check stays linear. */
const MAX_SEARCHES = 64;

/**
 * Whether every error line of `original` stands in `shortened`.
 *
 * Colours, white space around a line, and the stamp that a log collector put in front of it are not compared.
 */
export function* keepsErrorLines(original: string, shortened: string): Steps<boolean> {
  const meter = new Meter();
  const shown = new Set<string>();
  for (const line of linesOf(shortened)) {
    if (meter.isDue(line.length)) yield;
    shown.add(line);
  }
  let searches = 0;
  for (const line of linesOf(original)) {
    if (meter.isDue(4 * line.length)) yield;
    // Where the view cut the stamps, its lines have none; a line with another stamp is another line.
    const bare = withoutStamp(line).trim();
    if (shown.has(line) || shown.has(bare) || !speaksOfError(line)) continue;
    if (++searches > MAX_SEARCHES || !shortened.includes(line)) return false;
    yield;
  }
  return true;
}

function* linesOf(text: string): Iterable<string> {
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    yield withoutColours(text.slice(start, end)).trim();
    start = end + 1;
  }
}

/** ISO stamps and what follows them up to the first space, as collectors write them: `2026-11-22T10:00:00.1234567Z `. */
function withoutStamp(line: string): string {
  if (line[4] !== "-" || line[7] !== "-" || line[10] !== "T" || line[13] !== ":") return line;
  const space = line.indexOf(" ");
  return space > 0 && space <= 40 ? line.slice(space + 1) : line;
}

/** Without `ESC [ … letter`. */
function withoutColours(line: string): string {
  if (!line.includes(ESCAPE)) return line;
  let plain = "";
  let from = 0;
  for (let at = line.indexOf(ESCAPE); at >= 0; at = line.indexOf(ESCAPE, from)) {
    plain += line.slice(from, at);
    let end = at + ESCAPE.length;
    while (end < line.length && !isFinal(line.charCodeAt(end))) end++;
    from = end + 1;
  }
  return plain + line.slice(from);
}

const ESCAPE = "\u001b[";

function isFinal(code: number): boolean {
  return code >= 0x40 && code <= 0x7e;
}

/** Whether a line has one of the words of errors. */
export function speaksOfError(line: string): boolean {
  const lower = line.toLowerCase();
  return WORDS.some((word) => lower.includes(word));
}
