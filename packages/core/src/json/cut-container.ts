/**
 * JSON that breaks off in an array, or in an object such as the packages of a lock file: what a harness leaves of a long answer. The
 * elements that are whole are read; the rest, and whatever the harness wrote behind it, is text.
 *
 * Offsets stay those of the source. One trap: brackets in strings open and close nothing.
 */
import { STEP_CHARACTERS } from "../steps.ts";
import type { Steps } from "../types/compressor.ts";
import { endingAt, endOfString } from "./cut.ts";
import { scanInSteps } from "./lexer.ts";
import type { JsonNode } from "./node.ts";

export interface CutContainer {
  /** The outermost value, which ends behind the last whole element of an array or an object that is open. */
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
const MIN_MEMBERS = 3;
/** Of what is there so much is in whole elements, where a value further out is to be taken. */
const WHOLE_SHARE = 0.8;

/** The value that starts at `start` and breaks off at `at`; `undefined` where it is in no list. */
export function* readCutContainer(
  source: string,
  start: number,
  at: number,
): Steps<CutContainer | undefined> {
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
  const depth = depthOf(stack, start + (at - start) * WHOLE_SHARE);
  const cut = stack[depth];
  if (cut === undefined) return undefined;
  let { end } = cut;
  while (end > start && source.charCodeAt(end - 1) <= 32) end--;
  const closers = stack
    .slice(0, depth + 1)
    .map(({ isArray }) => (isArray ? "]" : "}"))
    .reverse();
  const { node } = yield* scanInSteps(source.slice(0, end) + closers.join(""), start);
  if (node === undefined || (node.type !== "array" && node.type !== "object")) return undefined;
  return { root: endingAt(node, end), open: closers.length };
}

/**
 * The open value that is closed behind its last whole element: the innermost array that has some, unless little is left of the text
 * then; else the outermost object of which most is there, or the innermost that has some.
 */
function depthOf(stack: readonly Open[], least: number): number {
  const isList = ({ isArray, elements }: Open): boolean =>
    elements >= (isArray ? MIN_ELEMENTS : MIN_MEMBERS);
  const array = stack.findLastIndex((open) => open.isArray && isList(open));
  if ((stack[array]?.end ?? -1) >= least) return array;
  const whole = stack.findIndex((open) => isList(open) && open.end >= least);
  if (whole >= 0) return whole;
  return array >= 0 ? array : stack.findLastIndex(isList);
}
