/**
 * One request through the pipeline: decide every block, store the originals of those that change, write the report.
 *
 * Originals are stored together at the end, before anything leaves.
 */
import {
  audited,
  type Changed,
  type Decided,
  type Decision,
  type FinishedBlock,
  finish,
  type PlacedBlock,
  unchanged,
} from "./block.ts";
import { clip } from "./ccr/clip.ts";
import { decide, type Engine, remember, withoutRef } from "./decide.ts";
import { Interruption } from "./forms/pace.ts";
import { RunnerFailure } from "./forms/runner.ts";
import type { Scheduler } from "./forms/schedule.ts";
import { Repeats } from "./repeat/stage.ts";
import { keptOf, type Saved, saveOriginals } from "./save.ts";
import type { PlacedCall } from "./transcript.ts";
import type { Pace } from "./types/runner.ts";
import type { CcrEntry, CcrRef } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** What a run of the pipeline needs besides blocks and engine. */
export interface Run {
  /** False for `simulate`: nothing is stored. */
  readonly writes: boolean;
  /** Texts that were shortened in an earlier request stay so; the others are not shortened now. */
  readonly losslessIfNew: boolean;
  readonly signal?: AbortSignal;
  readonly scheduler: Scheduler;
  /** The tool calls of the transcript, in order. */
  readonly calls?: readonly PlacedCall[];
}

/** A block that has been decided. */
interface Draft extends Decided {
  readonly placed: PlacedBlock;
  readonly milliseconds: number;
}

/** Decides all blocks, in order, and stores the originals of those that changed. Rejects with the reason of an aborted signal. */
export async function run(
  blocks: readonly PlacedBlock[],
  engine: Engine,
  { writes, losslessIfNew, signal, scheduler, calls = [] }: Run,
): Promise<readonly FinishedBlock[]> {
  const { options } = engine;
  const pace = scheduler.pace(signal, options.deadlineMs);
  const repeats = options.repeats ? new Repeats(calls, engine.documents) : undefined;
  let drafts: Draft[] = [];
  for (const placed of blocks) {
    signal?.throwIfAborted();
    const started = performance.now();
    const decided = await inTime(placed, engine, pace, repeats);
    repeats?.add(placed, decided.decision, decided.rest);
    drafts.push({ placed, ...decided, milliseconds: performance.now() - started });
  }
  if (losslessIfNew) drafts = await losslessWhereNew(drafts, engine, pace, { writes, signal });
  const { unsafe, warnings } = writes ? await save(drafts, engine, signal) : NOTHING_SAVED;
  signal?.throwIfAborted();
  if (writes)
    for (const { decision } of drafts)
      if (isView(decision) && !unsafe.has(decision.ref)) engine.sent.add(decision.ref);
  const finished: FinishedBlock[] = [];
  for (const draft of drafts) {
    const { decision, placed, milliseconds } = draft;
    const problem =
      decision.text !== undefined && decision.ref ? unsafe.get(decision.ref) : undefined;
    if (draft.mode === "audit") finished.push(audited(placed, decision, milliseconds));
    else if (problem === undefined)
      finished.push(withWarnings(finish(placed, decision, milliseconds), warnings));
    else finished.push(await storeDown(draft, problem, engine, pace));
  }
  return finished;
}

/** Decides a block, or leaves it as it is when the deadline comes first or the runner fails. */
async function inTime(
  placed: PlacedBlock,
  engine: Engine,
  pace: Pace,
  repeats: Repeats | undefined,
): Promise<Decided> {
  const { text } = placed.block;
  const { deadlineMs } = engine.options;
  let tokens: number | undefined;
  try {
    await pace.rest();
    tokens = await engine.runner.count(text, pace);
    return await decide(placed, tokens, engine, pace, repeats);
  } catch (error) {
    throwUnlessSurvived(error);
    tokens ??= guessTokens(text, engine.counter);
    const decision =
      error instanceof RunnerFailure
        ? unchanged("failed", clip(`the runner failed: ${error.message}`, MAX_WORDS), tokens)
        : unchanged("declined", `not reached within deadlineMs (${deadlineMs})`, tokens);
    return { mode: "lossless", decision };
  }
}

/** Goes on where the deadline is over or the runner has failed; throws the reason of an aborted signal, and every other error. */
function throwUnlessSurvived(error: unknown): void {
  if (error instanceof RunnerFailure) return;
  if (!Interruption.isInstance(error)) throw error;
  error.signal?.throwIfAborted();
}

/** Characters that are counted when there is no time left to count all. */
const HEAD_CHARACTERS = 16_384;

/** Tokens of a text, those of a long one guessed from its head. */
function guessTokens(text: string, counter: TokenCounter): number {
  const head = text.slice(0, HEAD_CHARACTERS);
  const tokens = counter.count(head);
  return head.length === text.length ? tokens : Math.round((tokens * text.length) / head.length);
}

async function storeDown(
  { placed, decision, mode, milliseconds }: Draft,
  problem: string,
  engine: Engine,
  pace: Pace,
): Promise<FinishedBlock> {
  if (decision.text === undefined) return finish(placed, decision, milliseconds);
  const otherwise = unchanged("store-down", problem, decision.tokensBefore);
  const made = await withoutRefInTime(placed, decision, mode, otherwise, engine, pace);
  const { row, ...rest } = finish(placed, made ?? otherwise, milliseconds);
  return { ...rest, row: { ...row, outcome: "store-down", reason: problem } };
}

/** What `withoutRef` gives; `undefined` where the deadline comes first or the runner fails. */
async function withoutRefInTime(
  ...given: Parameters<typeof withoutRef>
): Promise<Decision | undefined> {
  try {
    return await withoutRef(...given);
  } catch (error) {
    throwUnlessSurvived(error);
    return undefined;
  }
}

/** A decision that leaves something out, in a form the model can ask about. */
function isView(decision: Decision): decision is Changed & { readonly ref: CcrRef } {
  return decision.text !== undefined && !decision.form.lossless && decision.ref !== undefined;
}

/**
 * Takes the lossless form for every view that has not left before, from this process or another one. Later calls keep that form, so
 * that the bytes of a transcript stay the same.
 */
async function losslessWhereNew(
  drafts: readonly Draft[],
  engine: Engine,
  pace: Pace,
  { writes, signal }: { readonly writes: boolean; readonly signal: AbortSignal | undefined },
): Promise<Draft[]> {
  const { store, storeTimeoutMs } = engine.options;
  const views = drafts.filter(({ mode }) => mode !== "audit").map(({ decision }) => decision);
  const refs = new Set(views.filter(isView).map(({ ref }) => ref));
  const unknown = [...refs].filter((ref) => !engine.sent.has(ref));
  const marks = new Map(unknown.map((ref) => [ref, engine.sent.markOf(ref)?.ref]));
  const asked = [...marks.values()].filter((mark) => mark !== undefined);
  const found = store ? await keptOf(store, asked, storeTimeoutMs, signal) : new Set<CcrRef>();
  const isNew = new Set(unknown.filter((ref) => !found.has(marks.get(ref) ?? ref)));
  const settled: Draft[] = [];
  for (const draft of drafts) {
    const { decision, placed, mode } = draft;
    if (mode === "audit" || !isView(decision) || !isNew.has(decision.ref)) {
      settled.push(draft);
      continue;
    }
    const otherwise = unchanged("declined", NOTHING_LOSSLESS, decision.tokensBefore);
    const made = await withoutRefInTime(placed, decision, mode, otherwise, engine, pace);
    const instead: Decision = { ...(made ?? otherwise), insteadOfView: true };
    if (writes && made) remember(placed, { mode, decision: instead }, engine);
    settled.push({ ...draft, decision: instead });
  }
  return settled;
}

const NOTHING_LOSSLESS = "new where the model cannot retrieve, and no lossless form is smaller";
const NOTHING_SAVED: Saved = { unsafe: new Map(), warnings: [] };
/** The most characters of a store's warnings, or of a runner's error, in one row. */
const MAX_WORDS = 300;

async function save(
  drafts: readonly Draft[],
  { options: { store, storeTimeoutMs }, sent }: Engine,
  signal: AbortSignal | undefined,
): Promise<Saved> {
  if (!store) return NOTHING_SAVED;
  const entries = new Map<CcrRef, CcrEntry>();
  for (const { decision, mode, placed } of drafts) {
    if (mode === "audit" || decision.text === undefined || !decision.ref) continue;
    entries.set(decision.ref, { ref: decision.ref, text: placed.block.text });
    const mark =
      isView(decision) && !sent.has(decision.ref) ? sent.markOf(decision.ref) : undefined;
    if (mark) entries.set(mark.ref, mark);
  }
  return saveOriginals(store, [...entries.values()], storeTimeoutMs, signal);
}

/** Adds the store's warnings to the reason of a row whose original it keeps. */
function withWarnings(finished: FinishedBlock, warnings: readonly string[]): FinishedBlock {
  const { row } = finished;
  if (row.ref === undefined || warnings.length === 0) return finished;
  const said = clip(warnings.join("; "), MAX_WORDS);
  return { ...finished, row: { ...row, reason: `${row.reason}; the store says: ${said}` } };
}
