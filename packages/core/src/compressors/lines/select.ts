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
import type { Section } from "./outline.ts";

export interface Selection {
  readonly lines: readonly string[];
  readonly sections: readonly Section[];
  readonly kinds: Kinds;
  readonly query: string | undefined;
  /** Tokens. */
  readonly room: number;
}

const MAX_MATCHES = 24;
/** Lines of a kind that has so many are no news. */
const COMMON = 3;
/** Shares of the room that failures, headings, rare lines and first lines may take. */
const FAILURES_SHARE = 0.5;
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

/** For each line 1 where it is shown. */
export function* selectLines(selection: Selection): Steps<Uint8Array> {
  const { lines, sections, kinds, query, room } = selection;
  const { sizes, isAside } = kinds;
  const shown = new Uint8Array(lines.length);
  const costs = yield* mapTexts(lines, (line) => Math.min(MOST_OF_LINE, cost(line) + 1));
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
  const addWithin = (all: readonly number[], share: number, some: boolean): void => {
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
  add(0);
  for (let at = lines.length - 1, left = TAIL; at >= 0 && left > 0; at--)
    if (lines[at]?.trim() !== "") {
      add(at);
      left--;
    }
  for (const at of yield* asked(lines, query)) if (spent < room) add(at);
  const severities = yield* failuresIn(lines);
  const failing = yield* indexesInSteps(
    lines,
    (_, at) => severities[at] === FAILURE && !isAside(at),
  );
  if (failing.length <= lines.length * SIGNAL_SHARE) addWithin(failing, FAILURES_SHARE, true);
  addWithin(
    sections.flatMap(({ from, body }) => Array.from({ length: body - from }, (_, n) => from + n)),
    HEADINGS_SHARE,
    false,
  );
  const warnings = yield* indexesInSteps(lines, (_, at) => severities[at] === WARN && !isAside(at));
  if (warnings.length <= lines.length * SIGNAL_SHARE) addWithin(warnings, RARE_SHARE, false);
  const isFilled = (at: number): boolean => lines[at]?.trim() !== "" && !isAside(at);
  const rare = yield* indexesInSteps(lines, (_, at) => isFilled(at) && (sizes[at] ?? 0) < COMMON);
  if (rare.length <= lines.length * SIGNAL_SHARE) addWithin(rare, RARE_SHARE, false);
  const firsts = yield* firstOfKinds(selection);
  addWithin(firsts, FIRSTS_SHARE, false);

  const meter = new Meter();
  const most = Math.max(HEAD, Math.ceil(ONLY_HEAD / sections.length));
  const next = sections.map(({ body }) => body);
  const common = sections.map(() => 0);
  for (let open = true; open; ) {
    open = false;
    for (const [n, { to }] of sections.entries()) {
      let at = next[n] ?? to;
      while (at < to && (!isFilled(at) || shown[at] === 1)) at++;
      if (at < to && (sizes[at] ?? 0) >= COMMON) {
        common[n] = (common[n] ?? 0) + 1;
        // After some common lines only what is not common says something new.
        if ((common[n] ?? 0) > most)
          while (at < to && (!isFilled(at) || shown[at] === 1 || (sizes[at] ?? 0) >= COMMON)) at++;
      }
      if (meter.isDue((at - (next[n] ?? to)) * LINE_WORK + LINE_WORK)) yield;
      next[n] = at + 1;
      if (at >= to || spent + costOf(at) > room) continue;
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
  const byScore = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b;
  const best = yield* firstInOrder(found, MAX_MATCHES, byScore);
  const least = 0.3 * (scores[best[0] ?? -1] ?? 0);
  const mentioned = yield* linesMentioning(query, lines);
  return [...best.filter((at) => (scores[at] ?? 0) >= least), ...mentioned.slice(0, MAX_MATCHES)];
}

/** The first line of each kind that comes back. */
function* firstOfKinds({
  kinds: { ids, sizes, isAside },
  lines,
}: Selection): Steps<readonly number[]> {
  const seen = new Set<number>();
  return yield* indexesInSteps(lines, (_, at) => {
    const kind = ids[at] ?? -1;
    if ((sizes[at] ?? 0) < COMMON || isAside(at) || seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}
