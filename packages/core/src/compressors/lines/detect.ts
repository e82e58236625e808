/**
 * Whether a text is lines that tools print: neither paragraphs nor source code.
 *
 * The least sure of all detectors. It says no where tearing lines apart would hurt reading: manual pages, documents, programs.
 */

import { isCode, isComment, isGenerated } from "../../text/program.ts";
import { isSentence, readsOn, usualWidth } from "../../text/sentence.ts";

const MAX_LINES = 400;
const LEAST_LINES = 4;
/** Any stricter kind is surer. */
const SCORE = 0.1;
/** Shares of lines that a paragraph goes on in, and of lines that only programs have. */
const MOST_PROSE = 0.25;
const MOST_CODE = 0.35;

/** 0 or 0.1. */
export function detectLines(sample: string): number {
  const lines = sample.split("\n", MAX_LINES);
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.length < LEAST_LINES || isWritten(filled)) return 0;
  // In a file of settings paragraphs are comments: they explain, and can be left out as such.
  const settings = filled.filter((line) => !isComment(line));
  const own = settings.length > LEAST_LINES ? settings : filled;
  const width = usualWidth(filled);
  let prose = 0;
  for (let at = 1; at < lines.length; at++)
    if (!isComment(lines[at] ?? "") && readsOn(lines[at] ?? "", lines[at - 1] ?? "", width))
      prose++;
  if (prose > own.length * MOST_PROSE) return 0;
  const code = own.filter(isCode);
  return code.length > own.length * MOST_CODE && !isGenerated(code) ? 0 : SCORE;
}

/** Whether a text begins like a script, has parts of its own (fences, JSON) or paragraphs on one line each, or has the lines of a preprocessor, of a marked-up document or of a document with headings. */
function isWritten(lines: readonly string[]): boolean {
  if (lines[0]?.startsWith("#!")) return true;
  const count = (test: RegExp): number => lines.filter((line) => test.test(line)).length;
  const directives = lines.filter(isDirective).length;
  if (count(FENCE) >= 2 || count(JSON_LINE) > lines.length * MOST_JSON) return true;
  if (lines.filter(isParagraph).length > lines.length * MOST_PROSE) return true;
  if (directives >= Math.max(2, lines.length * DIRECTIVES) || count(TAG) > lines.length * MOST_CODE)
    return true;
  const titles = count(TITLE);
  if (titles < 2 || count(/^# /) > titles * 3) return false;
  return lines.filter(isSentence).length > lines.length * SENTENCES;
}

/** Of a program with a preprocessor so many lines are for it. */
const DIRECTIVES = 0.04;
/** Of a document with headings so many lines are sentences. */
const SENTENCES = 0.15;
const PREPROCESSOR = /^# {0,4}(?:ifndef|ifdef|include|endif|pragma)\b/;
const FENCE = /^ {0,3}(?:```|~~~)/;
/** Shares of lines: of a text that is JSON in part. */
const MOST_JSON = 0.2;
const JSON_LINE = /^\s{0,80}"[^"]{1,80}": ?(?:["{[\d-]|true|false|null)/;
const TAG = /^\s{0,80}<[/!?]?[A-Za-z]/;
const TITLE = /^#{2,5} \S/;

/** `#include <stdio.h>`, but not what a compiler says of where it looks for it. */
function isDirective(line: string): boolean {
  return PREPROCESSOR.test(line) && !line.endsWith(":");
}

/** A sentence or more on one line that is not wrapped. */
function isParagraph(line: string): boolean {
  return line.length >= PARAGRAPH && isSentence(line);
}

/** Characters. */
const PARAGRAPH = 130;
