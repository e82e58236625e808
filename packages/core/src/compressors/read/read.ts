/**
 * Numbered file reads of coding agents.
 *
 * Keeps every byte of the file and of the lines around it, and prints a line number only on the first line, on every tenth
 * and after a gap. Numbers between them follow by counting. The numbers are more than a third of the tokens of such a
 * read, because padding, number and separator are three to five tokens a line and keep line ends from merging.
 *
 * Only a file of records (`records.ts`) has a lossy form: agents edit what they read, and a file with holes costs another read.
 *
 * Trap: file content can look like a numbered line (`12: text` in YAML). Such a line keeps its own number, so that the
 * reader, and the decoder, never take content for a number.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitAtBreaks } from "../../text/lines.ts";
import type { Compressor, Steps } from "../../types/compressor.ts";
import { decodingBy } from "../shared/decoding.ts";
import {
  learnStyle,
  type NumberedLine,
  type NumberStyle,
  readPadded,
  readShort,
  writePadded,
  writeShort,
} from "./number-prefix.ts";
import { unitsOfRecords, viewOfRecords } from "./records.ts";

const LEGEND = "[only every 10th line is numbered]";
const EVERY = 10;
const END = "[end of numbered lines]";
/** Below this many lines in a row there is nothing to win. */
const MIN_LINES = 6;

/** Sparse line numbers. */
export function readCompressor(): Compressor {
  return {
    name: "read",
    kind: "read",
    detect: detectRead,
    encode,
    ...decodingBy(decodeInSteps),
    shorten: viewOfRecords,
    original: unitsOfRecords,
  };
}

/** The share of lines that continue the count of the line above. */
export function detectRead(sample: string): number {
  const lines = sample.split("\n");
  if (lines.length > 1) lines.pop();
  let style: NumberStyle | undefined;
  let previous = 0;
  let counted = 0;
  let alike = 0;
  let above = "";
  let cellsAbove = 0;
  let filled = 0;
  for (const line of lines) {
    if (line !== "") filled++;
    const known = style && readPadded(line, style);
    if (style && known && known.number === previous + 1) {
      counted++;
      previous = known.number;
      if (mayBeId(style)) {
        const shape = rowShape(known.content);
        const cells = cellsBehind(known.content, style.separator);
        if ((shape !== "" && shape === above) || (cells > 0 && cells === cellsAbove)) alike++;
        above = shape;
        cellsAbove = cells;
      }
      continue;
    }
    const learnt = learnStyle(line);
    style = learnt?.style;
    previous = learnt?.number ?? 0;
  }
  // `1|ann|42`, `12: idle 0` and `01150\tBern` are rows of a table or list that begin with an id, not lines of a file.
  if (counted + 1 < MIN_LINES || alike > counted / 2) return 0;
  const share = (counted + 1) / Math.max(1, filled);
  return share >= 0.5 ? Math.min(1, 0.6 + 0.4 * share) : 0;
}

function* encode(text: string): Steps<string | undefined> {
  const closed = text.endsWith("\n");
  const lines = yield* splitAtBreaks(closed ? text.slice(0, -1) : text);
  const meter = new Meter();
  const out: string[] = [LEGEND];
  let style: NumberStyle | undefined;
  let previous = 0;
  let bare = 0;
  for (const [at, line] of lines.entries()) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    const numbered: NumberedLine | undefined = style && readPadded(line, style);
    if (style && numbered) {
      const { number, content, trimmed } = numbered;
      // An empty last line without its number would read as the line end of the one above.
      const vanishes = content === "" && !closed && at === lines.length - 1;
      if (
        !vanishes &&
        number === previous + 1 &&
        number % EVERY !== 0 &&
        !trimmed &&
        content !== END &&
        !readShort(content, style)
      ) {
        out.push(content);
        bare++;
      } else {
        out.push(writeShort(numbered, style));
      }
      previous = number;
      continue;
    }
    if (style) out.push(END);
    const learnt = learnStyle(line);
    style = learnt?.style;
    previous = learnt?.number ?? 0;
    out.push(line);
  }
  if (bare < MIN_LINES - 2) return undefined;
  const encoded = (yield* joinInSteps(out, "\n")) + (closed ? "\n" : "");
  return encoded.length < text.length ? encoded : undefined;
}

function* decodeInSteps(compressed: string): Steps<string | undefined> {
  if (!compressed.startsWith(`${LEGEND}\n`)) return undefined;
  const closed = compressed.endsWith("\n");
  const end = closed ? compressed.length - 1 : compressed.length;
  const lines = yield* splitAtBreaks(compressed.slice(LEGEND.length + 1, end));
  const meter = new Meter();
  const out: string[] = [];
  let style: NumberStyle | undefined;
  let previous = 0;
  for (const line of lines) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    if (style === undefined) {
      const learnt = learnStyle(line);
      style = learnt?.style;
      previous = learnt?.number ?? 0;
      out.push(line);
      continue;
    }
    if (line === END) {
      style = undefined;
      continue;
    }
    const numbered = readShort(line, style) ?? {
      number: previous + 1,
      content: line,
      trimmed: false,
    };
    previous = numbered.number;
    out.push(writePadded(numbered, style));
  }
  return (yield* joinInSteps(out, "\n")) + (closed ? "\n" : "");
}

/** Whether a number could be the first cell of a row. Arrows, an `L` and blanks in front of a tab leave no doubt. */
function mayBeId({ lead, fill, separator, width }: NumberStyle): boolean {
  if (lead !== "" || separator === "→" || separator.includes("│")) return false;
  return separator !== "\t" || width === 1 || fill === "0";
}

/** Characters of a line that tell its shape. */
const SHAPE_LENGTH = 400;

/** How often the separator of the numbers, a bar or a tab, stands in a line too. */
function cellsBehind(content: string, separator: string): number {
  const mark = separator.trim() === "" ? separator : separator.trim();
  // Indentation is not a cell, and a colon is in many lines.
  return mark === ":" ? 0 : content.trimStart().split(mark).length - 1;
}

/**
 * How many words and which separators a row has; empty for what is no row: an empty line, one or two words, code. Two rows of a table have
 * the same, two lines of a file seldom do.
 */
function rowShape(content: string): string {
  const text = content.slice(0, SHAPE_LENGTH).trim();
  if (text === "" || CODE_ENDS.includes(text[text.length - 1] as string)) return "";
  let words = 1;
  let signs = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (ROW_SIGNS.includes(char)) signs += char;
    else if (char === " " && text[at + 1] !== " " && !ROW_SIGNS.includes(text[at + 1] as string))
      words++;
  }
  return words < 3 && signs === "" ? "" : `${words}${signs}`;
}

const CODE_ENDS = ",;{}([>";
const ROW_SIGNS = "|\t=;,";
