/** A unified diff of two texts, as `patch` and `git apply` take it. */
import { type Change, changesOf } from "@headroom/core/kit";

const CONTEXT = 2;
const NO_END = "\\ No newline at end of file";

/** The hunks, without the two lines that name files. Empty where the texts are the same. */
export function unifiedDiff(before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const out: string[] = [];
  for (const hunk of hunksOf(changesOf(old, now), old.length, now.length)) {
    const { oldFrom, oldTo, newFrom, newTo } = hunk.range;
    out.push(`@@ -${range(oldFrom, oldTo)} +${range(newFrom, newTo)} @@`);
    let at = oldFrom;
    const context = (to: number): void => {
      for (; at < to; at++) put(out, " ", old[at] ?? "");
    };
    for (const change of hunk.changes) {
      context(change.oldFrom);
      for (; at < change.oldTo; at++) put(out, "-", old[at] ?? "");
      for (let line = change.newFrom; line < change.newTo; line++) put(out, "+", now[line] ?? "");
    }
    context(oldTo);
  }
  return out.length === 0 ? "" : `${out.join("\n")}\n`;
}

interface Hunk {
  readonly changes: readonly Change[];
  readonly range: Change;
}

/** Changes whose context meets stand in one hunk. */
function hunksOf(
  changes: readonly Change[],
  oldLength: number,
  newLength: number,
): readonly Hunk[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && change.oldFrom - last.oldTo <= 2 * CONTEXT) group.push(change);
    else groups.push([change]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0] as Change, group.at(-1) as Change];
    const above = Math.min(CONTEXT, first.oldFrom, first.newFrom);
    const below = Math.min(CONTEXT, oldLength - last.oldTo, newLength - last.newTo);
    const range = {
      oldFrom: first.oldFrom - above,
      oldTo: last.oldTo + below,
      newFrom: first.newFrom - above,
      newTo: last.newTo + below,
    };
    return { changes: group, range };
  });
}

/** Lines with their line breaks, so that a last one without is another line. */
function linesOf(text: string): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(start, next));
    start = next;
  }
  return lines;
}

function put(out: string[], sign: string, line: string): void {
  if (line.endsWith("\n")) out.push(`${sign}${line.slice(0, -1)}`);
  else out.push(`${sign}${line}`, NO_END);
}

/** An empty range is named by the line before it. */
function range(from: number, to: number): string {
  const count = to - from;
  const start = count === 0 ? from : from + 1;
  return count === 1 ? `${start}` : `${start},${count}`;
}
