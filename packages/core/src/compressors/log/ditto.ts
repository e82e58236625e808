/**
 * `^` says "as above": alone it repeats the value above, with characters behind it the value above ends in them instead.
 *
 * So `^43` after `10:05:03` is `10:05:43`. Used for time stamps at line starts and for values in rows. The new value has to
 * be as long as the old one.
 */

/** The part of `value` to print after `^`, or `undefined` when it cannot be said that way. */
export function tailOf(previous: string, value: string): string | undefined {
  if (previous === value) return "";
  if (previous.length !== value.length) return undefined;
  let at = 0;
  while (previous.charCodeAt(at) === value.charCodeAt(at)) at++;
  // `14:42:1` + `5` reads badly: a short number is shown whole.
  let start = at;
  while (start > 0 && at - start < 2 && isDigit(value.charCodeAt(start - 1))) start--;
  if (start > 0 && isDigit(value.charCodeAt(start - 1))) start = at;
  return value.slice(start);
}

export function fromTail(previous: string, tail: string): string | undefined {
  return tail.length > previous.length
    ? undefined
    : previous.slice(0, previous.length - tail.length) + tail;
}

/** Where the zone and closing bracket of a stamp begin: the tail replaces what stands before them. */
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
  const sign = stamp[at - 1];
  if (digits >= 4 && sign === "+") return at - 1;
  return end;
}

/** The tail of a whole stamp, its zone aside. */
export function stampTail(previous: string, stamp: string): string | undefined {
  const zone = zoneStart(previous);
  if (previous.length !== stamp.length || previous.slice(zone) !== stamp.slice(zone))
    return undefined;
  return tailOf(previous.slice(0, zone), stamp.slice(0, zone));
}

export function fromStampTail(previous: string, tail: string): string | undefined {
  const zone = zoneStart(previous);
  const head = fromTail(previous.slice(0, zone), tail);
  return head === undefined ? undefined : head + previous.slice(zone);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
