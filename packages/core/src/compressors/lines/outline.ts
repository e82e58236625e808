/**
 * The outline of a text: which lines are headings of what stands below them.
 *
 * Headings are underlined, framed (`=== x ===`, `### x`), in brackets (`[x]`), end in a colon above what belongs to them, or stand further left than
 * the lines below.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { indentOf, isComment } from "./prose.ts";

export interface Section {
  /** The heading's first line; the first line of the section where it has none. */
  readonly from: number;
  /** The first line below the heading. */
  readonly body: number;
  readonly to: number;
}

/** Characters. Longer lines are no headings. */
const MAX_HEADING = 120;
const MAX_WORDS = 9;

/** Sections one after another; they cover all lines. */
export function* sectionsOf(lines: readonly string[]): Steps<readonly Section[]> {
  const meter = new Meter();
  const starts: { from: number; body: number }[] = [];
  for (let at = 0; at < lines.length; at++) {
    const height = headingHeight(lines, at);
    if (meter.isDue((lines[at] ?? "").length + LINE_WORK)) yield;
    if (height === 0) continue;
    starts.push({ from: at, body: at + height });
    at += height - 1;
  }
  if (starts[0]?.from !== 0) starts.unshift({ from: 0, body: 0 });
  return starts.map(({ from, body }, at) => ({
    from,
    body,
    to: starts[at + 1]?.from ?? lines.length,
  }));
}

/** Lines of the heading that begins here; 0 where none does. */
function headingHeight(lines: readonly string[], at: number): number {
  const line = lines[at] ?? "";
  if (line.length > MAX_HEADING || line.trim() === "") return 0;
  const next = lines[at + 1] ?? "";
  if (isRule(next) && !isRule(line)) return 2;
  if (FRAMED.test(line) || BRACKETS.test(line)) return 1;
  const below = at + 1 < lines.length && next.trim() !== "";
  const indent = indentOf(line);
  const isDeeper = below && indentOf(next) > indent;
  const above = lines[at - 1] ?? "";
  if (
    line.trimEnd().endsWith(":") &&
    !isComment(line) &&
    line.trim().split(" ").length <= MAX_WORDS
  )
    return isDeeper || (below && above.trim() === "") ? 1 : 0;
  if (indent > 0 || !isDeeper || isComment(line)) return 0;
  return above.trim() === "" || indentOf(above) > 0 ? 1 : 0;
}

function isRule(line: string): boolean {
  return line.length <= MAX_HEADING && RULE.test(line);
}

const RULE = /^\s{0,20}[-=~^*_]{3,110}\s{0,20}$/;
const FRAMED =
  /^\s{0,8}(?:={2,60}|#{2,90}|-{3,60}|\*{3,60}|>{3,10}|~{3,60}|-- )\s{0,10}[^\s=#*~>-]/;
const BRACKETS = /^\[[^\]]{1,100}\]$/;
