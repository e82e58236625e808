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
import { decide, decideLate, type Engine, remember, withoutRef } from "./decide.ts";
import { Interruption } from "./forms/pace.ts";
import { RunnerFailure } from "./forms/runner.ts";
import type { Scheduler } from "./forms/schedule.ts";
import type { Epoch } from "./history/epochs.ts";
import type { Repeats } from "./repeat/stage.ts";
import { keptOf, type Saved, saveOriginals } from "./save.ts";
import type { MessageFrame, PlacedCall } from "./transcript.ts";
import type { Pace } from "./types/runner.ts";
import type { CcrEntry, CcrRef } from "./types/store.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** What a run of the pipeline needs besides blocks and engine. */
export interface Run {
  /** False for `simulate`: nothing is stored. */
  readonly writes: boolean;
  /** Texts that were shortened in an earlier request stay so; the others are not shortened now. */
  readonly losslessIfNew: boolean;
  /** The tool calls of the transcript, in order. */
  readonly calls?: readonly PlacedCall[];
  /** Milliseconds; what is not reached by then stays as it is. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal;
  readonly scheduler: Scheduler;
  /** The messages around the blocks. Absent where there is no transcript. */
  readonly frames?: readonly MessageFrame[];
}

/** What a run has made. */
export interface RunResult {
  readonly finished: readonly FinishedBlock[];
  /** Absent without `history`. */
  readonly epochs?: readonly Epoch[];
}

/** A block that has been decided. */
interface Draft extends Decided {
  readonly placed: PlacedBlock;
  readonly milliseconds: number;
  /** What was decided before the block grew old. */
  readonly young?: Decision;
}

/** Decides all blocks, in order, and stores the originals of those that changed. Rejects with the reason of an aborted signal. */
export async function run(
  blocks: readonly PlacedBlock[],
  engine: Engine,
  given: Run,
): Promise<RunResult> {
  const { writes, losslessIfNew, signal, scheduler, deadlineMs, frames, calls = [] } = given;
  const pace = scheduler.pace(signal, deadlineMs);
  const guess = tokenGuess(engine.counter);
  // Loaded with the first request: what starts with the program stays small.
  const stageOf = engine.options.repeats ? await engine.parts.repeats?.() : undefined;
  const decideAll = async (old: ReadonlyMap<number, Changed>): Promise<Draft[]> => {
    const repeats = stageOf?.(calls);
    const drafts: Draft[] = [];
    for (const [index, placed] of blocks.entries()) {
      signal?.throwIfAborted();
      const started = performance.now();
      const shrunk = old.get(index);
      const decided: Decided = shrunk
        ? { decision: shrunk, mode: engine.options.mode }
        : await inTime(placed, engine, pace, { ...given, guess, repeats });
      const sent = shrunk ? { ...shrunk, isOld: true } : decided.decision;
      repeats?.add(placed, sent, decided.rest);
      drafts.push({ placed, ...decided, milliseconds: performance.now() - started });
    }
    if (!losslessIfNew) return drafts;
    return losslessWhereNew(drafts, old, engine, pace, { writes, signal });
  };
  let drafts = await decideAll(new Map());
  const aged = frames && (await withHistory(drafts, frames, engine, pace, { ...given, decideAll }));
  if (aged) drafts = aged.drafts;
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
    else if (draft.young?.text === undefined && draft.young)
      finished.push(finish(placed, draft.young, milliseconds));
    else if (draft.young?.repeats) {
      // What it referred to when it was young may have shrunk as well.
      const whole = unchanged("store-down", problem, decision.tokensBefore);
      finished.push(finish(placed, whole, milliseconds));
    } else
      finished.push(
        await storeDown({ ...draft, decision: draft.young ?? decision }, problem, engine, pace),
      );
  }
  return { finished, ...(aged ? { epochs: aged.epochs } : {}) };
}

interface Aged {
  readonly drafts: Draft[];
  readonly epochs: readonly Epoch[];
}

/**
 * Shrinks what has grown old. Where the deadline comes first or the runner fails, nothing more does than in earlier calls. A model that
 * cannot retrieve gets those shortened that have left so before.
 */
async function withHistory(
  drafts: Draft[],
  frames: readonly MessageFrame[],
  engine: Engine,
  pace: Pace,
  {
    losslessIfNew: isSettledByOthers,
    signal,
    decideAll,
  }: Pick<Run, "losslessIfNew" | "signal"> & {
    /** Decides all blocks anew, those that are old as given: what stands behind them may have referred to them. */
    readonly decideAll: (old: ReadonlyMap<number, Changed>) => Promise<Draft[]>;
  },
): Promise<Aged | undefined> {
  const { history, mode, store } = engine.options;
  const load = engine.parts.history;
  if (!history || !load || !store || mode === "audit") return undefined;
  const { replayHistory, replays } = await load();
  try {
    const request = { drafts, frames, history, replays, isSettledByOthers, decideAll };
    const survives = throwUnlessSurvived;
    const replayed = await replayHistory({ ...request, survives }, engine, pace);
    let { shrunk, drafts: made } = replayed;
    if (isSettledByOthers) {
      const isNew = await newViews([...shrunk.values()].filter(isView), engine, signal);
      shrunk = new Map(
        [...shrunk].filter(([, old]) => old.ref !== undefined && !isNew.has(old.ref)),
      );
      if (shrunk.size === 0) return { drafts, epochs: [] };
      if (shrunk.size < replayed.shrunk.size) made = await decideAll(shrunk);
    }
    const aged = made.map((draft, index) => {
      const decision = shrunk.get(index);
      const young = drafts[index]?.decision;
      return decision && young ? { ...draft, decision, young } : draft;
    });
    return { drafts: aged, epochs: replayed.epochs };
  } catch (error) {
    throwUnlessSurvived(error);
    return { drafts, epochs: [] };
  }
}

/** Decides a block, or leaves it as it is when the deadline comes first or the runner fails. */
async function inTime(
  placed: PlacedBlock,
  engine: Engine,
  pace: Pace,
  {
    deadlineMs,
    writes,
    guess,
    repeats,
  }: Run & { readonly guess: TokenGuess; readonly repeats: Repeats | undefined },
): Promise<Decided> {
  const { text } = placed.block;
  let tokens: number | undefined;
  try {
    await pace.rest();
    tokens = await engine.runner.count(text, pace);
    return await decide(placed, tokens, engine, pace, repeats);
  } catch (error) {
    throwUnlessSurvived(error);
    tokens ??= guess(text);
    if (!(error instanceof RunnerFailure)) {
      const reason = `not reached within deadlineMs (${deadlineMs})`;
      return decideLate(placed, tokens, engine, { writes, reason, repeats });
    }
    const reason = clip(`the runner failed: ${error.message}`, MAX_WORDS);
    return { mode: "lossless", decision: unchanged("failed", reason, tokens), isCutShort: true };
  }
}

/** Goes on where the deadline is over or the runner has failed; throws the reason of an aborted signal, and every other error. */
function throwUnlessSurvived(error: unknown): void {
  if (error instanceof RunnerFailure) return;
  if (!Interruption.isInstance(error)) throw error;
  error.signal?.throwIfAborted();
}

type TokenGuess = (text: string) => number;

/** Characters that are counted of a text for which there is no time, and of all such texts of a run. */
const HEAD_CHARACTERS = 16_384;
const ALL_HEADS = 65_536;

/** Guesses tokens from the heads of texts: nobody gets a turn while it counts. Once enough was counted, from their lengths. */
function tokenGuess(counter: TokenCounter): TokenGuess {
  let counted = 0;
  let characters = 0;
  return (text) => {
    if (characters >= ALL_HEADS) return Math.round((counted * text.length) / characters);
    const head = text.slice(0, HEAD_CHARACTERS);
    const tokens = counter.count(head);
    counted += tokens;
    characters += head.length;
    return head.length === text.length ? tokens : Math.round((tokens * text.length) / head.length);
  };
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
  old: ReadonlyMap<number, Changed>,
  engine: Engine,
  pace: Pace,
  { writes, signal }: { readonly writes: boolean; readonly signal: AbortSignal | undefined },
): Promise<Draft[]> {
  // Whether what has grown old may be sent is asked when all of it is known.
  const isAsked = ({ mode }: Draft, index: number): boolean => mode !== "audit" && !old.has(index);
  const views = drafts.filter(isAsked).map(({ decision }) => decision);
  const isNew = await newViews(views.filter(isView), engine, signal);
  const settled: Draft[] = [];
  for (const [index, draft] of drafts.entries()) {
    const { decision, placed, mode } = draft;
    if (!isAsked(draft, index) || !isView(decision) || !isNew.has(decision.ref)) {
      settled.push(draft);
      continue;
    }
    const otherwise = unchanged("declined", NOTHING_LOSSLESS, decision.tokensBefore);
    const made = await withoutRefInTime(placed, decision, mode, otherwise, engine, pace);
    const instead: Decision = { ...(made ?? otherwise), insteadOfView: true };
    if (writes && made) remember(placed, { ...draft, decision: instead }, engine);
    settled.push({ ...draft, decision: instead });
  }
  return settled;
}

/** Refs of the views that have not left before. */
async function newViews(
  views: readonly { readonly ref: CcrRef }[],
  { options: { store, storeTimeoutMs }, sent }: Engine,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<CcrRef>> {
  const refs = new Set(views.map(({ ref }) => ref));
  const unknown = [...refs].filter((ref) => !sent.has(ref));
  const marks = new Map(unknown.map((ref) => [ref, sent.markOf(ref)?.ref]));
  const asked = [...marks.values()].filter((mark) => mark !== undefined);
  const found = store ? await keptOf(store, asked, storeTimeoutMs, signal) : new Set<CcrRef>();
  return new Set(unknown.filter((ref) => !found.has(marks.get(ref) ?? ref)));
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
