/** Reads values as programs print them, one or several, with a line or two of prose around them. */
import type { Steps } from "../../types/compressor.ts";
import { LineIndex } from "./line-index.ts";
import { LiteralScanner } from "./literal-scanner.ts";
import type { Reading, SourceNode } from "./node.ts";

/** Characters of prose in front of the first value. */
const MAX_PROSE = 2_000;
/** Share of a text that has to be complete where it breaks off. */
const CUT_SHARE = 0.8;
/** Characters and lines around the values. */
const MAX_ASIDE = 800;
const MAX_ASIDE_LINES = 8;
/** Places in the prose that are tried. */
const MAX_STARTS = 4;

/** `undefined` where the text is no such value, or is JSON to the letter. */
export function* readLiteral(text: string): Steps<Reading | undefined> {
  const lines = new LineIndex(text);
  for (const start of startsOf(text)) {
    const scanner = new LiteralScanner(text, lines);
    const items: SourceNode[] = [];
    let end = start;
    let cutAt: number | undefined;
    for (let at = start; ; ) {
      const scan = yield* scanner.scan(at);
      if (scan.node === undefined) {
        // A harness cuts long texts off: what is complete is read, and the rest is shown as it is.
        const { whole } = scan;
        if (whole === undefined || whole.end - start < text.length * CUT_SHARE) break;
        items.push(whole.node);
        cutAt = whole.end;
        end = text.length;
        break;
      }
      if (scan.node.type === "text" || scan.node.type === "literal") break;
      // A block of code more often than a set.
      if (scan.node.type === "list" && text.charCodeAt(at) === 123) break;
      items.push(scan.node);
      end = scan.end;
      at = scanner.skipSpace(end);
      if (at >= text.length || at === end) break;
      if (!isOpening(text, at) && !isNamedOpening(text, at)) break;
    }
    const [first] = items;
    // `[12:01:33] GET /` is no list.
    const behind = text.slice(
      end,
      text.indexOf("\n", end) < 0 ? text.length : text.indexOf("\n", end),
    );
    if (cutAt === undefined && !/^[.;]?\s*$/.test(behind)) continue;
    // Code has values in it, too; a tool writes a line or two around its own.
    if (!isAside(text.slice(0, start)) || (cutAt === undefined && !isAside(text.slice(end))))
      continue;
    if (first === undefined || (end - start) * 2 < text.length || scanner.seen.size === 0) continue;
    const last = items.at(-1) ?? first;
    const root: SourceNode =
      items.length === 1
        ? first
        : { type: "list", items, firstLine: first.firstLine, lastLine: last.lastLine };
    const several = items.length > 1;
    return {
      format: "values",
      root,
      asides: scanner.asides,
      span: [start, end],
      several,
      ...(cutAt === undefined ? {} : { cutAt }),
    };
  }
  return undefined;
}

/** Whether a text is short enough to say something about the values beside it. */
function isAside(text: string): boolean {
  return text.length <= MAX_ASIDE && text.trim().split("\n").length <= MAX_ASIDE_LINES;
}

/** Where the first value may start: the first character, else openings of lines or behind a colon near the head. */
export function startsOf(text: string): readonly number[] {
  const head = text.search(/\S/);
  if (head < 0) return [];
  const found = isOpening(text, head) ? [head] : [];
  const limit = Math.min(text.length, head + MAX_PROSE);
  for (let at = head; at < limit && found.length < MAX_STARTS; at++) {
    const code = text.charCodeAt(at);
    if (code !== 10 && !(code === 58 && text.charCodeAt(at + 1) === 32)) continue;
    const next = code === 10 ? at + 1 : at + 2;
    if (isOpening(text, next) || isNamedOpening(text, next)) found.push(next);
  }
  if (
    found.length === 0 &&
    (isNamedOpening(text, head) || text.startsWith("//", head) || text.startsWith("/*", head))
  )
    found.push(head);
  return found;
}

/** Whether a bracket opens here. */
export function isOpening(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 123 || code === 91 || code === 40;
}

const NAMED =
  /(?:[A-Za-z_$][\w$.]*(?:\(\d+\) [[{]|\(| \{)|\[[A-Z]\w*: null prototype\] \{|<ref \*\d+> )/y;

/** `OrderedDict(…`, `Map(3) {`, `Point {`. */
function isNamedOpening(text: string, at: number): boolean {
  NAMED.lastIndex = at;
  return NAMED.test(text);
}
