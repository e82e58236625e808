/**
 * Lines with their exact terminators.
 *
 * For every kind whose unit is the line. Keeps each byte: `joinLines(splitLines(text))` is `text`. A line ends with
 * `\n` or `\r\n`, the way `cat -A` and every retrieval by line number count them.
 *
 * Trap: a lone `\r` is not a line end. Progress bars are full of them, and splitting there would shift every line number
 * that a reader sees in an editor.
 */

import { finish, Meter } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";

/** A text as lines. `text[i]` is without terminator, `end[i]` is `"\n"`, `"\r\n"`, or `""` for a last line that has none. */
export interface Lines {
  readonly text: readonly string[];
  readonly end: readonly LineEnd[];
}

/** What is done once for a line takes as long as reading about so many characters. */
export const LINE_WORK = 24;

export type LineEnd = "" | "\n" | "\r\n";

/**
 * Splits at `\n` and `\r\n`. The empty text has no lines; a text that ends with a terminator has no extra empty line, so
 * the number of lines is what `wc -l` says, plus one when the last line is unterminated.
 */
export function splitLines(text: string): Lines {
  return finish(splitInSteps(text));
}

/** `splitLines`. */
export function* splitInSteps(text: string): Steps<Lines> {
  const meter = new Meter();
  const lines: string[] = [];
  const ends: LineEnd[] = [];
  let start = 0;
  while (start < text.length) {
    const at = text.indexOf("\n", start);
    if (at === -1) {
      lines.push(text.slice(start));
      ends.push("");
      break;
    }
    const crlf = at > start && text.charCodeAt(at - 1) === 13;
    lines.push(text.slice(start, crlf ? at - 1 : at));
    ends.push(crlf ? "\r\n" : "\n");
    if (meter.isDue(at + 1 - start + LINE_WORK)) yield;
    start = at + 1;
  }
  return { text: lines, end: ends };
}

/** `text.split("\n")`. */
export function* splitAtBreaks(text: string): Steps<readonly string[]> {
  const meter = new Meter();
  const lines: string[] = [];
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", start)) {
    lines.push(text.slice(start, at));
    if (meter.isDue(at + 1 - start + LINE_WORK)) yield;
    start = at + 1;
  }
  lines.push(text.slice(start));
  return lines;
}

/** The lines, and whether the last one ends in a line break. */
export function* linesOf(
  text: string,
): Steps<{ readonly lines: readonly string[]; readonly closed: boolean }> {
  const closed = text.endsWith("\n");
  return { lines: yield* splitAtBreaks(closed ? text.slice(0, -1) : text), closed };
}

/** The exact inverse of `splitLines`. */
export function joinLines(lines: Lines): string {
  const parts: string[] = [];
  for (let i = 0; i < lines.text.length; i++) {
    parts.push(lines.text[i] ?? "", lines.end[i] ?? "");
  }
  return parts.join("");
}
