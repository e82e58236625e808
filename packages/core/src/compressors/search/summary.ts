/**
 * The lossy form of search output: every file by name with its count, the best hits in full.
 *
 * Files with a shown hit come first, in the order of the output, each with a note of what is left out there. All other
 * files follow, one line a folder, with the line numbers of their hits, so that the reader can go to a line without
 * retrieving. Context lines stay only around shown hits and only while there is room. Hits whose text is shown already are
 * numbers only: they say nothing new.
 *
 * Trap: `name:12` in a list would be a literal that never stood in the output. Counts and numbers stand after spaces.
 */
import type { Omission, ShortenContext, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { rangesOf } from "../../view/ranges.ts";
import { alike, hitsIn, printRange, valuesOf } from "./claims.ts";
import { cutLine } from "./cut-line.ts";
import type { Entry } from "./entry.ts";
import { type FileHits, listFiles } from "./file-list.ts";
import { type PathStyle, pathStyleOf } from "./grouped.ts";
import { rankHits } from "./rank.ts";

/** What a legend explains, where the text has it. */
interface Legend {
  /** The other files are told by folder. */
  readonly byFolder: boolean;
  /** `×9` behind a shown file; `×9 3–80` and `a.c 3 8` behind one without shown hits. */
  readonly times: boolean;
  readonly ranges: boolean;
  readonly numbers: boolean;
  /** `… 5 more: 8–21 (output lines 30-36)` below a file. */
  readonly notes: boolean;
  /** The start of the paths stands above them. */
  readonly shared: boolean;
}

/** Before it is known what a text has. */
const SHORT_LEGEND: Legend = {
  byFolder: false,
  times: true,
  ranges: false,
  numbers: false,
  notes: true,
  shared: false,
};

function printLegend({ byFolder, times, ranges, numbers, notes, shared }: Legend): string {
  const parts = [
    `# best search hits by file, ${byFolder ? "the other files by folder" : "all files named"}`,
    times ? '"×9" = 9 hits, without it 1' : "",
    ranges ? '"×9 3–80" = 9 hits on lines 3 to 80' : "",
    numbers ? '"a.c 3 8" = hits on lines 3 and 8 not shown' : "",
    notes ? '"5 more: 8–21" = on lines 8 to 21 of the file' : "",
    shared ? '"in" is the start of paths that do not have it' : "",
  ].filter((part) => part !== "");
  return parts.length === 1 ? `${parts[0]}` : `${parts[0]}; ${parts.slice(1).join(", ")}`;
}

/** Line numbers listed one by one, up to so many a file. */
const MAX_NOTED = 10;
const MAX_OTHER = 12;
const MAX_OTHER_SHARE = 0.1;
const MAX_MISSES = 40;
const WHOLE_FILES = 3;
/** The list of files may take this share of the cap before it is written shorter. */
const LIST_SHARE = 0.7;
const MIN_LIST_TOKENS = 400;
/** How often a view over its cap is made again with fewer hits. */
const TRIES = 4;

/** The best hits that fit the cap; `undefined` where no line names a file. */
export function summarize(entries: readonly Entry[], context: ShortenContext): View | undefined {
  const files = groupByFile(entries);
  if (files.length === 0) return undefined;
  const style = pathStyleOf(files.map((file) => file.path));
  const count = (text: string): number => context.counter.count(text);

  const others: number[] = [];
  const binaries: string[] = [];
  for (const [at, entry] of entries.entries()) {
    if (entry.kind !== "other" || entry.rest === "") continue;
    const binary = binaryMatch(entry.rest);
    if (binary === undefined) others.push(at);
    else binaries.push(binary);
  }
  // Much else besides hits: what this is, and what of it matters, is not for a search compressor to say.
  if (others.length > Math.max(MAX_OTHER, entries.length * MAX_OTHER_SHARE)) return undefined;
  const shownOthers = others.filter(
    (line, at) => at < MAX_OTHER || isAlarming(entries[line]?.rest ?? ""),
  );
  const page: Page = {
    entries,
    files,
    style,
    whole: busiest(files),
    others,
    shownOthers,
    binaries,
  };
  const room = Math.max(MIN_LIST_TOKENS, context.budgetTokens * LIST_SHARE);
  let level = 0;
  let fixed = count(listFiles(files, { ...page, level }).lines.join("\n"));
  while (level < 2 && fixed > room) {
    level++;
    fixed = count(listFiles(files, { ...page, level }).lines.join("\n"));
  }
  const order = inOrder(files, entries, context);
  let target =
    context.budgetTokens - fixed - count(printLegend(SHORT_LEGEND)) - shownOthers.length * 12;
  for (let tries = 1; ; tries++) {
    choose(order, entries, context, target);
    const view = render(page, level, context.firstLine);
    const over = count(view.text) - context.budgetTokens;
    if (over <= 0 || tries === TRIES) return view;
    target -= over;
  }
}

interface Page {
  readonly entries: readonly Entry[];
  readonly files: readonly FileHits[];
  readonly style: PathStyle;
  /** Files whose path stands whole. */
  readonly whole: ReadonlySet<FileHits>;
  /** Lines that are no hits, and those of them that are shown. */
  readonly others: readonly number[];
  readonly shownOthers: readonly number[];
  /** Binary files that match. */
  readonly binaries: readonly string[];
}

/** What went wrong is shown, however many such lines there are. */
function isAlarming(line: string): boolean {
  const lower = line.slice(0, 1_000).toLowerCase();
  return ["error", "fail", "denied", "fatal", "panic", "exception", "no such"].some((word) =>
    lower.includes(word),
  );
}

/** The file of `Binary file x matches` or `grep: x: binary file matches`. */
function binaryMatch(line: string): string | undefined {
  const old = ["Binary file ", " matches"] as const;
  const fresh = ["grep: ", ": binary file matches"] as const;
  for (const [start, end] of [old, fresh]) {
    if (line.startsWith(start) && line.endsWith(end)) return line.slice(start.length, -end.length);
  }
  return undefined;
}

function groupByFile(entries: readonly Entry[]): readonly FileHits[] {
  const files = new Map<string, FileHits>();
  for (const [at, entry] of entries.entries()) {
    if (entry.path === "") continue;
    let file = files.get(entry.path);
    if (file === undefined) {
      file = { path: entry.path, hits: [], numbers: [], context: [], shown: [] };
      files.set(entry.path, file);
    }
    if (entry.kind === "match") {
      file.hits.push(at);
      file.numbers.push(entry.number);
    } else if (entry.kind === "context") file.context.push(at);
  }
  return [...files.values()];
}

interface Ranked {
  readonly file: FileHits;
  readonly at: number;
  /** A hit with the same text ranks before it. */
  readonly repeats: boolean;
  readonly asked: boolean;
}

/** All hits and context lines, the best first. */
function inOrder(
  files: readonly FileHits[],
  entries: readonly Entry[],
  context: ShortenContext,
): readonly Ranked[] {
  const owners: FileHits[] = [];
  const hits: number[] = [];
  for (const file of files) {
    for (const hit of [...file.hits, ...file.context].sort((a, b) => a - b)) {
      owners.push(file);
      hits.push(hit);
    }
  }
  const rankable = hits.map((hit) => {
    const entry = entries[hit] as Entry;
    return {
      path: entry.path,
      content: entry.rest.slice(entry.body),
      number: entry.number,
      isContext: entry.kind === "context",
    };
  });
  const { scores, asked } = rankHits(rankable, context.query);
  const order = hits.map((_, at) => at);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const seen = new Set<string>();
  return order.map((at): Ranked => {
    const text = alike(rankable[at]?.content ?? "");
    const repeats = seen.has(text);
    seen.add(text);
    return {
      file: owners[at] as FileHits,
      at: hits[at] as number,
      repeats,
      asked: (asked?.[at] ?? 0) > ASKED,
    };
  });
}

/** From this share of the best answer on, a hit is an answer: it is shown although its text stands elsewhere. */
const ASKED = 0.5;

/** Fills `shown` with the best hits that fit `target` tokens; at least one hit in all. */
function choose(
  order: readonly Ranked[],
  entries: readonly Entry[],
  context: ShortenContext,
  target: number,
): void {
  for (const { file } of order) file.shown.length = 0;
  let left = target;
  let misses = 0;
  let taken = 0;
  for (const { file, at, repeats, asked } of order) {
    if (repeats && !asked && taken > 0) continue;
    // A file's first shown hit also moves its name from the list to a heading of its own.
    const cost =
      context.counter.count(cutLine(entries[at]?.rest ?? "").text) +
      1 +
      (file.shown.length === 0 ? 8 : 0);
    if (taken > 0 && cost > left) {
      if (++misses >= MAX_MISSES) break;
      continue;
    }
    left -= cost;
    taken++;
    file.shown.push(at);
  }
  for (const { file } of order) file.shown.sort((a, b) => a - b);
}

function render(page: Page, level: number, firstLine = 1): View {
  const { entries, files, style, whole, others, shownOthers } = page;
  const out: string[] = [""];
  let hasTimes = false;
  let hasNotes = false;
  /** What is said of the files without shown hits. */
  let listed: readonly string[] = [];
  const statements: Statement[] = [];
  if (style.shared !== "") out.push(`in ${style.shared}`);
  const matches = { count: 0, total: 0 };
  const contexts = { count: 0, total: 0 };
  let cut = 0;
  let cutFrom = 0;
  const rest: FileHits[] = [];
  for (const file of files) {
    const missing = missingOf(file.hits, file.shown);
    const around = missingOf(file.context, file.shown);
    matches.total += file.hits.length;
    matches.count += missing.length;
    contexts.total += file.context.length;
    contexts.count += around.length;
    if (file.shown.length === 0) {
      rest.push(file);
      continue;
    }
    const base = whole.has(file) ? "" : style.shared;
    const name = file.path.slice(base.length);
    if (file.hits.length > 1) {
      const heading = `${name} ×${file.hits.length}`;
      out.push(heading);
      hasTimes = true;
      statements.push(hitsIn(base, name, heading, file.hits.length, []));
    } else out.push(name);
    for (const at of file.shown) {
      const line = entries[at]?.rest ?? "";
      const short = cutLine(line);
      out.push(short.text);
      if (short.said === undefined) continue;
      statements.push(valuesOf("characters", [at], short.said, [`${line.length}`]));
      cut += short.cut;
      cutFrom += line.length;
    }
    if (missing.length + around.length === 0) continue;
    const note = noteOf(missing, around, file, entries, firstLine);
    out.push(note.line);
    if (note.line.includes(" more: ")) hasNotes = true;
    statements.push(...note.statements);
  }
  if (rest.length > 0) {
    const more = rest.length === files.length ? "" : "more ";
    const all = new Map(files.map((file, at) => [file, at]));
    const text = `… ${rest.length} ${more}files, their hits not shown:`;
    out.push(text);
    statements.push({
      text,
      of: "files",
      about: rangesOf(rest.map((file) => all.get(file) ?? -1)),
      facts: [],
    });
    const list = listFiles(rest, { entries, style, whole, level });
    out.push(...list.lines);
    statements.push(...list.statements);
    listed = list.statements.flatMap(({ text, facts }) =>
      facts.map(({ says }) => (says === "range" || text.includes(" ×") ? "range" : says)),
    );
  }
  out[0] = printLegend({
    byFolder: level === 2,
    times: hasTimes,
    ranges: listed.includes("range"),
    numbers: listed.includes("list"),
    notes: hasNotes,
    shared: style.shared !== "",
  });
  if (page.binaries.length > 0) out.push(`binary files that match: ${page.binaries.join(", ")}`);
  for (const at of shownOthers) {
    const line = entries[at]?.rest ?? "";
    const short = cutLine(line);
    out.push(short.text);
    if (short.said !== undefined)
      statements.push(valuesOf("characters", [at], short.said, [`${line.length}`]));
  }
  const hidden = missingOf(others, shownOthers);
  if (hidden.length > 0) {
    const text = `… ${hidden.length} other lines`;
    out.push(text);
    statements.push({ text, of: "", about: rangesOf(hidden), facts: [] });
  }
  const omitted: Omission[] = [];
  if (matches.count > 0) omitted.push({ unit: "lines", ...matches, what: "with hits" });
  if (contexts.count > 0) omitted.push({ unit: "lines", ...contexts, what: "around hits" });
  if (hidden.length > 0)
    omitted.push({
      unit: "lines",
      count: hidden.length,
      total: others.length,
      what: "of other kinds",
    });
  if (cut > 0)
    omitted.push({ unit: "characters", count: cut, total: cutFrom, what: "of long lines" });
  return { text: `${out.join("\n")}\n`, omitted, statements };
}

/** The files with most hits. Their paths stand whole, wherever they stand: they are what is asked for most. */
function busiest(files: readonly FileHits[]): ReadonlySet<FileHits> {
  const order = files.filter((file) => file.hits.length > 1);
  order.sort((a, b) => b.hits.length - a.hits.length);
  return new Set(order.slice(0, WHOLE_FILES));
}

function missingOf(all: readonly number[], shown: readonly number[]): readonly number[] {
  if (shown.length === 0) return all;
  const known = new Set(shown);
  return all.filter((at) => !known.has(at));
}

/** `… 14 more: 33 50 61 (output lines 2-21)`: line numbers in the file, then where they stood in the output. */
function noteOf(
  missing: readonly number[],
  around: readonly number[],
  file: FileHits,
  entries: readonly Entry[],
  firstLine: number,
): { readonly line: string; readonly statements: readonly Statement[] } {
  const statements: Statement[] = [];
  const parts: string[] = [];
  if (missing.length > 0) {
    const numbers = missing.map((at) => `${entries[at]?.number ?? 0}`);
    const places = new Map(file.hits.map((hit, at) => [hit, at]));
    const about = rangesOf(missing.map((at) => places.get(at) ?? -1));
    const numbered = file.numbers.every((number) => number > 0);
    const listed = numbers.length <= MAX_NOTED;
    const where = !numbered ? "" : `: ${listed ? numbers.join(" ") : printRange(numbers)}`;
    const text = `${missing.length} more${where}`;
    parts.push(text);
    statements.push(hitsIn("", file.path, text, about, numbered ? numbers : [], listed));
  }
  if (around.length > 0) {
    const text = `${around.length} context lines`;
    const places = new Map(file.context.map((line, at) => [line, at]));
    const about = rangesOf(around.map((at) => places.get(at) ?? -1));
    parts.push(text);
    statements.push({ text, of: `context of ${file.path}`, about, facts: [] });
  }
  const first = Math.min(
    file.hits[0] ?? Number.POSITIVE_INFINITY,
    file.context[0] ?? Number.POSITIVE_INFINITY,
  );
  const last = Math.max(file.hits.at(-1) ?? 0, file.context.at(-1) ?? 0);
  const place = `(output lines ${first + firstLine}-${last + firstLine})`;
  statements.push({ text: place, of: "", about: [[first, last + 1]], facts: [] });
  return { line: `… ${parts.join(", ")} ${place}`, statements };
}
