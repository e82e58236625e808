/**
 * Numbered file reads of coding agents.
 *
 * Keeps every byte of the file and of the lines around it, and prints a line number only on the first line, on every tenth
 * and after a gap. Numbers between them follow by counting. The numbers are more than a third of the tokens of such a
 * read, because padding, number and separator are three to five tokens a line and keep line ends from merging.
 *
 * There is no lossy form: agents edit what they read, and a file with holes costs another read.
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
  };
}

/** The share of lines that continue the count of the line above. */
export function detectRead(sample: string): number {
  const lines = sample.split("\n");
  if (lines.length > 1) lines.pop();
  let style: NumberStyle | undefined;
  let previous = 0;
  let counted = 0;
  let tabular = 0;
  let fields = -1;
  let filled = 0;
  for (const line of lines) {
    if (line !== "") filled++;
    const known = style && readPadded(line, style);
    if (style && known && known.number === previous + 1) {
      counted++;
      previous = known.number;
      if (mayBeId(style)) {
        // Indentation is not a cell.
        const here = countOf(known.content.trimStart(), style.separator);
        if (here > 0 && here === fields) tabular++;
        fields = here;
      }
      continue;
    }
    const learnt = learnStyle(line);
    style = learnt?.style;
    previous = learnt?.number ?? 0;
  }
  // `1|ann|42` and `1\tann\t42` are rows of a table with an id, not lines of a file.
  if (counted + 1 < MIN_LINES || tabular > counted / 2) return 0;
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

/** Only a bare number before a tab or bar could be the first cell of a row; viewers that align numbers leave no doubt. */
function mayBeId({ lead, separator, width }: NumberStyle): boolean {
  return lead === "" && width === 1 && (separator === "\t" || separator === "|");
}

function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) count++;
  return count;
}
