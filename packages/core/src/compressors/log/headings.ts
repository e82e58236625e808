/**
 * The way to a line: the headings above it, and the lines that it is indented under.
 *
 * `=== db-17 ===`, `==> app.log <==`, `TASK [deploy] ****`, `##[group]Run tests`, `#12 [3/5] RUN make`, `./src:`, a title with a line of
 * dashes under it; and, whatever it looks like, the nearest line above with a smaller indent (the file above its findings, the
 * package above its lines). Headings of several kinds are nested: of two kinds the rarer one is the outer one.
 */
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { HEADING_START } from "./patterns.ts";
import { indentOf } from "./stacks.ts";
import { stampEnd } from "./stamp.ts";

/** So many lines of indentation lead to a line, and so many headings. */
const MAX_PARENTS = 3;
const MAX_HEADINGS = 2;
const MAX_HEADING = 200;
/** So many headings above a line are looked at. */
const MAX_STEPS = 64;
const NONE = -1;

/** Where each line stands. */
export interface Ways {
  /** The indexes of the lines that lead to a line, ascending. */
  of(line: number): readonly number[];
  /** The index of the nearest heading above a line; -1 where there is none. */
  headingAbove(line: number): number;
}

/** Finds all headings; linear. */
export function* findWays(lines: readonly string[]): Steps<Ways> {
  const meter = new Meter();
  /** For each line the nearest heading above it, and the nearest line with a smaller indent. */
  const headings = new Int32Array(lines.length).fill(NONE);
  const parents = new Int32Array(lines.length).fill(NONE);
  const kinds = new Map<string, number>();
  const kindOf = new Map<number, string>();
  const open: { readonly at: number; readonly indent: number }[] = [];
  let heading = NONE;
  for (const [at, line] of lines.entries()) {
    headings[at] = heading;
    if (meter.isDue(LINE_WORK * 2)) yield;
    if (line === "") continue;
    const indent = indentOf(line);
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
    parents[at] = open.at(-1)?.at ?? NONE;
    open.push({ at, indent });
    const kind = headingKind(line, lines[at - 1] ?? "", lines[at + 1] ?? "");
    if (kind === undefined) continue;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    kindOf.set(at, kind);
    heading = at;
  }
  const countOf = (at: number): number => kinds.get(kindOf.get(at) ?? "") ?? 0;
  return {
    headingAbove: (line) => headings[line] ?? NONE,
    of(line) {
      const way: number[] = [];
      let parent = parents[line] ?? NONE;
      for (let n = 0; n < MAX_PARENTS && parent !== NONE; n++) {
        way.push(parent);
        parent = parents[parent] ?? NONE;
      }
      let above = headings[line] ?? NONE;
      let inner = Number.POSITIVE_INFINITY;
      // Many headings of the same kind may stand between a line and the heading around them all.
      for (let n = 0, steps = 0; n < MAX_HEADINGS && above !== NONE && steps < MAX_STEPS; steps++) {
        if (countOf(above) < inner) {
          inner = countOf(above);
          way.push(above);
          n++;
        }
        above = headings[above] ?? NONE;
      }
      return [...new Set(way)].sort((a, b) => a - b);
    },
  };
}

/** What kind of heading a line is; `undefined` for others. */
export function headingKind(line: string, above: string, below: string): string | undefined {
  const start = stampEnd(line);
  const text = (start > 0 ? line.slice(start) : line).trim();
  if (text.length < 2 || text.length > MAX_HEADING || !hasLetter(text)) return undefined;
  const lead = HEADING_START.exec(text)?.[0];
  const left = decoration(text, 1);
  const right = decoration(text, -1);
  if (left !== "" && (right !== "" || text[left.length] === " ")) {
    // A title in the middle of a line has as many underscores beside it as there is room for.
    if (left[0] === "_" && right === left) return "_";
    // `- item` and `+ command` are no headings, `== title` is one.
    if (left.length >= 2)
      return `${left.slice(0, 3)}${word(text.slice(left.length))}${right[0] ?? ""}`;
  }
  if (lead !== undefined) return lead.replace(/\d+/g, "0").slice(0, 16);
  if (right.length >= 4 || text.endsWith(" >>")) return `${word(text)}${right.slice(0, 4)}`;
  if (text.length >= 3 && isUnderline(below) && above === "") return "underlined";
  const isAlone = above === "" || isName(text.slice(0, -1));
  return start < 0 && indentOf(line) === 0 && text.endsWith(":") && isAlone && text.length < 120
    ? "colon"
    : undefined;
}

/** A host, a path, a package: one word with a digit or a joint. */
function isName(text: string): boolean {
  return /[\d./_-]/.test(text) && !/[\s:]/.test(text);
}

/** A line of one sign from its start to its end, three times or more. */
function isUnderline(line: string): boolean {
  const text = line.trimEnd();
  return text.length > 2 && DECORATION.has(text[0] ?? "") && decoration(text, 1) === text;
}

/** The run of one sign that a text begins or ends with. */
function decoration(text: string, direction: 1 | -1): string {
  const first = direction === 1 ? 0 : text.length - 1;
  const sign = text[first] ?? "";
  if (!DECORATION.has(sign)) return "";
  let at = first;
  while (text[at] === sign) at += direction;
  return sign.repeat(Math.abs(at - first));
}

const DECORATION: ReadonlySet<string> = new Set("=-*#~_+─━═>");

/** The first word where it is a title's: `PLAY`, `TASK`, `RUN`. */
function word(text: string): string {
  return /^ *([A-Z]{2,12})\b/.exec(text)?.[1] ?? "";
}

/**
 * Also shows the heading of each block that has a line of trouble shown: without it the line would stand under the heading of
 * another block, a test that failed in another way for one.
 *
 * @param trouble - 1 for each line of trouble
 */
export function* withHeadings(
  shown: Uint8Array,
  trouble: Uint8Array,
  ways: Ways,
): Steps<Uint8Array> {
  const meter = new Meter();
  const headed = Uint8Array.from(shown);
  for (let at = 0; at < shown.length; at++) {
    if (meter.isDue(1)) yield;
    if (shown[at] !== 1 || trouble[at] !== 1) continue;
    const heading = ways.headingAbove(at);
    if (heading !== NONE) headed[heading] = 1;
  }
  return headed;
}

function hasLetter(text: string): boolean {
  return /\p{L}/u.test(text);
}
