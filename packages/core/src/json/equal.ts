/**
 * Whether two texts hold the same JSON: the same lexemes in the same order, and the same prose around them.
 *
 * White space outside of strings does not count; a number written another way, an escape or a key's place does.
 */
import { finish, STEP_CHARACTERS } from "../steps.ts";
import { isJsonSpace } from "../text/chars.ts";
import type { Steps } from "../types/compressor.ts";
import { type JsonDocument, readInSteps } from "./document.ts";
import { mendLines } from "./torn-lines.ts";

export function sameJson(original: string, decoded: string): boolean {
  return finish(compareInSteps(original, decoded));
}

/** `sameJson`. */
export function* compareInSteps(original: string, decoded: string): Steps<boolean> {
  const document = yield* readInSteps(original);
  if (document === undefined) return original === decoded;
  const { root, before, after, raw } = document;
  if (raw.length > 0) return yield* compareTorn(document, decoded);
  if (!decoded.startsWith(before) || !decoded.endsWith(after)) return false;
  const start = before.length;
  const end = decoded.length - after.length;
  if (start > end) return false;
  return yield* compareRanges([original, root.start, root.end], [decoded, start, end]);
}

type Range = readonly [text: string, start: number, end: number];

function* compareRanges([a, aStart, aEnd]: Range, [b, bStart, bEnd]: Range): Steps<boolean> {
  const comparison = new Comparison(aStart, bStart);
  for (;;) {
    const limit = comparison.i + STEP_CHARACTERS;
    const same = comparison.run(a, aEnd, b, bEnd, limit);
    if (same !== undefined) return same;
    yield;
  }
}

/** The same where lines are broken: those byte for byte, as rows at the same places. */
function* compareTorn(document: JsonDocument, decoded: string): Steps<boolean> {
  const other = yield* readInSteps(decoded);
  if (other === undefined || other.before !== document.before || other.after !== document.after)
    return false;
  const [own, mended] = [document, other].map(({ source, root }) =>
    root.type === "array" ? mendLines(source, root) : undefined,
  );
  if (own === undefined || mended === undefined) return false;
  if (own.raw.join() !== mended.raw.join()) return false;
  return yield* compareRanges([own.text, 0, own.text.length], [mended.text, 0, mended.text.length]);
}

/** Two ranges of JSON text, compared piece by piece. */
class Comparison {
  /** How far each text was read. */
  i: number;
  j: number;
  #inString = false;

  constructor(aStart: number, bStart: number) {
    this.i = aStart;
    this.j = bStart;
  }

  /**
   * Whether the texts are the same; `undefined` where they are so far, up to `limit` in the first. White space never parts two
   * lexemes that would otherwise be one, save numbers.
   */
  run(a: string, aEnd: number, b: string, bEnd: number, limit: number): boolean | undefined {
    let { i, j } = this;
    let inString = this.#inString;
    while (i < limit) {
      if (!inString) {
        const iGap = i;
        const jGap = j;
        while (i < aEnd && isJsonSpace(a.charCodeAt(i))) i++;
        while (j < bEnd && isJsonSpace(b.charCodeAt(j))) j++;
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
    this.i = i;
    this.j = j;
    this.#inString = inString;
    return undefined;
  }
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
