/**
 * Counters of failures: `failed_calls=1`, `rx_errors: 12`, `rejected=3`. One that is not nothing reports a failure.
 *
 * A setting may have the same words: `max_errors=10`, `panic_on_oops = 1`. The word has to be the last of the name, or what is behind
 * it has to be counted.
 */
import { keyEnd, keyOf } from "./key.ts";

/** Characters. Longer names and numbers are none of counters. */
const MAX_NAME = 64;
const MAX_NUMBER = 24;

/** Whether a line has such a counter that is above zero. */
export function countsFailures(line: string): boolean {
  const key = keyEnd(line);
  if (key >= 0 && isPositive(line, key) && isCounter(keyOf(line, key) ?? "")) return true;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code !== EQUALS && code !== COLON) continue;
    if (isPositive(line, firstInk(line, at + 1)) && isCounter(nameBefore(line, at))) return true;
  }
  return false;
}

const EQUALS = 61;
const COLON = 58;

function firstInk(line: string, from: number): number {
  return line[from] === " " ? from + 1 : from;
}

/** A number above zero with nothing behind it that would make it a time, a version or an address. */
function isPositive(line: string, from: number): boolean {
  const [number = ""] = /^\d+(?:[.,]\d+){0,8}/.exec(line.slice(from, from + MAX_NUMBER)) ?? [];
  const behind = line[from + number.length] ?? " ";
  return /[1-9]/.test(number) && /[\s,;)\]}%|]/.test(behind) && number.split(".").length < 3;
}

function nameBefore(line: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < MAX_NAME && IN_NAME.test(line[start - 1] ?? "")) start--;
  return line.slice(start, end);
}

const IN_NAME = /[A-Za-z0-9_.:-]/;

function isCounter(name: string): boolean {
  const words = name
    .slice(-MAX_NAME)
    .replace(/[a-z][A-Z]/g, (two) => `${two[0]} ${two[1]}`)
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  const at = words.findIndex((word) => FAILED.test(word));
  if (at < 0 || words.some((word) => LIMITS.has(word))) return false;
  const last = words[words.length - 1] ?? "";
  return at === words.length - 1 || COUNTED.has(last) || last.endsWith("s");
}

const FAILED =
  /^(?:err|errs|error.{0,20}|fail|fails|failed|failures?|rejects?|rejected|rejections?|denied|denials|refused|dropped|drops|aborted|aborts|corrupt|corrupted|corruptions?|crashed|crashes|exceptions?|violations|lost)$/;
/** Words of settings, and of times. */
const LIMITS: ReadonlySet<string> = new Set(
  (
    "allow allowed delay hours ignore interval level limit max maximum microseconds milliseconds min minimum minutes ms msecs on retries retry " +
    "seconds secs since threshold timeout ttl usecs use"
  ).split(" "),
);
const COUNTED: ReadonlySet<string> = new Set(
  "count num number percent rate ratio total".split(" "),
);
