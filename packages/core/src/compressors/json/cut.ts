/**
 * A string lexeme without the parts a plan cuts out. What stays is copied from the source; each gap says how long it is.
 *
 * One trap: lengths count characters of the lexeme, so an escape such as `\\u00e9` counts six.
 */
import type { JsonString, StringCut } from "../../json/node.ts";

/** The shortened lexeme, quotes included. */
export function cutLexeme(source: string, node: JsonString, cut: StringCut): string {
  const from = node.start + 1;
  const to = node.end - 1;
  const kept = [
    { start: from, end: from + cut.head },
    ...(cut.between ?? []).map((part) => ({ start: from + part.start, end: from + part.end })),
    { start: to - cut.tail, end: to },
  ];
  const what = cut.what === undefined ? "" : `: ${cut.what}`;
  let out = '"';
  let at = from;
  for (const part of kept) {
    const start = Math.max(at, Math.min(part.start, to));
    const gone = start - at;
    if (gone > 0) out += cut.isBrief ? "…" : `… ${gone} characters omitted${what} …`;
    at = Math.max(start, Math.min(part.end, to));
    out += source.slice(start, at);
  }
  return `${out}"`;
}
