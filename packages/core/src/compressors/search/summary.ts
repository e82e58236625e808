/**
 * The lossy form of search output: every file by name with its count, the best hits in full.
 *
 * Files with a shown hit come first, in the order of the output, each with a note of what is left out there. All other
 * files follow, one line a folder, with the line numbers of their hits, so that the reader can go to a line without
 * retrieving. Context lines stay only around shown hits and only while there is room.
 *
 * Trap: `name:12` in a list would be a literal that never stood in the output. Counts and numbers stand after spaces.
 */
import type { Omission, ShortenContext, View } from "../../types/compressor.ts";
import type { Entry } from "./entry.ts";
import { type PathStyle, pathStyleOf } from "./grouped.ts";
import { folderOf } from "./path.ts";
import { rankHits } from "./rank.ts";

const SUMMARY_LEGEND =
  '# best search hits by file, all files named; "×9 3-80" = 9 hits on lines 3 to 80, "a.c 3 8" = hits on lines 3 and 8 not shown, "in" is the start of the paths';

interface FileHits {
  readonly path: string;
  /** Indexes into entries. */
  readonly hits: number[];
  readonly context: number[];
  shown: number[];
}

/** A hit longer than this is cut in the middle; the cut is declared. */
const MAX_CONTENT = 360;
const KEPT_HEAD = 240;
const KEPT_TAIL = 60;
/** Line numbers listed one by one, up to so many a file. */
const MAX_LISTED = 3;
const MAX_NOTED = 10;
const MAX_OTHER = 12;
const MAX_OTHER_SHARE = 0.1;
const MAX_MISSES = 40;
const WHOLE_FILES = 3;

/** The best hits that fit the budget; `undefined` where no line names a file. */
export function summarize(entries: readonly Entry[], context: ShortenContext): View | undefined {
  const files = groupByFile(entries);
  if (files.length === 0) return undefined;
  const style = pathStyleOf(files.map((file) => file.path));
  const count = (text: string): number => context.counter.count(text);

  const others: string[] = [];
  const binaries: string[] = [];
  for (const entry of entries) {
    if (entry.kind !== "other" || entry.rest === "") continue;
    const binary = binaryMatch(entry.rest);
    if (binary === undefined) others.push(entry.rest);
    else binaries.push(binary);
  }
  // Much else besides hits: what this is, and what of it matters, is not for a search compressor to say.
  if (others.length > Math.max(MAX_OTHER, entries.length * MAX_OTHER_SHARE)) return undefined;
  if (binaries.length > 0) others.unshift(`binary files that match: ${binaries.join(", ")}`);
  const shownOthers = others.filter((line, at) => at < MAX_OTHER || isAlarming(line));
  const fixed =
    count(renderList(files, entries, style)) + count(SUMMARY_LEGEND) + shownOthers.length * 12;
  const target = Math.max(context.budgetTokens * 1.4 - fixed, context.budgetTokens * 0.5);
  choose(files, entries, context, target);
  return render(entries, files, style, others, shownOthers, context.firstLine);
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

/** `grep -c`: files with hits stay, files with none become a number. */
export function summarizeCounts(entries: readonly Entry[]): View | undefined {
  const some = entries.filter((entry) => entry.kind !== "count" || entry.number > 0);
  const none = entries.length - some.length;
  if (none === 0) return undefined;
  const total = entries.filter((entry) => entry.kind === "count").length;
  const text = [...some.map((entry) => entry.path + entry.rest), `… ${none} files with 0`].join(
    "\n",
  );
  const omitted = [{ unit: "files", count: none, total, what: "without a hit" }];
  return { text: `${text}\n`, omitted };
}

function groupByFile(entries: readonly Entry[]): readonly FileHits[] {
  const files = new Map<string, FileHits>();
  for (const [at, entry] of entries.entries()) {
    if (entry.path === "") continue;
    let file = files.get(entry.path);
    if (file === undefined) {
      file = { path: entry.path, hits: [], context: [], shown: [] };
      files.set(entry.path, file);
    }
    if (entry.kind === "match") file.hits.push(at);
    else if (entry.kind === "context") file.context.push(at);
  }
  return [...files.values()];
}

/** Fills `shown` with the best hits that fit `target` tokens; at least one hit in all. */
function choose(
  files: readonly FileHits[],
  entries: readonly Entry[],
  context: ShortenContext,
  target: number,
): void {
  const owners: FileHits[] = [];
  const hits: number[] = [];
  for (const file of files) {
    for (const hit of [...file.hits, ...file.context].sort((a, b) => a - b)) {
      owners.push(file);
      hits.push(hit);
    }
  }
  const scores = rankHits(
    hits.map((hit) => {
      const entry = entries[hit] as Entry;
      return {
        path: entry.path,
        content: entry.rest.slice(entry.body),
        number: entry.number,
        isContext: entry.kind === "context",
      };
    }),
    context.query,
  );
  const order = hits.map((_, at) => at);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  let left = target;
  let misses = 0;
  let taken = 0;
  for (const at of order) {
    const file = owners[at] as FileHits;
    const hit = hits[at] as number;
    // A file's first shown hit also moves its name from the list to a heading of its own.
    const cost =
      context.counter.count(shorten(entries[hit]?.rest ?? "").text) +
      1 +
      (file.shown.length === 0 ? 8 : 0);
    if (taken > 0 && cost > left) {
      if (++misses >= MAX_MISSES) break;
      continue;
    }
    left -= cost;
    taken++;
    file.shown.push(hit);
  }
  for (const file of files) file.shown.sort((a, b) => a - b);
}

function render(
  entries: readonly Entry[],
  files: readonly FileHits[],
  style: PathStyle,
  others: readonly string[],
  shownOthers: readonly string[],
  firstLine = 1,
): View {
  const out: string[] = [SUMMARY_LEGEND];
  if (style.shared !== "") out.push(`in ${style.shared}`);
  const matches = { count: 0, total: 0 };
  const contexts = { count: 0, total: 0 };
  let cut = 0;
  let cutFrom = 0;
  const rest: FileHits[] = [];
  const whole = busiest(files);
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
    const size = file.hits.length > 1 ? ` ×${file.hits.length}` : "";
    out.push((whole.has(file) ? file.path : file.path.slice(style.shared.length)) + size);
    for (const at of file.shown) {
      const short = shorten(entries[at]?.rest ?? "");
      out.push(short.text);
      if (short.cut > 0) {
        cut += short.cut;
        cutFrom += (entries[at]?.rest ?? "").length;
      }
    }
    if (missing.length + around.length > 0) {
      out.push(noteOf(missing, around.length, file, entries, firstLine));
    }
  }
  if (rest.length > 0) {
    out.push(
      `… ${rest.length} ${rest.length === files.length ? "" : "more "}files, their hits not shown:`,
    );
    out.push(renderList(rest, entries, style));
  }
  for (const line of shownOthers) out.push(line.startsWith("binary") ? line : shorten(line).text);
  if (others.length > shownOthers.length) {
    out.push(`… ${others.length - shownOthers.length} other lines`);
  }
  const omitted: Omission[] = [];
  if (matches.count > 0) omitted.push({ unit: "lines", ...matches, what: "with hits" });
  if (contexts.count > 0) omitted.push({ unit: "lines", ...contexts, what: "around hits" });
  if (others.length > shownOthers.length) {
    omitted.push({
      unit: "lines",
      count: others.length - shownOthers.length,
      total: others.length,
      what: "of other kinds",
    });
  }
  if (cut > 0)
    omitted.push({ unit: "characters", count: cut, total: cutFrom, what: "of long lines" });
  return { text: `${out.join("\n")}\n`, omitted };
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
  around: number,
  file: FileHits,
  entries: readonly Entry[],
  firstLine: number,
): string {
  const numbers = missing.map((at) => entries[at]?.number ?? 0);
  const where = numbers.every((number) => number === 0) ? "" : `: ${spell(numbers, MAX_NOTED)}`;
  const parts: string[] = [];
  if (missing.length > 0) parts.push(`${missing.length} more${where}`);
  if (around > 0) parts.push(`${around} context lines`);
  const first = Math.min(
    file.hits[0] ?? Number.POSITIVE_INFINITY,
    file.context[0] ?? Number.POSITIVE_INFINITY,
  );
  const last = Math.max(file.hits.at(-1) ?? 0, file.context.at(-1) ?? 0);
  return `… ${parts.join(", ")} (output lines ${first + firstLine}-${last + firstLine})`;
}

function spell(numbers: readonly number[], most: number): string {
  if (numbers.length <= most) return numbers.join(" ");
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const number of numbers) {
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  return `${low}-${high}`;
}

/** One line a folder: `src/db/: pool.ts 12 40, query.ts ×9 3-80`. */
function renderList(
  files: readonly FileHits[],
  entries: readonly Entry[],
  style: PathStyle,
): string {
  const folders = new Map<string, string[]>();
  const whole = busiest(files);
  const lines: string[] = [];
  for (const file of files) {
    const folder = folderOf(file.path);
    const numbers = file.hits.map((hit) => entries[hit]?.number ?? 0);
    const known = numbers.every((number) => number > 0);
    let size = file.hits.length === 1 ? "" : ` ×${file.hits.length}`;
    if (known && numbers.length <= MAX_LISTED)
      size = numbers.length === 0 ? "" : ` ${numbers.join(" ")}`;
    else if (known) size += ` ${spell(numbers, 0)}`;
    if (whole.has(file)) {
      lines.push(file.path + size);
      continue;
    }
    const names = folders.get(folder);
    const name = file.path.slice(folder.length) + size;
    if (names === undefined) folders.set(folder, [name]);
    else names.push(name);
  }
  for (const [folder, names] of folders) {
    const start = folder.slice(style.shared.length);
    lines.push(start === "" ? names.join(", ") : `${start} ${names.join(", ")}`);
  }
  return lines.join("\n");
}

/** A long line keeps its head and tail; `cut` counts the characters between them. */
function shorten(text: string): { readonly text: string; readonly cut: number } {
  if (text.length <= MAX_CONTENT) return { text, cut: 0 };
  const head = wordEnd(text, KEPT_HEAD);
  const tail = wordStart(text, text.length - KEPT_TAIL);
  const cut = tail - head;
  if (cut <= 0) return { text, cut: 0 };
  return { text: `${text.slice(0, head)} … ${cut} characters … ${text.slice(tail)}`, cut };
}

/** Back to the end of a word, so that no literal is cut in two; not further than 80 characters. */
function wordEnd(text: string, from: number): number {
  for (let at = from; at > from - 80; at--)
    if (text.charCodeAt(at) <= 32 || text[at] === ",") return at;
  return isLowSurrogate(text.charCodeAt(from)) ? from - 1 : from;
}

function wordStart(text: string, from: number): number {
  for (let at = from; at < from + KEPT_TAIL - 1; at++) {
    if (text.charCodeAt(at) <= 32 || text[at] === ",") return at + 1;
  }
  return text.length;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
