/**
 * JSON that breaks off in an array: what a harness leaves of a long answer. The elements that are whole are read; the rest, and
 * whatever the harness wrote behind it, is text.
 *
 * Offsets stay those of the source. One trap: brackets in strings open and close nothing.
 */
import { STEP_CHARACTERS } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { endingAt, endOfString } from "./cut.ts";
import { scanInSteps } from "./lexer.ts";
import type { JsonNode } from "./node.ts";

export interface CutArray {
  /** The outermost value, which ends behind the last whole element of the innermost array that has some. */
  readonly root: JsonNode;
  /** How many arrays and objects are open there. */
  readonly open: number;
}

interface Open {
  readonly isArray: boolean;
  /** Where its last whole element or member ends; -1 while there is none. */
  end: number;
  elements: number;
}

/** Fewer whole elements are no list. */
const MIN_ELEMENTS = 2;

/** The value that starts at `start` and breaks off at `at`; `undefined` where it is in no list. */
export function* readCutArray(
  source: string,
  start: number,
  at: number,
): Steps<CutArray | undefined> {
  const stack: Open[] = [];
  let due = start + STEP_CHARACTERS;
  for (let i = start; i < at; i++) {
    if (i >= due) {
      due = i + STEP_CHARACTERS;
      yield;
    }
    const code = source.charCodeAt(i);
    if (code === 34) i = endOfString(source, i, at);
    else if (code === 123 || code === 91)
      stack.push({ isArray: code === 91, end: -1, elements: 0 });
    else if (code === 125 || code === 93) stack.pop();
    else if (code === 44) {
      const top = stack[stack.length - 1];
      if (top === undefined) return undefined;
      top.end = i;
      top.elements++;
    }
  }
  const depth = stack.findLastIndex(({ isArray, elements }) => isArray && elements >= MIN_ELEMENTS);
  const innermost = stack[depth];
  if (innermost === undefined) return undefined;
  let end = innermost.end;
  while (end > start && source.charCodeAt(end - 1) <= 32) end--;
  const closers = stack
    .slice(0, depth + 1)
    .map(({ isArray }) => (isArray ? "]" : "}"))
    .reverse();
  const { node } = yield* scanInSteps(source.slice(0, end) + closers.join(""), start);
  if (node === undefined || (node.type !== "array" && node.type !== "object")) return undefined;
  return { root: endingAt(node, end), open: closers.length };
}
