/**
 * A document as units that are shown whole or not at all: headings, sentences of paragraphs, items of lists, rows of tables, blocks of
 * code. They cover the text without gaps, so that units beside each other are a slice of it.
 *
 * Markdown as CommonMark has it, but what decides is the line alone: a document that was cut anywhere is read too.
 */
import { Meter } from "../../steps.ts";
import { isFurniture } from "../../text/document.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { sentenceEnds } from "./sentences.ts";

/**
 * A `divider` is a line between parts. A `rule` is what else is no words of the document: a comment, a tag, a link in a table of contents.
 */
export type UnitKind = "heading" | "sentence" | "item" | "row" | "code" | "divider" | "rule";

export interface Unit {
  readonly kind: UnitKind;
  /** Offsets in the text; blank lines behind it are its own. */
  readonly start: number;
  readonly end: number;
  /** Indexes of its first line, and of the one behind its last that is not blank. */
  readonly firstLine: number;
  readonly lineEnd: number;
  /** Paragraphs, lists, tables and so on are counted through. */
  readonly block: number;
  /** 1 to 6 for a heading; 0 for the title of one document among several. */
  readonly level?: number;
}

/** A line as it stands in the text. */
interface Line {
  readonly start: number;
  /** Behind its line break. */
  readonly end: number;
  readonly text: string;
}

type LineKind = Exclude<UnitKind, "sentence"> | "blank" | "text" | "fence";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const TITLE = /^ {0,3}(#{1,6})(?:\s|$)/;
/** A heading of a page of HTML, or its title, behind what else stands in the line. */
const PAGE_TITLE = /<(?:h([1-6])|title)[\s>]/i;
/** Characters. */
const MAX_TITLE_LOOK = 200;
const ITEM = /^\s{0,12}(?:[-*+•]|\d{1,4}[.)])\s/;
const ROW = /^\s{0,3}\|/;
const DIVIDER = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s{0,20}$/;
const COMMENT = /^ {0,3}<!--/;
const UNDERLINE = /^ {0,3}(?:={3,}|-{3,})\s{0,20}$/;
/** Lines of code that are shown or left out together. */
const MAX_CODE_LINES = 40;

/** A comment that does not end is a text like any other. */
const MAX_COMMENT_LINES = 40;

/** The units of a text, in order. */
export function* unitsOf(text: string): Steps<readonly Unit[]> {
  const lines = yield* linesIn(text);
  const units: Unit[] = [];
  const meter = new Meter();
  let block = -1;
  let before: LineKind = "blank";
  const matter = endOfFrontMatter(lines);
  if (matter > 0) {
    const end = lines[matter - 1]?.end ?? 0;
    push(units, { kind: "rule", start: 0, end, firstLine: 0, lineEnd: matter, block: ++block });
  }
  for (let at = matter; at < lines.length; ) {
    const program = endOfProgram(lines, at);
    const kind = program === undefined ? kindOf(lines[at]?.text ?? "") : "code";
    let to = program ?? endOfUnit(lines, at, kind);
    const isTitle = kind === "text" && to - at === 1 && UNDERLINE.test(lines[to]?.text ?? "");
    if (isTitle) to++;
    const start = lines[at]?.start ?? 0;
    const end = lines[to - 1]?.end ?? start;
    if (meter.isDue(end - start + LINE_WORK)) yield;
    if (kind !== before || kind === "heading" || kind === "fence") block++;
    const place = { start, end, firstLine: at, lineEnd: to, block };
    if (kind === "blank") extend(units, end);
    else if (isTitle) {
      const level = lines[to - 1]?.text.includes("=") ? 1 : 2;
      push(units, { ...place, kind: "heading", level });
    } else if (kind === "text") addSentences(units, text, lines, at, to, block);
    else if (kind === "heading") {
      push(units, { ...place, kind, level: levelOf(lines[at]?.text ?? "") });
    } else push(units, { ...place, kind: kind === "fence" ? "code" : kind });
    before = kind;
    at = to;
  }
  return units;
}

function* linesIn(text: string): Steps<readonly Line[]> {
  const lines: Line[] = [];
  const meter = new Meter();
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found + 1;
    if (meter.isDue(end - start + LINE_WORK)) yield;
    lines.push({ start, end, text: text.slice(start, found < 0 ? end : found) });
    start = end;
  }
  return lines;
}

function kindOf(line: string): LineKind {
  if (line.trim() === "") return "blank";
  if (FENCE.test(line)) return "fence";
  if (TITLE.test(line) || pageTitle(line)) return "heading";
  if (DIVIDER.test(line)) return "divider";
  if (COMMENT.test(line) || isFurniture(line)) return "rule";
  if (ITEM.test(line)) return "item";
  if (ROW.test(line)) return "row";
  if (line.startsWith("    ") || line.startsWith("\t")) return "code";
  return "text";
}

function levelOf(heading: string): number {
  return TITLE.exec(heading)?.[1]?.length ?? Number(pageTitle(heading)?.[1] ?? 1);
}

function pageTitle(line: string): RegExpExecArray | null {
  return line.trimStart().startsWith("<") ? PAGE_TITLE.exec(line.slice(0, MAX_TITLE_LOOK)) : null;
}

/** The line behind the unit or the paragraph that begins on a line. */
function endOfUnit(lines: readonly Line[], from: number, kind: LineKind): number {
  let to = from + 1;
  const kindAt = (at: number): LineKind | undefined => {
    const line = lines[at];
    return line && kindOf(line.text);
  };
  if (kind === "fence") {
    const fence = FENCE.exec(lines[from]?.text ?? "")?.[1] ?? "";
    while (to < lines.length && !isClosing(lines[to]?.text ?? "", fence)) to++;
    return Math.min(lines.length, to + 1);
  }
  if (kind === "item") {
    // Lines that go on with it are indented, or lazy.
    while (kindAt(to) === "text" || kindAt(to) === "code") to++;
    return to;
  }
  if (kind === "blank" || kind === "text") {
    while (kindAt(to) === kind && !(kind === "text" && UNDERLINE.test(lines[to]?.text ?? ""))) to++;
    return to;
  }
  if (kind === "rule" && COMMENT.test(lines[from]?.text ?? "")) {
    const last = from + MAX_COMMENT_LINES;
    while (!lines[to - 1]?.text.includes("-->") && to < lines.length && to < last) to++;
    return to;
  }
  if (kind === "code") while (kindAt(to) === "code" && to - from < MAX_CODE_LINES) to++;
  return to;
}

function isClosing(line: string, fence: string): boolean {
  const mark = FENCE.exec(line)?.[1] ?? "";
  return mark.startsWith(fence) && line.trim() === mark;
}

/** Lines of YAML between two rules, with which a page may begin. */
const FRONT_MATTER = /^[A-Za-z_][\w-]{0,60}:(?:\s|$)/;
const MAX_FRONT_MATTER_LINES = 40;

/** The line behind the front matter; 0 where there is none. */
function endOfFrontMatter(lines: readonly Line[]): number {
  if (lines[0]?.text.trimEnd() !== "---" || !FRONT_MATTER.test(lines[1]?.text ?? "")) return 0;
  for (let at = 2; at < Math.min(lines.length, MAX_FRONT_MATTER_LINES); at++)
    if (lines[at]?.text.trimEnd() === "---") return at + 1;
  return 0;
}

/** How a line of a program ends in most languages. */
const STATEMENT_ENDS = "{};";
const BRACES = "{}";
/** Share of the lines. */
const STATEMENTS = 0.5;
/** Most paragraphs are told from programs by their first lines. */
const MAX_LINES_BEFORE_STATEMENT = 3;
/** The line behind the lines of a program without a fence around it, which has no sentences; `undefined` where none begins. */
function endOfProgram(lines: readonly Line[], from: number): number | undefined {
  const isLikely = lines
    .slice(from, from + MAX_LINES_BEFORE_STATEMENT)
    .some(({ text }) => STATEMENT_ENDS.includes(text.trimEnd().at(-1) ?? "."));
  if (!isLikely) return undefined;
  let to = from;
  let statements = 0;
  for (; to < lines.length && to - from < MAX_CODE_LINES; to++) {
    const line = lines[to]?.text ?? "";
    const kind = kindOf(line);
    if (kind !== "text" && kind !== "code") break;
    if (to === from && kind !== "text") return undefined;
    const end = line.trimEnd().at(-1) ?? "";
    if (STATEMENT_ENDS.includes(end)) statements++;
  }
  // A single line of prose may end with a semicolon.
  const isSingle = to - from === 1 && !BRACES.includes(lines[from]?.text.trimEnd().at(-1) ?? "");
  return to > from && !isSingle && statements >= (to - from) * STATEMENTS ? to : undefined;
}

/** The sentences of the lines from one to another. */
function addSentences(
  units: Unit[],
  text: string,
  lines: readonly Line[],
  from: number,
  to: number,
  block: number,
): void {
  const start = lines[from]?.start ?? 0;
  const stop = lines[to - 1]?.end ?? start;
  let line = from;
  let begin = start;
  for (const end of sentenceEnds(text, start, stop)) {
    while (line + 1 < to && (lines[line]?.end ?? 0) <= begin) line++;
    const firstLine = line;
    let last = line;
    const ink = begin + text.slice(begin, end).trimEnd().length;
    while (last + 1 < to && (lines[last]?.end ?? 0) < ink) last++;
    push(units, { kind: "sentence", start: begin, end, firstLine, lineEnd: last + 1, block });
    begin = end;
  }
}

/** What stands before the first unit is the first one's. */
function push(units: Unit[], unit: Unit): void {
  units.push(units.length === 0 ? { ...unit, start: 0 } : unit);
}

function extend(units: Unit[], end: number): void {
  const last = units.at(-1);
  if (last) units[units.length - 1] = { ...last, end };
}
