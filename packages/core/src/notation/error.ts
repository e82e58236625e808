import type { Steps } from "../types/compressor.ts";

/**
 * Why a text is not a lossless form of ours, and where. Decoders turn it into `undefined`; tests look at it to see where
 * a proof failed.
 */
export class NotationError extends Error {
  /** The line of the form, counted from 1; 0 where the error concerns the form as a whole. */
  readonly line: number;
  /** What the reader expected there. */
  readonly expected: string;

  constructor(expected: string, line = 0) {
    super(line > 0 ? `line ${line}: expected ${expected}` : `expected ${expected}`);
    this.name = "NotationError";
    this.line = line;
    this.expected = expected;
  }
}

/** The number of the line, counted from 1, in which an offset of a text stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}

/** Runs a reader; `undefined` where it finds that the text is not its notation. Other errors pass through. */
export function* readOrUndefined<Result>(reading: Steps<Result>): Steps<Result | undefined> {
  try {
    return yield* reading;
  } catch (error) {
    if (error instanceof NotationError) return undefined;
    throw error;
  }
}
