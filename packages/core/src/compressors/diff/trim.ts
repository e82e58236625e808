/** What a view shows of one hunk: all changed lines, with a few unchanged ones around them. */
import type { Statement } from "../../types/statement.ts";
import { type Hunk, isUnchanged, startOf, unchangedLeft } from "./claims.ts";
import { isChange } from "./parse.ts";

export interface Tally {
  count: number;
  total: number;
}

export interface Trimmed {
  readonly start: number;
  /** `+2`: so many lines behind the start are left out. */
  readonly skipped: string;
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
}

/**
 * A hunk with `around` unchanged lines next to each change. Gaps inside say how many lines they are; those before the first shown
 * line are said in the header (`29+2`), so that no line number is invented.
 *
 * @param firstUnchanged how many unchanged lines the hunks before it have
 */
export function trim(
  lines: readonly string[],
  hunk: Hunk,
  around: number,
  unchanged: Tally,
  firstUnchanged: number,
): Trimmed {
  const body = lines.slice(hunk.at + 1, hunk.to);
  const keep = keptLines(body, hunk.signs, around);
  if (around === 0) keepParents(body, hunk.signs, keep);
  const out: string[] = [];
  const statements: Statement[] = [];
  let skipped: string | undefined;
  let gap = 0;
  let nth = firstUnchanged;
  const close = (): void => {
    if (gap === 0) return;
    const text = skipped === undefined ? `+${gap}` : `… ${gap} unchanged`;
    if (skipped === undefined) skipped = text;
    else out.push(text);
    statements.push(unchangedLeft(text, [nth - gap, nth]));
    gap = 0;
  };
  for (const [at, line] of body.entries()) {
    if (keep[at] === 1) {
      close();
      skipped ??= "";
      out.push(line);
    }
    if (!isUnchanged(line, hunk.signs)) continue;
    unchanged.total++;
    nth++;
    if (keep[at] === 1) continue;
    gap++;
    unchanged.count++;
  }
  return { start: startOf(lines, hunk), skipped: skipped ?? "", lines: out, statements };
}

/** Right above each run of changes a line that is indented less: the key, the block, the heading that they stand in. */
function keepParents(body: readonly string[], signs: number, keep: Uint8Array): void {
  for (const [at, line] of body.entries()) {
    const above = body[at - 1];
    if (above === undefined || !isChange(line, signs) || isChange(above, signs)) continue;
    const indent = indentOf(above, signs);
    if (indent >= 0 && indent < indentOf(line, signs) && hasWord(above)) keep[at - 1] = 1;
  }
}

/** Blanks behind the signs; -1 for a line without text. */
function indentOf(line: string, signs: number): number {
  let at = signs;
  while (line[at] === " " || line[at] === "\t") at++;
  return at < line.length ? at - signs : -1;
}

/** 1 for each line that stays: changes, `\ No newline`, and unchanged lines next to them. */
function keptLines(body: readonly string[], signs: number, around: number): Uint8Array {
  const keep = new Uint8Array(body.length);
  let reach = -1;
  for (const [at, line] of body.entries()) {
    if (isChange(line, signs)) {
      // A gap of one line costs as much as saying so.
      const before = at - around;
      const from = reach >= 0 && before === reach + 2 ? reach + 1 : before;
      keep.fill(1, Math.max(0, from), at + 1);
      reach = at + around;
    } else if (at <= reach || line.startsWith("\\")) keep[at] = 1;
  }
  // An unchanged line without a letter or digit says nothing at the edge of what is shown.
  const isIdle = (at: number): boolean => {
    const line = body[at] ?? "";
    return !isChange(line, signs) && !hasWord(line);
  };
  const last = body.length - 1;
  for (let at = 0; at <= last; at++) if (isIdle(at) && keep[at - 1] !== 1) keep[at] = 0;
  for (let at = last; at >= 0; at--) if (isIdle(at) && keep[at + 1] !== 1) keep[at] = 0;
  return keep;
}

function hasWord(line: string): boolean {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    const lower = code | 32;
    if ((code >= 48 && code <= 57) || (lower >= 97 && lower <= 122) || code > 127) return true;
  }
  return false;
}
