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
  return entryPath(path, step);
}

/** The path of an entry of a map, in quotes: its key is no name of a field. */
export function entryPath(path: string, key: string): string {
  return `${path === ROOT ? "" : path}["${key}"]`;
}

/** The steps of a path that `childPath` and `entryPath` made. */
export function readPath(path: string): readonly PathStep[] {
  return stepsOf(path).map(({ step }) => step);
}

/** A path without the numbers of rows and what stands in quotes, as a marker has it: without brackets. */
export function placeName(path: string): string {
  if (path === ROOT) return "";
  const names = stepsOf(path).filter(({ isPlain }) => isPlain);
  return names
    .map(({ step }) => step)
    .join(".")
    .slice(0, 80);
}

interface Step {
  readonly step: PathStep;
  /** A name that stands in no brackets. */
  readonly isPlain: boolean;
}

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < path.length; ) {
    if (path.startsWith('["', at)) {
      const end = quoteEnd(path, at + 2);
      steps.push({ step: path.slice(at + 2, end), isPlain: false });
      at = end + 2;
    } else if (path[at] === "[") {
      const end = path.indexOf("]", at);
      steps.push({ step: Number(path.slice(at + 1, end)), isPlain: false });
      at = end + 1;
    } else {
      const start = path[at] === "." ? at + 1 : at;
      let end = start;
      while (end < path.length && path[end] !== "." && path[end] !== "[") end++;
      steps.push({ step: path.slice(start, end), isPlain: true });
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
