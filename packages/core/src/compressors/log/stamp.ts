/**
 * Time stamps at the start of a line, by hand-written scanners.
 *
 * Knows the shapes programs print: ISO 8601 with `T` or a space, with fraction and zone; `2024/01/02 15:04:05` (Go);
 * `Jan  2 15:04:05` (syslog); `[10:00:05]`, `10:00:05.123`; brackets around any of them; `[    0.004000]`, seconds of
 * uptime in brackets. A stamp must be followed by a space, a bracket, a comma or the end: `12:30:` is a position, not a time.
 */
import { isDigit } from "../../text/chars.ts";

/** End of the stamp at `start`, brackets included, or -1. */
export function stampEnd(line: string, start = 0): number {
  let at = start;
  const open = line[at];
  const close = open === "[" ? "]" : open === "(" ? ")" : "";
  if (close !== "") at++;
  let end = dateTime(line, at);
  if (end < 0) end = clock(line, at);
  if (end < 0) end = syslog(line, at);
  if (end < 0 && close === "]") end = uptime(line, at);
  if (end < 0) return -1;
  if (close !== "") {
    const shut = line.indexOf(close, end);
    return shut >= 0 && shut - end < 24 ? shut + 1 : -1;
  }
  const after = line.charCodeAt(end);
  return end === line.length ||
    after <= 32 ||
    after === 44 ||
    after === 58 ||
    after === 124 ||
    after === 93
    ? end
    : -1;
}

export function startsWithStamp(line: string): boolean {
  const end = stampEnd(line);
  if (end < 0) return false;
  // `12:30:text` and `2024:1:` belong to search hits.
  return line.charCodeAt(end) !== 58 || line.charCodeAt(end + 1) === 32;
}

function dateTime(line: string, start: number): number {
  let at = digits(line, start, 4, 4);
  if (at < 0) return -1;
  const dash = line[at];
  if (dash !== "-" && dash !== "/" && dash !== ".") return -1;
  at = digits(line, at + 1, 2, 2);
  if (at < 0 || line[at] !== dash) return -1;
  at = digits(line, at + 1, 2, 2);
  if (at < 0) return -1;
  if (line[at] !== "T" && line[at] !== " " && line[at] !== "_") return -1;
  const end = clock(line, at + 1);
  return end;
}

/** `15:04:05`, with a fraction after `.` or `,` and a zone. */
function clock(line: string, start: number): number {
  let at = digits(line, start, 2, 2);
  if (at < 0 || line[at] !== ":") return -1;
  at = digits(line, at + 1, 2, 2);
  if (at < 0 || line[at] !== ":") return -1;
  at = digits(line, at + 1, 2, 2);
  if (at < 0) return -1;
  if (line[at] === "." || line[at] === ",") {
    const fraction = digits(line, at + 1, 1, 9);
    if (fraction > 0) at = fraction;
  }
  if (line[at] === "Z") return at + 1;
  if ((line[at] === "+" || line[at] === "-") && areTwoDigits(line, at + 1)) {
    const hours = at + 3;
    const minutes = digits(line, line[hours] === ":" ? hours + 1 : hours, 2, 2);
    return minutes > 0 ? minutes : hours;
  }
  return at;
}

function areTwoDigits(line: string, at: number): boolean {
  return isDigit(line.charCodeAt(at)) && isDigit(line.charCodeAt(at + 1));
}

const MONTHS: ReadonlySet<string> = new Set(
  "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
);
const DAYS: ReadonlySet<string> = new Set("Mon Tue Wed Thu Fri Sat Sun".split(" "));

/** `Jan  2 15:04:05`, with a weekday before it or not. */
function syslog(line: string, start: number): number {
  let at = start;
  if (DAYS.has(line.slice(at, at + 3)) && line[at + 3] === " ") at += 4;
  if (!MONTHS.has(line.slice(at, at + 3)) || line[at + 3] !== " ") return -1;
  at += 4;
  if (line[at] === " ") at++;
  at = digits(line, at, 1, 2);
  if (at < 0 || line[at] !== " ") return -1;
  return clock(line, at + 1);
}

/** Seconds since the start, with a fraction: `[    0.004000]` of a kernel. */
function uptime(line: string, start: number): number {
  let at = start;
  while (line[at] === " ") at++;
  at = digits(line, at, 1, 9);
  return at > 0 && line[at] === "." ? digits(line, at + 1, 3, 9) : -1;
}

/** The end of a run of `least` to `most` digits, which no digit may follow. */
function digits(line: string, start: number, least: number, most: number): number {
  let at = start;
  while (at - start < most && isDigit(line.charCodeAt(at))) at++;
  return at - start >= least && !isDigit(line.charCodeAt(at)) ? at : -1;
}
