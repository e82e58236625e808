/**
 * Which lines a view shows: the first and the last, failures, what is asked for, headings, what is rare, the first of everything that comes
 * back, then the heads of the sections, line by line, as far as they say something new and there is room.
 */
import { firstInOrder } from "../../query/first-in-order.ts";
import { linesMentioning } from "../../query/mention.ts";
import { rankInSteps } from "../../query/query.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { indexesInSteps, mapTexts } from "../shared/in-steps.ts";
import { cost } from "../shared/text-cost.ts";
import { FAILURE, failuresIn, WARN } from "./failures.ts";
import type { Kinds } from "./kinds.ts";
import { oddLines } from "./odd.ts";
import type { Section } from "./outline.ts";

/** A text as lines are chosen from it. */
export interface Outlined {
  readonly lines: readonly string[];
  readonly sections: readonly Section[];
  /** Sections with headings. They are more than `sections` where there are too many to name them all. */
  readonly headed: readonly Section[];
  readonly kinds: Kinds;
}

/** Lines in the groups in which they are chosen. None of it depends on the room there is. */
export interface Signals {
  /** Tokens of each line. */
  readonly costs: readonly number[];
  /** What is always shown: the ends, and what the question is about. */
  readonly wanted: readonly number[];
  readonly failing: readonly number[];
  readonly headings: readonly number[];
  readonly warning: readonly number[];
  /** Lines that differ from others of their kind where those are the same, or have a number far larger than theirs. */
  readonly odd: readonly number[];
  readonly rare: readonly number[];
  /** The first line of each kind that comes back. */
  readonly firsts: readonly number[];
}

const MAX_MATCHES = 24;
/** Lines of a kind that has so many are no news. */
const COMMON = 3;
/** Lines of which fewer are of a kind are rare. */
const FEW = 4;
/** Shares of the room that failures, headings, rare lines and first lines may take. */
const FAILURES_SHARE = 0.9;
const HEADINGS_SHARE = 0.4;
const RARE_SHARE = 0.35;
const FIRSTS_SHARE = 0.3;
/** A sign that a quarter of the lines has is no sign. */
const SIGNAL_SHARE = 0.25;
/** Common lines that are shown of each section, and of a text without sections. */
const HEAD = 3;
const ONLY_HEAD = 12;
const TAIL = 2;
/** Tokens that the sentence costs which stands for lines left out. */
const GAP_COST = 16;
/** Tokens of a longer line are not all shown. */
const MOST_OF_LINE = 400;

export function* signalsOf(outlined: Outlined, query: string | undefined): Steps<Signals> {
  const { lines, sections, kinds } = outlined;
  const severities = yield* failuresIn(lines);
  const unusual = new Set([...(yield* oddLines(lines, kinds.looks)), ...kinds.far]);
  const odd = [...unusual].filter((at) => !kinds.isAside(at)).sort((a, b) => a - b);
  const tail: number[] = [];
  for (let at = lines.length - 1; at >= 0 && tail.length < TAIL; at--)
    if (lines[at]?.trim() !== "") tail.push(at);
  function* signal(test: (at: number) => boolean): Steps<readonly number[]> {
    const found = yield* indexesInSteps(lines, (_, at) => !kinds.isAside(at) && test(at));
    return found.length <= lines.length * SIGNAL_SHARE ? found : [];
  }
  return {
    costs: yield* mapTexts(lines, (line) => Math.min(MOST_OF_LINE, cost(line) + 1)),
    wanted: [0, ...tail, ...(yield* asked(lines, query))],
    // Failures are shown however many there are.
    failing: yield* indexesInSteps(
      lines,
      (_, at) => severities[at] === FAILURE && !kinds.isAside(at),
    ),
    headings: sections.flatMap(({ from, body }) =>
      Array.from({ length: body - from }, (_, n) => from + n),
    ),
    warning: yield* signal((at) => severities[at] === WARN),
    odd: odd.length <= lines.length * SIGNAL_SHARE ? odd : [],
    rare: yield* signal((at) => kinds.bare[at]?.trim() !== "" && (kinds.peers[at] ?? 0) < FEW),
    firsts: yield* firstOfKinds(outlined),
  };
}

/** For each line 1 where it is shown. @param room Tokens */
export function* selectLines(
  { lines, sections, headed, kinds: { sizes, isAside } }: Outlined,
  { costs, wanted, failing, headings, warning, odd, rare, firsts }: Signals,
  room: number,
): Steps<Uint8Array> {
  const shown = new Uint8Array(lines.length);
  let spent = 0;
  /** Tokens that a line costs more when it is shown: alone among others that are not, it makes one sentence two. */
  const costOf = (at: number): number =>
    (costs[at] ?? 0) + (1 - (shown[at - 1] ?? 1) - (shown[at + 1] ?? 1)) * GAP_COST;
  const add = (at: number): void => {
    if (shown[at] === 1 || lines[at] === undefined) return;
    spent += costOf(at);
    shown[at] = 1;
  };
  /** Adds all of them where their share of the room is enough, else, where it makes sense, some at even distances. */
  const addWithin = (all: readonly number[], share: number, some = false): void => {
    let sum = 0;
    for (const [n, at] of all.entries())
      sum += (costs[at] ?? 0) + (all[n - 1] === at - 1 ? 0 : GAP_COST);
    const most = Math.min(room * share, room - spent);
    if (sum <= most) for (const at of all) add(at);
    else if (some) {
      const count = Math.floor((all.length * most) / sum);
      for (let n = 0; n < count; n++) add(all[Math.floor((n * all.length) / count)] ?? 0);
    }
  };
  for (const at of wanted) if (spent < room) add(at);
  addWithin(failing, FAILURES_SHARE, true);
  if (sections.length === headed.length || sections.length > 1) addWithin(headings, HEADINGS_SHARE);
  addWithin(warning, RARE_SHARE);
  addWithin(odd, RARE_SHARE);
  addWithin(rare, RARE_SHARE);
  addWithin(firsts, FIRSTS_SHARE);
  // What is shown stands below the heading of its section. A text with too many of them is read from its beginning.
  for (const { from, body, to } of headed) {
    if (spent >= room) break;
    if (shown.subarray(body, to).includes(1)) for (let at = from; at < body; at++) add(at);
  }
  if (headed.length > sections.length) {
    for (let at = 0; at < lines.length && spent < room; at++) add(at);
    return shown;
  }

  // The heads of the sections, a line of each in turn.
  const meter = new Meter();
  const isNews = (at: number): boolean =>
    lines[at]?.trim() !== "" && shown[at] !== 1 && !isAside(at);
  const isCommon = (at: number): boolean => (sizes[at] ?? 0) >= COMMON;
  const most = Math.max(HEAD, Math.ceil(ONLY_HEAD / sections.length));
  const next = sections.map(({ body }) => body);
  const common = sections.map(() => 0);
  for (let open = true; open; ) {
    open = false;
    for (const [n, { from: heading, body, to }] of sections.entries()) {
      const from = next[n] ?? to;
      let at = from;
      while (at < to && !isNews(at)) at++;
      if (at < to && isCommon(at)) {
        common[n] = (common[n] ?? 0) + 1;
        // After some common lines only what is not common says something new.
        if ((common[n] ?? 0) > most) while (at < to && (!isNews(at) || isCommon(at))) at++;
      }
      if (meter.isDue((at - from + 1) * LINE_WORK)) yield;
      next[n] = at + 1;
      if (at >= to || spent + costOf(at) > room) continue;
      for (let line = heading; line < body; line++) add(line);
      add(at);
      open = true;
    }
  }
  return shown;
}

/** Lines that the question is about. */
function* asked(lines: readonly string[], query: string | undefined): Steps<readonly number[]> {
  if (query === undefined) return [];
  const scores = yield* rankInSteps(query, lines);
  const found = yield* indexesInSteps(lines, (_, at) => (scores[at] ?? 0) > 0);
  const best = yield* firstInOrder(
    found,
    MAX_MATCHES,
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
  );
  const least = 0.3 * (scores[best[0] ?? -1] ?? 0);
  const mentioned = yield* linesMentioning(query, lines);
  return [...best.filter((at) => (scores[at] ?? 0) >= least), ...mentioned.slice(0, MAX_MATCHES)];
}

/** The first line of each kind that comes back. */
function* firstOfKinds({
  kinds: { ids, sizes, isAside },
  lines,
}: Outlined): Steps<readonly number[]> {
  const seen = new Set<number>();
  return yield* indexesInSteps(lines, (_, at) => {
    const kind = ids[at] ?? -1;
    if ((sizes[at] ?? 0) < COMMON || isAside(at) || seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}
