/**
 * The prefix that a file viewer prints before a line: `    12→`, `    12\t` (cat -n), `12: `, `12|`, ` 12 | `, `00012| `, `L12: `.
 *
 * Read with a hand-written scanner. A style is learnt from one line and then demanded byte for byte of the following ones.
 *
 * Trap: in `12:  x` the second space could belong to the separator or to the file. One space is taken as separator only
 * when the text after it does not start with another one, so that indentation is never cut short.
 */

/** How one viewer writes line numbers. */
export interface NumberStyle {
  /** Before the number: nothing or `L`. */
  readonly lead: string;
  /** What fills short numbers up to `width`, on the left. */
  readonly fill: " " | "0";
  readonly width: number;
  readonly separator: string;
}

/** A line taken apart. */
export interface NumberedLine {
  readonly number: number;
  readonly content: string;
  /** The separator lost its trailing space because there is no content, as editors that trim do. */
  readonly trimmed: boolean;
}

/** No file of a tool result has a thousand million lines; a longer number is not a line number. */
const MAX_DIGITS = 9;
const MAX_FILL = 12;

/** Learns the style from a line that starts a numbered run, and its number; `undefined` where it has none. */
export function learnStyle(line: string): { style: NumberStyle; number: number } | undefined {
  let at = 0;
  while (line[at] === " " && at <= MAX_FILL) at++;
  const spaces = at;
  const lead = line[at] === "L" ? "L" : "";
  if (lead !== "" && spaces > 0) return undefined;
  at += lead.length;
  const start = at;
  while (at - start <= MAX_DIGITS && isDigit(line, at)) at++;
  const digits = at - start;
  if (digits === 0 || digits > MAX_DIGITS) return undefined;
  const zeros = digits > 1 && line[start] === "0";
  if (zeros && spaces > 0) return undefined;
  const separator = learnSeparator(line, at);
  if (separator === undefined) return undefined;
  const style: NumberStyle = {
    lead,
    fill: zeros ? "0" : " ",
    width: spaces + digits,
    separator,
  };
  return { style, number: Number(line.slice(start, at)) };
}

/** The line's number and content where it is written exactly in this style. */
export function readPadded(line: string, style: NumberStyle): NumberedLine | undefined {
  const { lead, fill, width, separator } = style;
  if (!line.startsWith(lead)) return undefined;
  let at = lead.length;
  const start = at;
  while (line[at] === fill && at - start < width - 1) at++;
  const filled = at - start;
  const digitStart = at;
  while (at - digitStart <= MAX_DIGITS && isDigit(line, at)) at++;
  const digits = at - digitStart;
  if (digits === 0 || digits > MAX_DIGITS) return undefined;
  if (digits > 1 && line[digitStart] === "0") return undefined;
  // A number shorter than the width is filled up to it, a longer one is not filled at all.
  if (filled !== Math.max(0, width - digits)) return undefined;
  return readRest(line, digitStart, at, separator);
}

/** The same for the short form, without filling: what `writeShort` writes. */
export function readShort(line: string, style: NumberStyle): NumberedLine | undefined {
  const { lead, separator } = style;
  if (!line.startsWith(lead)) return undefined;
  const start = lead.length;
  let at = start;
  while (at - start <= MAX_DIGITS && isDigit(line, at)) at++;
  const digits = at - start;
  if (digits === 0 || digits > MAX_DIGITS) return undefined;
  if (digits > 1 && line[start] === "0") return undefined;
  return readRest(line, start, at, separator);
}

export function writePadded(line: NumberedLine, style: NumberStyle): string {
  const number = String(line.number).padStart(style.width, style.fill);
  return style.lead + number + separatorOf(line, style) + line.content;
}

export function writeShort(line: NumberedLine, style: NumberStyle): string {
  return style.lead + String(line.number) + separatorOf(line, style) + line.content;
}

function readRest(
  line: string,
  start: number,
  at: number,
  separator: string,
): NumberedLine | undefined {
  const number = Number(line.slice(start, at));
  if (line.startsWith(separator, at)) {
    return { number, content: line.slice(at + separator.length), trimmed: false };
  }
  const bare = separator.trimEnd();
  if (
    bare !== separator &&
    bare !== "" &&
    line.length === at + bare.length &&
    line.endsWith(bare)
  ) {
    return { number, content: "", trimmed: true };
  }
  return undefined;
}

function separatorOf(line: NumberedLine, style: NumberStyle): string {
  return line.trimmed ? style.separator.trimEnd() : style.separator;
}

function learnSeparator(line: string, at: number): string | undefined {
  const char = line[at];
  if (char === "→" || char === "\t") return char;
  const spaced = char === " " ? " " : "";
  const mark = line[at + spaced.length];
  if (mark === "|" || mark === "│" || (mark === ":" && spaced === "")) {
    const after = at + spaced.length + 1;
    const takesSpace = line[after] === " " && line[after + 1] !== " ";
    return spaced + mark + (takesSpace || (spaced !== "" && line[after] === " ") ? " " : "");
  }
  return undefined;
}

function isDigit(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code >= 48 && code <= 57;
}
