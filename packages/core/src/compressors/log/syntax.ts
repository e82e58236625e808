/**
 * The signs of the lossless form that its writer and its reader share.
 *
 * `#a=` defines a line shape, `#a x y` is a line of it, `^` continues the stamp or value above, `×2` repeats a line, and a
 * backslash says that what follows is plain text.
 */
import { stampEnd } from "./stamp.ts";

export const LEGEND =
  "[log: #a={}… is a line shape and #a x y a line of it ({1} repeats its 1st value, values not given are those above); ^ is the stamp or value above, ^12 the same ending in 12; §a is short for the text after §a=; {, } means a{b, c} is ab, ac; ×2 repeats the line above twice]";
export const CRLF = "#crlf";

/** A line, its stamp apart. */
export interface Entry {
  /** The line after its stamp. */
  readonly content: string;
  readonly stamp: string | undefined;
  /** A stamped line with nothing after the stamp, not even a space. */
  readonly bare: boolean;
}

export function entryOf(line: string): Entry {
  const end = line.length > 0 && isStampStart(line.charCodeAt(0)) ? stampEnd(line) : -1;
  if (end < 8) return { content: line, stamp: undefined, bare: false };
  if (end === line.length) return { content: "", stamp: line, bare: true };
  if (line.charCodeAt(end) !== 32) return { content: line, stamp: undefined, bare: false };
  return { content: line.slice(end + 1), stamp: line.slice(0, end), bare: false };
}

function isStampStart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 91 || code === 40 || (code >= 65 && code <= 90);
}

/** Whether a content could be read as a row or a definition. */
export function looksLikeRow(content: string): boolean {
  if (content.charCodeAt(0) !== 35) return false;
  const end = idEnd(content);
  return end > 1 && (end === content.length || content[end] === " " || content[end] === "=");
}

/** Where the letters behind `#` end. */
export function idEnd(content: string): number {
  let end = 1;
  while (content.charCodeAt(end) >= 97 && content.charCodeAt(end) <= 122) end++;
  return end;
}

export function isDefinition(line: string): boolean {
  if (line.charCodeAt(0) !== 35) return false;
  const end = idEnd(line);
  return end > 1 && line.charCodeAt(end) === 61;
}
