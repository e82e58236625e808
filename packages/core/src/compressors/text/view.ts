/** The view of a document: what is shown stands word for word and in its order; each gap says how much is left out and where. */

import { finish, Meter } from "../../steps.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits, Statement, UnitRange } from "../../types/statement.ts";
import { chooseUnits, rankUnits } from "./choose-units.ts";
import { askScorer, type Scored, type ScorerOptions, type UnitScorer } from "./scorer.ts";
import { type Unit, type UnitKind, unitsOf } from "./units.ts";

/** Sequences a view speaks of besides lines. */
const PARTS = "parts";

/** `undefined` where everything has room. */
export function* shortenText(text: string, context: ShortenContext): Steps<View | undefined> {
  return yield* viewOf(text, yield* unitsOf(text), context);
}

/** Characters. A longer text is not read in one go, and has more sentences than a model reads. */
const MAX_SCORED_CHARACTERS = 524_288;

/** The same, by the scores of a model where it gives them in time. */
export async function shortenScored(
  text: string,
  context: ShortenContext,
  scorer: UnitScorer,
  { scorerTimeoutMs }: Pick<ScorerOptions, "scorerTimeoutMs">,
): Promise<Steps<View | undefined>> {
  if (text.length > MAX_SCORED_CHARACTERS) {
    const failure = `${scorer.name} was not asked about ${text.length} characters, more than ${MAX_SCORED_CHARACTERS}`;
    return noted(shortenText(text, context), failure);
  }
  const units = finish(unitsOf(text));
  const asked = await askScorer(
    scorer,
    scorable(text, units),
    context.query ?? "",
    scorerTimeoutMs,
  );
  return noted(viewOf(text, units, context, asked), asked.failure);
}

const NOT_SCORED: ReadonlySet<UnitKind> = new Set(["divider", "rule"]);

/** What a model is asked about, by its index. */
export function scorable(
  text: string,
  units: readonly Unit[],
  isHidden: (at: number) => boolean = () => false,
): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  for (const [at, { kind, level, start, end }] of units.entries())
    if (!NOT_SCORED.has(kind) && level !== 0 && !isHidden(at))
      texts.set(at, text.slice(start, end).trim());
  return texts;
}

function* noted(steps: Steps<View | undefined>, note: string | undefined): Steps<View | undefined> {
  const view = yield* steps;
  return view && note !== undefined ? { ...view, note } : view;
}

function* viewOf(
  text: string,
  units: readonly Unit[],
  context: ShortenContext,
  { scores }: Pick<Scored, "scores"> = {},
): Steps<View | undefined> {
  const ranking = yield* rankUnits(text, units, context, { scores });
  const shown = chooseUnits(ranking, context.budgetTokens);
  if (shown.size === units.length || shown.size === 0) return undefined;
  const all: UnitRange = [0, units.length];
  const drawn = yield* drawUnits(text, units, shown, all, context.firstLine ?? 1);
  return {
    text: drawn.text.endsWith("\n") ? drawn.text : `${drawn.text}\n`,
    omitted: omissionsOf(units, drawn),
    statements: drawn.statements,
  };
}

/** Units as a view shows them. */
export interface Drawn {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** What is left out, as the gaps count it. */
  readonly lines: number;
  readonly parts: number;
}

/** Slices of the text, and a line for each gap between them. */
export function* drawUnits(
  text: string,
  units: readonly Unit[],
  shown: ReadonlySet<number>,
  [first, end]: UnitRange,
  firstLine: number,
): Steps<Drawn> {
  const out: string[] = [];
  const statements: Statement[] = [];
  const gone = { lines: 0, parts: 0 };
  const meter = new Meter();
  for (let from = first; from < end; ) {
    const isShown = shown.has(from);
    let to = from + 1;
    while (to < end && shown.has(to) === isShown) to++;
    const slice = text.slice(units[from]?.start ?? 0, units[to - 1]?.end ?? 0);
    if (meter.isDue(slice.length)) yield;
    // Blank lines before a gap say nothing.
    if (isShown) out.push(to === end ? slice : slice.trimEnd());
    else {
      const gap = gapOf(units, [from, to], firstLine);
      out.push(gap.line);
      statements.push(...gap.statements);
      gone[gap.isOfLines ? "lines" : "parts"] += gap.count;
    }
    from = to;
  }
  return { text: out.join("\n"), statements, ...gone };
}

/** What is left out in all. */
export function omissionsOf(
  units: readonly Unit[],
  gone: Pick<Drawn, "lines" | "parts">,
): readonly Omission[] {
  const lines = { unit: "lines", count: gone.lines, total: units.at(-1)?.lineEnd ?? 0 };
  const parts = { unit: PARTS, count: gone.parts, total: units.length };
  return [lines, parts].filter(({ count }) => count > 0);
}

interface Gap {
  readonly line: string;
  readonly statements: readonly Statement[];
  readonly count: number;
  readonly isOfLines: boolean;
}

/** Whole lines are counted as lines; what shares a line with what is shown, as sentences. */
function gapOf(units: readonly Unit[], [from, to]: UnitRange, base: number): Gap {
  const first = units[from]?.firstLine ?? 0;
  const end = units[to - 1]?.lineEnd ?? 0;
  const isOfLines =
    (units[from - 1]?.lineEnd ?? 0) <= first && (units[to]?.firstLine ?? end) >= end;
  const where = end - first === 1 ? `${first + base}` : `${first + base}-${end - 1 + base}`;
  const lines: Statement["about"] = [[first, end]];
  if (isOfLines) {
    const count = end - first;
    const line = `… ${count} ${count === 1 ? "line" : "lines"} (${where})`;
    return {
      line,
      statements: [{ text: line, of: "", about: lines, facts: [] }],
      count,
      isOfLines,
    };
  }
  const count = to - from;
  const isOfSentences = units.slice(from, to).every(({ kind }) => kind === "sentence");
  const name = isOfSentences ? "sentence" : "part";
  const text = `… ${count} ${name}${count === 1 ? "" : "s"}`;
  const place = `(line${end - first === 1 ? "" : "s"} ${where})`;
  return {
    line: `${text} ${place}`,
    statements: [
      { text, of: PARTS, about: [[from, to]], facts: [] },
      { text: place, of: "", about: lines, facts: [] },
    ],
    count,
    isOfLines,
  };
}

/** The units of a text, which gaps within lines count. */
export function* textOriginal(text: string): Steps<OriginalUnits> {
  return partsOf(text, yield* unitsOf(text));
}

export function partsOf(text: string, units: readonly Unit[]): OriginalUnits {
  return {
    values: (of) =>
      of === PARTS ? units.map(({ start, end }) => text.slice(start, end)) : undefined,
  };
}
