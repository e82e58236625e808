/**
 * When older turns shrink, and which: found by replaying the transcript from its start.
 *
 * After each message the tokens so far are compared with the trigger, so that what was decided for the first messages does not depend
 * on those behind them: a request and every later one find the same epochs. Between two epochs nothing changes. An epoch has to save a
 * part of the way from trigger to target, else there is none: a broken prefix costs what the next tokens save.
 */
import type { Changed, PlacedBlock } from "../block.ts";
import type { MessageFrame } from "../transcript.ts";
import type { ToolCall } from "../types/message.ts";
import type { FileUse } from "./file-use.ts";
import type { ResolvedHistory } from "./options.ts";
import { type StaleReads, staleReads } from "./stale.ts";

/** One step in which older turns shrank. */
export interface Epoch {
  /** Index of the message after which the transcript was too long. */
  readonly message: number;
  /** Tokens of the compressed transcript up to that message. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** How much is left of a result or a text. */
export type Depth = "extract" | "stub" | "view";

/** A block as it is sent in its own turn, and what history may do with it. */
export interface OldBlock extends Sent {
  readonly placed: PlacedBlock;
  /** Whether it may shrink at all, once it is old. */
  readonly mayShrink: boolean;
}

/** What a replay asks for. Answers depend on what is asked and on the transcript only. */
export interface Asked {
  /** A shorter form; `undefined` where there is none. @param why for a stub: a sentence about the result */
  shrink(index: number, depth: Depth, why?: string): Promise<Changed | undefined>;
  /** All blocks, where some have shrunk: others may have referred to them. */
  blocksWith(shrunk: ReadonlyMap<number, Changed>): Promise<readonly Sent[]>;
  /** What a call does with files. */
  filesOf(call: ToolCall): readonly FileUse[];
  /** Throws what ends the call; returns where the epochs that are known so far hold: there was no time for another. */
  survives(error: unknown): void;
}

/** How a block is sent. */
export interface Sent {
  readonly tokens: number;
  /** It refers to a text that stands above. */
  readonly refersBack: boolean;
}

export interface Replayed {
  readonly epochs: readonly Epoch[];
  /** New decisions by index of the block. */
  readonly shrunk: ReadonlyMap<number, Changed>;
}

/** An epoch saves at least this part of the way from trigger to target. */
const LEAST_PART = 0.25;
/** Less is not worth the look of a reader. */
const LEAST_TOKENS_SAVED = 24;

export interface Candidate {
  readonly index: number;
  /** What else can be done, the mildest first. */
  depths: readonly Depth[];
  tokens: number;
}

/** The outcome of a try after a message; `undefined` where it saved too little. */
export interface Tried {
  readonly saved: number;
  readonly shrunk: ReadonlyMap<number, Changed>;
  readonly sent: readonly Sent[];
  /** Candidates of the next try. */
  readonly left: readonly Candidate[];
}

/** What was tried before, by index of the message. A memory of a pure function: see `memory.ts`. */
export type Tries = Map<number, Tried | undefined>;

/**
 * @param frames one for each message
 * @param tries of the same messages, where they are known; gets what is tried now
 */
export async function replay(
  blocks: readonly OldBlock[],
  frames: readonly MessageFrame[],
  history: ResolvedHistory,
  asked: Asked,
  tries: Tries,
): Promise<Replayed> {
  const { triggerTokens, targetTokens, keepRecentTurns } = history;
  const leastSaved = Math.max(1, Math.ceil((triggerTokens - targetTokens) * LEAST_PART));
  const stale = staleReads(asked.filesOf);
  let shrunk: ReadonlyMap<number, Changed> = new Map();
  let sent: readonly Sent[] = blocks;
  const epochs: Epoch[] = [];
  const turns: number[] = [];
  let candidates: readonly Candidate[] = [];
  /** Blocks that are not candidates yet, from this one on. */
  let youngest = 0;
  /** Tokens of candidates that came since the last try. */
  let fresh = 0;
  let total = 0;
  let at = 0;
  for (const [message, frame] of frames.entries()) {
    if (frame.startsTurn) turns.push(message);
    total += frame.tokens;
    const first = at;
    for (; blocks[at]?.placed.message === message; at++) {
      // What is remembered ends where the transcript ended then.
      if (at >= sent.length) sent = await asked.blocksWith(shrunk);
      total += sent[at]?.tokens ?? 0;
    }
    stale.add(
      blocks.slice(first, at).map(({ placed }) => placed),
      first,
    );
    if (total <= triggerTokens) continue;
    const cut = turns.at(-keepRecentTurns) ?? 0;
    const grown: Candidate[] = [];
    for (; (blocks[youngest]?.placed.message ?? cut) < cut; youngest++) {
      const made = candidate(youngest, blocks[youngest], sent[youngest]?.tokens ?? 0);
      if (!made) continue;
      grown.push(made);
      fresh += made.tokens;
    }
    if (grown.length > 0) candidates = [...candidates, ...grown];
    if (fresh < leastSaved) continue;
    fresh = 0;
    const wanted = total - targetTokens;
    let tried = tries.get(message);
    try {
      if (!tries.has(message))
        tried = await tryEpoch({ candidates, shrunk, sent, at, wanted, leastSaved }, stale, asked);
    } catch (error) {
      asked.survives(error);
      break;
    }
    tries.set(message, tried);
    if (!tried) continue;
    epochs.push({ message, tokensBefore: total, tokensAfter: total - tried.saved });
    total -= tried.saved;
    ({ shrunk, sent, left: candidates } = tried);
  }
  return { epochs, shrunk };
}

interface State {
  readonly candidates: readonly Candidate[];
  readonly shrunk: ReadonlyMap<number, Changed>;
  readonly sent: readonly Sent[];
  /** Blocks in front of this one count. */
  readonly at: number;
  /** Tokens to save. */
  readonly wanted: number;
  readonly leastSaved: number;
}

/** More plans are not made where what was planned saves less than it seemed. */
const MAX_PLANS = 3;

async function tryEpoch(
  { candidates, shrunk, sent, at, wanted, leastSaved }: State,
  stale: StaleReads,
  asked: Asked,
): Promise<Tried | undefined> {
  // A later read that refers to this one is no other copy of it.
  const why = (index: number): string | undefined => {
    const reason = stale.why(index);
    return reason?.by !== undefined && sent[reason.by]?.refersBack ? undefined : reason?.words;
  };
  let planned = wanted;
  for (let plans = 1; ; plans++) {
    const plan = await planFor(candidates, planned, why, asked);
    if (plan.saved < leastSaved) return undefined;
    const next = new Map([...shrunk, ...plan.chosen]);
    const nextSent = await asked.blocksWith(next);
    let saved = 0;
    for (let index = 0; index < at; index++)
      saved += (sent[index]?.tokens ?? 0) - (nextSent[index]?.tokens ?? 0);
    // Texts that referred to what is gone now stand there whole.
    if (saved < wanted && plan.saved >= planned && plans < MAX_PLANS) {
      planned = plan.saved + wanted - saved;
      continue;
    }
    if (saved < leastSaved) return undefined;
    const left = plan.left.map((one) => ({ ...one, tokens: nextSent[one.index]?.tokens ?? 0 }));
    return { saved, shrunk: next, sent: nextSent, left };
  }
}

function candidate(
  index: number,
  block: OldBlock | undefined,
  tokens: number,
): Candidate | undefined {
  if (!block?.mayShrink || tokens < 2 * LEAST_TOKENS_SAVED) return undefined;
  const depths: readonly Depth[] =
    block.placed.block.role === "assistant" ? ["extract"] : ["view", "stub"];
  return { index, depths, tokens };
}

interface Plan {
  readonly saved: number;
  readonly chosen: ReadonlyMap<number, Changed>;
  /** Candidates of the next epoch. */
  readonly left: Candidate[];
}

type Pass = (candidate: Candidate) => { readonly depth: Depth; readonly why?: string } | undefined;

/** What goes, in this order, the oldest first and only as much as is needed. */
function passes(why: (index: number) => string | undefined): readonly Pass[] {
  const has = ({ depths }: Candidate, depth: Depth): { depth: Depth } | undefined =>
    depths.includes(depth) ? { depth } : undefined;
  return [
    (candidate) => {
      const reason = why(candidate.index);
      return reason !== undefined && has(candidate, "stub")
        ? { depth: "stub", why: reason }
        : undefined;
    },
    (candidate) => has(candidate, "view"),
    (candidate) => has(candidate, "extract"),
    (candidate) => has(candidate, "stub"),
  ];
}

async function planFor(
  candidates: readonly Candidate[],
  wanted: number,
  why: (index: number) => string | undefined,
  { shrink }: Asked,
): Promise<Plan> {
  const chosen = new Map<number, Changed>();
  const open = candidates.map((candidate) => ({ ...candidate }));
  let saved = 0;
  for (const pass of passes(why)) {
    for (const candidate of open) {
      if (saved >= wanted) break;
      const step = pass(candidate);
      if (!step) continue;
      const made = await shrink(candidate.index, step.depth, step.why);
      // A deeper form may still be smaller, a milder one is no longer wanted.
      candidate.depths = candidate.depths.slice(candidate.depths.indexOf(step.depth) + 1);
      const less = candidate.tokens - (made?.tokensAfter ?? candidate.tokens);
      if (!made || less < LEAST_TOKENS_SAVED) continue;
      chosen.set(candidate.index, made);
      candidate.tokens = made.tokensAfter;
      saved += less;
    }
  }
  return { saved, chosen, left: open.filter(({ depths }) => depths.length > 0) };
}
