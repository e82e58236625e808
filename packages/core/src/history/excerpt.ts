/** Head and tail of a text, for results that have grown old and that no compressor shortens enough. */
import { splitLines } from "../text/lines.ts";
import type { View } from "../types/compressor.ts";

/** Texts of fewer lines are cut by characters. */
const MIN_LINES = 8;

/** Whole lines from both ends, or characters where the lines are too long; `undefined` where nothing would be left out. */
export function excerptOf(text: string, maxCharacters: number): View | undefined {
  if (text.length <= maxCharacters) return undefined;
  return linesFromBothEnds(text, maxCharacters) ?? firstCharacters(text, maxCharacters);
}

function linesFromBothEnds(text: string, maxCharacters: number): View | undefined {
  const { text: lines } = splitLines(text);
  if (lines.length < MIN_LINES) return undefined;
  // The head says what a text is, the tail how it ended.
  const head = fitting(lines, maxCharacters / 2);
  const tail = fitting(lines.slice(head).reverse(), maxCharacters / 2);
  const left = lines.length - head - tail;
  if (head === 0 || left < 2) return undefined;
  const gap = `… lines ${head + 1}-${head + left} are left out`;
  const shown = [...lines.slice(0, head), gap, ...lines.slice(lines.length - tail)];
  return {
    text: shown.join("\n"),
    omitted: [{ unit: "lines", count: left, total: lines.length }],
  };
}

/** How many of the first lines fit. */
function fitting(lines: readonly string[], maxCharacters: number): number {
  let room = maxCharacters;
  for (const [count, line] of lines.entries()) {
    room -= line.length + 1;
    if (room < 0) return count;
  }
  return lines.length;
}

function firstCharacters(text: string, maxCharacters: number): View | undefined {
  const head = text.slice(0, maxCharacters);
  // Half of a character is none.
  const shown = head.isWellFormed() ? head : head.slice(0, -1);
  const left = text.length - shown.length;
  if (left < 2) return undefined;
  return {
    text: `${shown}\n… the other ${left} characters are left out`,
    omitted: [{ unit: "characters", count: left, total: text.length }],
  };
}
