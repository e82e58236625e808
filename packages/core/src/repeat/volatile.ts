/**
 * The fields of a line that differ from run to run although nothing has changed: time stamps, durations, ids, ports, seeds.
 *
 * A line is compared without them. What they were and what they are now is always stated, so a field that is taken for
 * volatile by mistake costs a few words and hides nothing.
 */

/** Longer lines have no volatile fields: a bound in work. */
const MAX_LINE = 2_000;
/** Stands for a field in a masked line. It is no character of a text that is compared: see `maskOf`. */
const HOLE = "\u0000";

/** Each alternative is bounded and starts with a character class of its own: no backtracking beyond a few characters. */
const FIELDS =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?|\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?|\b\d{1,9}(?:\.\d{1,9})? ?(?:ms|µs|us|ns|secs?|seconds?|mins?|minutes?|s)\b|\b(?:pid|PID|Pid|port|Port|seed)[ :=]{1,2}\d{1,10}\b|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):\d{2,5}\b|\b1[5-9]\d{8}(?:\d{3})?\b|\b(?:req|trace|run|call|msg|toolu)_[A-Za-z0-9]{6,40}\b|\b0x[0-9a-f]{4,16}\b|\b[0-9a-f]{7,64}\b/g;

/** A field of a line, by its offsets. */
interface Field {
  readonly start: number;
  readonly end: number;
}

/** The line with its volatile fields taken out; the line itself where it has none. Lines that differ in nothing else have the same. */
export function maskOf(line: string): string {
  const fields = fieldsOf(line);
  if (fields.length === 0) return line;
  let masked = "";
  let at = 0;
  for (const { start, end } of fields) {
    masked += line.slice(at, start) + HOLE;
    at = end;
  }
  return masked + line.slice(at);
}

/** The volatile fields of a line, in order. */
export function volatileValues(line: string): readonly string[] {
  return fieldsOf(line).map(({ start, end }) => line.slice(start, end));
}

/** The line with other values in place of some of its volatile fields. */
export function withValues(line: string, now: (value: string) => string): string {
  let changed = "";
  let at = 0;
  for (const { start, end } of fieldsOf(line)) {
    const value = line.slice(start, end);
    changed += line.slice(at, start) + now(value);
    at = end;
  }
  return changed + line.slice(at);
}

function fieldsOf(line: string): readonly Field[] {
  if (line.length > MAX_LINE || !/\d/.test(line) || line.includes(HOLE)) return [];
  const fields: Field[] = [];
  for (const match of line.matchAll(FIELDS)) {
    const [value] = match;
    const isHex = /^[0-9a-f]+$/.test(value);
    // `deadbeef` may be a word and `1234567` a number: an id has both.
    if (isHex && value.length !== 10 && value.length !== 13 && !isMixed(value)) continue;
    fields.push({ start: match.index, end: match.index + value.length });
  }
  return fields;
}

function isMixed(value: string): boolean {
  return /[0-9]/.test(value) && /[a-f]/.test(value);
}
