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
import { countInSteps, joinInSteps } from "../../steps.ts";
import type { Omission, ShortenContext, Steps } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { rangesOf } from "../../view/ranges.ts";
import {
  changedLeft,
  type FileDiff,
  filesOf,
  type Hunk,
  hunkStart,
  isUnchanged,
  packagesLine,
} from "./claims.ts";
import { type Authorship, authorshipOf, type PlacedLine } from "./classify.ts";
import { choosePrefixes } from "./compact.ts";
import { type Prefixes, readHeader, writeHeader } from "./header.ts";
import { describePackages, packageChanges } from "./lock-summary.ts";
import type { DiffPart } from "./parse.ts";
import { readRunMark, shareRuns } from "./repeated-runs.ts";
import { type Tally, trim } from "./trim.ts";

const SUMMARY_LEGEND = '# diff, not a patch; "@@ 29+2": new line 29, 2 left out';
const SECTION_LEGEND = '; "(as above)": in the section of the hunk above';
const COUNTS_LEGEND = '; "a.c (+9 -3)": 9 lines added in it, 3 removed';
const RUNS_LEGEND = '; "«a» ×9": the 9 lines below «a»';

interface Summary {
  readonly text: string;
  readonly omitted: readonly Omission[];
  readonly statements: readonly Statement[];
}

/** Fewer changed lines without the name of a file above them are counted at a glance. */
const MIN_COUNTED = 8;
/** Behind the header of a hunk: in the section that the hunk above names. */
const SAME_SECTION = " (as above)";
/** A reader of added code has to find what a label stands for: only long runs of the same file are shared. */
const LONG_RUNS = { lines: 3, characters: 80 };
/** So many files are named with their counts above a view of so many lines. */
const MAX_LISTED_FILES = 40;
const LONG_VIEW = 150;
/** Lines shown of a generated file for one question, and how well they have to fit. */
const MAX_ANSWERS = 8;
const MAX_ANSWER_LENGTH = 400;
const MIN_FIT = 0.35;

/** A view over its cap has no unchanged lines around the changed ones. */
export function* summarizeDiff(
  lines: readonly string[],
  parts: readonly DiffPart[],
  context: ShortenContext,
): Steps<Summary> {
  const view = yield* summarizeAround(lines, parts, context, 1);
  const tokens = yield* countInSteps(view.text, context.counter);
  return tokens <= context.budgetTokens ? view : yield* summarizeAround(lines, parts, context, 0);
}

function* summarizeAround(
  lines: readonly string[],
  parts: readonly DiffPart[],
  context: ShortenContext,
  around: number,
): Steps<Summary> {
  const prefixes = choosePrefixes(lines, parts);
  const unchanged: Tally = { count: 0, total: 0 };
  const generated: Tally = { count: 0, total: 0 };
  const index: Tally = { count: 0, total: 0 };
  const binary: Tally = { count: 0, total: 0 };
  const blocks: Block[] = [];
  const print = (...text: readonly string[]): void => {
    blocks.push({ text, body: false, file: 0 });
  };
  const statements: Statement[] = [];
  let nthHunk = 0;
  let nthUnchanged = 0;
  let isCounted = false;
  let hasSections = false;
  const named = namedAbove(lines, parts, prefixes);
  for (const [nthFile, file] of filesOf(parts).entries()) {
    yield;
    const hunks = file.rest.filter((part) => part.kind === "hunk");
    const path = file.header === undefined ? "" : pathOf(lines, file.header, prefixes);
    const author = authorshipOf(path, placedLines(lines, hunks));
    const bodies = author === "human" ? [] : bodiesOf(lines, hunks);
    const kept = answers(bodies, context.query);
    const left = author === "human" ? undefined : changesLeft(author, bodies, kept, nthFile);
    const least = file.header === undefined ? MIN_COUNTED : 1;
    const counted =
      author === "human" ? changesShown(bodiesOf(lines, hunks), hunks, nthFile, least) : undefined;
    // What stands above the first file is not said again.
    const own = named === undefined ? counted : undefined;
    const notes = left?.text ?? own?.text ?? "";
    statements.push(...(left?.statements ?? own?.statements ?? []));
    if (counted || named) isCounted = true;
    if (file.header !== undefined) {
      print(...printHeader(lines, file.header, prefixes, notes, index));
    } else if (notes !== "") print(`(${notes})`);
    if (author !== "human") {
      for (const body of bodies) generated.total += body.length;
      generated.count += bodies.reduce((sum, body) => sum + body.length, 0) - kept.length;
      if (author === "lock file") {
        const packages = describePackages(packageChanges(bodies));
        print(...packages);
        statements.push(...packages.map((line, at) => packagesLine(line, nthFile, at)));
      }
      print(...kept.map(({ line }) => line));
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
        continue;
      }
      const first = nthUnchanged;
      for (let at = part.at + 1; at < part.to; at++)
        if (isUnchanged(lines[at] ?? "", part.signs)) nthUnchanged++;
      const nth = nthHunk++;
      if (author === "human") {
        const trimmed = trim(lines, part, around, unchanged, first);
        const same = part.section !== "" && part.section === section;
        section = part.section;
        if (same) hasSections = true;
        const mark = `${"@".repeat(part.signs + 1)} ${trimmed.start}`;
        print(`${mark}${trimmed.skipped}${same ? SAME_SECTION : part.section}`);
        statements.push(hunkStart(mark, trimmed.start, nth), ...trimmed.statements);
        blocks.push({ text: trimmed.lines, body: true, file: nthFile });
      }
    }
  }
  yield;
  // Sentences are no lines of the diff: each stands where it is true.
  const bodies = blocks.filter((block) => block.body);
  const shared = shareRuns(
    bodies.map((block) => block.text),
    (line) => line.startsWith("… "),
    { ...LONG_RUNS, files: bodies.map((block) => block.file) },
  );
  yield;
  let next = 0;
  const isShared = shared.some((block) => block.some((line) => readRunMark(line)?.count));
  const out: string[] = [
    SUMMARY_LEGEND +
      (isCounted ? COUNTS_LEGEND : "") +
      (hasSections ? SECTION_LEGEND : "") +
      (isShared ? RUNS_LEGEND : ""),
  ];
  const files = filesIn(parts);
  if (files !== undefined) {
    out.push(files.text);
    if (named) out.push(named.text);
    statements.unshift(files, ...(named?.statements ?? []));
  }
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
  return { text: `${yield* joinInSteps(out, "\n")}\n`, omitted, statements };
}

/** `… 14 files in all`, where there are several. */
function filesIn(parts: readonly DiffPart[]): Statement | undefined {
  const count = parts.filter(({ kind }) => kind === "file").length;
  if (count < 2) return undefined;
  return { text: `… ${count} files in all`, of: "files", about: [[0, count]], facts: [] };
}

/** All files of a long diff with what they change, where they are few: none for a history of commits, of which each has its own. */
function namedAbove(
  lines: readonly string[],
  parts: readonly DiffPart[],
  prefixes: Prefixes,
): { readonly text: string; readonly statements: readonly Statement[] } | undefined {
  const files = filesOf(parts);
  const count = files.filter(({ header }) => header !== undefined).length;
  const length = parts.reduce(
    (sum, part) => sum + (part.kind === "hunk" ? part.to - part.at : 1),
    0,
  );
  if (count < 2 || count > MAX_LISTED_FILES || length <= LONG_VIEW) return undefined;
  const named = new Map<string, string>();
  const statements: Statement[] = [];
  for (const [nth, { header, rest }] of files.entries()) {
    if (header === undefined) continue;
    const hunks = rest.filter((part) => part.kind === "hunk");
    const changes = changesShown(bodiesOf(lines, hunks), hunks, nth, 0);
    if (changes === undefined) return undefined;
    const path = pathOf(lines, header, prefixes);
    named.set(path, changes.text === "" ? path : `${path} (${changes.text})`);
    statements.push(...changes.statements);
  }
  if (named.size < count) return undefined;
  return { text: [...named.values()].join(", "), statements };
}

interface Block {
  readonly text: readonly string[];
  readonly body: boolean;
  readonly file: number;
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
function changesLeft(
  author: Authorship,
  bodies: readonly (readonly string[])[],
  kept: readonly Answer[],
  nthFile: number,
): { readonly text: string; readonly statements: readonly Statement[] } {
  const shown = new Set(kept.map(({ at }) => at));
  const left = { "+": [] as number[], "-": [] as number[] };
  const counts = { "+": 0, "-": 0 };
  let at = 0;
  for (const line of bodies.flat()) {
    const sign = line[0];
    if (sign === "+" || sign === "-") {
      const nth = counts[sign]++;
      if (!shown.has(at)) left[sign].push(nth);
    }
    at++;
  }
  const added = `+${left["+"].length}`;
  const removed = `-${left["-"].length} lines not shown`;
  return {
    text: `${author} … ${added} ${removed}`,
    statements: [
      changedLeft(added, "added", nthFile, rangesOf(left["+"])),
      changedLeft(removed, "removed", nthFile, rangesOf(left["-"])),
    ],
  };
}

function bodiesOf(
  lines: readonly string[],
  hunks: readonly Hunk[],
): readonly (readonly string[])[] {
  return hunks.map((hunk) => lines.slice(hunk.at + 1, hunk.to));
}

/** `+221 -180`, of a file whose changes are shown; `undefined` where they are fewer than `least`, or signs stand for several parents. */
function changesShown(
  bodies: readonly (readonly string[])[],
  hunks: readonly Hunk[],
  nthFile: number,
  least: number,
): { readonly text: string; readonly statements: readonly Statement[] } | undefined {
  if (hunks.some(({ signs }) => signs > 1)) return undefined;
  const counts = { "+": 0, "-": 0 };
  for (const body of bodies)
    for (const line of body) if (line[0] === "+" || line[0] === "-") counts[line[0]]++;
  if (counts["+"] + counts["-"] < least) return undefined;
  const said = [
    changedLeft(`+${counts["+"]}`, "added", nthFile, [[0, counts["+"]]]),
    changedLeft(`-${counts["-"]}`, "removed", nthFile, [[0, counts["-"]]]),
  ].filter(({ text }) => text.length > 2 || text[1] !== "0");
  return { text: said.map(({ text }) => text).join(" "), statements: said };
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

interface Answer {
  readonly line: string;
  /** Its place among the lines of all hunks of the file. */
  readonly at: number;
}

/** Changed lines of a generated file that fit the question, in their order. Lines right below a fitting one take part. */
function answers(
  bodies: readonly (readonly string[])[],
  query: string | undefined,
): readonly Answer[] {
  const parsed = parseQuery(query ?? "");
  if (isEmptyQuery(parsed)) return [];
  const changed = bodies
    .flat()
    .map((line, at): Answer => ({ line, at }))
    .filter(({ line }) => (line[0] === "+" || line[0] === "-") && line.length <= MAX_ANSWER_LENGTH);
  const own = rankByQuery(
    parsed,
    changed.map(({ line }) => line),
  );
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
    .flatMap((at) => changed[at] ?? []);
}
