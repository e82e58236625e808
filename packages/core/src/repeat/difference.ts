/**
 * What came again a little changed, as the changes since it stood above: a unified diff without context.
 *
 *     [the same as Bash "npm test" above, but for these changes]
 *     @@ -12 +12 @@
 *     -Tests  3 failed
 *     +Tests  0 failed
 *
 * Lines count as their file viewer counts them, else from 1.
 */
import { learnStyle, writePadded } from "../compressors/read/number-prefix.ts";
import { changesOf } from "../text/line-diff.ts";
import type { Document } from "./document.ts";

/** A difference is used where it has at most this share of the characters of the text. */
const CLEARLY_SMALLER = 0.6;

/** The changes from one text to another. */
export interface Difference {
  /** The diff, without a header. */
  readonly text: string;
  /** Lines of the new text that stand in it. */
  readonly visible: readonly boolean[];
}

/** What changed; `undefined` where that is not clearly shorter than the text, or the lines of the two are not counted alike. */
export function differenceOf(before: Document, after: Document): Difference | undefined {
  const [old, now] = [before.lines, after.lines];
  const [oldFirst, newFirst] = [firstNumber(before), firstNumber(after)];
  if (oldFirst === undefined || newFirst === undefined) return undefined;
  if ((before.numbers === undefined) !== (after.numbers === undefined)) return undefined;
  const visible = new Array<boolean>(now.length).fill(false);
  const out: string[] = [];
  let length = 0;
  const most = CLEARLY_SMALLER * after.raw.reduce((sum, line) => sum + line.length + 1, 0);
  for (const { oldFrom, oldTo, newFrom, newTo } of changesOf(old, now)) {
    const start = out.length;
    out.push(
      `@@ -${range(oldFirst, oldFrom, oldTo)} +${range(newFirst, newFrom, newTo)} @@`,
      ...old.slice(oldFrom, oldTo).map((line) => `-${line}`),
      ...now.slice(newFrom, newTo).map((line) => `+${line}`),
    );
    visible.fill(true, newFrom, newTo);
    for (let at = start; at < out.length; at++) length += (out[at] ?? "").length + 1;
    if (length > most) return undefined;
  }
  return { text: out.join("\n"), visible };
}

/** The text that a diff without a header makes of another, and its lines that stand in the diff; `undefined` where it does not fit. */
export function applied(
  diff: string,
  before: Document,
): { readonly text: string; readonly visible: readonly boolean[] } | undefined {
  const first = firstNumber(before);
  if (first === undefined) return undefined;
  const lines: string[] = [];
  const visible: boolean[] = [];
  let at = 0;
  const keepUpTo = (to: number): void => {
    for (; at < to; at++) {
      lines.push(before.lines[at] ?? "");
      visible.push(false);
    }
  };
  for (const line of diff === "" ? [] : diff.split("\n")) {
    if (line.startsWith("+")) {
      lines.push(line.slice(1));
      visible.push(true);
    } else if (line.startsWith("-")) {
      if (before.lines[at] !== line.slice(1)) return undefined;
      at++;
    } else {
      const hunk = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d{1,9}(?:,\d{1,9})? @@$/.exec(line);
      if (!hunk) return undefined;
      const to = Number(hunk[1]) - first + (hunk[2] === "0" ? 1 : 0);
      if (to < at || to > before.lines.length) return undefined;
      keepUpTo(to);
    }
  }
  keepUpTo(before.lines.length);
  if (!before.numbers) return { text: lines.join("\n"), visible };
  const style = learnStyle(before.raw[0] ?? "")?.style;
  if (!style) return undefined;
  const numbered = lines.map((content, index) =>
    writePadded({ number: first + index, content, trimmed: false }, style),
  );
  return { text: numbered.join("\n"), visible };
}

/** The number of the first line; `undefined` where the lines of a numbered text do not count on from it. */
function firstNumber({ numbers }: Document): number | undefined {
  if (!numbers) return 1;
  const [first = 0] = numbers;
  return first > 0 && numbers.every((number, at) => number === first + at) ? first : undefined;
}

/** As `diff -U0` writes it: an empty range is named by the line before it. */
function range(first: number, from: number, to: number): string {
  const count = to - from;
  const start = first + (count === 0 ? from - 1 : from);
  return count === 1 ? `${start}` : `${start},${count}`;
}
