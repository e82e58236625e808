/**
 * What work in steps is written with; see `Steps`.
 *
 * Work is counted, never timed, so that it rests at the same places everywhere. What is small is done in one go: a walker over a
 * tree yields between the children of a large node, and a plain function visits the small ones.
 */
import type { Steps } from "./types/compressor.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** Characters of text that are worked on between two yields: about a millisecond. */
export const STEP_CHARACTERS = 32_768;

/** Counts work, and says when it is time to yield: `if (meter.isDue(line.length)) yield;` */
export class Meter {
  #left = STEP_CHARACTERS;

  /** @param work done since the last time it was asked: characters, or about as many as would take as long */
  isDue(work: number): boolean {
    this.#left -= work;
    if (this.#left > 0) return false;
    this.#left = STEP_CHARACTERS;
    return true;
  }
}

/** The result of work in steps, without rests. */
export function finish<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Texts that are put together in one go. */
const JOINED_TEXTS = 8_192;

/** `texts.join(separator)`. */
export function* joinInSteps(texts: readonly string[], separator: string = ""): Steps<string> {
  if (texts.length <= JOINED_TEXTS) return texts.join(separator);
  const parts: string[] = [];
  for (let from = 0; from < texts.length; from += JOINED_TEXTS) {
    parts.push(texts.slice(from, from + JOINED_TEXTS).join(separator));
    yield;
  }
  return parts.join(separator);
}

/** Characters that are counted in one piece: a few milliseconds of work. */
const PIECE_CHARACTERS = 65_536;

/**
 * Tokens of a text, a long one counted in pieces.
 *
 * Pieces end after a line where they can. No token of the vocabularies we know crosses the end of a line that is followed by
 * something else than white space or `/`, so the sum is exact there; elsewhere, and where a counter rounds, it is a few tokens off:
 * see `mostMiscounted`.
 */
export function* countInSteps(text: string, counter: TokenCounter): Steps<number> {
  if (text.length <= PIECE_CHARACTERS) return counter.count(text);
  let tokens = 0;
  for (let start = 0; start < text.length; ) {
    yield;
    const end = endOfPiece(text, start);
    tokens += counter.count(text.slice(start, end));
    start = end;
  }
  return tokens;
}

/** Tokens that the end of a piece can add or take away: one for the cut, one for a counter that rounds, twice that to be safe. */
const MISCOUNTED_TOKENS = 4;

/** The most tokens by which `countInSteps` can be off for a text of so many characters. Measured with every built-in counter. */
export function mostMiscounted(characters: number): number {
  if (characters <= PIECE_CHARACTERS) return 0;
  return Math.floor(characters / (PIECE_CHARACTERS / 2)) * MISCOUNTED_TOKENS;
}

/** Behind the last line break of the piece, else before its last space, else where no character is cut in two. */
function endOfPiece(text: string, start: number): number {
  const most = start + PIECE_CHARACTERS;
  if (most >= text.length) return text.length;
  const least = start + PIECE_CHARACTERS / 2;
  // Searched in the piece alone: a search of the whole text would go back to its beginning where it has no line break.
  const tail = text.slice(least, most);
  for (let at = tail.lastIndexOf("\n"); at > 0; at = tail.lastIndexOf("\n", at - 1))
    if (beginsToken(text.charCodeAt(least + at + 1))) return least + at + 1;
  const space = tail.lastIndexOf(" ");
  if (space >= 0) return least + space;
  return (text.charCodeAt(most) & 0xfc00) === 0xdc00 ? most - 1 : most;
}

/** Whether a character behind a line break begins a token. White space and `/` may continue the one of the line break. */
function beginsToken(code: number): boolean {
  return code !== SLASH && !isSpace(code);
}

const SLASH = 47;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
