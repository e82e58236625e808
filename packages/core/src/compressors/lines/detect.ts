/**
 * Whether a text is lines that tools print: neither paragraphs nor source code.
 *
 * The least sure of all detectors. It says no where tearing lines apart would hurt reading: manual pages, documents, programs.
 */
import { isCode, isComment, readsOn, usualWidth } from "./prose.ts";

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
  if (filled.length < LEAST_LINES) return 0;
  // In a file of settings paragraphs are comments: they explain, and can be left out as such.
  const settings = filled.filter((line) => !isComment(line));
  const own = settings.length > LEAST_LINES ? settings : filled;
  const width = usualWidth(filled);
  let prose = 0;
  for (let at = 1; at < lines.length; at++)
    if (!isComment(lines[at] ?? "") && readsOn(lines[at] ?? "", lines[at - 1] ?? "", width))
      prose++;
  const code = own.filter(isCode).length;
  return prose > own.length * MOST_PROSE || code > own.length * MOST_CODE ? 0 : SCORE;
}
