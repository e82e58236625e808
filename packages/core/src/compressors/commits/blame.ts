/**
 * `git blame` and `git annotate`: each line of a file with its commit in front.
 *
 * The lossless form says the commit and the number once above the lines that share the commit, and again every ten lines:
 *
 *     @0b49c160  12 (Ada 2026-11-28 09:23:11 +0000
 *      const a = 1;
 *      const b = 2;
 *     @818f56f8 14
 *      return a;
 *
 * Trap: blanks before the number depend on the longest number of the file, which a cut text may not have; the first number keeps its own.
 */
import { isDigit, isLowerHex } from "../../text/chars.ts";

export interface BlamedLine {
  /** What stands before the number: the hash, and with most options who and when. */
  readonly head: string;
  /** The blanks or the tab before the number. */
  readonly gap: string;
  readonly number: number;
  /** What stands behind the bracket. */
  readonly text: string;
}

/** For each line what git printed; `undefined` for a line that is something else. */
export type Blame = readonly (BlamedLine | undefined)[];

const LEGEND =
  '[git blame: "@" commit, number of the next line and, the first time, who and when; "@ 20" goes on with the same commit; "\\" before "@", "\\" or "|" of a line; "|" any other text]';
const MIN_LINES = 6;
const MIN_SHARE = 0.95;
/** Characters before the number of a line. */
const MAX_HEAD = 300;
/** Lines. A number stands at least so often. */
const STEP = 10;

/** `undefined` where the text is none. */
export function readBlame(lines: readonly string[]): Blame | undefined {
  const read = lines.map(readLine);
  let count = 0;
  let last = 0;
  for (const line of read) {
    if (line === undefined) continue;
    if (count > 0 && line.number <= last) return undefined;
    last = line.number;
    count++;
  }
  return count >= MIN_LINES && count >= lines.length * MIN_SHARE ? read : undefined;
}

function readLine(line: string): BlamedLine | undefined {
  const hash = hashEnd(line);
  if (hash === 0) return undefined;
  for (let close = line.indexOf(")", hash); close > 0; close = line.indexOf(")", close + 1)) {
    if (close > MAX_HEAD) return undefined;
    let digits = close;
    while (isDigit(line.charCodeAt(digits - 1))) digits--;
    let end = digits;
    while (line[end - 1] === " " || line[end - 1] === "\t") end--;
    const number = line.slice(digits, close);
    if (digits === close || end === digits || end < hash || number.startsWith("0")) continue;
    return {
      head: line.slice(0, end),
      gap: line.slice(end, digits),
      number: Number(number),
      text: line.slice(close + 1),
    };
  }
  return undefined;
}

/** Where the first word ends, when it is a hash; else 0. */
function hashEnd(line: string): number {
  const from = line.startsWith("^") ? 1 : 0;
  let end = from;
  while (isLowerHex(line.charCodeAt(end))) end++;
  const isHash = end - from >= 7 && end - from <= 64 && (line[end] === " " || line[end] === "\t");
  return isHash ? end : 0;
}

/** The hash of a line. */
export function blamedCommit({ head }: BlamedLine): string {
  return head.slice(0, hashEnd(`${head} `));
}

/** `undefined` where the numbers stand otherwise than git puts them. */
export function encodeBlame(lines: readonly string[], blame: Blame): string | undefined {
  const out: string[] = [LEGEND];
  const heads = new Map<string, string>();
  let first: BlamedLine | undefined;
  let above: BlamedLine | undefined;
  for (const [at, line] of blame.entries()) {
    if (line === undefined) {
      out.push(`|${lines[at] ?? ""}`);
      continue;
    }
    const commit = blamedCommit(line);
    const rest = line.head.slice(commit.length);
    if (line.gap !== gapOf(line.number, first ?? line)) return undefined;
    const known = heads.get(commit);
    if (known !== undefined && rest === "" && known !== "") return undefined;
    const isNext = above?.head === line.head && line.number === above.number + 1;
    if (!isNext) {
      const gap = first === undefined ? line.gap : " ";
      out.push(`@${commit}${gap}${line.number}${known === rest ? "" : rest}`);
    } else if (line.number % STEP === 0) out.push(`@ ${line.number}`);
    heads.set(commit, rest);
    out.push(ESCAPED.includes(line.text[0] ?? " ") ? `\\${line.text}` : line.text);
    first ??= line;
    above = line;
  }
  return out.join("\n");
}

const ESCAPED = "@\\|";

/** The inverse of `encodeBlame`; `undefined` where the text is none. */
export function decodeBlame(encoded: string): readonly string[] | undefined {
  if (!encoded.startsWith(`${LEGEND}\n`)) return undefined;
  const out: string[] = [];
  const heads = new Map<string, string>();
  let first: Pick<BlamedLine, "gap" | "number"> | undefined;
  let head = "";
  let number = 0;
  for (const line of encoded.slice(LEGEND.length + 1).split("\n")) {
    if (line[0] === "|") out.push(line.slice(1));
    else if (line[0] === "@") {
      const found = /^@([^ \t]*)([ \t]+)(\d+)/.exec(line);
      if (found === null) return undefined;
      const [all, commit = "", gap = "", digits = ""] = found;
      number = Number(digits);
      first ??= { gap, number };
      if (commit === "") continue;
      const rest = all.length === line.length ? (heads.get(commit) ?? "") : line.slice(all.length);
      heads.set(commit, rest);
      head = commit + rest;
    } else {
      if (first === undefined) return undefined;
      const text = line[0] === "\\" ? line.slice(1) : line;
      out.push(`${head}${gapOf(number, first)}${number})${text}`);
      number++;
    }
  }
  return out;
}

/** Numbers end in one column, unless a tab stands before them. */
function gapOf(number: number, first: Pick<BlamedLine, "gap" | "number">): string {
  if (first.gap === "\t") return first.gap;
  const width = first.gap.length + String(first.number).length;
  return " ".repeat(Math.max(1, width - String(number).length));
}
