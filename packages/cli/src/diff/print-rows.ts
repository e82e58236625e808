/** Rows of a diff for people: side by side where there is room, else one above the other. */
import type { Style } from "../style.ts";
import { countOf } from "../words.ts";
import type { DiffRow } from "./match-lines.ts";

export interface Layout {
  readonly width: number;
  /** Side by side. */
  readonly isWide: boolean;
  /** Every row, also where many in a row say the same. */
  readonly isFull: boolean;
  readonly style: Style;
}

/** Of a long run of one kind, so many rows are shown at each end. */
const ENDS = 3;

export function printRows(rows: readonly DiffRow[], layout: Layout): string {
  const line = layout.isWide ? wideLine : narrowLine;
  const lines: string[] = [];
  for (const run of runs(rows)) {
    const [first] = run;
    if (!first) continue;
    const isLong = run.length > 2 * ENDS + 1 && !layout.isFull && first.mark !== "+";
    const shown = isLong ? run.slice(0, ENDS) : run;
    lines.push(...shown.map((row) => line(row, layout)));
    if (!isLong) continue;
    const rest = run.length - 2 * ENDS;
    const what = { "-": "left out", "=": "the same", "~": "there in another spelling", "+": "" }[
      first.mark
    ];
    lines.push(layout.style.dim(`  ⋮ ${countOf(rest, "more line")} ${what}`));
    lines.push(...run.slice(-ENDS).map((row) => line(row, layout)));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function runs(rows: readonly DiffRow[]): readonly (readonly DiffRow[])[] {
  const all: DiffRow[][] = [];
  for (const row of rows) {
    const last = all.at(-1);
    if (last?.[0]?.mark === row.mark) last.push(row);
    else all.push([row]);
  }
  return all;
}

function colored(
  mark: DiffRow["mark"],
  { red, green, yellow, dim }: Style,
): (text: string) => string {
  return { "-": red, "+": green, "~": yellow, "=": dim }[mark];
}

function wideLine({ mark, original, view }: DiffRow, { width, style }: Layout): string {
  const column = Math.floor((width - 5) / 2);
  const color = colored(mark, style);
  const left = cell(original, column);
  const right = cell(view, column).trimEnd();
  const [paintLeft, paintRight] = mark === "=" || mark === "~" ? [same, same] : [color, color];
  return `${color(mark === "=" ? " " : mark)} ${paintLeft(left)} ${style.dim("│")} ${paintRight(right)}`.trimEnd();
}

function same(text: string): string {
  return text;
}

function narrowLine({ mark, original, view }: DiffRow, { width, style }: Layout): string {
  const color = colored(mark, style);
  const one = (sign: string, text: string | undefined): string =>
    `${sign} ${cell(text, width - 3).trimEnd()}`;
  if (mark === "=") return one(" ", original).trimEnd();
  if (mark === "-") return color(one("-", original));
  if (mark === "+") return color(one("+", view));
  return color(one("~", view ?? original));
}

/** Cut and filled to `width` columns; what would move the cursor is shown as a mark of its own. */
function cell(text: string | undefined, width: number): string {
  const clean = (text ?? "").replaceAll("\t", "  ").replaceAll(UNPRINTABLE, "·");
  let columns = 0;
  let cut = "";
  for (const letter of clean) {
    const wide = columnsOf(letter);
    if (columns + wide > width) {
      // The last that was taken makes room for the mark.
      const letters = [...cut];
      while (columns > width - 1) columns -= columnsOf(letters.pop() ?? "");
      return `${letters.join("")}…${" ".repeat(Math.max(0, width - 1 - columns))}`;
    }
    columns += wide;
    cut += letter;
  }
  return cut + " ".repeat(width - columns);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2066-\u2069]/g;

/** East Asian letters and pictures take two columns, marks on letters none. */
function columnsOf(letter: string): number {
  if (/^[\x20-\x7E]$/.test(letter)) return 1;
  if (/^\p{M}$/u.test(letter)) return 0;
  return /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]$|^\p{Emoji_Presentation}$/u.test(
    letter,
  )
    ? 2
    : 1;
}
