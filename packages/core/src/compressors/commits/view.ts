/**
 * The view of a list of commits: one line each, the newest first while there is room, with what is asked for and what warns.
 *
 * Trap: a hash is cut to its first digits only where they are those of no other commit in the list.
 */
import { linesMentioning } from "../../query/mention.ts";
import { rankByQuery } from "../../query/query.ts";
import { finish } from "../../steps.ts";
import type { Omission, ShortenContext, View } from "../../types/compressor.ts";
import type { OriginalUnits, Statement, UnitRange } from "../../types/statement.ts";
import { describe, sayFacts } from "../../view/describe.ts";
import type { Commit, CommitList } from "./read.ts";
import { withoutGraph } from "./read.ts";

const LEGEND = "[git log: hash, time, subject; hashes by their first digits]";
const ONE_LINE_LEGEND = "[git log: hash, subject]";
const GRAPH_LEGEND = "[git log: hash, subject; without its graph]";
const HASH_DIGITS = 10;
const MIN_COMMITS = 8;
const MAX_ASKED = 40;
const MAX_NOTES = 3;

/** `undefined` where nothing would be left out. */
export function summarizeCommits(
  lines: readonly string[],
  list: CommitList,
  context: ShortenContext,
): View | undefined {
  const { commits, style } = list;
  if (commits.length < MIN_COMMITS) return undefined;
  const asked = findAsked(commits, context.query);
  const rows = commits.map((commit) => rowOf(lines, commit, list));
  const costs = rows.map((row) => context.counter.count(row.text) + 1);
  let left = context.budgetTokens - FIXED_TOKENS;
  const shown = new Set<number>();
  const take = (at: number): void => {
    left -= costs[at] ?? 0;
    shown.add(at);
  };
  for (const at of asked) if ((costs[at] ?? 0) <= left) take(at);
  for (const [at, commit] of commits.entries())
    if (isWarning(lines, commit) && !shown.has(at) && (costs[at] ?? 0) <= left / 2) take(at);
  for (const at of commits.keys()) {
    if (shown.has(at)) continue;
    if ((costs[at] ?? 0) > left && shown.size > 0) break;
    take(at);
  }
  return render(lines, list, rows, shown, style, context.firstLine ?? 1);
}

/** About what the sentences above and below the rows take. */
const FIXED_TOKENS = 120;

interface Row {
  readonly text: string;
  readonly day: string;
  /** Lines of the message that are shown below it. */
  readonly notes: readonly number[];
}

function rowOf(lines: readonly string[], commit: Commit, { style, commits }: CommitList): Row {
  const refs = commit.refs === "" ? "" : ` ${commit.refs}`;
  if (style === "one-line")
    return { text: `${commit.hash}${refs} ${commit.subject}`, day: "", notes: [] };
  const { time, day } = timeOf(commit.date ?? "");
  const notes = commit.body.filter((at) => isNote(lines[at] ?? "")).slice(0, MAX_NOTES);
  const usual = commits[0]?.author;
  const author =
    commit.author === usual || commit.author === undefined ? "" : ` (${nameOf(commit.author)})`;
  const summary = commit.summary === undefined ? "" : ` | ${commit.summary}`;
  const hash = commit.hash.slice(0, HASH_DIGITS);
  const head = `${hash}${time === "" ? "" : ` ${time}`}${refs} ${commit.subject}${author}${summary}`;
  const text = [head, ...notes.map((at) => `  ${withoutGraph(lines[at] ?? "").trim()}`)].join("\n");
  return { text, day, notes };
}

/** `Sat Nov 28 08:53:40 2026 +0000` in two parts; another format as it is. */
function timeOf(date: string): { readonly time: string; readonly day: string } {
  const found = /^(\w{3} \w{3} \d{1,2}) (\d{2}:\d{2}):\d{2} (\d{4}) [-+]\d{4}$/.exec(date);
  if (found) return { day: `${found[1]} ${found[3]}`, time: found[2] ?? "" };
  return { day: "", time: date };
}

/** Without the address. */
function nameOf(author: string): string {
  const at = author.indexOf(" <");
  return at < 0 ? author : author.slice(0, at);
}

function isNote(line: string): boolean {
  const lower = line.toLowerCase();
  return (
    lower.includes("breaking change") ||
    lower.includes("this reverts commit ") ||
    lower.includes("cve-") ||
    lower.includes("security")
  );
}

function isWarning(lines: readonly string[], { subject, body }: Commit): boolean {
  const lower = subject.toLowerCase();
  return (
    lower.startsWith("revert") ||
    isBreaking(lower) ||
    isNote(subject) ||
    body.some((at) => isNote(lines[at] ?? ""))
  );
}

/** `feat(api)!: …` */
function isBreaking(subject: string): boolean {
  const end = subject.indexOf("!:");
  return end > 0 && !subject.slice(0, end).includes(" ");
}

function findAsked(commits: readonly Commit[], query: string | undefined): readonly number[] {
  if (query === undefined) return [];
  const texts = commits.map(
    ({ hash, refs, subject, author }) => `${hash} ${refs} ${subject} ${author ?? ""}`,
  );
  const scores = rankByQuery(query, texts);
  const order = [...texts.keys()].filter((at) => (scores[at] ?? 0) > 0);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const floor = 0.4 * (scores[order[0] ?? -1] ?? 0);
  const best = order.filter((at) => (scores[at] ?? 0) >= floor).slice(0, MAX_ASKED);
  return [...new Set([...best, ...finish(linesMentioning(query, texts)).slice(0, MAX_ASKED)])];
}

function render(
  lines: readonly string[],
  { commits }: CommitList,
  rows: readonly Row[],
  shown: ReadonlySet<number>,
  style: CommitList["style"],
  firstLine: number,
): View | undefined {
  const isDrawn = style === "one-line" && lines.some((line) => withoutGraph(line) !== line);
  const out: string[] = [style === "full" ? LEGEND : isDrawn ? GRAPH_LEGEND : ONE_LINE_LEGEND];
  const statements: Statement[] = [];
  const say = (statement: Statement): void => {
    out.push(statement.text);
    statements.push(statement);
  };
  const all: readonly UnitRange[] = [[0, commits.length]];
  const authors = finish(
    describe(
      commits.map(({ author }) => author),
      { maxValues: 8, order: false },
    ),
  );
  const who = style === "full" && authors.length > 0 ? `, author: ${sayFacts(authors)}` : "";
  if (who === "")
    say({ text: `… ${commits.length} commits in all`, of: "commits", about: all, facts: [] });
  else
    say({
      text: `… ${commits.length} commits in all${who}`,
      of: "commits",
      field: "author",
      about: all,
      facts: authors,
    });
  let day = "";
  let from = -1;
  const close = (to: number): void => {
    if (from < 0) return;
    const [first, last] = [commits[from]?.from ?? 0, (commits[to - 1]?.to ?? 0) - 1];
    const place =
      first === last
        ? `(line ${first + firstLine})`
        : `(lines ${first + firstLine}-${last + firstLine})`;
    const text = `… ${to - from} commits`;
    out.push(`${text} ${place}`);
    statements.push({ text, of: "commits", about: [[from, to]], facts: [] });
    statements.push({ text: place, of: "", about: [[first, last + 1]], facts: [] });
    from = -1;
  };
  for (const [at, row] of rows.entries()) {
    if (!shown.has(at)) {
      if (from < 0) from = at;
      continue;
    }
    close(at);
    if (row.day !== day && row.day !== "") out.push(`${row.day}:`);
    day = row.day;
    out.push(row.text);
  }
  close(rows.length);
  const noted = new Set([...shown].flatMap((at) => rows[at]?.notes ?? []));
  const body = commits.flatMap((commit) => commit.body);
  const files = commits.flatMap((commit) => commit.files);
  const hiddenBody = [...body.keys()].filter((at) => !noted.has(body[at] ?? -1));
  if (hiddenBody.length > 0)
    say({
      text: `… ${hiddenBody.length} lines of messages`,
      of: "body",
      about: rangesOf(hiddenBody),
      facts: [],
    });
  if (files.length > 0)
    say({
      text: `… ${files.length} lines about files`,
      of: "files",
      about: [[0, files.length]],
      facts: [],
    });
  const omitted: Omission[] = [];
  const lost = (unit: string, count: number, total: number, what?: string): void => {
    if (count > 0) omitted.push({ unit, count, total, ...(what === undefined ? {} : { what }) });
  };
  lost("lines", commits.length - shown.size, commits.length, "of commits");
  lost("lines", hiddenBody.length, body.length, "of messages");
  lost("lines", files.length, files.length, "about files");
  if (style === "full") {
    const whole = commits.reduce((sum, { hash }) => sum + hash.length, 0);
    const kept = commits.reduce((sum, { hash }) => sum + Math.min(HASH_DIGITS, hash.length), 0);
    lost("characters", whole - kept, whole, "of hashes");
  } else {
    const graph = lines.length - commits.length;
    lost("lines", graph, lines.length, "of the graph");
  }
  return omitted.length === 0 ? undefined : { text: `${out.join("\n")}\n`, omitted, statements };
}

/** The sequences a view speaks of: `commits`, with a field `author`; lines of messages, `body`; lines about `files`. */
export function commitsOriginal(
  lines: readonly string[],
  list: CommitList | undefined,
): OriginalUnits {
  const commits = list?.commits ?? [];
  return {
    values(of, field) {
      if (of === "commits")
        return commits.map(({ hash, author }) => (field === "author" ? author : hash));
      if (of === "body") return commits.flatMap(({ body }) => body.map((at) => lines[at]));
      if (of === "files") return commits.flatMap(({ files }) => files.map((at) => lines[at]));
      return undefined;
    },
  };
}

/** Ascending numbers as ranges. */
function rangesOf(numbers: readonly number[]): readonly UnitRange[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number) last[1]++;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}
