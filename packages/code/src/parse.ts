/** Parses in steps, within a bound counted in work, and always gives the memory back. */
import type { Steps } from "@headroom/core";
import { type Language, Parser, type Tree } from "web-tree-sitter";

/** Characters that are handed to the parser at once; it takes 5,119 at most. */
const CHUNK = 4_096;
/** The parser reports every 100 operations: so many reports are a step, about a millisecond. */
const REPORTS_A_STEP = 25;
/** Where it has met an error, operations may take longer: it tries what could have been meant. */
const ERROR_WEIGHT = 5;
/** Reports that a text may take: plain code takes 0.03 a character. */
const MIN_REPORTS = 2_000;
const REPORTS_A_CHARACTER = 0.25;

/**
 * What `read` makes of the tree of a text; `undefined` where the parser gives up: too much work, or a fault inside of it. The tree
 * and the parser are gone afterwards.
 */
export function* parse<Value>(
  text: string,
  language: Language,
  read: (tree: Tree) => Steps<Value>,
  mostReports: number = MIN_REPORTS + text.length * REPORTS_A_CHARACTER,
): Steps<Value | undefined> {
  let parser: Parser | undefined;
  let tree: Tree | null = null;
  try {
    parser = new Parser();
    parser.setLanguage(language);
    let left = mostReports;
    while (tree === null) {
      let step = REPORTS_A_STEP;
      // Called again, it goes on where it was stopped.
      tree = parser.parse((index) => text.slice(index, index + CHUNK), null, {
        progressCallback: ({ hasError }) => {
          step -= hasError ? ERROR_WEIGHT : 1;
          return step < 0;
        },
      });
      left -= REPORTS_A_STEP - step;
      if (left < 0) return undefined;
      yield;
    }
    return yield* read(tree);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  } finally {
    release(tree);
    release(parser);
  }
}

/** Whether WebAssembly itself failed: out of memory, or a defect of a grammar. */
function isFault(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** What a fault left behind may not be deleted any more. */
function release(owned: { delete(): void } | null | undefined): void {
  try {
    owned?.delete();
  } catch (error) {
    if (!isFault(error)) throw error;
  }
}
