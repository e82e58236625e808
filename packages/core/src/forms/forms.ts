/**
 * Text in, forms out: the pure stage of the pipeline.
 *
 * It knows no store, no ref, no message and no kind by name. It asks the compressors that claim the text, splits mixed text
 * into parts, and chooses by the rule in `choose.ts`. It may run in another thread, and it rests wherever `pace` wants it to.
 */

import { isDocument, isSpecification } from "../text/document.ts";
import { splitInSteps } from "../text/lines.ts";
import type { Compressor, ShortenContext } from "../types/compressor.ts";
import type { Form, Forms, Pace } from "../types/runner.ts";
import { capFor, MIN_VIEW_TOKENS } from "./cap.ts";
import { areTrueOfLines } from "./check.ts";
import {
  choose,
  mostTokensOfView,
  SHORTEN_FIRST_CHARACTERS,
  WRONG_KIND_SHARE,
  wantsView,
} from "./choose.ts";
import { countTokens } from "./count.ts";
import { countHidden, wordsOfTrouble } from "./hidden.ts";
import { bestLossless, firstView, type Lossless, noTrouble, type Trouble } from "./offers.ts";
import { settle } from "./pace.ts";
import { areMixed, holdsOutputs, joinParts, paragraphsByKind, partsOf } from "./parts.ts";
import type { FormRequest } from "./request.ts";
import { type Candidate, route, SURE, SURE_OF_PARAGRAPH } from "./route.ts";
import type { Segment } from "./segment.ts";
import { saidOfWords } from "./words.ts";

const LEFT_CODE = "source code is left as it is";
/** A detector this sure needs no second opinion. */
const CERTAIN = 1;
/** The view of the surest compressor is preferred for what it shows up to so many times the tokens of another one's. */
const MOST_OF_OTHER = 1.5;
/** Characters. Paragraphs are looked at one by one only in texts that are worth it. */
const MIN_MIXED = 2_000;

/** The forms of a text. Source code has only those that somebody asked for: agents edit what they read of it. Rejects with an `Interruption` only. */
export async function formsOf(text: string, asked: FormRequest): Promise<Forms> {
  const trouble = noTrouble();
  const { tokens, mode } = asked;
  const compressors = asked.compressors.filter((compressor) => isWanted(compressor, asked));
  const lossy = asked.lossy && tokens >= MIN_VIEW_TOKENS && !isSpecification(text);
  const claims = route(text, compressors);
  const isCode =
    (claims[0]?.score ?? 0) < CERTAIN && (asked.isProgram || (await readsAsProgram(text)));
  const candidates = isCode ? claims.filter(({ compressor }) => compressor.onRequest) : claims;
  if (isCode && candidates.length === 0) return { failed: false, reason: LEFT_CODE };
  const request: Budgeted = {
    ...asked,
    compressors,
    lossy,
    budgetTokens: capFor(tokens, mode),
    isDocument: lossy && (candidates[0]?.score ?? 0) <= SURE && isDocument(text),
  };
  if (isCode) {
    // Who shows programs on request declines one that it cannot read. No part of it is something else then.
    const { chosen, lossless } = await formsOfWhole(text, candidates, 1, request, trouble);
    const reason = [LEFT_CODE, ...trouble.reasons].join("; ");
    return { chosen, lossless, failed: trouble.failed, reason };
  }
  let whole = await formsOfWhole(text, candidates, 1, request, trouble);
  // What is certain of the head of a text may not be so of the rest: JSON with a NaN in its last line.
  const others = candidates.filter(({ score }) => score < CERTAIN);
  if (isNothing(whole) && others.length < candidates.length)
    whole = await formsOfWhole(text, others, 1, request, trouble);
  const parts = await settle(partsOf(text, candidates), request.pace);
  let best = whole;
  if (parts.length > 1) {
    const mixed = await formsOfParts(text, parts, request, trouble);
    // A view of a document drops what a fence holds as a whole, whatever stands in it.
    const isMix = request.isDocument && mixed.chosen !== undefined && holdsOutputs(text, parts);
    best = isMix ? mixed : better(whole, mixed, request);
  }
  // What only those claim that take any lines may be several outputs, one below the other.
  const isUnsure = (candidates[0]?.score ?? 0) < SURE_OF_PARAGRAPH;
  if ((isNothing(best) || isUnsure) && text.length >= MIN_MIXED) {
    const groups = await settle(paragraphsByKind(text, request.compressors), request.pace);
    if (isNothing(best))
      best = await formsOfParts(text, groups, request, trouble, SURE_OF_PARAGRAPH);
    else if (areMixed(text, groups)) {
      // What is worth reading as a whole (a help text) is so in its parts.
      const isShort = best.chosen?.lossless === false;
      const own = { ...request, lossy: request.lossy && isShort };
      best = better(best, await formsOfParts(text, groups, own, trouble), own);
    }
  }
  return {
    ...best,
    chosen: best.chosen && (await saidOf(text, best.chosen, request)),
    failed: trouble.failed,
    reason: [...new Set(trouble.reasons)].join("; ") || "no compressor claims it",
  };
}

/** The rule comes with the compressors: a program that only starts does not load it. */
async function readsAsProgram(text: string): Promise<boolean> {
  const { isProgram } = await import("../text/program.ts");
  return isProgram(text);
}

/** Whether a compressor is always asked, or somebody wants its view. */
function isWanted({ kind, onRequest }: Compressor, { mode, views }: FormRequest): boolean {
  return onRequest === undefined || mode === "aggressive" || views?.[kind] === onRequest;
}

/** A view with last lines about the whole original. */
async function saidOf(
  text: string,
  form: Form,
  { compressors, counter, pace }: Budgeted,
): Promise<Form> {
  const isAskedFor = compressors.some(
    ({ name, onRequest }) => onRequest !== undefined && name === form.compressor,
  );
  // Who asks for an outline of a program does not look for its troubles.
  if (form.lossless || isAskedFor) return form;
  const { text: lines } = await settle(splitInSteps(text), pace);
  const statements = await settle(saidOfWords(lines), pace);
  const areTrue = await settle(areTrueOfLines(statements, lines), pace);
  if (statements.length === 0 || !areTrue) return form;
  const said = statements.map((statement) => statement.text).join("\n");
  const whole = `${form.text}${form.text.endsWith("\n") ? "" : "\n"}${said}`;
  return { ...form, text: whole, tokens: await countTokens(whole, counter, pace) };
}

/** A request and the tokens that the views of this text, or of this part of it, may take. */
interface Budgeted extends FormRequest {
  readonly budgetTokens: number;
  /** Nothing of prose is left out: only who is the surest of a part of it, and sure, makes a view of that part. */
  readonly isDocument: boolean;
}

interface Pair {
  readonly chosen?: Form | undefined;
  readonly lossless?: Form | undefined;
}

function isNothing({ chosen, lossless }: Pair): boolean {
  return chosen === undefined && lossless === undefined;
}

/**
 * Of a text as a whole and in parts, what is read better. Like is compared with like: lossless forms where both are known, else two
 * views; a view is compared with a lossless form as ever.
 */
function better(whole: Pair, parts: Pair, { tokens, budgetTokens }: Budgeted): Pair {
  const isFewer = (a: Form, b: Form): boolean => b.tokens < a.tokens;
  if (whole.lossless && parts.lossless)
    return isFewer(whole.lossless, parts.lossless) ? parts : whole;
  const [a, b] = [whole.chosen, parts.chosen];
  if (a === undefined) return parts;
  if (b === undefined) return whole;
  const isWhole =
    a.lossless === b.lossless
      ? !isFewer(a, b)
      : (a.lossless ? choose(a, b, tokens, budgetTokens) : choose(b, a, tokens, budgetTokens)) ===
        a;
  const { chosen, lossless } = isWhole ? whole : parts;
  // Of the other one the lossless form is not known: it may be the best there is.
  return chosen?.lossless ? { chosen, lossless } : { chosen };
}

async function formsOfWhole(
  text: string,
  candidates: readonly Candidate[],
  firstLine: number,
  request: Budgeted,
  trouble: Trouble,
): Promise<Pair> {
  if (candidates.length === 0) return {};
  const { budgetTokens, counter, pace, query, tokens: textTokens } = request;
  const certain = candidates.filter(({ score }) => score >= CERTAIN);
  const asked = certain.length > 0 ? certain : candidates;
  const compressors = asked.map((each) => each.compressor);
  const context: ShortenContext = {
    budgetTokens,
    counter,
    firstLine,
    ...(query === undefined ? {} : { query }),
  };
  const viewers = request.isDocument
    ? asked.slice(0, 1).filter(({ score }) => score >= SURE)
    : asked;
  const view = (from: readonly Candidate[]): Promise<Form | undefined> =>
    firstView(text, from, context, pace, trouble);

  const [first] = viewers;
  const surest = first?.compressor;
  let early: Form | undefined;
  if (request.lossy && text.length > SHORTEN_FIRST_CHARACTERS && first && surest?.leastTokens) {
    early = await view([first]);
    const least = await settle(surest.leastTokens(text, context), pace);
    if (early && early.tokens <= mostTokensOfView(least, budgetTokens)) return { chosen: early };
  }
  const best = await bestLossless(text, compressors, context, pace, trouble);
  const lossless = best.form;
  if (!request.lossy) return { chosen: lossless, lossless };
  if (!wantsView(lossless?.tokens ?? textTokens, budgetTokens))
    return { chosen: lossless, lossless };
  const inTurn = viewersInTurn(text, viewers, best);
  const isSurest = inTurn[0] === first;
  let shortened = early && isSurest ? early : await view(inTurn);
  if (shortened && first && !isSurest && shortened.compressor !== surest?.name) {
    const own = early ?? (await view([first]));
    if (own && own.tokens <= shortened.tokens * MOST_OF_OTHER)
      shortened = await showsMore(text, shortened, own, pace);
  }
  return { chosen: choose(lossless, shortened, textTokens, budgetTokens), lossless };
}

/**
 * Who may shorten: the surest compressor first, unless another one's lossless form shows that it was wrong about the text. Who takes
 * any lines shows nothing about one that is sure.
 */
function viewersInTurn(
  text: string,
  viewers: readonly Candidate[],
  { form, lengths }: Lossless,
): readonly Candidate[] {
  const [surest] = viewers;
  const winner = viewers.find(({ compressor }) => compressor.name === form?.compressor);
  if (surest === undefined || winner === undefined || form === undefined) return viewers;
  if (surest.score >= SURE && winner.score < SURE_OF_PARAGRAPH) return viewers;
  const own = lengths.get(surest.compressor) ?? text.length;
  if (winner === surest || form.text.length > own * WRONG_KIND_SHARE) return viewers;
  return [winner, ...viewers.filter((each) => each !== winner)];
}

/** A view, or that of the surest compressor where it hides less of the trouble that the text speaks of. */
async function showsMore(text: string, other: Form, surest: Form, pace: Pace): Promise<Form> {
  const { text: lines } = await settle(splitInSteps(text), pace);
  const words = await settle(wordsOfTrouble(lines), pace);
  if (words.size === 0) return other;
  const hidden = await settle(countHidden(words, other.text), pace);
  return hidden > (await settle(countHidden(words, surest.text), pace)) ? surest : other;
}

async function formsOfParts(
  text: string,
  parts: readonly Segment[],
  request: Budgeted,
  trouble: Trouble,
  least = 0,
): Promise<Pair> {
  if (parts.length < 2) return {};
  const pairs: { part: string; pair: Pair }[] = [];
  let firstLine = 1;
  for (const { start, end, isProgram } of parts) {
    const part = text.slice(start, end);
    // Parts are budgeted by their share of characters: counting each would cost a second pass over the text.
    const share = part.length / text.length;
    const tokens = Math.round(request.tokens * share);
    const budgetTokens = Math.round(request.budgetTokens * share);
    const candidates = route(part, request.compressors).filter(({ score }) => score >= least);
    const lossy = request.lossy && !isProgram;
    const own = { ...request, tokens, budgetTokens, lossy };
    const pair = await formsOfWhole(part, candidates, firstLine, own, trouble);
    pairs.push({ part, pair });
    firstLine += lineBreaks(part);
  }
  const { counter, pace } = request;
  const lossless = await joinParts(
    pairs.map(({ part, pair }) => ({ part, form: pair.lossless })),
    counter,
    pace,
  );
  if (!request.lossy) return { chosen: lossless, lossless };
  const chosen = await joinParts(
    pairs.map(({ part, pair }) => ({ part, form: pair.chosen })),
    counter,
    pace,
  );
  // Parts of which no lossless form was made stand in full: the whole is not the best there is.
  const complete = pairs.every(({ pair }) => pair.lossless || !pair.chosen);
  return { chosen, lossless: complete ? lossless : undefined };
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
