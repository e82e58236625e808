/** What some lines have in common, as a pattern of which each of them is an instance: `net.ipv4.*= 0`. */

import { matches } from "../../view/fact.ts";
import { isCut } from "../shared/edges.ts";

/** Characters. The rest of a longer pattern is `…`. */
const MAX_PATTERN = 60;

/**
 * A pattern of the lines; `undefined` where they have nothing in common that is worth saying.
 *
 * @param words Of a template that all of them should have, `*` where they differ.
 */
export function patternOf(
  lines: readonly string[],
  words: readonly string[] | undefined,
): string | undefined {
  const [first = ""] = lines;
  if (lines.every((line) => line === first))
    return isTelling(first) ? shortened(first.trim()) : undefined;
  if (words !== undefined) {
    const template = shortened(joined(words));
    if (isTelling(template) && lines.every((line) => matches(template, line))) return template;
  }
  const { start, end } = commonEnds(lines);
  const [head, tail] = [
    first.slice(0, start).trimStart(),
    first.slice(first.length - end).trimEnd(),
  ];
  const pattern = head.length > MAX_PATTERN ? shortened(head) : `${head}*${tail}`;
  if (!isTelling(pattern) || pattern.length > 2 * MAX_PATTERN) return undefined;
  return lines.every((line) => matches(pattern, line)) ? pattern : undefined;
}

/** `a * *` is `a *`. */
function joined(words: readonly string[]): string {
  let out = "";
  for (const word of words)
    if (word !== "*" || !out.endsWith("*")) out += out === "" ? word : ` ${word}`;
  return out;
}

function shortened(pattern: string): string {
  if (pattern.length <= MAX_PATTERN) return pattern;
  const cut = pattern.lastIndexOf(" ", MAX_PATTERN);
  const end = cut > MAX_PATTERN / 2 ? cut : MAX_PATTERN;
  // A pair of surrogates is not cut in two.
  const code = pattern.charCodeAt(end - 1);
  return `${pattern.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}…`;
}

/** Whether a pattern says more than that there is something. */
function isTelling(pattern: string): boolean {
  let signs = 0;
  for (const char of pattern) if (char !== "*" && char !== " " && char !== "…") signs++;
  return signs >= 2 || pattern.startsWith("#");
}

/** Characters that all lines begin and end with, up to where a word ends. */
function commonEnds(lines: readonly string[]): { readonly start: number; readonly end: number } {
  const first = lines[0] ?? "";
  let start = first.length;
  let end = first.length;
  for (const line of lines) {
    let at = 0;
    const limit = Math.min(start, line.length);
    while (at < limit && line.charCodeAt(at) === first.charCodeAt(at)) at++;
    start = at;
    at = 0;
    const most = Math.min(end, line.length);
    while (
      at < most &&
      line.charCodeAt(line.length - 1 - at) === first.charCodeAt(first.length - 1 - at)
    )
      at++;
    end = at;
  }
  while (start > 0 && !lines.every((line) => isCut(line, start))) start--;
  end = Math.min(end, ...lines.map((line) => line.length - start).slice(0, 1));
  for (const line of lines) end = Math.min(end, line.length - start);
  while (end > 0 && !lines.every((line) => isCut(line, line.length - end))) end--;
  return { start, end };
}
