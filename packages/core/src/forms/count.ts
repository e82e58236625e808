import type { Pace } from "../types/runner.ts";
import type { TokenCounter } from "../types/tokens.ts";

/** Characters that are counted in one piece: a few milliseconds of work. */
const PIECE_CHARACTERS = 65_536;

/**
 * Tokens of a text, a long one counted in pieces with rests between them.
 *
 * Pieces end after a line where they can. No token of the vocabularies we know crosses the end of a line that is followed by
 * something else than white space, so the sum is exact there; elsewhere it is one token too many at most for each piece.
 */
export async function countTokens(
  text: string,
  counter: TokenCounter,
  pace: Pace,
): Promise<number> {
  if (text.length <= PIECE_CHARACTERS) return counter.count(text);
  let tokens = 0;
  for (let start = 0; start < text.length; ) {
    const resting = pace.rest();
    if (resting !== undefined) await resting;
    const end = endOfPiece(text, start);
    tokens += counter.count(text.slice(start, end));
    start = end;
  }
  return tokens;
}

/** Behind the last line break of the piece, else before its last space, else where no character is cut in two. */
function endOfPiece(text: string, start: number): number {
  const most = start + PIECE_CHARACTERS;
  if (most >= text.length) return text.length;
  const least = start + PIECE_CHARACTERS / 2;
  for (let at = text.lastIndexOf("\n", most - 1); at >= least; at = text.lastIndexOf("\n", at - 1))
    if (!isSpace(text.charCodeAt(at + 1))) return at + 1;
  const space = text.lastIndexOf(" ", most - 1);
  if (space >= least) return space;
  return (text.charCodeAt(most) & 0xfc00) === 0xdc00 ? most - 1 : most;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
