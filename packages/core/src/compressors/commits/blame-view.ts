/**
 * The view of a `git blame`: how many lines each commit has, lines that are asked for or speak of a failure, and the file from its top
 * while there is room. What is left out is named by its lines and their commits.
 */
import { linesMentioning } from "../../query/mention.ts";
import { finish } from "../../steps.ts";
import type { ShortenContext, View } from "../../types/compressor.ts";
import type { OriginalUnits, UnitRange } from "../../types/statement.ts";
import { describe, sayFacts } from "../../view/describe.ts";
import { Page } from "../../view/page.ts";
import { FAILURE, severityOf } from "../log/severity.ts";
import { type Blame, type BlamedLine, blamedCommit } from "./blame.ts";

const LEGEND = '[git blame: "@" commit, number of the next line and, the first time, who and when]';
const MAX_ASKED = 40;
const MAX_COMMITS = 30;
/** About what a commit above a line, or a sentence about lines left out, takes. */
const SENTENCE_TOKENS = 40;
const HEAD_TOKENS = 8;

/** `undefined` where nothing would be left out. */
export function summarizeBlame(
  lines: readonly string[],
  blame: Blame,
  { budgetTokens, counter, query, firstLine = 1 }: ShortenContext,
): View | undefined {
  const page = new Page();
  const commits = blame.map(commitOf);
  const facts = (from: number, to: number, maxValues: number) =>
    finish(describe(commits.slice(from, to), { maxValues, order: false }));
  const all: UnitRange = [0, lines.length];
  page.lines.push(LEGEND);
  const each = facts(0, lines.length, MAX_COMMITS);
  const about = { of: "blame", field: "commit" };
  page.say({
    text: `… ${lines.length} lines in all, commit: ${sayFacts(each)}`,
    ...about,
    about: [all],
    facts: [{ says: "count", count: lines.length }, ...each],
  });
  const shown = new Set<number>();
  let left = budgetTokens - counter.count(page.lines.join("\n"));
  const take = (at: number, more: number): boolean => {
    const cost = counter.count(textOf(lines, blame, at)) + 1 + more;
    if (cost > left) return false;
    left -= cost;
    shown.add(at);
    return true;
  };
  const asked = query === undefined ? [] : finish(linesMentioning(query, lines));
  for (const at of asked.slice(0, MAX_ASKED)) take(at, SENTENCE_TOKENS);
  for (const at of lines.keys()) {
    const text = textOf(lines, blame, at).trim();
    if (!shown.has(at) && severityOf(text, text) === FAILURE) take(at, SENTENCE_TOKENS);
  }
  for (const at of lines.keys()) {
    if (shown.has(at)) continue;
    const isNext = blame[at]?.head === blame[at - 1]?.head;
    if (!take(at, isNext ? 0 : HEAD_TOKENS + counter.count(blame[at]?.head ?? "") / 2)) break;
  }
  if (shown.size === lines.length) return undefined;
  const told = new Set<string>();
  for (let at = 0; at < lines.length; ) {
    if (shown.has(at)) {
      const line = blame[at];
      const above = shown.has(at - 1) ? blame[at - 1] : undefined;
      if (line !== undefined && line.head !== above?.head) {
        const commit = blamedCommit(line);
        const who = told.has(line.head) ? "" : line.head.slice(commit.length);
        page.lines.push(`@${commit} ${line.number}${who}`);
        told.add(line.head);
      }
      page.lines.push(textOf(lines, blame, at));
      at++;
      continue;
    }
    let to = at + 1;
    while (to < lines.length && !shown.has(to)) to++;
    const own = facts(at, to, MAX_COMMITS / 5);
    const isOne = to === at + 1;
    const text = `… ${to - at} ${isOne ? "line" : "lines"}, commit: ${sayFacts(own)}`;
    const first = at + firstLine;
    const place = isOne ? `(line ${first})` : `(lines ${first}-${to - 1 + firstLine})`;
    page.lines.push(`${text} ${place}`);
    const count = { says: "count", count: to - at } as const;
    page.statements.push({ text, ...about, about: [[at, to]], facts: [count, ...own] });
    page.statements.push({ text: place, of: "", about: [[at, to]], facts: [] });
    at = to;
  }
  const omitted = [{ unit: "lines", count: lines.length - shown.size, total: lines.length }];
  return { text: `${page.lines.join("\n")}\n`, omitted, statements: page.statements };
}

function commitOf(line: BlamedLine | undefined): string | undefined {
  return line && blamedCommit(line);
}

function textOf(lines: readonly string[], blame: Blame, at: number): string {
  return blame[at]?.text ?? lines[at] ?? "";
}

/** The sequence the view speaks of: `blame`, with a field `commit`. */
export function blameOriginal(lines: readonly string[], blame: Blame): OriginalUnits {
  return {
    values: (of, field) =>
      of === "blame" ? blame.map((line, at) => (field ? commitOf(line) : lines[at])) : undefined,
  };
}
