/** The step between the decisions of a request and its report: what has grown old shrinks. */
import type { Decided, PlacedBlock } from "../block.ts";
import type { Engine } from "../decide.ts";
import type { MessageFrame } from "../transcript.ts";
import type { Pace } from "../types/runner.ts";
import { type OldBlock, type Replayed, replay } from "./epochs.ts";
import type { ResolvedHistory } from "./options.ts";
import { mayShrink, shrunken } from "./shrink.ts";

interface Draft extends Decided {
  readonly placed: PlacedBlock;
}

/** Replays a request. Rejects as `decide` does. */
export function replayHistory(
  drafts: readonly Draft[],
  frames: readonly MessageFrame[],
  history: ResolvedHistory,
  engine: Engine,
  pace: Pace,
): Promise<Replayed> {
  const total = frames.reduce((sum, { tokens }) => sum + tokens, 0);
  const tokensOf = ({ decision }: Draft): number =>
    decision.text === undefined ? decision.tokensBefore : decision.tokensAfter;
  const all = drafts.reduce((sum, draft) => sum + tokensOf(draft), total);
  // Tokens only grow until the first epoch.
  if (all <= history.triggerTokens) return Promise.resolve({ epochs: [], shrunk: new Map() });
  const blocks = drafts.map((draft): OldBlock => {
    const { placed } = draft;
    const isPinned = frames[placed.message]?.isPinned === true;
    return {
      placed,
      tokens: tokensOf(draft),
      mayShrink: mayShrink(placed, draft, isPinned, engine),
    };
  });
  return replay(blocks, frames, history, async (index, depth, why) => {
    const draft = drafts[index];
    if (!draft) return undefined;
    await pace.rest();
    const { placed, decision } = draft;
    return shrunken(placed, decision.tokensBefore, depth, why, engine, pace);
  });
}
