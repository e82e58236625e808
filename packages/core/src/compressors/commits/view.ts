/**
 * The view of a list of commits: one line each, the newest first while there is room, with what is asked for and what warns.
 *
 * Trap: a hash is cut to its first digits only where they are those of no other commit in the list.
 */
import { linesMentioning } from "../../query/mention.ts";
import { rankByQuery } from "../../query/query.ts";
import { finish } from "../../steps.ts";
import type { Omission, ShortenContext, View } from "../../types/compressor.ts";
import type { OriginalUnits, UnitRange } from "../../types/statement.ts";
import { describe, sayFacts } from "../../view/describe.ts";
import { Page } from "../../view/page.ts";
import { rangesOf } from "../../view/ranges.ts";
import { FAILURE, severityOf } from "../log/severity.ts";
import type { Commit, CommitList } from "./read.ts";
import { headerOf, withoutGraph } from "./read.ts";

const LEGEND = "[git log: hash, time, subject; lines of messages below]";
const SHORT_LEGEND = "[git log: hash, time, subject; hashes by their first digits]";
const ONE_LINE_LEGEND = "[git log: hash, subject]";
const GRAPH_LEGEND = "[git log: hash, subject; without its graph]";
const HASH_DIGITS = 10;
const MIN_COMMITS = 8;
const MAX_ASKED = 40;
const MAX_NOTES = 6;
/** Lines that go on with what a note says. */
const MAX_CONTINUED = 2;

/** How much is shown of each commit, generous first. */
interface Detail {
  readonly digits: number;
  /** Lines of its message behind the subject, besides those that warn. */
  readonly body: number;
}

const DETAILS: readonly Detail[] = [
  { digits: 64, body: 8 },
  { digits: 64, body: 2 },
  { digits: 64, body: 0 },
  { digits: HASH_DIGITS, body: 0 },
];

/** `undefined` where nothing would be left out. */
export function summarizeCommits(
  lines: readonly string[],
  list: CommitList,
  context: ShortenContext,
): View | undefined {
  const { commits, style } = list;
  if (commits.length < MIN_COMMITS) return undefined;
  const asked = findAsked(commits, context.query);
  const room = context.budgetTokens - FIXED_TOKENS;
  let rows: readonly Row[] = [];
  let costs: readonly number[] = [];
  // The most that can be said of all commits; of the newest where there is no room for all.
  for (const detail of DETAILS) {
    rows = commits.map((commit, at) => rowOf(lines, commit, at, list, detail));
    costs = rows.map((row) => context.counter.count(row.text) + 1);
    if (costs.reduce((sum, cost) => sum + cost, 0) <= room) break;
  }
  let left = room;
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
  readonly hash: string;
  /** Lines of the message that are shown below it. */
  readonly notes: readonly number[];
}

function rowOf(
  lines: readonly string[],
  commit: Commit,
  at: number,
  { style, commits }: CommitList,
  { digits, body }: Detail,
): Row {
  const refs = commit.refs === "" ? "" : ` ${commit.refs}`;
  if (style === "one-line") {
    const { hash } = commit;
    return { text: `${hash}${refs} ${commit.subject}`, day: "", hash, notes: [] };
  }
  const { time, day } = timeOf(commit.date ?? "");
  const notes = notesOf(lines, commit, body);
  const usual = commits[0]?.author;
  const author =
    commit.author === usual || commit.author === undefined ? "" : ` (${nameOf(commit.author)})`;
  const summary = commit.summary === undefined ? "" : ` | ${commit.summary}`;
  // The newest one is what others are compared with.
  const hash = at === 0 ? commit.hash : commit.hash.slice(0, digits);
  const head = `${hash}${time === "" ? "" : ` ${time}`}${refs} ${commit.subject}${author}${summary}`;
  const below = notes.map((line) => `  ${withoutGraph(lines[line] ?? "").trim()}`);
  return { text: [head, ...below].join("\n"), day, hash, notes };
}

/** The first lines of a message, and those that warn with what goes on from them. */
function notesOf(lines: readonly string[], { body }: Commit, first: number): readonly number[] {
  const kept = new Set<number>(body.slice(0, first));
  let notes = 0;
  for (const [nth, at] of body.entries()) {
    if (!isNote(lines[at] ?? "") || notes === MAX_NOTES) continue;
    notes++;
    kept.add(at);
    for (let more = 1; more <= MAX_CONTINUED; more++) {
      const next = body[nth + more];
      if (next !== at + more || isBullet(lines[next] ?? "")) break;
      kept.add(next);
    }
  }
  return [...kept].sort((a, b) => a - b);
}

/** A new point of a list. */
function isBullet(line: string): boolean {
  const text = withoutGraph(line).trimStart();
  return text.startsWith("- ") || text.startsWith("* ") || text.startsWith("#");
}

/** `Sat Nov 28 08:53:40 2026 +0000` in two parts; another format as it is. */
function timeOf(date: string): { readonly time: string; readonly day: string } {
  const found = /^(\w{3} \w{3} \d{1,2}) (\d{2}:\d{2}):\d{2} (\d{4}) [-+]\d{4}$/.exec(date);
  if (found) return { day: `${found[1]} ${found[3]}`, time: found[2] ?? "" };
  return { day: "", time: date };
}

/** Characters of a date that are shown. */
function saidOf(date: string): number {
  const { time, day } = timeOf(date);
  return time.length + (day === "" ? 0 : day.length + 1);
}

/** `Commit`, `CommitDate`. */
function namesOf(lines: readonly string[], headers: readonly number[]): readonly string[] {
  return headers.map((at) => headerOf(withoutGraph(lines[at] ?? ""))?.[0] ?? "");
}

/** Without the address. */
function nameOf(author: string): string {
  const at = author.indexOf(" <");
  return at < 0 ? author : author.slice(0, at);
}

/** Says that something breaks, is taken back, was not safe or reads as a failure; no box of a template to be ticked, no address. */
function isNote(line: string): boolean {
  if (line.includes("BREAKING CHANGE") || line.includes("This reverts commit ")) return true;
  const text = withoutGraph(line).trim();
  if (severityOf(text, text) === FAILURE) return true;
  if (line.includes("- [") || line.includes("://") || line.includes("@")) return false;
  const lower = line.toLowerCase();
  return (
    lower.includes("cve-") ||
    ["security:", "security fix", "vulnerab"].some((word) => lower.includes(word))
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
  const isCut = rows.some(({ hash }, at) => hash !== commits[at]?.hash);
  const full = isCut ? SHORT_LEGEND : LEGEND;
  const page = new Page();
  page.lines.push(style === "full" ? full : isDrawn ? GRAPH_LEGEND : ONE_LINE_LEGEND);
  const all: readonly UnitRange[] = [[0, commits.length]];
  const authors = finish(
    describe(
      commits.map(({ author }) => author),
      { maxValues: 8, order: false },
    ),
  );
  const who = style === "full" && authors.length > 0 ? `, author: ${sayFacts(authors)}` : "";
  if (who === "")
    page.say({ text: `… ${commits.length} commits in all`, of: "commits", about: all, facts: [] });
  else
    page.say({
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
    page.lines.push(`${text} ${place}`);
    page.statements.push({ text, of: "commits", about: [[from, to]], facts: [] });
    page.statements.push({ text: place, of: "", about: [[first, last + 1]], facts: [] });
    from = -1;
  };
  for (const [at, row] of rows.entries()) {
    if (!shown.has(at)) {
      if (from < 0) from = at;
      continue;
    }
    close(at);
    if (row.day !== day && row.day !== "") page.lines.push(`${row.day}:`);
    day = row.day;
    page.lines.push(row.text);
  }
  close(rows.length);
  const noted = new Set([...shown].flatMap((at) => rows[at]?.notes ?? []));
  const body = commits.flatMap((commit) => commit.body);
  const files = commits.flatMap((commit) => commit.files);
  const headers = commits.flatMap((commit) => commit.headers);
  const hiddenBody = [...body.keys()].filter((at) => !noted.has(body[at] ?? -1));
  if (hiddenBody.length > 0)
    page.say({
      text: `… ${hiddenBody.length} lines of messages`,
      of: "body",
      about: rangesOf(hiddenBody),
      facts: [],
    });
  if (headers.length > 0) {
    const facts = finish(describe(namesOf(lines, headers), { order: false }));
    page.say({
      text: `… ${headers.length} lines of headers: ${sayFacts(facts)}`,
      of: "headers",
      about: [[0, headers.length]],
      facts,
    });
  }
  if (files.length > 0)
    page.say({
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
  lost("lines", headers.length, headers.length, "of headers");
  lost("lines", files.length, files.length, "about files");
  if (style === "full") {
    const whole = commits.reduce((sum, { hash }) => sum + hash.length, 0);
    const kept = rows.reduce((sum, { hash }) => sum + hash.length, 0);
    lost("characters", whole - kept, whole, "of hashes");
    const dates = commits.reduce((sum, { date = "" }) => sum + date.length, 0);
    const said = commits.reduce((sum, { date = "" }) => sum + saidOf(date), 0);
    lost("characters", dates - said, dates, "of dates");
  } else {
    const graph = lines.length - commits.length;
    lost("lines", graph, lines.length, "of the graph");
  }
  return omitted.length === 0
    ? undefined
    : { text: `${page.lines.join("\n")}\n`, omitted, statements: page.statements };
}

/** The sequences a view speaks of: `commits`, with a field `author`; lines of messages, `body`; names of `headers`; lines about `files`. */
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
      if (of === "headers") return commits.flatMap(({ headers }) => namesOf(lines, headers));
      if (of === "files") return commits.flatMap(({ files }) => files.map((at) => lines[at]));
      return undefined;
    },
  };
}
