/**
 * The seam for models: a scorer says of each sentence how much it tells, and the view chooses whole sentences by it.
 *
 * A model changes no text. What it says too late, or what is no score, is not used; the words of the question rank then.
 */

import { InvalidOptionError } from "../../errors.ts";

/** Scores units of documents: sentences, items, rows, blocks of code. */
export interface UnitScorer {
  /** For reports. */
  readonly name: string;
  /**
   * How much each unit tells, 0 to 1, in the order given. The same units and query should have the same scores everywhere: earlier bytes
   * of a transcript, and so the prompt cache, depend on them. What it rejects with is reported, and costs nothing else.
   *
   * @param query the question; empty where there is none
   * @param context.signal aborts when the answer is not waited for any more
   */
  score(
    units: readonly string[],
    query: string,
    context: { readonly signal: AbortSignal },
  ): Promise<ArrayLike<number>>;
}

/** A scorer and how long it may take. */
export interface ScorerOptions {
  /** Scores sentences, with a model for example. @default none: the words of the question rank */
  readonly scorer?: UnitScorer;
  /** Milliseconds that the scorer may take for one text. @default 5,000 */
  readonly scorerTimeoutMs?: number;
}

/** Scores by unit, or why there are none. */
export type Scored =
  | { readonly scores: ReadonlyMap<number, number>; readonly failure?: never }
  | { readonly failure: string; readonly scores?: never };

/** A model that reads more of them takes longer than anybody waits. */
const MAX_UNITS = 4_096;
const DEFAULT_TIMEOUT_MS = 5_000;
/** Timers end at once when they are told to take longer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const LATE = Symbol("late");

/** @param texts units by their index */
export async function askScorer(
  scorer: UnitScorer,
  texts: ReadonlyMap<number, string>,
  query: string,
  timeoutMs: number = DEFAULT_TIMEOUT_MS,
): Promise<Scored> {
  const { name } = scorer;
  if (texts.size > MAX_UNITS)
    return {
      failure: `${name} was not asked about ${texts.size} sentences, more than ${MAX_UNITS}`,
    };
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), Math.min(timeoutMs, MAX_TIMEOUT_MS));
  });
  try {
    const asked = scorer.score([...texts.values()], query, { signal: controller.signal });
    const given = await Promise.race([asked, late]);
    if (given === LATE) return { failure: `${name} took longer than ${timeoutMs} ms` };
    const scores = Array.from(given ?? []);
    if (scores.length !== texts.size || !scores.every(isScore))
      return { failure: `${name} did not give ${texts.size} scores from 0 to 1` };
    return { scores: new Map([...texts.keys()].map((at, nth) => [at, scores[nth] ?? 0])) };
  } catch (error) {
    return { failure: `${name} failed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function isScore(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** @throws InvalidOptionError */
export function checkScorer({ scorer, scorerTimeoutMs }: ScorerOptions): void {
  const isScorer = typeof scorer?.score === "function" && typeof scorer.name === "string";
  if (scorer !== undefined && !isScorer)
    throw new InvalidOptionError("scorer", scorer, "a UnitScorer: { name, score(units, query) }");
  const isTime = typeof scorerTimeoutMs === "number" && scorerTimeoutMs > 0;
  if (scorerTimeoutMs !== undefined && !isTime)
    throw new InvalidOptionError("scorerTimeoutMs", scorerTimeoutMs, "milliseconds, more than 0");
}
