/**
 * How JSON inside of a string was printed: without white space, with blanks as Python does, or indented.
 *
 * Such JSON is written like any other; its layout is put back when it becomes a string again. The encoder only does so
 * where that gives the very same string.
 */

import { joinInSteps, Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";

/** By the word that the notation opens it with: `json(…)`, `json_(…)`, `json2(…)`, `json4(…)`. */
export const layouts = ["json", "json_", "json2", "json4"] as const;

export type Layout = (typeof layouts)[number];

export function isLayout(word: string): word is Layout {
  return (layouts as readonly string[]).includes(word);
}

/** Gives JSON without white space a layout. */
export function* layOut(json: string, layout: Layout): Steps<string> {
  if (layout === "json") return json;
  const indent = layout === "json2" ? "  " : "    ";
  const isFlat = layout === "json_";
  const out: string[] = [];
  let from = 0;
  let depth = 0;
  let inString = false;
  function line(until: number): void {
    out.push(json.slice(from, until), "\n", indent.repeat(depth));
    from = until;
  }
  const meter = new Meter();
  for (let i = 0; i < json.length; i++) {
    if (meter.isDue(1)) yield;
    const code = json.charCodeAt(i);
    if (inString) {
      if (code === 92) i++;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 58 || (isFlat && code === 44)) {
      out.push(json.slice(from, i + 1), " ");
      from = i + 1;
    } else if (isFlat) continue;
    else if (code === 44) line(i + 1);
    else if (code === 91 || code === 123) {
      const next = json.charCodeAt(i + 1);
      if (next === 93 || next === 125) i++;
      else {
        depth++;
        line(i + 1);
      }
    } else if (code === 93 || code === 125) {
      depth--;
      line(i);
    }
  }
  out.push(json.slice(from));
  return yield* joinInSteps(out);
}

/** The layout of a text that starts like this; to be checked. */
export function guessLayout(text: string): Layout {
  const second = text.charCodeAt(1);
  if (second === 10) return text.startsWith("    ", 2) ? "json4" : "json2";
  const comma = text.indexOf(", ");
  const colon = text.indexOf('": ');
  return comma !== -1 || colon !== -1 ? "json_" : "json";
}
