/**
 * Which units of a document a view shows.
 *
 * With a question: the sentences that answer it best, by BM25 over sentences and over the paragraphs they stand in, each under its
 * headings. What room is left, and all of it without a question, goes to the structure: headings, the first sentences of
 * sections and paragraphs, what warns or defines, then the rest in order.
 */
import { isEmptyQuery, parseQuery, rankInSteps } from "../../query/query.ts";
import { countInSteps, Meter } from "../../steps.ts";
import type { ShortenContext, Steps } from "../../types/compressor.ts";
import type { Unit } from "./units.ts";

/** Tokens of a line that says what is left out. */
const GAP_TOKENS = 9;
/**
 * The share of the room that is full when the next of these begins: the first words of records, what answers the question, headings,
 * what their sections begin with, what the document begins with.
 */
const RECORDS_SHARE = 0.45;
const ASKED_SHARE = 0.75;
const HEADING_SHARE = { asked: 0.85, plain: 0.4 };
const LEADS_SHARE = 0.6;
const INTRO_SHARE = 0.75;
/** What the paragraph and the sentences beside it count against the sentence itself. */
const BLOCK_WEIGHT = 0.5;
const BESIDE_WEIGHT = 0.3;
/** What the words of the question count against the scores of a model. */
const WORDS_WEIGHT = 0.5;

/** Units in the order in which they are taken, whatever the room is. */
export interface Ranking {
  /** Tokens of each unit. */
  readonly costs: readonly number[];
  /** The headings that each unit stands under. */
  readonly above: readonly (readonly number[])[];
  /** Each with the share of the room that may be full with it. */
  readonly order: readonly (readonly [at: number, share: number])[];
  /** Units that are not to be shown. */
  readonly hidden: ReadonlySet<number>;
}

/** What is known of the units beside their text. */
export interface RankingHints {
  /** Units that are not to be shown. @default none */
  readonly hidden?: ReadonlySet<number>;
  /**
   * Units that stand elsewhere as well, with the unit there: they are shown only where it costs more to leave them out, and their rank is
   * the other one's. @default none
   */
  readonly repeated?: ReadonlyMap<number, number>;
  /** What a scorer says of units, 0 to 1. @default none: the words of the question rank */
  readonly scores?: ReadonlyMap<number, number> | undefined;
  /** Whether the text is many documents with titles: a line between two parts then begins no record. @default false */
  readonly isCollection?: boolean;
}

/** What `chooseUnits` goes by. */
export function* rankUnits(
  text: string,
  units: readonly Unit[],
  { counter, query }: Pick<ShortenContext, "counter" | "query">,
  { hidden = new Set(), repeated = new Map(), scores, isCollection = false }: RankingHints = {},
): Steps<Ranking> {
  const costs: number[] = [];
  const meter = new Meter();
  for (const { start, end } of units) {
    if (meter.isDue(end - start)) yield;
    costs.push(yield* countInSteps(text.slice(start, end), counter));
  }
  const asked = yield* answering(text, units, query, scores, repeated);
  const isAsked = asked.length > 0;
  const [headings, leads, ...others] = yield* tiersOf(text, units);
  const upTo = (share: number, ats: readonly number[]): (readonly [number, number])[] =>
    ats.filter((at) => !hidden.has(at) && !repeated.has(at)).map((at) => [at, share]);
  const order = [
    // Results of a search, one below the other: each is named before any of them is shown.
    upTo(RECORDS_SHARE, isCollection ? [] : headsOfRecords(units)),
    upTo(ASKED_SHARE, asked),
    upTo(isAsked ? HEADING_SHARE.asked : HEADING_SHARE.plain, headings),
    upTo(isAsked ? 1 : LEADS_SHARE, leads),
    upTo(isAsked ? 1 : INTRO_SHARE, introOf(units)),
    upTo(1, others.flat()),
  ].flat();
  return { costs, above: headingsAbove(text, units), order, hidden };
}

/** Indexes of the units that are shown within so many tokens. */
export function chooseUnits(
  { costs, above, order, hidden }: Ranking,
  budgetTokens: number,
): ReadonlySet<number> {
  const choice = new Choice(costs, budgetTokens);
  // No unit stands under a heading that is not its own.
  for (const [at, share] of order)
    if (choice.hasRoom(at, share)) choice.takeAll([...(above[at] ?? []), at], share);
  choice.closeSmallGaps(hidden);
  return choice.shown;
}

/** What is shown, and what it costs with the lines about what is not. */
class Choice {
  readonly shown = new Set<number>();
  readonly #costs: readonly number[];
  readonly #budget: number;
  /** All that is left out is one gap at first. */
  #spent = GAP_TOKENS;

  constructor(costs: readonly number[], budgetTokens: number) {
    this.#costs = costs;
    this.#budget = budgetTokens;
  }

  /** Whether a unit may be within this share of the budget, whatever it closes: most are not, and are not tried. */
  hasRoom(at: number, share: number): boolean {
    return this.#spent + (this.#costs[at] ?? 0) - GAP_TOKENS <= this.#budget * share;
  }

  /** Takes units if together they are within this share of the budget. */
  takeAll(wanted: readonly number[], share: number): void {
    const taken: number[] = [];
    for (const at of wanted) {
      if (this.shown.has(at)) continue;
      this.#spent += this.#priceOf(at);
      this.shown.add(at);
      taken.push(at);
    }
    if (this.#spent <= this.#budget * share) return;
    for (const at of taken.toReversed()) {
      this.shown.delete(at);
      this.#spent -= this.#priceOf(at);
    }
  }

  /** A unit between two that are left out makes one gap more; one that closes a gap, one less. */
  #priceOf(at: number): number {
    const before = this.#isLeftOut(at - 1) ? 1 : 0;
    const behind = this.#isLeftOut(at + 1) ? 1 : 0;
    return (this.#costs[at] ?? 0) + (before + behind - 1) * GAP_TOKENS;
  }

  #isLeftOut(at: number): boolean {
    return at >= 0 && at < this.#costs.length && !this.shown.has(at);
  }

  /** Shows what costs no more than to say that it is left out. */
  closeSmallGaps(hidden: ReadonlySet<number>): void {
    for (let from = 0; from < this.#costs.length; from++) {
      if (this.shown.has(from)) continue;
      let to = from;
      let tokens = 0;
      let isHidden = false;
      for (; this.#isLeftOut(to); to++) {
        tokens += this.#costs[to] ?? 0;
        isHidden ||= hidden.has(to);
      }
      if (tokens <= GAP_TOKENS && !isHidden) for (let at = from; at < to; at++) this.shown.add(at);
      from = to;
    }
  }
}

/** The headings that each unit stands under, from the outermost, and the names of the columns above a row. */
function headingsAbove(text: string, units: readonly Unit[]): readonly (readonly number[])[] {
  let open: readonly number[] = [];
  /** The head of the table, with what the table stands under. */
  let table: readonly number[] | undefined;
  return units.map(({ kind, level = 0, block }, at) => {
    if (kind === "row" && units[at - 1]?.block !== block)
      table = isRule(text, units[at + 1]) ? [...open, at, at + 1] : undefined;
    if (kind === "row") return table?.filter((each) => each < at) ?? open;
    const above =
      kind === "heading" ? open.filter((each) => (units[each]?.level ?? 0) < level) : open;
    open = kind === "heading" ? [...above, at] : open;
    return above;
  });
}

const TABLE_RULE = /^[|:\s-]+$/;
/** Characters. */
const MAX_TABLE_RULE = 1_000;

/** `|---|---|` below the names of the columns. */
function isRule(text: string, unit: Unit | undefined): boolean {
  if (unit?.kind !== "row" || unit.end - unit.start > MAX_TABLE_RULE) return false;
  const line = text.slice(unit.start, unit.end);
  return line.includes("-") && TABLE_RULE.test(line);
}

/** Units that have to do with the question, the best first. */
function* answering(
  text: string,
  units: readonly Unit[],
  query: string | undefined,
  given: ReadonlyMap<number, number> | undefined,
  repeated: ReadonlyMap<number, number>,
): Steps<readonly number[]> {
  const words = yield* scoresByWords(text, units, query);
  if (words === undefined && given === undefined) return [];
  const scores = (given ? scoresOfModel(units, given, words) : words) ?? new Float64Array();
  for (const [at, other] of repeated) scores[other] = Math.max(scores[other] ?? 0, scores[at] ?? 0);
  return [...units.keys()]
    .filter((at) => (scores[at] ?? 0) > 0)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** `undefined` where nothing is asked. */
function* scoresByWords(
  text: string,
  units: readonly Unit[],
  query: string | undefined,
): Steps<Float64Array | undefined> {
  const parsed = query === undefined ? undefined : parseQuery(query);
  if (parsed === undefined || isEmptyQuery(parsed)) return undefined;
  const blocks: string[] = [];
  for (const { block, start, end } of units)
    blocks[block] = (blocks[block] ?? "") + text.slice(start, end);
  const own = toShares(
    yield* rankInSteps(
      parsed,
      units.map(({ start, end }) => text.slice(start, end)),
    ),
  );
  const whole = toShares(
    yield* rankInSteps(
      parsed,
      Array.from(blocks, (each) => each ?? ""),
    ),
  );
  return withContext(units, own, whole);
}

/** The scores of a model, and what the words say where both see something. */
function scoresOfModel(
  units: readonly Unit[],
  given: ReadonlyMap<number, number>,
  words: Float64Array | undefined,
): Float64Array {
  const own = Float64Array.from(units, (_, at) => given.get(at) ?? 0);
  const whole: number[] = [];
  for (const [at, { block }] of units.entries())
    whole[block] = Math.max(whole[block] ?? 0, own[at] ?? 0);
  const scores = withContext(units, own, whole);
  const byWords = words && toShares(words);
  return scores.map((score, at) => score + WORDS_WEIGHT * (byWords?.[at] ?? 0));
}

/** Scores of units with what their paragraphs and neighbours say. */
function withContext(
  units: readonly Unit[],
  own: Float64Array,
  whole: ArrayLike<number>,
): Float64Array {
  const beside = (at: number, block: number): number =>
    units[at]?.block === block ? (own[at] ?? 0) : 0;
  return Float64Array.from(
    units,
    ({ block }, at) =>
      (own[at] ?? 0) +
      BLOCK_WEIGHT * (whole[block] ?? 0) +
      BESIDE_WEIGHT * Math.max(beside(at - 1, block), beside(at + 1, block)),
  );
}

/** Of the greatest. */
function toShares(scores: Float64Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), 0) || 1;
  return scores.map((score) => score / most);
}

/** So many units say what the document is about. */
const INTRO_UNITS = 40;

/** What the document begins with, without its tags and links. */
function introOf(units: readonly Unit[]): readonly number[] {
  const words = [...units.keys()].filter((at) => !NO_WORDS.has(units[at]?.kind ?? "rule"));
  return words.slice(0, INTRO_UNITS);
}

const NO_WORDS: ReadonlySet<Unit["kind"]> = new Set(["code", "divider", "rule"]);

const WARNS =
  /\b(?:must|never|always|only|warning|caution|danger|note|important|deprecated|removed|breaking|required|default|error|fails?|limit|maximum|minimum|at most|at least|is an?|are|means?|called|defined)\b/i;
/** Characters of a unit that are looked at. */
const MAX_LOOK = 400;

type Tiers = readonly [
  headings: readonly number[],
  leads: readonly number[],
  ...others: (readonly number[])[],
];

/** The units by what they say of the document: headings first. */
function* tiersOf(text: string, units: readonly Unit[]): Steps<Tiers> {
  const headings: number[] = [];
  const leads: number[] = [];
  const firsts: number[] = [];
  const telling: number[] = [];
  const rest: number[] = [];
  const code: number[] = [];
  const meter = new Meter();
  let isBehindHeading = true;
  let block = -1;
  for (const [at, unit] of units.entries()) {
    if (meter.isDue(MAX_LOOK)) yield;
    const isFirst = unit.block !== block;
    block = unit.block;
    // A title of level 0 is there for what stands below it.
    if (unit.kind === "heading" && unit.level !== 0) headings.push(at);
    else if (unit.kind === "heading") rest.push(at);
    else if (unit.kind === "rule" || unit.kind === "divider") rest.push(at);
    else if (unit.kind === "code") code.push(at);
    else if (isBehindHeading) leads.push(at);
    else if (isFirst) firsts.push(at);
    else {
      const head = text.slice(unit.start, Math.min(unit.end, unit.start + MAX_LOOK));
      (/\d/.test(head) || WARNS.test(head) ? telling : rest).push(at);
    }
    // A line between two parts is as good as a heading: results of a search stand so.
    isBehindHeading =
      unit.kind === "heading" ||
      unit.kind === "divider" ||
      (unit.kind === "rule" && isBehindHeading);
  }
  // Outer headings come before inner ones.
  const level = (at: number): number => units[at]?.level ?? 0;
  headings.sort((a, b) => level(a) - level(b) || a - b);
  return [headings, leads, firsts, telling, code, rest];
}

/** What stands below each line between parts, where there are several. */
function headsOfRecords(units: readonly Unit[]): readonly number[] {
  const heads: number[] = [];
  for (const [at, { kind }] of units.entries())
    if (kind === "divider" && units[at + 1]?.kind === "sentence") heads.push(at + 1);
  const [first] = heads;
  return heads.length < MIN_RECORDS || first === undefined ? [] : [0, ...heads];
}

const MIN_RECORDS = 3;
