/**
 * Where a text may be cut so that no word, number or identifier is cut in two: at spaces, quotes, slashes, commas, colons and
 * brackets.
 */
import { isDigit, isLetter } from "../../text/chars.ts";

const EDGES: Uint8Array = edges();

function edges(): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 0; code <= 32; code++) table[code] = 1;
  for (const char of "\"'`/\\,;:|()[]{}<>?&=") table[char.charCodeAt(0)] = 1;
  return table;
}

/** Whether a word, number or identifier may end before this character or begin behind it. */
export function isEdge(code: number): boolean {
  return code < 128 && EDGES[code] === 1;
}

/**
 * Whether a text can be cut before `at` without cutting a word, a number, a date, a clock time or a colour code in two. A dot before or
 * behind a letter is a cut too: there an extension or a part of a package's name begins.
 */
export function isCut(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return true;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  if ((before === ESCAPE || before === 91 || before === 59 || after === 59) && isInCode(text, at))
    return false;
  if (before === DOT) return isLetter(after);
  if (after === DOT) return isLetter(text.charCodeAt(at + 1));
  if (isEdge(before))
    return !isJoint(before) || !isDigit(after) || !isDigit(text.charCodeAt(at - 2));
  return isEdge(after) && !(isJoint(after) && isDigit(before) && isDigit(text.charCodeAt(at + 1)));
}

/** Whether `at` is within a colour code: an escape, a bracket, then digits and semicolons up to a letter. */
function isInCode(text: string, at: number): boolean {
  let from = at - 1;
  while (from > 0 && at - from < 12 && (isDigit(text.charCodeAt(from)) || text[from] === ";"))
    from--;
  if (text[from] === "[") from--;
  return text.charCodeAt(from) === ESCAPE;
}

const DOT = 46;
const ESCAPE = 27;

/** `:`, `,` and `/`, which between two digits are part of a time, a number or a date. */
function isJoint(code: number): boolean {
  return code === 58 || code === 44 || code === 47;
}
