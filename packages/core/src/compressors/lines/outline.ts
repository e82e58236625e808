/**
 * The outline of a text: which lines are headings of what stands below them.
 *
 * Headings are underlined, framed (`=== x ===`, `### x`), in brackets (`[x]`), end in a colon above what belongs to them, or stand further left than
 * the lines below.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import { isComment } from "../../text/program.ts";
import { indentOf } from "../../text/sentence.ts";
import type { Steps } from "../../types/compressor.ts";
import { firstWords } from "./kinds.ts";

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
/** Lines. Longer sections are divided. */
const LONG_SECTION = 24;
/** Stretches have so many lines on average. */
const LEAST_STRETCH = 5;
const MAX_ROUNDS = 5;

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

/**
 * Sections with the long ones divided where lines begin with another word (`net.core.` and `net.ipv4.`, the folders of a list of paths), and divided
 * again as long as there are at most so many.
 */
export function* divided(
  lines: readonly string[],
  sections: readonly Section[],
  most: number,
): Steps<readonly Section[]> {
  let all = sections;
  let words: readonly number[] = sections.map(() => 0);
  const long = Math.max(LONG_SECTION, lines.length / 12);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next: Section[] = [];
    const nextWords: number[] = [];
    let left = most - all.length;
    for (const [n, section] of all.entries()) {
      const word = words[n] ?? 0;
      const parts =
        section.to - section.body > long && left > 0 ? yield* partsOf(lines, section, word) : [];
      if (parts.length < 1 || parts.length > left) {
        next.push(section);
        nextWords.push(word);
        continue;
      }
      left -= parts.length;
      for (const [m, part] of parts.entries()) {
        next.push(m === 0 ? { ...part, from: section.from, body: section.body } : part);
        nextWords.push(word + 1);
      }
    }
    all = next;
    words = nextWords;
  }
  return all;
}

/** Stretches of a section of which all lines have so many words at their start in common, and then one more. */
function* partsOf(
  lines: readonly string[],
  { body, to }: Section,
  words: number,
): Steps<readonly Section[]> {
  const meter = new Meter();
  const starts: number[] = [];
  let word: string | undefined;
  for (let at = body; at < to; at++) {
    const line = lines[at] ?? "";
    if (meter.isDue(LINE_WORK)) yield;
    if (line.trim() === "" || (word !== undefined && line.startsWith(word))) continue;
    word = firstWords(line, words + 1);
    starts.push(at);
  }
  if (starts.length === 0 || starts.length * LEAST_STRETCH > to - body) return [];
  return starts.map((from, at) => ({ from, body: from, to: starts[at + 1] ?? to }));
}

/** Lines of the heading that begins here; 0 where none does. */
function headingHeight(lines: readonly string[], at: number): number {
  const line = lines[at] ?? "";
  if (line.length > MAX_HEADING || line.trim() === "") return 0;
  const next = lines[at + 1] ?? "";
  if (isRule(next) && !isRule(line)) return 2;
  if (FRAMED.test(line) || BRACKETS.test(line)) return 1;
  const below = at + 1 < lines.length && next.trim() !== "";
  if (isTitle(lines, at)) return 1;
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

/** A few words behind the sign of a comment, with settings right below: `# Memory`. */
function isTitle(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  const next = lines[at + 1] ?? "";
  const above = lines[at - 1] ?? "";
  if (!isComment(line) || line.trim().split(" ").length > MAX_TITLE_WORDS + 1) return false;
  return above.trim() === "" && next.trim() !== "" && !isComment(next) && LETTER.test(line);
}

const MAX_TITLE_WORDS = 3;
const LETTER = /\p{L}{2}/u;

function isRule(line: string): boolean {
  return line.length <= MAX_HEADING && RULE.test(line);
}

const RULE = /^\s{0,20}[-=~^*_]{3,110}\s{0,20}$/;
const FRAMED =
  /^\s{0,8}(?:={2,60}|#{2,90}|-{3,60}|\*{3,60}|>{3,10}|~{3,60}|-- )\s{0,10}[^\s=#*~>-]/;
const BRACKETS = /^\[[^\]]{1,100}\]$/;
