/**
 * A JSON value that breaks off: an array that a harness cut at its budget, an object whose end was lost.
 *
 * What was complete before the cut is read as if everything still open had been closed there. Offsets stay those of the source.
 */
import { endingAt, endOfString } from "./cut.ts";
import { scanValue } from "./lexer.ts";
import { isContainer, type JsonNode } from "./node.ts";

/** The array or object that starts at `start` and breaks off at or before `at`; `undefined` where nothing in it is complete. */
export function readCutValue(source: string, start: number, at: number): JsonNode | undefined {
  const open: string[] = [];
  let complete = -1;
  let depth = 0;
  for (let i = start; i < at; i++) {
    const code = source.charCodeAt(i);
    if (code === 34) {
      i = endOfString(source, i, at);
      if (i >= at) break;
    } else if (code === 123 || code === 91) open.push(code === 123 ? "}" : "]");
    else if (code === 44) {
      complete = i;
      depth = open.length;
    } else if (code === 125 || code === 93) {
      open.pop();
      complete = i + 1;
      depth = open.length;
    }
  }
  if (complete < 0 || depth === 0) return undefined;
  // Whatever closes below this depth would have been complete itself.
  const closed = source.slice(0, complete) + open.slice(0, depth).reverse().join("");
  const { node } = scanValue(closed, start);
  return node && isContainer(node) ? endingAt(node, complete) : undefined;
}
