/**
 * Prints the lines that stay, and in place of each run that does not, a sentence about it. Shown and omitted lines add up to all
 * lines. A line of the log that reads like a sentence has a backslash before it.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { gapSentence } from "./gap.ts";
import { cutLine, leastLimit, limitOf, WHOLE_LINE } from "./long-line.ts";
import type { Templates } from "./mine.ts";
import { CHARACTERS_OF, ITEMS_OF } from "./original.ts";

export interface Folded {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly hiddenLines: number;
  /** Characters cut out of shown lines. */
  readonly cutCharacters: number;
}

export interface FoldOptions {
  readonly templates: Templates;
  /** What stood before each line, and is printed where it changes; empty where nothing did. */
  readonly origins?: readonly string[];
  /** Where in a long line stands what the question asks for, or -1. @default nothing is asked for */
  readonly asked?: (line: string) => number;
  /** Number of the first line. @default 1 */
  readonly firstLine?: number;
  /** Characters of the whole view, of which long lines take a share. @default a line is cut to `WHOLE_LINE` */
  readonly room?: number;
}

/** A run of a few lines that is no longer than this is shown: its sentence would be as long. */
const SMALL_GAP = 44;
const SMALL_GAP_LINES = 4;
const SMALL_LINE = 80;
/** With more gaps than this, little is said about each: the summary says it of all. */
const MANY_GAPS = 40;

/** Also shows the runs that are not longer than the sentence about them. */
export function* closeSmallGaps(lines: readonly string[], shown: Uint8Array): Steps<Uint8Array> {
  const meter = new Meter();
  const closed = Uint8Array.from(shown);
  for (let start = 0; start < lines.length; start++) {
    if (shown[start] === 1) continue;
    let end = start;
    let size = -1;
    for (; end < lines.length && shown[end] !== 1; end++) {
      size += (lines[end] ?? "").length + 1;
      if (meter.isDue(LINE_WORK)) yield;
    }
    const count = end - start;
    if (count <= SMALL_GAP_LINES && size <= (count === 1 ? SMALL_LINE : SMALL_GAP))
      closed.fill(1, start, end);
    start = end;
  }
  return closed;
}

/** Prints the lines of which `shown` is 1. */
export function* fold(
  lines: readonly string[],
  shown: Uint8Array,
  { templates, origins = [], asked = () => -1, firstLine = 1, room }: FoldOptions,
): Steps<Folded> {
  const meter = new Meter();
  const out: string[] = [];
  const statements: Statement[] = [];
  const limit = room === undefined ? WHOLE_LINE : limitOf(room, longLines(lines, shown, room));
  const isTerse = countGaps(shown) > MANY_GAPS;
  let hiddenLines = 0;
  let cutCharacters = 0;
  let origin = "";
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (shown[i] === 1) {
      const { text, cuts, isList } = cutLine(line, limit, asked);
      const own = origins[i] ?? "";
      const named = own === origin ? text : own + text;
      out.push(named.trimStart().startsWith("…") ? `\\${named}` : named);
      origin = own;
      if (cuts.length > 0) cutCharacters += line.length - text.length;
      for (const cut of cuts)
        statements.push({
          text: cut.text,
          of: `${isList ? ITEMS_OF : CHARACTERS_OF}${i}`,
          about: [[cut.from, cut.to]],
          facts: [{ says: "count", count: cut.to - cut.from }],
        });
      if (meter.isDue(line.length + LINE_WORK)) yield;
      continue;
    }
    const start = i;
    while (i + 1 < lines.length && shown[i + 1] !== 1) i++;
    hiddenLines += i + 1 - start;
    const gap = yield* gapSentence(lines, start, i + 1, templates, firstLine, isTerse);
    statements.push(gap);
    out.push(gap.text);
  }
  return { text: yield* joinInSteps(out, "\n"), statements, hiddenLines, cutCharacters };
}

function longLines(lines: readonly string[], shown: Uint8Array, room: number): number {
  const limit = leastLimit(room);
  let long = 0;
  for (let i = 0; i < lines.length; i++)
    if (shown[i] === 1 && (lines[i] ?? "").length > limit) long++;
  return long;
}

function countGaps(shown: Uint8Array): number {
  let gaps = 0;
  for (let i = 0; i < shown.length; i++) if (shown[i] !== 1 && shown[i - 1] !== 0) gaps++;
  return gaps;
}
