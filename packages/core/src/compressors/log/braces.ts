/**
 * Long lists on one line, written like shell braces: `a/b_{one, two}, c` for `a/b_one, a/b_two, c`.
 *
 * For lines that name every test of a shard, every jar of a class path, every include folder. The line starts with its
 * separator in braces (`{, }`), so that a reader and the decoder know what to expand. Lines with braces of their own are left.
 */
import { cost } from "../shared/text-cost.ts";

const SEPARATORS: readonly string[] = [", ", ";", " ", ",", ":"];
const MIN_LINE = 600;
const MIN_ITEMS = 8;
const MAX_DEPTH = 12;
const MIN_SAVING = 3;

/** The braced form of a line, or `undefined` where it is no shorter. */
export function braceLists(line: string): string | undefined {
  if (line.length < MIN_LINE || line.includes("{") || line.includes("}")) return undefined;
  const separator = usualSeparator(line);
  if (separator === undefined) return undefined;
  const items = line.split(separator);
  const out: string[] = [];
  group(items, 0, items.length, 0, 0, separator, out);
  const braced = `{${separator}}${out.join("")}`;
  return braced.length < line.length * 0.9 && unbraceLists(braced) === line ? braced : undefined;
}

/** The first separator that cuts the line into many items that are still long. */
function usualSeparator(line: string): string | undefined {
  return SEPARATORS.find((separator) => {
    let count = 0;
    for (
      let at = line.indexOf(separator);
      at >= 0;
      at = line.indexOf(separator, at + separator.length)
    )
      count++;
    return (
      count >= MIN_ITEMS && line.length / (count + 1) >= 12 && line.length / (count + 1) <= 400
    );
  });
}

function group(
  items: readonly string[],
  low: number,
  high: number,
  offset: number,
  depth: number,
  separator: string,
  out: string[],
): void {
  for (let i = low; i < high; ) {
    if (i > low) out.push(separator);
    const item = items[i] ?? "";
    let end = i + 1;
    let common = depth < MAX_DEPTH ? segmentEnd(item, offset) : offset;
    if (common > offset) {
      const segment = item.slice(offset, common);
      while (end < high && (items[end] ?? "").startsWith(segment, offset)) end++;
      if (end > i + 1) common = commonEnd(items, i, end, offset);
    }
    if (end === i + 1 || (end - i - 1) * cost(item.slice(offset, common)) < MIN_SAVING) {
      out.push(item.slice(offset));
      i++;
      continue;
    }
    out.push(item.slice(offset, common), "{");
    group(items, i, end, common, depth + 1, separator, out);
    out.push("}");
    i = end;
  }
}

/** The end of the next part of an item: letters and digits, then joints. `offset` when there is no joint. */
function segmentEnd(item: string, offset: number): number {
  let at = offset;
  while (at < item.length && !isJoint(item.charCodeAt(at))) at++;
  if (at === item.length) return offset;
  while (at < item.length && isJoint(item.charCodeAt(at))) at++;
  return at;
}

/** The longest start all these items share that ends behind a joint. */
function commonEnd(items: readonly string[], low: number, high: number, offset: number): number {
  const first = items[low] ?? "";
  let length = first.length;
  for (let i = low + 1; i < high; i++) {
    const item = items[i] ?? "";
    let at = offset;
    const limit = Math.min(length, item.length);
    while (at < limit && item.charCodeAt(at) === first.charCodeAt(at)) at++;
    length = at;
  }
  while (length > offset && !isJoint(first.charCodeAt(length - 1))) length--;
  return length;
}

function isJoint(code: number): boolean {
  return (
    code === 47 ||
    code === 58 ||
    code === 46 ||
    code === 45 ||
    code === 61 ||
    code === 95 ||
    code === 92 ||
    code === 64
  );
}

/** The separator a braced line begins with. */
function separatorOf(line: string): string | undefined {
  if (line[0] !== "{") return undefined;
  return SEPARATORS.find((separator) => line.startsWith(`${separator}}`, 1));
}

export function looksBraced(line: string): boolean {
  return separatorOf(line) !== undefined;
}

/** The line a braced form stands for; `undefined` for unbalanced braces. */
export function unbraceLists(braced: string): string | undefined {
  const separator = separatorOf(braced);
  if (separator === undefined) return undefined;
  const items: string[] = [];
  const starts: string[] = [];
  let start = "";
  let from = separator.length + 2;
  let closed = false;
  const finish = (to: number): void => {
    if (!closed) items.push(start + braced.slice(from, to));
  };
  for (let at = from; at < braced.length; at++) {
    const char = braced[at];
    if (char === "{") {
      if (starts.length > MAX_DEPTH) return undefined;
      starts.push(start);
      start += braced.slice(from, at);
      from = at + 1;
      closed = false;
    } else if (char === "}") {
      finish(at);
      const outer = starts.pop();
      if (outer === undefined) return undefined;
      start = outer;
      from = at + 1;
      closed = true;
    } else if (braced.startsWith(separator, at)) {
      finish(at);
      from = at + separator.length;
      at = from - 1;
      closed = false;
    }
  }
  if (starts.length > 0) return undefined;
  finish(braced.length);
  return items.join(separator);
}
