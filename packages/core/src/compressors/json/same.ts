/**
 * Whether two texts hold the same JSON: the same lexemes in the same order, and the same prose around them.
 *
 * White space outside of strings does not count; a number written another way, an escape or a key's place does.
 */
import { finish, STEP_CHARACTERS } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { readInSteps } from "./document.ts";

export function sameJson(original: string, decoded: string): boolean {
  return finish(compareInSteps(original, decoded));
}

/** `sameJson`. */
export function* compareInSteps(original: string, decoded: string): Steps<boolean> {
  const document = yield* readInSteps(original);
  if (document === undefined) return original === decoded;
  const { root, before, after } = document;
  if (!decoded.startsWith(before) || !decoded.endsWith(after)) return false;
  const start = before.length;
  const end = decoded.length - after.length;
  if (start > end) return false;
  return yield* sameLexemes(original, root.start, root.end, decoded, start, end);
}

/** Compares two ranges of JSON text. White space never parts two lexemes that would otherwise be one, save numbers. */
function* sameLexemes(
  a: string,
  aStart: number,
  aEnd: number,
  b: string,
  bStart: number,
  bEnd: number,
): Steps<boolean> {
  let i = aStart;
  let j = bStart;
  let inString = false;
  let due = i + STEP_CHARACTERS;
  for (;;) {
    if (i >= due) {
      due = i + STEP_CHARACTERS;
      yield;
    }
    if (!inString) {
      const iGap = i;
      const jGap = j;
      while (i < aEnd && isSpace(a.charCodeAt(i))) i++;
      while (j < bEnd && isSpace(b.charCodeAt(j))) j++;
      // `1 2` is not `12`: where one side has a gap inside a word, the other needs one too.
      const gapDiffers = i > iGap !== j > jGap;
      if (gapDiffers && isWord(a.charCodeAt(i)) && isWord(a.charCodeAt(iGap - 1))) return false;
    }
    if (i >= aEnd || j >= bEnd) return i >= aEnd && j >= bEnd;
    const code = a.charCodeAt(i);
    if (code !== b.charCodeAt(j)) return false;
    if (code === 34) inString = !inString;
    else if (inString && code === 92) {
      i++;
      j++;
      if (a.charCodeAt(i) !== b.charCodeAt(j)) return false;
    }
    i++;
    j++;
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Characters of numbers and of `true`, `false`, `null`. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    code === 43 ||
    code === 45 ||
    code === 46 ||
    code === 69
  );
}
