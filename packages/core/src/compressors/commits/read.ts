/**
 * The commits of a `git log`.
 *
 * A graph stands in front of each line; it is read past. Trap: `*` and `|` also begin lines of messages, so that only what stands
 * before a commit, a header, or the indentation of a message is taken for a graph.
 */

import { isLowerHex } from "../../text/chars.ts";

export interface Commit {
  /** Index of its first line, and the one behind its last. */
  readonly from: number;
  readonly to: number;
  readonly hash: string;
  /** `(HEAD -> main, tag: v1)`, brackets included; empty where there is none. */
  readonly refs: string;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly subject: string;
  /** Indexes of the lines of its header besides author and date. */
  readonly headers: readonly number[];
  /** Indexes of the other lines of the message that are not blank. */
  readonly body: readonly number[];
  /** Indexes of lines about files. */
  readonly files: readonly number[];
  /** ` 3 files changed, 10 insertions(+)`, trimmed. */
  readonly summary: string | undefined;
}

export interface CommitList {
  readonly style: "full" | "one-line";
  readonly commits: readonly Commit[];
}

const MIN_COMMITS = 3;
const MIN_ONE_LINERS = 6;
/** Lines of a list of one-liners are commits or graph, all but so many. */
const MIN_SHARE = 0.95;

/** Commits with headers; `undefined` where there are none, or patches among them. */
export function readCommits(lines: readonly string[]): CommitList | undefined {
  const starts: number[] = [];
  for (const [at, line] of lines.entries()) {
    if (hashOf(withoutGraph(line)) !== undefined) starts.push(at);
    else if (starts.length === 0 && line !== "") return undefined;
    if (line.includes("diff --git ") && withoutGraph(line).startsWith("diff --git "))
      return undefined;
  }
  if (starts.length < MIN_COMMITS) return undefined;
  const commits = starts.map((from, nth) =>
    readCommit(lines, from, starts[nth + 1] ?? lines.length),
  );
  return { style: "full", commits };
}

/** The hash of `commit 45720301…`. */
export function hashOf(line: string): string | undefined {
  if (!line.startsWith("commit ")) return undefined;
  const end = hexEnd(line, 7);
  const length = end - 7;
  const isHash = length >= 7 && length <= 64 && (end === line.length || line[end] === " ");
  return isHash ? line.slice(7, end) : undefined;
}

function readCommit(lines: readonly string[], from: number, to: number): Commit {
  const head = withoutGraph(lines[from] ?? "");
  const hash = hashOf(head) ?? "";
  const values = new Map<string, string>();
  const headers: number[] = [];
  const body: number[] = [];
  const files: number[] = [];
  let subject = "";
  let summary: string | undefined;
  let at = from + 1;
  for (; at < to; at++) {
    const header = headerOf(withoutGraph(lines[at] ?? ""));
    if (header === undefined) break;
    values.set(header[0], header[1]);
    if (!SHOWN.has(header[0])) headers.push(at);
  }
  for (; at < to; at++) {
    const line = lines[at] ?? "";
    const message = messageOf(line);
    if (message !== undefined) {
      if (subject === "") subject = message;
      else body.push(at);
      continue;
    }
    const plain = withoutGraph(line).trim();
    if (plain === "") continue;
    if (isSummary(plain)) summary = plain;
    else files.push(at);
  }
  return {
    from,
    to,
    hash,
    refs: head.slice(7 + hash.length).trim(),
    author: values.get("Author"),
    date: values.get("Date") ?? values.get("AuthorDate"),
    subject,
    headers,
    body,
    files,
    summary,
  };
}

const SHOWN: ReadonlySet<string> = new Set(["Author", "Date", "AuthorDate"]);
const HEADERS: readonly string[] = [
  "Author",
  "Date",
  "Merge",
  "AuthorDate",
  "Commit",
  "CommitDate",
];

export function headerOf(line: string): readonly [name: string, value: string] | undefined {
  const name = HEADERS.find((each) => line.startsWith(`${each}:`));
  return name === undefined ? undefined : [name, line.slice(name.length + 1).trim()];
}

/** A line of a message: four blanks behind the graph. */
function messageOf(line: string): string | undefined {
  const indent = line.indexOf("    ");
  if (indent < 0) return undefined;
  for (let at = 0; at < indent; at++) if (!GRAPH.includes(line[at] ?? "")) return undefined;
  const text = line.slice(indent).trim();
  return text === "" ? undefined : text;
}

function isSummary(line: string): boolean {
  return line.includes(" files changed,") || line.includes(" file changed,");
}

const GRAPH = "*|\\/_ ";

/** The line behind what `--graph` draws in front of it. */
export function withoutGraph(line: string): string {
  const first = line[0] ?? "";
  if (!"*|\\/_".includes(first) || first === "") return line;
  let at = 0;
  while (at < line.length && GRAPH.includes(line[at] ?? "")) at++;
  return line.slice(at);
}

/** `ec50617 Views are capped`, with or without a graph; `undefined` where most lines are something else. */
export function readOneLiners(lines: readonly string[]): CommitList | undefined {
  const commits: Commit[] = [];
  const digits = new Set<string>();
  const lengths = new Map<number, number>();
  let graph = 0;
  let filled = 0;
  for (const [at, line] of lines.entries()) {
    if (line === "") continue;
    filled++;
    const plain = withoutGraph(line);
    if (plain === "") {
      graph++;
      continue;
    }
    const end = hexEnd(plain, 0);
    const isHash = (end >= 7 && end <= 12) || end === 40;
    if (!isHash || plain[end] !== " " || plain.charCodeAt(end + 1) <= 32 || end + 1 >= plain.length)
      continue;
    const rest = plain.slice(end + 1);
    const close = rest.startsWith("(") ? rest.indexOf(") ") : -1;
    digits.add(plain[0] ?? "");
    lengths.set(end, (lengths.get(end) ?? 0) + 1);
    commits.push({
      from: at,
      to: at + 1,
      hash: plain.slice(0, end),
      refs: close > 0 && isRefs(rest.slice(1, close)) ? rest.slice(0, close + 1) : "",
      author: undefined,
      date: undefined,
      subject: close > 0 && isRefs(rest.slice(1, close)) ? rest.slice(close + 2) : rest,
      headers: [],
      body: [],
      files: [],
      summary: undefined,
    });
  }
  const isSameLength = Math.max(0, ...lengths.values()) >= commits.length * 0.8;
  // Addresses begin alike, hashes do not.
  const isHashed = digits.size >= 2;
  if (commits.length < MIN_ONE_LINERS || !isSameLength || !isHashed) return undefined;
  return commits.length + graph >= filled * MIN_SHARE ? { style: "one-line", commits } : undefined;
}

/** What git writes in brackets behind a hash. */
function isRefs(text: string): boolean {
  return (
    text.includes("HEAD") || text.includes("/") || text.includes("tag: ") || !text.includes(" ")
  );
}

function hexEnd(line: string, from: number): number {
  let at = from;
  while (isLowerHex(line.charCodeAt(at))) at++;
  return at;
}
