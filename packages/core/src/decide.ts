/**
 * What becomes of one block: protected, left as it is, or changed. Nothing is stored here.
 *
 * Every block is decided on its own and on what stands before it, so that a longer transcript gives the same bytes for the
 * messages it shares with a shorter one.
 */
import {
  type Changed,
  type Decided,
  type Decision,
  type PlacedBlock,
  type Unchanged,
  unchanged,
} from "./block.ts";
import { addsMarker, carriesOwnMarker, printMarker } from "./ccr/marker.ts";
import { type RefScope, refOfDigest } from "./ccr/ref.ts";
import { keepsErrorLines } from "./error-lines.ts";
import { capFor, MIN_VIEW_TOKENS } from "./forms/cap.ts";
import { choose, READABLE_TOKENS, wantsView } from "./forms/choose.ts";
import { settle } from "./forms/pace.ts";
import { isFileRead, isProgramRead } from "./history/files.ts";
import type { ResolvedOptions } from "./options.ts";
import type { LoadedParts } from "./parts.ts";
import { protect, viewsFor } from "./protect.ts";
import { CHANGES_KIND, REPEAT_KIND } from "./repeat/kind.ts";
import type { Rest } from "./repeat/rewrite.ts";
import type { Repeats } from "./repeat/stage.ts";
import type { ResultCache } from "./result-cache.ts";
import type { SentViews } from "./sent.ts";
import { mostMiscounted } from "./steps.ts";
import type { Mode } from "./types/report.ts";
import type { Form, FormRunner, Forms, Pace } from "./types/runner.ts";
import type { CcrRef } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** What decisions depend on, besides the block: the options of an instance and what was made from them. */
export interface Engine {
  readonly options: ResolvedOptions;
  readonly counter: TokenCounter;
  /** Names the counter in the keys of remembered results. */
  readonly counterKey: string;
  readonly runner: FormRunner;
  readonly scope: RefScope;
  /** Kinds of content that a marker of this instance may name. */
  readonly kinds: ReadonlySet<string>;
  /** Whether it matters to a compressor that a text is of a file. */
  readonly asksForFiles: boolean;
  readonly cache: ResultCache<Decision>;
  /** Joins parameters and a question to a key of the cache. */
  readonly join: (parameters: string, query: string) => string;
  readonly sent: SentViews;
  readonly parts: LoadedParts;
}

/**
 * Decides a block. Rejects with an `Interruption` only, or with what a hook threw.
 *
 * @param tokens of the block's text
 */
export async function decide(
  placed: PlacedBlock,
  tokens: number,
  engine: Engine,
  pace: Pace,
  repeats?: Repeats,
): Promise<Decided> {
  const { block } = placed;
  const verdict = protect(placed, tokens, engine.options, (text) =>
    carriesOwnMarker(text, engine.scope, engine.kinds),
  );
  if (verdict.reason !== undefined)
    return {
      mode: "lossless",
      decision: { outcome: "protected", tokensBefore: tokens, ...verdict },
    };
  const { mode } = verdict;
  if (!isAllowed(placed, tokens, engine))
    return { mode, decision: unchanged("protected", SAID_NO, tokens) };
  const rest = repeats?.restOf(placed, mayShorten(placed, mode, engine));
  const parameters = parametersOf(placed, mode, engine, rest);
  const cached = engine.cache.get(block.text, parameters) ?? settledFor(placed, mode, engine);
  // What was left alone for want of time has its tokens guessed.
  if (cached) {
    const known = cached.text === undefined ? { ...cached, tokensBefore: tokens } : cached;
    return { mode, decision: known, ...restIn(known, rest) };
  }
  const decision =
    rest && repeats
      ? await decideRest(placed, mode, tokens, rest, repeats, engine, pace)
      : await decideForm(placed, mode, tokens, engine, pace);
  keep(placed.block.text, parameters, decision, engine);
  return { mode, decision, ...restIn(decision, rest) };
}

/** The rest that is sent, where one is. */
function restIn(decision: Decision, rest: Rest | undefined): Pick<Decided, "rest"> {
  const isWhole = decision.text !== undefined && decision.repeats;
  const sent = isWhole ? (rest?.whole ?? rest) : rest;
  return sent === undefined ? {} : { rest: sent };
}

/** What the hook says of a block. */
export function isAllowed(
  { block, message }: PlacedBlock,
  tokens: number,
  { options }: Engine,
): boolean {
  const { id, role, text, toolName } = block;
  const info = { message, block: id, role, text, tokens };
  const tool = toolName === undefined ? {} : { toolName };
  return options.hooks?.beforeCompress?.({ ...info, ...tool }) !== false;
}

/** A decision on the text that holds whatever it may refer to: it left so, and not in its best form, once and for all. */
function settledFor(placed: PlacedBlock, mode: Mode, engine: Engine): Decision | undefined {
  const decision = engine.cache.get(placed.block.text, parametersOf(placed, mode, engine));
  if (decision?.insteadOfView) return decision;
  return decision?.text === undefined && decision?.leftEarlier ? decision : undefined;
}

/**
 * The decision on a block that no time is left for: the earlier one, where it came up before, else to leave it as it is. It stays so in
 * later calls: a text that left in one form and came back in another would cost the prompt cache everything behind it.
 *
 * @param tokens of the block's text, guessed
 */
export function decideLate(
  placed: PlacedBlock,
  tokens: number,
  engine: Engine,
  {
    writes,
    reason,
    repeats,
  }: { readonly writes: boolean; readonly reason: string; readonly repeats?: Repeats | undefined },
): Decided {
  const { text } = placed.block;
  const isCutShort = true;
  const verdict = protect(placed, tokens, engine.options, (text) =>
    carriesOwnMarker(text, engine.scope, engine.kinds),
  );
  if (verdict.reason !== undefined) {
    const { reason: _, ...rest } = verdict;
    const decision = { ...unchanged("declined", reason, tokens), ...rest };
    return { mode: "lossless", decision, isCutShort };
  }
  const { mode } = verdict;
  const plain = engine.cache.get(text, parametersOf(placed, mode, engine));
  // A text that did not come up before is not taken apart: there is no time.
  const rest = engine.cache.has(text)
    ? repeats?.restOf(placed, mayShorten(placed, mode, engine))
    : undefined;
  const parameters = parametersOf(placed, mode, engine, rest);
  const decision = engine.cache.get(text, parameters) ?? plain;
  if (decision) {
    if (writes) keep(text, parameters, decision, engine);
    return { mode, decision, isCutShort, ...restIn(decision, rest) };
  }
  const left = { ...unchanged("declined", LEFT_EARLIER, tokens), leftEarlier: true } as const;
  if (writes) remember(placed, { mode, decision: left }, engine);
  return { mode: "lossless", decision: unchanged("declined", reason, tokens), isCutShort };
}

const LEFT_EARLIER = "left as it is by an earlier call, which had no time for it";

/** Why a block stays that a hook wants to stay. */
export const SAID_NO = "beforeCompress said no";

/** Has later calls take this decision for such a block, in place of an earlier one, whatever it may refer to. */
export function remember(
  placed: PlacedBlock,
  { mode, decision, rest }: Decided,
  engine: Engine,
): void {
  const { text } = placed.block;
  keep(text, parametersOf(placed, mode, engine), decision, engine);
  if (rest) keep(text, parametersOf(placed, mode, engine, rest), decision, engine);
}

function keep(text: string, parameters: string, decision: Decision, { cache }: Engine): void {
  cache.set(text, parameters, decision, 2 * (sizeOf(decision) + parameters.length) + 256);
}

/** Whether something may be left out of a block by what its text says: an error is not told by its changes. */
function mayShorten({ block }: PlacedBlock, mode: Mode, { options }: Engine): boolean {
  return options.store !== undefined && mode !== "lossless" && block.isError !== true;
}

/** What a decision depends on, besides the text and the options of the instance. */
function parametersOf(placed: PlacedBlock, mode: Mode, engine: Engine, rest?: Rest): string {
  const { block, query } = placed;
  const { counterKey, join, options } = engine;
  const views = Object.entries(viewsFor(block.toolName, options.tools) ?? {}).flat();
  const file = [isOfFile(placed, engine), isOfProgram(placed)];
  const of = [mode, counterKey, block.isError === true, ...file, ...views];
  const parameters = join(of.join("\0"), query ?? "");
  if (!rest) return parameters;
  return [parameters, rest.isShortened ? CHANGES_KIND : REPEAT_KIND, rest.text].join("\0");
}

/** Whether a tool read the text from a file: an agent may want to edit it. */
function isOfFile({ block, call }: PlacedBlock, { asksForFiles }: Engine): boolean {
  return asksForFiles && isFileRead(block.toolName ?? call?.name, call?.args);
}

/** Whether a tool read the text from files of source code. An error of the tool is no source code. */
function isOfProgram({ block, call }: PlacedBlock): boolean {
  return block.isError !== true && isProgramRead(block.toolName ?? call?.name, call?.args);
}

function sizeOf(decision: Decision): number {
  if (decision.text === undefined) return 0;
  const { text, form, lossless } = decision;
  return text.length + (lossless === undefined || lossless === form ? 0 : lossless.text.length);
}

async function decideForm(
  placed: PlacedBlock,
  mode: Mode,
  tokens: number,
  engine: Engine,
  pace: Pace,
): Promise<Decision> {
  const { block } = placed;
  const { store } = engine.options;
  const lossy = store !== undefined && mode !== "lossless";
  const forms = await formsFor(placed, mode, lossy, tokens, engine, pace);
  const lossless = (): Promise<Form | undefined> =>
    losslessOf(forms, placed, mode, tokens, engine, pace);
  let form = forms.chosen;
  if (block.isError && form && !form.lossless) {
    const isKept = await settle(keepsErrorLines(block.text, form.text), pace);
    if (!isKept) form = await lossless();
  }
  // Taking colours or escapes away can put together what the content held in pieces.
  if (form && addsMarker(form.text, block.text)) form = await lossless();
  if (form && addsMarker(form.text, block.text))
    return unchanged("declined", "shortened, it would show a line that looks like ours", tokens);
  if (!form) return unchanged(forms.failed ? "failed" : "declined", forms.reason, tokens);
  const ref = store
    ? refOfDigest(await engine.runner.digest(block.text, pace), engine.scope)
    : undefined;
  const decision = gate(form, block.text, tokens, ref, engine);
  return decision.text === undefined ? decision : { ...decision, lossless: forms.lossless };
}

/**
 * Of what is left beside references, and of the whole text, what is sent by the one rule. The lossless form is then the rest in the
 * notation of its kind, or as it stands.
 */
async function decideRest(
  placed: PlacedBlock,
  mode: Mode,
  tokens: number,
  rest: Rest,
  repeats: Repeats,
  engine: Engine,
  pace: Pace,
): Promise<Decision> {
  if (rest.isShortened) return decideChanges(placed, mode, tokens, rest, repeats, engine, pace);
  const { text } = placed.block;
  const { store } = engine.options;
  const repeated = await restForm(rest, mode, engine, pace);
  const isTrue =
    repeats.expand(rest.text, placed)?.text === text && !addsMarker(repeated.text, text);
  const isLossy = store !== undefined && mode !== "lossless";
  const isClear =
    isTrue && (isLossy ? repeated.tokens <= READABLE_TOKENS : 2 * rest.text.length <= text.length);
  const plain = isClear ? undefined : await decideForm(placed, mode, tokens, engine, pace);
  if (!isTrue) return plain ?? unchanged("declined", "no reference could be proven", tokens);
  if (plain?.text !== undefined) {
    const { form } = plain;
    if (form.lossless && form.tokens <= repeated.tokens) return plain;
    const budget = capFor(tokens, mode === "audit" ? "balanced" : mode);
    if (!form.lossless && wantsView(repeated.tokens, budget))
      if (choose(repeated, form, tokens, budget) === form) return plain;
  }
  const ref = store ? refOfDigest(await engine.runner.digest(text, pace), engine.scope) : undefined;
  const decision = gate(repeated, text, tokens, ref, engine);
  if (decision.text === undefined) return plain ?? decision;
  return { ...decision, lossless: repeated, repeats: true };
}

/** Of the changes since a text that is shown shortened, and of what would be sent without them, what is sent. */
async function decideChanges(
  placed: PlacedBlock,
  mode: Mode,
  tokens: number,
  rest: Rest,
  repeats: Repeats,
  engine: Engine,
  pace: Pace,
): Promise<Decision> {
  const { text } = placed.block;
  const plain = rest.whole
    ? await decideRest(placed, mode, tokens, rest.whole, repeats, engine, pace)
    : await decideForm(placed, mode, tokens, engine, pace);
  const form = await changesForm(rest, text, engine, pace);
  const isTrue = repeats.expand(rest.text, placed)?.text === text && !addsMarker(form.text, text);
  if (!isTrue || tokens < MIN_VIEW_TOKENS) return plain;
  const own = plain.text === undefined ? undefined : plain.form;
  const lossless = own?.lossless ? own : undefined;
  if (own && !own.lossless) {
    if (form.tokens >= own.tokens) return plain;
  } else {
    const budget = capFor(tokens, mode === "audit" ? "balanced" : mode);
    if (!wantsView(own?.tokens ?? tokens, budget)) return plain;
    if (choose(own, form, tokens, budget) !== form) return plain;
  }
  const ref = refOfDigest(await engine.runner.digest(text, pace), engine.scope);
  const decision = gate(form, text, tokens, ref, engine);
  if (decision.text === undefined) return plain;
  return {
    ...decision,
    lossless: lossless ?? (plain.text === undefined ? undefined : plain.lossless),
  };
}

async function changesForm(
  { text, visible }: Rest,
  original: string,
  { runner }: Engine,
  pace: Pace,
): Promise<Form> {
  const total = visible?.length ?? original.split("\n").length;
  const shown = visible?.reduce((sum, isShown) => sum + (isShown ? 1 : 0), 0) ?? 0;
  return {
    text,
    tokens: await runner.count(text, pace),
    kind: CHANGES_KIND,
    compressor: CHANGES_KIND,
    lossless: false,
    omitted: [{ unit: "lines", count: total - shown, total, what: "as above" }],
  };
}

/** What is left beside references as a form. Notations that would rewrite a reference are not used. */
async function restForm(rest: Rest, mode: Mode, engine: Engine, pace: Pace): Promise<Form> {
  const { text, references, isDiff } = rest;
  const tokens = await engine.runner.count(text, pace);
  const job = { text, mode, lossy: false, tokens };
  const { lossless } = isDiff ? {} : await engine.runner.forms(job, pace);
  const isKept =
    lossless !== undefined &&
    lossless.tokens < tokens &&
    references.every((reference) => lossless.text.includes(reference));
  const own = { lossless: true, omitted: [] };
  return isKept
    ? {
        ...own,
        text: lossless.text,
        tokens: lossless.tokens,
        kind: `${REPEAT_KIND}+${lossless.kind}`,
        compressor: `${REPEAT_KIND}+${lossless.compressor}`,
      }
    : { ...own, text, tokens, kind: REPEAT_KIND, compressor: REPEAT_KIND };
}

/** The lossless form: the one at hand, or made now where a view was so small that none was made. */
async function losslessOf(
  {
    chosen,
    lossless,
  }: { readonly chosen?: Form | undefined; readonly lossless?: Form | undefined },
  placed: PlacedBlock,
  mode: Mode,
  tokens: number,
  engine: Engine,
  pace: Pace,
): Promise<Form | undefined> {
  if (lossless !== undefined || chosen === undefined || chosen.lossless) return lossless;
  return (await formsFor(placed, mode, false, tokens, engine, pace)).lossless;
}

function formsFor(
  placed: PlacedBlock,
  mode: Mode,
  lossy: boolean,
  tokens: number,
  engine: Engine,
  pace: Pace,
): Promise<Forms> {
  const { block, query } = placed;
  const views = viewsFor(block.toolName, engine.options.tools);
  return engine.runner.forms(
    {
      text: block.text,
      mode: mode === "audit" ? "balanced" : mode,
      lossy,
      tokens,
      ...(query === undefined ? {} : { query }),
      ...(views === undefined ? {} : { views }),
      ...(isOfFile(placed, engine) ? { isFile: true } : {}),
      ...(isOfProgram(placed) ? { isProgram: true } : {}),
    },
    pace,
  );
}

/** What is sent for a form. Law 2: a form that does not save tokens, marker line included, is not used. */
export function gate(
  form: Form,
  original: string,
  tokensBefore: number,
  ref: CcrRef | undefined,
  { counter, options: { refSpelling } }: Engine,
): Decision {
  const marker = printMarker({
    kind: form.kind,
    omitted: form.omitted,
    ...(ref === undefined ? {} : { ref, spelling: refSpelling }),
  });
  // The form is counted already; the marker is a line of its own.
  const tokensAfter = counter.count(`${marker}\n`) + form.tokens;
  // A count in pieces is a few tokens off: a long text that seems to save fewer may not save any.
  const leastSaved = 1 + mostMiscounted(original.length);
  if (tokensBefore - tokensAfter < leastSaved || form.text.length === 0)
    return unchanged(
      "not-smaller",
      `${form.compressor}: ${tokensAfter} tokens with its marker, ${tokensBefore} before`,
      tokensBefore,
    );
  const text = `${marker}\n${form.text}`;
  return { text, form, tokensBefore, tokensAfter, ...(ref === undefined ? {} : { ref }) };
}

/** In place of a view whose original the model could not ask for: the lossless form without a ref, else the block as it was. */
export async function withoutRef(
  placed: PlacedBlock,
  { form, lossless, tokensBefore }: Changed,
  mode: Mode,
  otherwise: Unchanged,
  engine: Engine,
  pace: Pace,
): Promise<Decision> {
  const own = await losslessOf(
    { chosen: form, lossless },
    placed,
    mode,
    tokensBefore,
    engine,
    pace,
  );
  const usable = own && !addsMarker(own.text, placed.block.text) ? own : undefined;
  const decision = usable && gate(usable, placed.block.text, tokensBefore, undefined, engine);
  return decision?.text === undefined ? otherwise : decision;
}
