/**
 * The signs of the lossless form that its writer and its reader share: `#a[3]=` defines a line shape of three lines,
 * `#a x y` is one of them, and a backslash says that what follows is plain text.
 */
import { stampEnd } from "./stamp.ts";

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

/** The n-th name of a shape: `#a` to `#z`, `#aa`, … */
export function shapeId(index: number): string {
  let letters = "";
  for (let at = index + 1; at > 0; at = Math.floor((at - 1) / 26))
    letters = String.fromCharCode(97 + ((at - 1) % 26)) + letters;
  return `#${letters}`;
}

/** Where the letters behind `#` end. */
export function idEnd(content: string): number {
  let end = 1;
  while (content.charCodeAt(end) >= 97 && content.charCodeAt(end) <= 122) end++;
  return end;
}

/** Whether a content could be read as a row or a definition. */
export function looksLikeRow(content: string): boolean {
  if (content.charCodeAt(0) !== 35) return false;
  const end = idEnd(content);
  return end > 1 && (end === content.length || content[end] === " " || content[end] === "[");
}

export function isDefinition(line: string): boolean {
  if (line.charCodeAt(0) !== 35) return false;
  const end = idEnd(line);
  return end > 1 && line.charCodeAt(end) === 91;
}
