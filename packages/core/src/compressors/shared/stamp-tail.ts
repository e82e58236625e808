/**
 * Time stamps given by their end: `…43` after `10:05:03` is `10:05:43`. The new stamp is as long as the old one, and a zone
 * or bracket behind the time stays.
 */
import { isDigit } from "../../text/chars.ts";

/** Stands for the part that a stamp shares with the stamp above. */
export const SAME_START = "…";

/** The characters that replace the end of `previous`, its zone aside; `undefined` where the stamp cannot be given so. */
export function stampTail(previous: string, stamp: string): string | undefined {
  if (previous === stamp) return "";
  if (previous.length !== stamp.length) return undefined;
  const zone = zoneStart(previous);
  if (previous.slice(zone) !== stamp.slice(zone)) return undefined;
  let at = 0;
  while (previous.charCodeAt(at) === stamp.charCodeAt(at)) at++;
  // `14:42:1` + `5` reads badly: a short number is shown whole.
  let start = at;
  while (start > 0 && at - start < 2 && isDigit(stamp.charCodeAt(start - 1))) start--;
  if (start > 0 && isDigit(stamp.charCodeAt(start - 1))) start = at;
  const tail = stamp.slice(start, zone);
  // The first space behind a tail ends it.
  return at >= zone || tail.includes(" ") ? undefined : tail;
}

/** The stamp that `tail` gives after `previous`; `undefined` where the tail is too long. */
export function fromStampTail(previous: string, tail: string): string | undefined {
  const zone = zoneStart(previous);
  if (tail.length > zone) return undefined;
  return previous.slice(0, zone - tail.length) + tail + previous.slice(zone);
}

/** Where the zone and closing bracket of a stamp begin. */
export function zoneStart(stamp: string): number {
  let end = stamp.length;
  const last = stamp[end - 1];
  if (last === "]" || last === ")") end--;
  if (stamp[end - 1] === "Z") return end - 1;
  // +0000, +00:00
  let at = end;
  let digits = 0;
  while (at > 0 && digits < 5 && (isDigit(stamp.charCodeAt(at - 1)) || stamp[at - 1] === ":")) {
    at--;
    digits++;
  }
  return digits >= 4 && stamp[at - 1] === "+" ? at - 1 : end;
}

/** The characters of a table's cell that replace the end of the cell above, no number cut in two; `undefined` where that is not shorter. */
export function wholeStampTail(previous: string, stamp: string): string | undefined {
  const short = stampTail(previous, stamp);
  if (short === undefined || short === "") return undefined;
  let start = zoneStart(previous) - short.length;
  while (start > 0 && isDigit(stamp.charCodeAt(start - 1))) start--;
  const tail = stamp.slice(start, zoneStart(previous));
  return tail.length + MIN_SHARED > stamp.length ? undefined : tail;
}

/** A stamp that shares fewer characters with the one above is written in full. */
const MIN_SHARED = 5;

/** `2026-01-31`, `2026-01-31T10:05:43.120Z`, `31/Jan/2026 10:05:43`, `10:05:43`: a date or a clock time and nothing else. */
export function isStamp(text: string): boolean {
  if (text.length < 8 || text.length > 40) return false;
  return STAMP.test(text);
}

const STAMP =
  /^(?:\d{4}[-/.]\d{2}[-/.]\d{2}|\d{2}[-/.](?:\d{2}|[A-Z][a-z]{2})[-/.]\d{4}|(?=\d{2}:))?[T :]?(?:\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/;
