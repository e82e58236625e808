/**
 * The lossy form of a diff: every added and removed line that people wrote, one unchanged line around each.
 *
 * Lock files become the packages that changed, generated and minified files become counts, lines the question asks for stay.
 * Commit messages and all other lines stay. What is left is no patch: `@@ 12+2` tells where a reader is, and neither git nor
 * patch takes it for a hunk header.
 *
 * Trap: with lines gone, the counts of a hunk header are wrong. Printing them would make a patch that applies wrongly.
 */

import { isEmptyQuery, parseQuery, rankByQuery } from "../../query/query.ts";
import { joinInSteps } from "../../steps.ts";
import type { Omission, ShortenContext, Steps } from "../../types/compressor.ts";
import { type Authorship, authorshipOf, type PlacedLine } from "./classify.ts";
import { choosePrefixes, SAME } from "./compact.ts";
import { type Prefixes, readHeader, writeHeader } from "./header.ts";
import { describePackages, packageChanges } from "./lock-summary.ts";
import { type DiffPart, isChange } from "./parse.ts";
import { shareRuns } from "./repeated-runs.ts";

const SUMMARY_LEGEND =
  '# diff, not a patch; "@@ 29+2" = new line 29, 2 left out; "«a» ×9" = the 9 lines after the line «a»';

interface Summary {
  readonly text: string;
  readonly omitted: readonly Omission[];
}

type Hunk = Extract<DiffPart, { kind: "hunk" }>;

interface Tally {
  count: number;
  total: number;
}

/** Lines shown of a generated file for one question, and how well they have to fit. */
const MAX_ANSWERS = 8;
const MAX_ANSWER_LENGTH = 400;
const MIN_FIT = 0.35;

/** A file, its hunks behind it; the first may have no header (lines before any file). */
interface FileDiff {
  readonly header: Extract<DiffPart, { kind: "file" }> | undefined;
  readonly rest: readonly (Hunk | Extract<DiffPart, { kind: "other" }>)[];
}

export function* summarizeDiff(
  lines: readonly string[],
  parts: readonly DiffPart[],
  context: ShortenContext,
  around = 1,
): Steps<Summary> {
  const prefixes = choosePrefixes(lines, parts);
  const unchanged: Tally = { count: 0, total: 0 };
  const generated: Tally = { count: 0, total: 0 };
  const index: Tally = { count: 0, total: 0 };
  const binary: Tally = { count: 0, total: 0 };
  const blocks: Block[] = [];
  const print = (...text: readonly string[]): void => {
    blocks.push({ text, body: false });
  };
  for (const file of groupByFile(parts)) {
    yield;
    const hunks = file.rest.filter((part) => part.kind === "hunk");
    const path = file.header === undefined ? "" : pathOf(lines, file.header, prefixes);
    const author = authorshipOf(path, placedLines(lines, hunks));
    const notes = author === "human" ? "" : countOf(author, lines, hunks);
    if (file.header !== undefined) {
      print(...printHeader(lines, file.header, prefixes, notes, index));
    }
    if (author !== "human") {
      const bodies = hunks.map((hunk) => lines.slice(hunk.at + 1, hunk.to));
      const kept = answers(bodies, context.query);
      for (const body of bodies) generated.total += body.length;
      generated.count += bodies.reduce((sum, body) => sum + body.length, 0) - kept.length;
      if (author === "lock file") print(...describePackages(packageChanges(bodies)));
      print(...kept);
    }
    let section = "";
    let inBinary = false;
    for (const part of file.rest) {
      if (part.kind === "other") {
        const line = lines[part.line] ?? "";
        if (line === "GIT binary patch") inBinary = true;
        else if (line.startsWith("commit ") || line.startsWith("From ")) inBinary = false;
        if (inBinary) {
          binary.total++;
          binary.count++;
          if (line === "GIT binary patch") print("(binary patch not shown)");
        } else print(line);
      } else if (author === "human") {
        const trimmed = trim(lines, part, around, unchanged);
        const same = part.section !== "" && part.section === section;
        section = part.section;
        print(`${"@".repeat(part.signs + 1)} ${trimmed.start}${same ? SAME : part.section}`);
        blocks.push({ text: trimmed.lines, body: true });
      }
    }
  }
  yield;
  const shared = shareRuns(blocks.filter((block) => block.body).map((block) => block.text));
  yield;
  let next = 0;
  const out: string[] = [SUMMARY_LEGEND];
  for (const block of blocks) {
    for (const line of block.body ? (shared[next++] ?? []) : block.text) out.push(line);
  }
  const omitted: Omission[] = [];
  const declare = (tally: Tally, what: string): void => {
    if (tally.count > 0) omitted.push({ unit: "lines", ...tally, what });
  };
  declare(generated, "of lock, generated and minified files");
  declare(unchanged, "left unchanged");
  declare(index, "of index");
  declare(binary, "of binary patches");
  return { text: `${yield* joinInSteps(out, "\n")}\n`, omitted };
}

interface Block {
  readonly text: readonly string[];
  readonly body: boolean;
}

function groupByFile(parts: readonly DiffPart[]): readonly FileDiff[] {
  const files: { header: FileDiff["header"]; rest: FileDiff["rest"][number][] }[] = [
    { header: undefined, rest: [] },
  ];
  for (const part of parts) {
    if (part.kind === "file") files.push({ header: part, rest: [] });
    else files.at(-1)?.rest.push(part);
  }
  return files;
}

type FilePart = NonNullable<FileDiff["header"]>;

function pathOf(lines: readonly string[], part: FilePart, prefixes: Prefixes): string {
  const source = lines.slice(part.from, part.to);
  const header = readHeader(source, prefixes);
  const named = source.find((line) => line.startsWith("+++ ") && !line.startsWith("+++ /dev/null"));
  const line = named ?? source.find((each) => each.startsWith("--- ")) ?? source[0] ?? "";
  // `+++ new/a.lock\t2024-01-15 10:00:00`: the time is not part of the name.
  return (header?.path ?? line.slice(4)).split("\t")[0]?.trim() ?? "";
}

function printHeader(
  lines: readonly string[],
  part: FilePart,
  prefixes: Prefixes,
  notes: string,
  index: Tally,
): readonly string[] {
  const source = lines.slice(part.from, part.to);
  const header = readHeader(source, prefixes);
  const kept = source.filter((line) => !line.startsWith("index "));
  index.total += source.length - kept.length;
  index.count += source.length - kept.length;
  if (header === undefined) {
    // As it stands, such a header could be a whole patch: a new empty file, another mode.
    const barred = kept.map((each) => (each.startsWith("diff --") ? `|${each}` : each));
    return notes === "" ? barred : [...barred, `(${notes})`];
  }
  const { index: _, indexMode: __, ...rest } = header;
  const line = writeHeader(rest, undefined);
  if (notes === "") return [line];
  return [line.endsWith(")") ? `${line.slice(0, -1)}, ${notes})` : `${line} (${notes})`];
}

/** `lock file … +221 -180 lines not shown`. */
function countOf(author: Authorship, lines: readonly string[], hunks: readonly Hunk[]): string {
  let added = 0;
  let removed = 0;
  for (const hunk of hunks) {
    for (let at = hunk.at + 1; at < hunk.to; at++) {
      const sign = lines[at]?.[0];
      if (sign === "+") added++;
      else if (sign === "-") removed++;
    }
  }
  return `${author} … +${added} -${removed} lines not shown`;
}

/** Body lines with their new line numbers; far from the head where the hunk does not say. */
function placedLines(lines: readonly string[], hunks: readonly Hunk[]): readonly PlacedLine[] {
  const placed: PlacedLine[] = [];
  for (const hunk of hunks) {
    let number = hunk.range === undefined ? 1000 : hunk.range.newStart;
    for (let at = hunk.at + 1; at < hunk.to; at++) {
      const line = lines[at] ?? "";
      placed.push({ line, number });
      if (line[0] !== "-") number++;
    }
  }
  return placed;
}

/**
 * A hunk with `around` unchanged lines next to each change. Gaps inside say how many lines they are; `start` is the new start
 * of the hunk and how many lines after it are left out (`29+2`), so that no line number is invented.
 */
function trim(
  lines: readonly string[],
  hunk: Hunk,
  around: number,
  unchanged: Tally,
): { readonly start: string; readonly lines: readonly string[] } {
  const body = lines.slice(hunk.at + 1, hunk.to);
  const keep = keptLines(body, hunk.signs, around);
  const out: string[] = [];
  let start: string | undefined;
  let gap = 0;
  for (const [at, line] of body.entries()) {
    if (!isChange(line, hunk.signs) && !line.startsWith("\\")) unchanged.total++;
    if (keep[at] === 1) {
      if (start === undefined) start = gap > 0 ? `+${gap}` : "";
      else if (gap > 0) out.push(`… ${gap} unchanged`);
      gap = 0;
      out.push(line);
    } else {
      gap++;
      unchanged.count++;
    }
  }
  const first = hunk.range?.newStart ?? combinedStart(lines[hunk.at] ?? "");
  return { start: `${first}${start ?? ""}`, lines: out };
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

/** The new start of `@@@ -1,2 -3,4 +5,6 @@@`. */
function combinedStart(line: string): number {
  const plus = line.indexOf("+");
  const start = Number.parseInt(line.slice(plus + 1, plus + 12), 10);
  return plus === -1 || Number.isNaN(start) ? 0 : start;
}

/** Changed lines of a generated file that fit the question, in their order. Lines right below a fitting one take part. */
function answers(
  bodies: readonly (readonly string[])[],
  query: string | undefined,
): readonly string[] {
  const parsed = parseQuery(query ?? "");
  if (isEmptyQuery(parsed)) return [];
  const changed = bodies
    .flat()
    .filter((line) => (line[0] === "+" || line[0] === "-") && line.length <= MAX_ANSWER_LENGTH);
  const own = rankByQuery(parsed, changed);
  const scores = own.map((score, at) => {
    const above = Math.max(own[at - 1] ?? 0, own[at - 2] ?? 0, own[at - 3] ?? 0);
    return score === 0 ? 0 : score + above / 2;
  });
  const order = [...changed.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const best = scores[order[0] ?? 0] ?? 0;
  return order
    .slice(0, MAX_ANSWERS)
    .filter((at) => best > 0 && (scores[at] ?? 0) >= best * MIN_FIT)
    .sort((a, b) => a - b)
    .map((at) => changed[at] ?? "");
}
