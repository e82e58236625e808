/**
 * One request through the pipeline: read, protect, (repeat), shrink, gate, save, write.
 *
 * Every block is decided on its own and on what stands before it, so that a longer transcript gives the same bytes for the
 * messages it shares with a shorter one. Originals are stored together at the end, before anything leaves.
 */
import { clip } from "./ccr/clip.ts";
import { addsMarker, carriesOwnMarker, printMarker } from "./ccr/marker.ts";
import { type RefScope, refOf } from "./ccr/ref.ts";
import { keepsErrorLines } from "./error-lines.ts";
import type { ResolvedOptions } from "./options.ts";
import { protect } from "./protect.ts";
import type { ResultCache } from "./result-cache.ts";
import { type Saved, saveOriginals } from "./save.ts";
import { type Form, type Shrunk, shrink } from "./shrink.ts";
import type { Compressor } from "./types/compressor.ts";
import type { TextBlock } from "./types/message.ts";
import type { BlockReport, Mode, Outcome } from "./types/report.ts";
import type { CcrEntry, CcrRef } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** What one configured instance brings along. */
export interface Engine {
  readonly options: ResolvedOptions;
  /** Strictest detector first. */
  readonly compressors: readonly Compressor[];
  readonly counter: TokenCounter;
  readonly scope: RefScope;
  /** Kinds of content that a marker of ours may name. */
  readonly kinds: ReadonlySet<string>;
  readonly cache: ResultCache<Decision>;
}

/** A block with its place in the request. */
export interface PlacedBlock {
  readonly message: number;
  readonly block: TextBlock;
  readonly query?: string;
}

/** What was decided for a block, before its original is stored. */
export type Decision = Changed | Unchanged;

interface Unchanged {
  readonly text?: undefined;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly tokensBefore: number;
}

interface Changed {
  readonly text: string;
  readonly form: Form;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly ref?: CcrRef;
}

/** A decided block: its report row and, when it changed, its new text. */
export interface DecidedBlock {
  readonly row: BlockReport;
  readonly text?: string;
  /** In audit mode: the tokens the block would have had. */
  readonly projectedTokens?: number;
}

/** How a run differs from the plain one. */
export interface Run {
  /** False for `simulate`: nothing is stored. */
  readonly writes: boolean;
  readonly signal?: AbortSignal;
}

/** Decides all blocks, in order, and stores the originals of those that changed. */
export async function runPipeline(
  blocks: readonly PlacedBlock[],
  engine: Engine,
  run: Run,
): Promise<readonly DecidedBlock[]> {
  const { options } = engine;
  const started = performance.now();
  const drafts: { decision: Decision; milliseconds: number; mode: Mode }[] = [];
  for (const placed of blocks) {
    run.signal?.throwIfAborted();
    const from = performance.now();
    const late = options.deadlineMs !== undefined && from - started > options.deadlineMs;
    const { decision, mode } = late ? overdue(placed, engine) : await decide(placed, engine);
    drafts.push({ decision, mode, milliseconds: performance.now() - from });
  }
  const { unsafe, warnings } = run.writes
    ? await saveAll(blocks, drafts, options, run.signal)
    : NOTHING_SAVED;
  run.signal?.throwIfAborted();
  const decided: DecidedBlock[] = [];
  for (const [index, placed] of blocks.entries()) {
    const draft = drafts[index];
    if (!draft) continue;
    const { decision, mode, milliseconds } = draft;
    const problem =
      decision.text !== undefined && decision.ref ? unsafe.get(decision.ref) : undefined;
    if (mode === "audit") decided.push(audited(placed, decision, milliseconds));
    else if (problem !== undefined && decision.text !== undefined)
      decided.push(await withoutStore(placed, decision, mode, problem, engine, milliseconds));
    else decided.push(withWarnings(report(placed, decision, milliseconds), warnings));
  }
  return decided;
}

async function decide(
  placed: PlacedBlock,
  engine: Engine,
): Promise<{ decision: Decision; mode: Mode }> {
  const { block, message } = placed;
  const { options, counter } = engine;
  const verdict = protect(
    block,
    () => counter.count(block.text),
    options,
    (text) => carriesOwnMarker(text, engine.scope, engine.kinds),
  );
  const tokens = counter.count(block.text);
  if (verdict.reason !== undefined)
    return { mode: "lossless", decision: unchanged("protected", verdict.reason, tokens) };
  const { mode } = verdict;
  const info = { message, block: block.id, role: block.role, text: block.text, tokens };
  const toolName = block.toolName === undefined ? {} : { toolName: block.toolName };
  const wanted = options.hooks?.beforeCompress?.({ ...info, ...toolName });
  if (wanted === false)
    return { mode, decision: unchanged("protected", "beforeCompress said no", tokens) };
  const parameters = `${mode}\0${block.isError === true}\0${placed.query ?? ""}`;
  const cached = engine.cache.get(block.text, parameters);
  if (cached) return { mode, decision: cached };
  const decision = await shrinkBlock(placed, mode, tokens, engine);
  engine.cache.set(block.text, parameters, decision, 2 * (decision.text?.length ?? 0) + 256);
  return { mode, decision };
}

async function shrinkBlock(
  placed: PlacedBlock,
  mode: Mode,
  tokens: number,
  engine: Engine,
): Promise<Decision> {
  const { block } = placed;
  const { store } = engine.options;
  const lossy = store !== undefined && mode !== "lossless";
  let shrunk = await shrinkWith(placed, mode, lossy, tokens, engine);
  if (
    block.isError &&
    shrunk.form &&
    !shrunk.form.lossless &&
    !keepsErrorLines(block.text, shrunk.form.body)
  )
    shrunk = await shrinkWith(placed, mode, false, tokens, engine);
  // Taking colours or escapes away can put together what the content held in pieces.
  if (shrunk.form && addsMarker(shrunk.form.body, block.text)) {
    shrunk = await shrinkWith(placed, mode, false, tokens, engine);
    if (shrunk.form && addsMarker(shrunk.form.body, block.text))
      return unchanged("declined", "shortened, it would show a line that looks like ours", tokens);
  }
  if (!shrunk.form) return unchanged(shrunk.failed ? "failed" : "declined", shrunk.reason, tokens);
  return gate(
    shrunk.form,
    tokens,
    store ? refOf(block.text, engine.scope) : undefined,
    engine.counter,
  );
}

function shrinkWith(
  placed: PlacedBlock,
  mode: Mode,
  lossy: boolean,
  tokens: number,
  engine: Engine,
): Promise<Shrunk> {
  const { block, query } = placed;
  return shrink(block.text, {
    mode: mode === "audit" ? "balanced" : mode,
    lossy,
    tokens,
    counter: engine.counter,
    compressors: engine.compressors,
    ...(query === undefined ? {} : { query }),
  });
}

/** Law 2: what does not save real tokens, marker included, is not used. */
function gate(
  form: Form,
  tokensBefore: number,
  ref: CcrRef | undefined,
  counter: TokenCounter,
): Decision {
  const marker = printMarker({
    kind: form.kind,
    omitted: form.omitted,
    ...(ref === undefined ? {} : { ref }),
  });
  const text = `${marker}\n${form.body}`;
  const tokensAfter = counter.count(text);
  if (tokensAfter >= tokensBefore || text.length === 0)
    return unchanged(
      "not-smaller",
      `${form.compressor}: ${tokensAfter} tokens with its marker, ${tokensBefore} before`,
      tokensBefore,
    );
  return { text, form, tokensBefore, tokensAfter, ...(ref === undefined ? {} : { ref }) };
}

const NOTHING_SAVED: Saved = { unsafe: new Map(), warnings: [] };
/** The most characters of a store's warnings in one row. */
const MAX_WARNING = 300;

async function saveAll(
  blocks: readonly PlacedBlock[],
  drafts: readonly { decision: Decision; mode: Mode }[],
  { store, storeTimeoutMs }: ResolvedOptions,
  signal: AbortSignal | undefined,
): Promise<Saved> {
  if (!store) return NOTHING_SAVED;
  const entries = new Map<CcrRef, CcrEntry>();
  for (const [index, { block }] of blocks.entries()) {
    const draft = drafts[index];
    if (!draft || draft.mode === "audit") continue;
    const { decision } = draft;
    if (decision.text !== undefined && decision.ref)
      entries.set(decision.ref, { ref: decision.ref, text: block.text });
  }
  return saveOriginals(store, [...entries.values()], storeTimeoutMs, signal);
}

/** What the store has to say stands in the row of every block that relies on it. */
function withWarnings(decided: DecidedBlock, warnings: readonly string[]): DecidedBlock {
  const { row } = decided;
  if (row.ref === undefined || warnings.length === 0) return decided;
  const said = clip(warnings.join("; "), MAX_WARNING);
  return { ...decided, row: { ...row, reason: `${row.reason}; the store says: ${said}` } };
}

/** The store does not have the original: the lossless form without a ref, else the block as it was. */
async function withoutStore(
  placed: PlacedBlock,
  decision: Changed,
  mode: Mode,
  problem: string,
  engine: Engine,
  milliseconds: number,
): Promise<DecidedBlock> {
  const { tokensBefore } = decision;
  // Found anew: where more is allowed, even a lossless form may be another one.
  const shrunk = await shrinkWith(placed, mode, false, tokensBefore, engine);
  const plain =
    shrunk.form?.lossless && !addsMarker(shrunk.form.body, placed.block.text)
      ? gate(shrunk.form, tokensBefore, undefined, engine.counter)
      : undefined;
  const down: Partial<BlockReport> = { outcome: "store-down", reason: problem };
  const base = report(
    placed,
    plain ?? unchanged("store-down", problem, tokensBefore),
    milliseconds,
  );
  return { ...base, row: { ...base.row, ...down } };
}

/** What would have happened, without its happening. */
function audited(placed: PlacedBlock, decision: Decision, milliseconds: number): DecidedBlock {
  if (decision.text === undefined) return report(placed, decision, milliseconds);
  const { form, tokensBefore, tokensAfter } = decision;
  const reason = `audit: ${form.compressor} would give ${tokensAfter} tokens, ${form.lossless ? "lossless" : "shortened"}`;
  return {
    ...report(placed, unchanged("protected", reason, tokensBefore), milliseconds),
    projectedTokens: tokensAfter,
  };
}

function overdue(
  { block }: PlacedBlock,
  { counter, options }: Engine,
): { decision: Decision; mode: Mode } {
  const reason = `not reached within deadlineMs (${options.deadlineMs})`;
  return { mode: "lossless", decision: unchanged("declined", reason, counter.count(block.text)) };
}

function unchanged(outcome: Outcome, reason: string, tokensBefore: number): Unchanged {
  return { outcome, reason, tokensBefore };
}

function report(
  { message, block }: PlacedBlock,
  decision: Decision,
  milliseconds: number,
): DecidedBlock {
  const { tokensBefore } = decision;
  const place = {
    message,
    block: block.id,
    role: block.role,
    ...(block.toolName === undefined ? {} : { toolName: block.toolName }),
  };
  if (decision.text === undefined) {
    const { outcome, reason } = decision;
    return {
      row: { ...place, outcome, reason, tokensBefore, tokensAfter: tokensBefore, milliseconds },
    };
  }
  const { form, text, tokensAfter, ref } = decision;
  const row: BlockReport = {
    ...place,
    outcome: "compressed",
    reason: form.lossless ? "lossless" : "shortened, original kept",
    kind: form.kind,
    compressor: form.compressor,
    lossless: form.lossless,
    ...(form.lossless ? {} : { omitted: form.omitted }),
    tokensBefore,
    tokensAfter,
    ...(ref === undefined ? {} : { ref }),
    milliseconds,
  };
  return { row, text };
}
