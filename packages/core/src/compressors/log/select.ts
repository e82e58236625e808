/**
 * Which lines of a log stay visible.
 *
 * Always: the first line of every template, every line of a template seen fewer than three times, every failure (the first
 * with its neighbours, the last of many), the frames of a stack that are the reader's own, the slowest of what is timed,
 * totals, both ends, and what the question asks for. The rest repeats something shown.
 *
 * Trap: order of the rules does not matter, they only add lines; what a stack hides is decided first, because its frames
 * would otherwise all count as rare.
 */

import { firstInOrder } from "../../query/first-in-order.ts";
import { isEmptyQuery, parseQuery, rankInSteps } from "../../query/query.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { isGitLog, showCommits } from "./git-log.ts";
import { mineTemplates, type Templates } from "./mine.ts";
import { DETAIL, DURATION, MAX_SCAN, SUMMARY } from "./patterns.ts";
import { FAILURE, severityOf } from "./severity.ts";
import { frameOf, indentOf, NOT_A_FRAME, showStacks } from "./stacks.ts";

export interface Selection {
  /** 1 for each line that stays. */
  readonly shown: Uint8Array;
  readonly templates: Templates;
}

/** Fewer lines than this make a template rare. */
const RARE = 3;
/** Timed templates show their slowest line from this many lines on. */
const TIMED = 8;
/** A template this frequent shows its last line as well: where it stopped. */
const LASTING = 20;
const QUERY_LINES = 24;

/** Decides line by line; linear. `lines` as shown, `raw` as they came. */
export function* selectLines(
  lines: readonly string[],
  raw: readonly string[],
  query: string | undefined,
  budgetTokens: number,
): Steps<Selection> {
  const meter = new Meter();
  const severity = new Uint8Array(lines.length);
  const frames = new Uint8Array(lines.length);
  for (const [i, line] of lines.entries()) {
    frames[i] = frameOf(line);
    // Go names the function on one line and its place on the next.
    if (
      i > 0 &&
      frames[i] !== NOT_A_FRAME &&
      frames[i - 1] === NOT_A_FRAME &&
      isGoCall(lines[i - 1] ?? "", line)
    ) {
      frames[i - 1] = frames[i] ?? 0;
      severity[i - 1] = 0;
    }
    severity[i] = frames[i] === NOT_A_FRAME ? severityOf(line, raw[i] ?? "") : 0;
    if (meter.isDue(Math.min(line.length, MAX_SCAN * 2) + LINE_WORK)) yield;
  }
  const templates = yield* mineTemplates(lines, {
    // Requests a server could not answer are told apart by status, not by address and browser.
    strict: (i) => severity[i] === FAILURE && !(lines[i] ?? "").includes(" HTTP/"),
  });
  const shown = new Uint8Array(lines.length);
  if (isGitLog(lines)) {
    yield* showCommits(lines, shown);
    showEnds(lines, NEAR, shown);
    if (query !== undefined) yield* showAnswers(lines, query, shown);
    return { shown, templates };
  }
  const hidden = yield* showStacks(lines, frames, shown);
  showTemplates(templates, hidden, shown);
  yield* showFailures(lines, severity, templates, hidden, NEAR, shown);
  yield* showSlowest(lines, templates, shown);
  yield* showRareValues(lines, templates, hidden, shown);
  yield* showSummaries(lines, templates, hidden, shown);
  showEnds(lines, NEAR, shown);
  if (query !== undefined) yield* showAnswers(lines, query, shown);
  // What must be seen is seen; room that is left goes to the neighbourhood of failures and to the end.
  if (roughTokensShown(lines, shown) < budgetTokens * ROOM) {
    yield* showFailures(lines, severity, templates, hidden, WIDE, shown);
    showEnds(lines, WIDE, shown);
  }
  return { shown, templates };
}

/** How far around failures, and from both ends, lines are shown. */
interface Reach {
  readonly before: number;
  readonly after: number;
  readonly head: number;
  readonly tail: number;
}

const NEAR: Reach = { before: 2, after: 12, head: 3, tail: 8 };
const WIDE: Reach = { before: 5, after: 30, head: 8, tail: 25 };
/** The share of the budget that has to be free for more. */
const ROOM = 0.5;

function roughTokensShown(lines: readonly string[], shown: Uint8Array): number {
  let characters = 0;
  for (let i = 0; i < lines.length; i++) {
    if (shown[i] === 1) characters += Math.min(1_200, (lines[i] ?? "").length) + 1;
  }
  return characters / 3;
}

function isGoCall(call: string, place: string): boolean {
  return (
    place.includes(".go:") &&
    indentOf(call) === 0 &&
    (call.endsWith(")") || call.startsWith("created by "))
  );
}

/** First lines of all templates, all lines of rare ones. */
function showTemplates({ ids, templates }: Templates, hidden: Uint8Array, shown: Uint8Array): void {
  const seen = new Uint8Array(templates.length);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? -1;
    if (id < 0 || hidden[i] === 1) continue;
    if (seen[id] === 0 || (templates[id]?.count ?? 0) < RARE) shown[i] = 1;
    seen[id] = 1;
  }
}

function* showFailures(
  lines: readonly string[],
  severity: Uint8Array,
  { ids, templates }: Templates,
  hidden: Uint8Array,
  { before, after }: Reach,
  shown: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  const first = new Uint8Array(templates.length);
  const last = new Int32Array(templates.length).fill(-1);
  let kinds = 0;
  for (let i = 0; i < lines.length; i++) {
    const id = ids[i] ?? -1;
    if (meter.isDue(1)) yield;
    if (severity[i] !== FAILURE || id < 0) continue;
    last[id] = i;
    if (first[id] === 1) continue;
    first[id] = 1;
    kinds++;
    if (meter.isDue((before + after) * LINE_WORK)) yield;
    shown[i] = 1;
    // Many kinds of failure explain one another; each needs less around it.
    const reach = kinds <= 40 ? after : kinds <= 150 ? 4 : 1;
    showBefore(lines, i, kinds <= 150 ? before : 1, hidden, shown);
    showAfter(lines, i, reach, severity, hidden, shown);
  }
  for (const i of last) if (i >= 0) shown[i] = 1;
}

function showBefore(
  lines: readonly string[],
  at: number,
  reach: number,
  hidden: Uint8Array,
  shown: Uint8Array,
): void {
  let left = reach;
  for (let i = at - 1; i >= 0 && left > 0 && at - i <= reach + 1; i--) {
    if (lines[i] === "") continue;
    if (hidden[i] !== 1) shown[i] = 1;
    left--;
  }
}

/** The lines that go on about a failure: indented, guttered, or another failure. */
function showAfter(
  lines: readonly string[],
  at: number,
  reach: number,
  severity: Uint8Array,
  hidden: Uint8Array,
  shown: Uint8Array,
): void {
  const indent = indentOf(lines[at] ?? "");
  let blanks = 0;
  let left = reach;
  for (let i = at + 1; i < lines.length && left > 0; i++) {
    const line = lines[i] ?? "";
    if (line === "") {
      if (++blanks > 1) return;
      continue;
    }
    if (severity[i] === FAILURE) return;
    const detail = indentOf(line) > indent || DETAIL.test(line.slice(0, MAX_SCAN).trimStart());
    // Two plain lines follow too: many tools put the reason below without indenting it.
    if (!detail && (blanks > 0 || i - at > 2)) return;
    if (hidden[i] !== 1) {
      shown[i] = 1;
      left--;
    }
  }
}

/** Where each timed template was slowest. */
function* showSlowest(
  lines: readonly string[],
  { ids, templates }: Templates,
  shown: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  const longest = new Map<number, { at: number; seconds: number }>();
  for (let i = 0; i < lines.length; i++) {
    const id = ids[i] ?? -1;
    if (id < 0 || (templates[id]?.count ?? 0) < TIMED) continue;
    const line = lines[i] ?? "";
    if (meter.isDue(Math.min(line.length, 300) + LINE_WORK)) yield;
    const match = DURATION.exec(line.length > 300 ? line.slice(-300) : line);
    if (!match) continue;
    const seconds = Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1);
    const old = longest.get(id);
    if (old === undefined || seconds > old.seconds) longest.set(id, { at: i, seconds });
  }
  for (const { at, seconds } of longest.values()) if (seconds > 0) shown[at] = 1;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1e-3,
  s: 1,
  sec: 1,
  seconds: 1,
  us: 1e-6,
  µs: 1e-6,
  m: 60,
  min: 60,
};

/** Columns with more values than this have no usual value. */
const MAX_VALUES = 8;
const MAX_ODD = 6;
/** Fewer lines than this have no usual value. */
const COLUMN_ROWS = 5;
const MAX_COLUMNS = 24;

/**
 * Lines that differ from their many likes in one value: the only `true` among `false`, the only large instance type. Where
 * one value fills most of a column, those seen once or twice are shown.
 */
function* showRareValues(
  lines: readonly string[],
  { ids, templates }: Templates,
  hidden: Uint8Array,
  shown: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  const columns = templates.map(
    ({ count }): (Map<string, { count: number; at: number }> | undefined)[] | undefined =>
      count >= COLUMN_ROWS ? [] : undefined,
  );
  for (let i = 0; i < lines.length; i++) {
    const own = columns[ids[i] ?? -1];
    if (own === undefined || hidden[i] === 1) continue;
    if (meter.isDue(Math.min((lines[i] ?? "").length, 400) * 2 + LINE_WORK)) yield;
    const words = (lines[i] ?? "").slice(0, 400).trim().split(/\s+/, MAX_COLUMNS);
    for (const [at, word] of words.entries()) {
      if (at >= own.length) own.push(new Map());
      const values = own[at];
      if (values === undefined) continue;
      const value = values.get(word);
      if (value) value.count++;
      else if (values.size < MAX_VALUES) values.set(word, { count: 1, at: i });
      else own[at] = undefined;
    }
  }
  for (const [id, own] of columns.entries()) {
    const rows = templates[id]?.count ?? 0;
    if (meter.isDue(MAX_VALUES * MAX_COLUMNS)) yield;
    let odd = 0;
    for (const values of own ?? []) {
      if (values === undefined || values.size < 2) continue;
      let most = 0;
      for (const { count } of values.values()) most = Math.max(most, count);
      if (most * 2 < rows) continue;
      for (const { count, at } of values.values()) {
        if (count >= RARE || count * 4 > most || odd >= MAX_ODD) continue;
        shown[at] = 1;
        odd++;
      }
    }
  }
}

/** The last of each kind of line and of total: where things ended, and the final count. */
function* showSummaries(
  lines: readonly string[],
  { templates }: Templates,
  hidden: Uint8Array,
  shown: Uint8Array,
): Steps<void> {
  const meter = new Meter();
  for (const template of templates) {
    const line = lines[template.last] ?? "";
    if (meter.isDue(Math.min(line.length, MAX_SCAN) + LINE_WORK)) yield;
    if (template.count < RARE || hidden[template.last] === 1) continue;
    if (template.count >= LASTING || SUMMARY.test(line.slice(0, MAX_SCAN).trimStart()))
      shown[template.last] = 1;
  }
}

function showEnds(lines: readonly string[], { head, tail }: Reach, shown: Uint8Array): void {
  let left = head;
  for (let i = 0; i < lines.length && left > 0; i++) {
    if (lines[i] === "") continue;
    shown[i] = 1;
    left--;
  }
  left = tail;
  for (let i = lines.length - 1; i >= 0 && left > 0; i--) {
    if (lines[i] === "") continue;
    shown[i] = 1;
    left--;
  }
}

/** The lines that answer the question best. */
function* showAnswers(lines: readonly string[], question: string, shown: Uint8Array): Steps<void> {
  const query = parseQuery(question);
  if (isEmptyQuery(query)) return;
  const scores = yield* rankInSteps(query, lines);
  const ranked: number[] = [];
  let best = 0;
  for (const score of scores) best = Math.max(best, score);
  if (best === 0) return;
  for (let i = 0; i < lines.length; i++) if ((scores[i] ?? 0) >= best * 0.4) ranked.push(i);
  const first = yield* firstInOrder(
    ranked,
    QUERY_LINES,
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
  );
  for (const i of first) shown[i] = 1;
}
