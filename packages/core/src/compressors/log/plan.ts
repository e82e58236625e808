/**
 * What a view of a log should show, the most important first.
 *
 * Each unit is shown whole or not at all, with the way to it: errors first, one of each kind and then all of them, what is slowest and
 * what differs from its likes, warnings, what happened rarely, the ends, and what the question asks for. How many of them there is
 * room for is decided in `fill.ts`.
 *
 * Trap: what a stack hides is decided first, because its frames would otherwise all count as rare.
 */
import { firstInOrder } from "../../query/first-in-order.ts";
import { isEmptyQuery, parseQuery, rankInSteps } from "../../query/query.ts";
import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { calmLines } from "./calm.ts";
import { isGitLog, showCommits } from "./git-log.ts";
import { findWays, type Ways } from "./headings.ts";
import { afterStamp, mineTemplates, type Templates } from "./mine.ts";
import { outliers, rareValues, slowest, totals } from "./notable.ts";
import { MAX_SCAN, OPTION } from "./patterns.ts";
import { FAILURE, MENTION, severityOf, WARN } from "./severity.ts";
import { frameOf, indentOf, NOT_A_FRAME, showStacks } from "./stacks.ts";
import { detailsOf, LONGEST_UNIT, recordOf } from "./units.ts";

/** Lines that are shown together. */
export interface Unit {
  readonly lines: readonly number[];
  /** The share of the room up to which the unit is added: what comes later in the plan has a claim to the rest. */
  readonly upTo: number;
  /** It is shown even where there is no room for it, within bounds. @default false */
  readonly isMust?: boolean;
}

export interface Plan {
  readonly units: readonly Unit[];
  readonly templates: Templates;
  readonly severity: Uint8Array;
  readonly ways: Ways;
  /** 1 for each line of trouble: one that speaks of a failure or warns, and the frames of stacks. */
  readonly trouble: Uint8Array;
}

/** Fewer lines than this make a template rare. */
export const RARE = 3;
const QUERY_LINES = 24;
/** Warnings of a kind with more lines say nothing new: their count does. The same holds of lines that speak of an error. */
const FEW = 12;
/** A kind with so many lines at most, and with no larger share of the log, happened seldom. */
const SELDOM = 40;
const SELDOM_SHARE = 0.03;
/** Distances to a failure are told apart up to this power of two. */
const FARTHEST = 20;
/** The share of the room up to which lines are shown of steps that went well. */
const CALM_SHARE = 0.1;
/** and up to which long commands are shown, that a build tool prints before it runs them. */
const COMMANDS_SHARE = 0.5;
/** A command of a compiler has so many characters and options at least. */
const LONG_COMMAND = 160;
const MANY_OPTIONS = 8;
/** From both ends, so many lines are shown. */
const HEAD = 3;
const TAIL = 8;

/** Plans the view of a log; linear. `lines` as shown, `raw` as they came. */
export function* planView(
  lines: readonly string[],
  raw: readonly string[],
  query: string | undefined,
): Steps<Plan> {
  const { severity, frames } = yield* classify(lines, raw);
  const templates = yield* mineTemplates(lines, {
    // Requests a server could not answer are told apart by status, not by address and browser.
    strict: (i) => severity[i] === FAILURE && !(lines[i] ?? "").includes(" HTTP/"),
  });
  const ways = yield* findWays(lines);
  const calm = yield* calmLines(lines, severity);
  const planner = new Planner(lines, severity, templates, ways, calm);
  planner.ends(1, 3, 1);
  if (query !== undefined) yield* planner.answers(query);
  if (isGitLog(lines)) {
    planner.ends(HEAD, TAIL, 1);
    yield* planner.commits();
  } else {
    yield* planner.stacks(frames);
    yield* planner.failures();
    yield* planner.warnings();
    planner.mentions(RARE - 1);
    yield* planner.odd();
    yield* planner.details();
    planner.mentions(FEW);
    planner.ends(HEAD, TAIL, 0.85);
    yield* planner.allWarnings();
    yield* planner.allFailures();
    yield* planner.rare();
    planner.moreFailures();
    yield* planner.seldom();
    planner.surroundings();
  }
  const trouble = severity.map((of, at) => (of > 0 || frames[at] !== NOT_A_FRAME ? 1 : 0));
  return { units: planner.units, templates, severity, ways, trouble };
}

function* classify(
  lines: readonly string[],
  raw: readonly string[],
): Steps<{ severity: Uint8Array; frames: Uint8Array }> {
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
  return { severity, frames };
}

function isGoCall(call: string, place: string): boolean {
  return (
    place.includes(".go:") &&
    indentOf(call) === 0 &&
    (call.endsWith(")") || call.startsWith("created by "))
  );
}

/** Whether a line is a command with many options, as a build tool prints it before it runs a compiler. */
function isLongCommand(line: string): boolean {
  if (line.length < LONG_COMMAND) return false;
  return (line.slice(0, MAX_SCAN).match(OPTION)?.length ?? 0) >= MANY_OPTIONS;
}

/** Whether lines differ in more than their stamps. */
function hasValues(words: readonly string[]): boolean {
  return words.slice(afterStamp(words)).some((word) => word.includes("*"));
}

/** The lines of one kind that report a failure. */
interface FailureKind {
  readonly lines: number[];
}

class Planner {
  readonly units: Unit[] = [];
  readonly #lines: readonly string[];
  readonly #severity: Uint8Array;
  readonly #templates: Templates;
  readonly #ways: Ways;
  readonly #calm: Uint8Array;
  /** The frames of stacks that are folded. */
  #hidden: Uint8Array;
  #stackLines: readonly number[] = [];
  #kinds: readonly FailureKind[] = [];
  /** The failures that are not the first of their kind, with and without their details. */
  readonly #rest: (readonly number[])[] = [];

  constructor(
    lines: readonly string[],
    severity: Uint8Array,
    templates: Templates,
    ways: Ways,
    calm: Uint8Array,
  ) {
    this.#lines = lines;
    this.#severity = severity;
    this.#templates = templates;
    this.#ways = ways;
    this.#calm = calm;
    this.#hidden = new Uint8Array(lines.length);
  }

  #add(lines: readonly number[], upTo: number): void {
    if (lines.length > 0) this.units.push({ lines, upTo });
  }

  /** A line, the way to it, and the lines of its record. */
  #withWay(at: number, below: readonly number[] = []): readonly number[] {
    return [...this.#ways.of(at), at, ...below];
  }

  /** The first lines, the last one, and the last before what cleans up. */
  ends(head: number, tail: number, upTo: number): void {
    const lines = this.#lines;
    let left = head;
    for (let i = 0; i < lines.length && left > 0; i++) {
      if (lines[i] === "") continue;
      this.#add([i], upTo);
      left--;
    }
    left = tail;
    let last = lines.length - 1;
    while (last >= 0 && lines[last] === "") last--;
    if (this.#calm[last] === 1) this.#add([last], upTo);
    while (last >= 0 && (lines[last] === "" || this.#calm[last] === 1)) last--;
    for (let i = last; i >= 0 && left > 0; i--) {
      if (lines[i] === "" || isLongCommand(lines[i] ?? "")) continue;
      this.#add([i], upTo);
      left--;
    }
  }

  /** The lines that answer the question best. */
  *answers(question: string): Steps<void> {
    const query = parseQuery(question);
    if (isEmptyQuery(query)) return;
    const scores = yield* rankInSteps(query, this.#lines);
    let best = 0;
    for (const score of scores) best = Math.max(best, score);
    if (best === 0) return;
    const ranked: number[] = [];
    for (let i = 0; i < scores.length; i++) if ((scores[i] ?? 0) >= best * 0.4) ranked.push(i);
    const first = yield* firstInOrder(
      ranked,
      QUERY_LINES,
      (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
    );
    for (const i of first) this.#add(this.#withWay(i), 1);
  }

  /** The newest commits come first. */
  *commits(): Steps<void> {
    const shown = new Uint8Array(this.#lines.length);
    yield* showCommits(this.#lines, shown);
    let commit: number[] = [];
    for (const [i, line] of this.#lines.entries()) {
      if (shown[i] !== 1) continue;
      if (line.startsWith("commit ")) {
        this.#add(commit, 1);
        commit = [];
      }
      commit.push(i);
    }
    this.#add(commit, 1);
    for (const [i, severity] of this.#severity.entries())
      if (severity === FAILURE) this.#add(this.#withWay(i), 1);
  }

  /** Decides which frames are worth showing; they are added with the details of failures. */
  *stacks(frames: Uint8Array): Steps<void> {
    const shown = new Uint8Array(this.#lines.length);
    this.#hidden = yield* showStacks(this.#lines, frames, shown);
    const picked: number[] = [];
    for (let i = 0; i < shown.length; i++) if (shown[i] === 1) picked.push(i);
    this.#stackLines = picked;
  }

  /** The first line of each kind of failure, and the last one. */
  *failures(): Steps<void> {
    const meter = new Meter();
    const { ids } = this.#templates;
    const kinds = new Map<number, FailureKind>();
    for (let i = 0; i < ids.length; i++) {
      if (meter.isDue(1)) yield;
      const id = ids[i] ?? -1;
      if (this.#severity[i] !== FAILURE || id < 0) continue;
      const kind = kinds.get(id);
      if (kind) kind.lines.push(i);
      else kinds.set(id, { lines: [i] });
    }
    this.#kinds = [...kinds.values()];
    for (const { lines } of this.#kinds)
      this.units.push({ lines: this.#withWay(lines[0] ?? 0), upTo: 1, isMust: true });
    for (const { lines } of this.#kinds)
      if (lines.length > 1) this.#add(this.#withWay(lines.at(-1) ?? 0), 0.7);
  }

  /** The slowest of what is timed, the only one of its likes with another value, totals. */
  *odd(): Steps<void> {
    const odd = [
      ...(yield* totals(this.#lines, this.#templates, this.#hidden)),
      ...(yield* slowest(this.#lines, this.#templates)),
      ...(yield* outliers(this.#lines, this.#templates)),
      ...(yield* rareValues(this.#lines, this.#templates, this.#hidden)),
    ];
    for (const at of odd.filter((at) => this.#calm[at] !== 1))
      this.#add(this.#withWay(at, recordOf(this.#lines, at, 12, this.#hidden)), 0.7);
  }

  /** What stands around the first failure of each kind, and the stacks. */
  *details(): Steps<void> {
    const meter = new Meter();
    for (const [kind, { lines }] of this.#kinds.entries()) {
      const at = lines[0] ?? 0;
      // Many kinds of failure explain one another; each needs less around it.
      const reach = kind < 40 ? LONGEST_UNIT : kind < 150 ? 12 : 4;
      const details = this.#detailsOf(at, reach);
      this.#add([at, ...details], 0.8);
      this.#add([...this.#linesAbove(at, kind < 150 ? 2 : 1)], 0.8);
      if (meter.isDue((details.length + 3) * LINE_WORK)) yield;
    }
    for (const at of this.#stackLines) this.#add([at], 0.85);
  }

  /** All details; the first of them where they are a page. */
  #detailsOf(at: number, reach: number): readonly number[] {
    const details = detailsOf(this.#lines, at, reach, this.#severity, this.#hidden);
    return details.length < LONGEST_UNIT ? details : details.slice(0, 12);
  }

  #linesAbove(at: number, reach: number): readonly number[] {
    const above: number[] = [];
    for (let i = at - 1; i >= 0 && above.length < reach && at - i <= reach + 1; i--) {
      if (this.#lines[i] === "") continue;
      if (this.#hidden[i] !== 1) above.push(i);
    }
    return above;
  }

  /** The first warning of each kind. */
  *warnings(): Steps<void> {
    const meter = new Meter();
    const { ids, templates } = this.#templates;
    const seen = new Uint8Array(templates.length);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? -1;
      if (meter.isDue(1)) yield;
      if (this.#severity[i] !== WARN || id < 0 || seen[id] === 1) continue;
      seen[id] = 1;
      this.#add(this.#withWay(i), 0.75);
    }
  }

  /** Warnings with what goes on about them: all of the kinds that are few, the first of the others. */
  *allWarnings(): Steps<void> {
    const meter = new Meter();
    const { ids, templates } = this.#templates;
    for (let i = 0; i < ids.length; i++) {
      const template = templates[ids[i] ?? -1];
      if (meter.isDue(1)) yield;
      if (this.#severity[i] !== WARN || template === undefined) continue;
      if (template.count > FEW && template.first !== i) continue;
      this.#add(this.#withWay(i, this.#detailsOf(i, 12)), 0.85);
    }
  }

  /** Every failure, those of the rarest kinds first: to a share of the room, and again where there is room left. */
  *allFailures(): Steps<void> {
    const meter = new Meter();
    const kinds = this.#kinds.toSorted((a, b) => a.lines.length - b.lines.length);
    for (const { lines } of kinds) {
      for (const at of lines.slice(1)) {
        const details = this.#detailsOf(at, 12);
        const way = this.#ways.of(at);
        this.#rest.push([...way, at, ...details]);
        if (details.length > 0) this.#rest.push([...way, at]);
        if (meter.isDue((details.length + 2) * LINE_WORK)) yield;
      }
    }
    for (const unit of this.#rest) this.#add(unit, 0.8);
  }

  /** The failures there was no room for so far. */
  moreFailures(): void {
    for (const unit of this.#rest) this.#add(unit, 1);
  }

  /** Lines that speak of an error, of kinds with at most so many lines. */
  mentions(most: number): void {
    const { ids, templates } = this.#templates;
    for (let i = 0; i < ids.length; i++) {
      if (this.#severity[i] !== MENTION || this.#hidden[i] === 1) continue;
      if ((templates[ids[i] ?? -1]?.count ?? 0) <= most) this.#add(this.#withWay(i), 0.8);
    }
  }

  /** All lines of rare kinds, those near a failure first, and one line of the others. */
  *rare(): Steps<void> {
    const meter = new Meter();
    const { ids, templates } = this.#templates;
    const distance = this.#distanceToFailure();
    const seen = new Uint8Array(templates.length);
    const calm = this.#calm;
    const rare: number[][] = Array.from({ length: FARTHEST + 1 }, () => []);
    const usual: number[] = [];
    const commands: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? -1;
      if (meter.isDue(1)) yield;
      if (id < 0 || this.#hidden[i] === 1) continue;
      if (isLongCommand(this.#lines[i] ?? "")) commands.push(i);
      else if ((templates[id]?.count ?? 0) < RARE) rare[distance[i] ?? FARTHEST]?.push(i);
      else if (seen[id] === 0) usual.push(i);
      seen[id] = 1;
    }
    for (const at of rare.flat()) {
      const upTo = calm[at] === 1 ? CALM_SHARE : 0.95;
      this.#add(this.#withWay(at), upTo);
      this.#add([at], upTo);
    }
    for (const at of usual) this.#add([at], calm[at] === 1 ? CALM_SHARE : 0.95);
    // Each is another one, and says less than the plain lines that it takes the room of.
    for (const at of commands) this.#add([at], COMMANDS_SHARE);
  }

  /** All lines of the kinds that are a small part of the log and differ in their values, the rarest kinds first. */
  *seldom(): Steps<void> {
    const meter = new Meter();
    const { ids, templates } = this.#templates;
    const most = Math.min(SELDOM, this.#lines.length * SELDOM_SHARE);
    const kinds = new Map<number, number[]>();
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? -1;
      const template = templates[id];
      if (meter.isDue(1)) yield;
      if (template === undefined || this.#hidden[i] === 1 || this.#calm[i] === 1) continue;
      if (template.count > most || !hasValues(template.words)) continue;
      if (isLongCommand(this.#lines[i] ?? "")) continue;
      const kind = kinds.get(id);
      if (kind) kind.push(i);
      else kinds.set(id, [i]);
    }
    for (const lines of [...kinds.values()].sort((a, b) => a.length - b.length))
      this.#add(lines, 0.6);
  }

  /** How far the nearest failure is, in powers of two. */
  #distanceToFailure(): Uint8Array {
    const distance = new Uint8Array(this.#lines.length);
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < distance.length; i++) {
      if (this.#severity[i] === FAILURE) last = i;
      distance[i] = Math.min(FARTHEST, Math.log2(i - last + 1));
    }
    last = Number.POSITIVE_INFINITY;
    for (let i = distance.length - 1; i >= 0; i--) {
      if (this.#severity[i] === FAILURE) last = i;
      distance[i] = Math.min(distance[i] ?? FARTHEST, Math.log2(last - i + 1));
    }
    return distance;
  }

  /** Where most of the room is left: more around the failures. */
  surroundings(): void {
    for (const { lines } of this.#kinds) {
      const at = lines[0] ?? 0;
      this.#add([at, ...detailsOf(this.#lines, at, 30, this.#severity, this.#hidden)], 0.3);
      this.#add(this.#linesAbove(at, 5), 0.3);
    }
  }
}
