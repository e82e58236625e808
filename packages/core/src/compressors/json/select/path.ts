/**
 * Paths to arrays and maps, as a view prints them and retrieval takes them: `items[3].labels`, `content[0].text`.
 *
 * Keys are those of the source, escapes and all; what is no plain name stands in brackets and quotes.
 */
import { isName } from "../text.ts";

/** A key as the source writes it, or the index of an element. */
export type PathStep = string | number;

/** The path of the document itself. */
export const ROOT = "$";

export function childPath(path: string, step: PathStep): string {
  const base = path === ROOT ? "" : path;
  if (typeof step === "number") return `${base}[${step}]`;
  if (isName(step) && step !== ROOT) return base === "" ? step : `${base}.${step}`;
  return `${base}["${step}"]`;
}

/** The steps of a path that `childPath` made. */
export function readPath(path: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let at = 0; at < path.length; ) {
    if (path.startsWith('["', at)) {
      const end = quoteEnd(path, at + 2);
      steps.push(path.slice(at + 2, end));
      at = end + 2;
    } else if (path[at] === "[") {
      const end = path.indexOf("]", at);
      steps.push(Number(path.slice(at + 1, end)));
      at = end + 1;
    } else {
      const start = path[at] === "." ? at + 1 : at;
      let end = start;
      while (end < path.length && path[end] !== "." && path[end] !== "[") end++;
      steps.push(path.slice(start, end));
      at = end;
    }
  }
  return steps;
}

/** Where a key in quotes ends: its own quotes are escaped. */
function quoteEnd(path: string, from: number): number {
  let at = from;
  while (at < path.length && path[at] !== '"') at += path[at] === "\\" ? 2 : 1;
  return Math.min(at, path.length);
}
