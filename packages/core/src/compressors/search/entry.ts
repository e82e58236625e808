/**
 * One line of a search output, and what all its styles share.
 *
 * The text after a path is kept as it stands, so that path + rest is the line.
 *
 * Trap: a line that is no hit is not nothing. Separators and what the tools say themselves belong to the output.
 */
import { isDigit } from "../../text/chars.ts";

export type SearchStyle = "numbered" | "plain" | "headings" | "counts";
export type EntryKind = "match" | "context" | "gap" | "count" | "heading" | "other";

/** One line. `path` + `rest` is its text, except under headings, where `rest` alone is. */
export interface Entry {
  readonly kind: EntryKind;
  readonly path: string;
  readonly rest: string;
  /** Line number in the file, or the count; 0 where the output has none. */
  readonly number: number;
  /** Where the content starts in `rest`. */
  readonly body: number;
}

export interface ParsedSearch {
  readonly style: SearchStyle;
  readonly entries: readonly Entry[];
  /** Share of the non-blank lines that are hits, counts, headings or separators. */
  readonly share: number;
}

const MAX_NUMBER_DIGITS = 9;

const GAP: Entry = { kind: "gap", path: "", rest: "--", number: 0, body: 2 };

/** What the tools themselves say between hits. */
export function isNotice(line: string): boolean {
  if (line.startsWith("grep: ") || line.startsWith("rg: ")) return true;
  if (line.startsWith("Binary file ")) return line.endsWith(" matches");
  return line.startsWith("Found ") && isDigit(line.charCodeAt(6));
}

export function other(line: string): Entry {
  return line === "--" ? GAP : { kind: "other", path: "", rest: line, number: 0, body: 0 };
}

/** The end of the digits from `from`; `from` itself where there are none, or too many for a line number. */
export function digitsEnd(line: string, from: number): number {
  let end = from;
  while (end - from <= MAX_NUMBER_DIGITS && isDigit(line.charCodeAt(end))) end++;
  return end - from > MAX_NUMBER_DIGITS ? from : end;
}

/** The first part of a path; empty where it has one part only. */
export function firstFolder(path: string): string {
  for (let at = 1; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (code === 47 || code === 92) return path.slice(0, at);
  }
  return "";
}
