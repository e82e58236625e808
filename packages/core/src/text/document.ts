/**
 * Whether a text is a document that people wrote: paragraphs, or headings with sentences below them.
 *
 * What a tool prints has sentences too, one by one: in a document they go on from line to line, are long, or stand below headings.
 */
import { isSentence, readsOn, usualWidth } from "./sentence.ts";

const MAX_LINES = 2_000;
/** Characters. */
const MAX_TEXT = 200_000;
/** Shares of lines outside of fences. */
const PARAGRAPHS = 0.2;
const SENTENCES = 0.15;
/** Of lines that are points of a list, in several words; and of points, those that quote code. */
const POINTS = 0.35;
const SPECIFIC = 0.4;
/** Characters. A sentence or more on a line that is not wrapped. */
const LONG = 130;
const TITLE = /^#{1,6} \S/;
const LINK_ITEM = /^\s{0,12}[-*+] \[[^\]]{0,200}\]\([^)]{0,200}\)/;
const TAG = /^\s{0,12}<\/?[A-Za-z]/;
const FENCE = /^ {0,3}(?:```|~~~)/;

/** By the first lines of a text: the introduction of a document may be all links. */
export function isDocument(text: string): boolean {
  const lines = outsideOfFences(text.slice(0, MAX_TEXT).split("\n", MAX_LINES));
  const filled = lines.filter((line) => line.trim() !== "" && !isFurniture(line));
  const width = usualWidth(filled);
  let titles = 0;
  let sentences = 0;
  let paragraphs = 0;
  for (const [at, line] of lines.entries()) {
    if (TITLE.test(line)) titles++;
    else if (isSentence(line)) {
      sentences++;
      if (line.length >= LONG || readsOn(line, lines[at - 1] ?? "", width)) paragraphs++;
    }
  }
  if (paragraphs > 0 && paragraphs >= filled.length * PARAGRAPHS) return true;
  // In a file of settings every line of a comment looks like a heading.
  const isDivided = titles >= 2 && titles * 2 <= filled.length;
  return isDivided && sentences >= (filled.length - titles) * SENTENCES;
}

/** Whether most of a text is points that say what to do with which code: a task, a plan. An agent works through all of it. */
export function isSpecification(text: string): boolean {
  const lines = text.slice(0, MAX_TEXT).split("\n", MAX_LINES);
  const filled = lines.filter((line) => line.trim() !== "");
  const points = filled.filter(isPoint);
  const specific = points.filter((line) => line.includes("`"));
  return (
    points.length > 0 &&
    points.length >= filled.length * POINTS &&
    specific.length >= points.length * SPECIFIC
  );
}

/** `- Add the attribute to the resource` in Markdown. */
function isPoint(line: string): boolean {
  const text = line.trimStart();
  return /^(?:[-*•]|\d{1,3}[.)]) [`"(A-Za-z]/.test(text) && text.split(" ", 5).length === 5;
}

/** A link in a list, or a tag: what a document has above its first sentence. */
export function isFurniture(line: string): boolean {
  return LINK_ITEM.test(line) || TAG.test(line);
}

function outsideOfFences(lines: readonly string[]): readonly string[] {
  let isInside = false;
  return lines.filter((line) => {
    const isFence = FENCE.test(line);
    if (isFence) isInside = !isInside;
    return !isFence && !isInside;
  });
}
