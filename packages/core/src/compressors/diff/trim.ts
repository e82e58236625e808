/**
 * What a view shows of one hunk: changed lines with a few unchanged ones around them, and less of long runs of changes where the diff is
 * far over its cap.
 */
import { parseQuery } from "../../query/query.ts";
import type { Statement } from "../../types/statement.ts";
import { changedLeft, type Hunk, isUnchanged, startOf, unchangedLeft } from "./claims.ts";
import { isChange } from "./parse.ts";

export interface Tally {
  count: number;
  total: number;
}

/** How much is shown: unchanged lines around changes, and lines of a run of added or of removed ones. */
export interface Level {
  readonly around: number;
  readonly longest: number;
}

export interface Trimmed {
  readonly start: number;
  /** `+2`: so many lines behind the start are left out. */
  readonly skipped: string;
  readonly lines: readonly string[];
  readonly statements: readonly Statement[];
}

/** How many changed lines of a file stand above. */
export interface Seen {
  added: number;
  removed: number;
  readonly nthFile: number;
}

export interface Trimming {
  readonly unchanged: Tally;
  readonly changed: Tally;
  /** How many unchanged lines the hunks before it have. */
  readonly firstUnchanged: number;
  readonly seen: Seen;
  /** Whether a line answers the question. */
  readonly asked: (line: string) => boolean;
}

/** Changed lines that are left out of a hunk one after another. */
type GapKind = "unchanged" | "added" | "removed";

/**
 * A hunk with `around` unchanged lines next to each change, and `longest` lines of each run of changes. Gaps inside say how many lines
 * they are; those before the first shown line are said in the header (`29+2`), so that no line number is invented.
 */
export function trim(
  lines: readonly string[],
  hunk: Hunk,
  { around, longest }: Level,
  { unchanged, changed, firstUnchanged, seen, asked }: Trimming,
): Trimmed {
  const body = lines.slice(hunk.at + 1, hunk.to);
  const keep = keptLines(body, hunk.signs, around);
  if (around === 0) keepParents(body, hunk.signs, keep);
  if (hunk.signs === 1) shortenRuns(body, longest, asked, keep);
  const out: string[] = [];
  const statements: Statement[] = [];
  let skipped: string | undefined;
  let gap: { readonly kind: GapKind; count: number } | undefined;
  let nth = firstUnchanged;
  const close = (): void => {
    if (gap === undefined) return;
    const { kind, count } = gap;
    const text = skipped === undefined && kind === "unchanged" ? `+${count}` : `… ${count} ${kind}`;
    if (text.startsWith("+")) skipped = text;
    else out.push(text);
    skipped ??= "";
    if (kind === "unchanged") statements.push(unchangedLeft(text, [nth - count, nth]));
    else statements.push(changedLeft(text, kind, seen.nthFile, [[seen[kind] - count, seen[kind]]]));
    gap = undefined;
  };
  for (const [at, line] of body.entries()) {
    const isSame = isUnchanged(line, hunk.signs);
    const sign = hunk.signs === 1 ? line[0] : undefined;
    const kind: GapKind | undefined = isSame
      ? "unchanged"
      : sign === "+"
        ? "added"
        : sign === "-"
          ? "removed"
          : undefined;
    if (keep[at] === 1 || (gap !== undefined && gap.kind !== kind)) close();
    if (keep[at] === 1) {
      skipped ??= "";
      out.push(line);
    }
    if (isSame) nth++;
    else if (kind === "added" || kind === "removed") seen[kind]++;
    if (isSame) unchanged.total++;
    else if (kind !== undefined) changed.total++;
    if (keep[at] === 1 || kind === undefined) continue;
    if (gap === undefined) gap = { kind, count: 0 };
    gap.count++;
    if (isSame) unchanged.count++;
    else changed.count++;
  }
  if (gap !== undefined && gap.kind !== "unchanged") close();
  return { start: startOf(lines, hunk), skipped: skipped ?? "", lines: out, statements };
}

/** Files that tell their history: their entries are read from the first ones. */
export const CHANGELOG: RegExp = /(?:^|\/)(?:changelog|changes|history|news|releases?)(?:\.\w+)?$/i;
export const SHORTEST_RUN = 8;
/** Lines at the end of a run that stay. */
const RUN_TAIL = 2;
/** To leave out fewer says no less than to show them. */
const LEAST_LEFT = 4;

/**
 * Takes lines out of long runs of added or of removed ones: what stays are the first and the last lines, those that are indented least,
 * and those that answer the question or speak of trouble.
 */
function shortenRuns(
  body: readonly string[],
  longest: number,
  asked: (line: string) => boolean,
  keep: Uint8Array,
): void {
  for (let from = 0; from < body.length; ) {
    const sign = body[from]?.[0];
    let to = from + 1;
    if (sign !== "+" && sign !== "-") {
      from = to;
      continue;
    }
    while (to < body.length && body[to]?.[0] === sign) to++;
    if (to - from >= longest + LEAST_LEFT) shortenRun(body, from, to, longest, asked, keep);
    from = to;
  }
}

function shortenRun(
  body: readonly string[],
  from: number,
  to: number,
  longest: number,
  asked: (line: string) => boolean,
  keep: Uint8Array,
): void {
  keep.fill(0, from, to);
  let left = longest;
  const show = (at: number): void => {
    if (keep[at] === 1) return;
    keep[at] = 1;
    left--;
  };
  for (let at = to - RUN_TAIL; at < to; at++) show(at);
  const head = from + Math.floor(longest / 2) - RUN_TAIL;
  for (let at = from; at < head; at++) show(at);
  for (let at = from; at < to; at++) {
    const line = body[at] ?? "";
    if (asked(line) || TROUBLE.test(line)) keep[at] = 1;
  }
  let least = Number.POSITIVE_INFINITY;
  for (let at = head; at < to; at++) {
    const line = body[at] ?? "";
    if (hasWord(line)) least = Math.min(least, indentOf(line, 1));
  }
  for (let at = head; at < to && left > 0; at++) {
    const line = body[at] ?? "";
    if (hasWord(line) && indentOf(line, 1) === least) show(at);
  }
  // A gap of one line or two is shown.
  for (let at = from; at < to; at++) {
    let end = at;
    while (end < to && keep[end] !== 1) end++;
    if (end - at < LEAST_LEFT) keep.fill(1, at, end);
    at = end;
  }
}

/** Words of a change that a reviewer looks for. */
const TROUBLE =
  /\b(?:TODO|FIXME|XXX|HACK|BREAKING|[Dd]eprecated|DEPRECATED|[Ss]ecurity|CVE-\d{4})\b/;

/** Whether a line has a text that the question quotes, or most of its words. */
export function finderOf(question: string | undefined): (line: string) => boolean {
  const { literals, words } = parseQuery(question ?? "");
  const quoted = literals.map(({ text }) => text);
  const rare = [...words.keys()].filter((word) => word.length >= MIN_ASKED);
  const least = Math.max(1, Math.ceil(rare.length / 2));
  return (line) => {
    if (quoted.length + rare.length === 0) return false;
    const lower = line.toLowerCase();
    if (quoted.some((text) => lower.includes(text))) return true;
    return rare.filter((word) => lower.includes(word)).length >= least;
  };
}

/** Letters of a word that is looked for in changed lines. */
const MIN_ASKED = 4;

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
