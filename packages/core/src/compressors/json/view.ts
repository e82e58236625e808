/** The view of a JSON document, within its cap. */
import type { JsonDocument } from "../../json/document.ts";
import type { OmissionPlan } from "../../json/node.ts";
import { countInSteps } from "../../steps.ts";
import type { ShortenContext, Steps, View } from "../../types/compressor.ts";
import { mended, renderPlan } from "./encode.ts";
import type { Selection } from "./select/found.ts";
import { sentencesIn } from "./select/note.ts";
import { selectJson } from "./select/select.ts";

export interface ViewOptions {
  /** Rows shown of one array besides those that must stay. @default 10 */
  readonly maxRows?: number;
  /** Says otherwise where things are, for texts that are not JSON. @default as it is */
  readonly adapt?: (selection: Selection) => Selection;
}

/** A view this much over its cap is made again, with a budget that is smaller by as much. */
const TOLERANCE = 1.1;
const MAX_TRIES = 2;
/**
 * One that leaves values out of rows and takes this little of its cap is made again with so many times the budget: columns that follow
 * from others were taken for dear ones.
 */
const SPARE = 0.25;
const MORE = 4;

const NOTHING: OmissionPlan = {
  kept: new Map(),
  notes: new Map(),
  cut: new Map(),
  embedded: new Map(),
};

/** What `select/` shows of a document; `undefined` where nothing is left out. */
export function* viewOf(
  given: JsonDocument,
  { query, counter, budgetTokens }: ShortenContext,
  { maxRows, adapt = (selection) => selection }: ViewOptions,
): Steps<View | undefined> {
  const document = yield* mended(given);
  let best: View | undefined;
  let least = Number.POSITIVE_INFINITY;
  let budget = budgetTokens;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const selection = yield* selectJson(document.source, document.root, {
      budgetTokens: budget,
      counter,
      ...(query === undefined ? {} : { query }),
      ...(maxRows === undefined ? {} : { maxRows }),
    });
    if (selection === undefined || selection.omitted.length === 0) {
      // With more room nothing is left out: all of it is shown where that is within the cap after all.
      const whole = best && (yield* renderPlan(document, NOTHING, counter));
      const isShort = whole && (yield* countInSteps(whole, counter)) <= budgetTokens;
      return isShort ? undefined : best;
    }
    const { plan, omitted, said } = adapt(selection);
    const text = yield* renderPlan(document, plan, counter);
    const tokens = yield* countInSteps(text, counter);
    const fits = tokens <= TOLERANCE * budgetTokens;
    // The first one took too little of the cap, or too much.
    if (
      best === undefined ||
      (fits && tokens > least) ||
      (least > budgetTokens && tokens < least)
    ) {
      best = { text, omitted, statements: sentencesIn(text, said) };
      least = tokens;
    }
    const isSpare = tokens < SPARE * budgetTokens && omitted.some(({ unit }) => unit === "values");
    if (fits && !isSpare) break;
    budget *= isSpare ? MORE : budgetTokens / tokens;
  }
  return best;
}
