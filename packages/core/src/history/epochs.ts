/**
 * When older turns shrink, and which: found by replaying the transcript from its start.
 *
 * After each message the tokens so far are compared with the trigger, so that what was decided for the first messages does not depend
 * on those behind them: a request and every later one find the same epochs. Between two epochs nothing changes. An epoch has to save a
 * part of the way from trigger to target, else there is none: a broken prefix costs what the next tokens save.
 */
import type { Changed, PlacedBlock } from "../block.ts";
import type { MessageFrame } from "../transcript.ts";
import type { ResolvedHistory } from "./options.ts";
import { staleReads } from "./stale.ts";

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

/** What history may do with a block. */
export interface OldBlock {
  readonly placed: PlacedBlock;
  /** Tokens as it is sent in its own turn. */
  readonly tokens: number;
  /** Whether it may shrink at all, once it is old. */
  readonly mayShrink: boolean;
}

/** What a replay asks for. Answers depend on what is asked and on the transcript only. */
export interface Asked {
  /** A shorter form; `undefined` where there is none. @param why for a stub: a sentence about the result */
  shrink(index: number, depth: Depth, why?: string): Promise<Changed | undefined>;
  /** Tokens of all blocks, where some have shrunk: others may have referred to them. */
  tokensWith(shrunk: ReadonlyMap<number, Changed>): Promise<readonly number[]>;
}

export interface Replayed {
  readonly epochs: readonly Epoch[];
  /** New decisions by index of the block. */
  readonly shrunk: ReadonlyMap<number, Changed>;
  /** Since the last epoch another one was tried that saved too little. */
  readonly wasTried: boolean;
}

/** An epoch saves at least this part of the way from trigger to target. */
const LEAST_PART = 0.25;
/** Less is not worth the look of a reader. */
const LEAST_TOKENS_SAVED = 24;

interface Candidate {
  readonly index: number;
  /** What else can be done, the mildest first. */
  depths: readonly Depth[];
  tokens: number;
}

/** @param frames one for each message */
export async function replay(
  blocks: readonly OldBlock[],
  frames: readonly MessageFrame[],
  history: ResolvedHistory,
  asked: Asked,
): Promise<Replayed> {
  const { triggerTokens, targetTokens, keepRecentTurns } = history;
  const leastSaved = Math.max(1, Math.ceil((triggerTokens - targetTokens) * LEAST_PART));
  const stale = staleReads(history.files);
  let shrunk: ReadonlyMap<number, Changed> = new Map();
  let tokens = blocks.map((block) => block.tokens);
  let wasTried = false;
  const epochs: Epoch[] = [];
  const turns: number[] = [];
  let candidates: Candidate[] = [];
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
    for (; blocks[at]?.placed.message === message; at++) total += tokens[at] ?? 0;
    stale.add(
      blocks.slice(first, at).map(({ placed }) => placed),
      first,
    );
    if (total <= triggerTokens) continue;
    const cut = turns.at(-keepRecentTurns) ?? 0;
    for (; (blocks[youngest]?.placed.message ?? cut) < cut; youngest++) {
      const made = candidate(youngest, blocks[youngest], tokens[youngest] ?? 0);
      if (!made) continue;
      candidates.push(made);
      fresh += made.tokens;
    }
    if (fresh < leastSaved) continue;
    fresh = 0;
    const plan = await planned(candidates, total - targetTokens, stale.why, asked);
    if (plan.saved < leastSaved) continue;
    const next = new Map([...shrunk, ...plan.chosen]);
    const nextTokens = await asked.tokensWith(next);
    let saved = 0;
    for (let index = 0; index < at; index++)
      saved += (tokens[index] ?? 0) - (nextTokens[index] ?? 0);
    wasTried = saved < leastSaved;
    if (wasTried) continue;
    epochs.push({ message, tokensBefore: total, tokensAfter: total - saved });
    total -= saved;
    [shrunk, tokens] = [next, [...nextTokens]];
    candidates = plan.left.map((left) => ({ ...left, tokens: tokens[left.index] ?? 0 }));
  }
  return { epochs, shrunk, wasTried };
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

async function planned(
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
