/** The step between the decisions of a request and its report: what has grown old shrinks. */
import type { Changed, Decided, PlacedBlock } from "../block.ts";
import type { Engine } from "../decide.ts";
import type { MessageFrame } from "../transcript.ts";
import type { Pace } from "../types/runner.ts";
import { type OldBlock, type Replayed, replay } from "./epochs.ts";
import type { ResolvedHistory } from "./options.ts";
import { mayShrink, shrunken } from "./shrink.ts";

interface Draft extends Decided {
  readonly placed: PlacedBlock;
}

interface Request<Any extends Draft> {
  /** As everything is sent in its own turn. */
  readonly drafts: readonly Any[];
  readonly frames: readonly MessageFrame[];
  readonly history: ResolvedHistory;
  decideAll(old: ReadonlyMap<number, Changed>): Promise<readonly Any[]>;
}

/** Replays a request. Rejects as `decide` does. */
export async function replayHistory<Any extends Draft>(
  { drafts, frames, history, decideAll }: Request<Any>,
  engine: Engine,
  pace: Pace,
): Promise<Replayed & { readonly drafts: readonly Any[] }> {
  const total = frames.reduce((sum, { tokens }) => sum + tokens, 0);
  const all = drafts.reduce((sum, draft) => sum + tokensOf(draft), total);
  // Tokens only grow until the first epoch.
  if (all <= history.triggerTokens)
    return { epochs: [], shrunk: new Map(), wasTried: false, drafts };
  const blocks = drafts.map((draft): OldBlock => {
    const { placed } = draft;
    const isPinned = frames[placed.message]?.isPinned === true;
    return {
      placed,
      tokens: tokensOf(draft),
      mayShrink: mayShrink(placed, draft, isPinned, engine),
    };
  });
  let latest = drafts;
  const replayed = await replay(blocks, frames, history, {
    async shrink(index, depth, why) {
      const draft = drafts[index];
      if (!draft) return undefined;
      await pace.rest();
      const { placed, decision } = draft;
      return shrunken(placed, decision.tokensBefore, depth, why, engine, pace);
    },
    async tokensWith(old) {
      latest = await decideAll(old);
      return latest.map(tokensOf);
    },
  });
  // The last that was tried need not be the last that was taken.
  if (replayed.epochs.length > 0 && replayed.wasTried) latest = await decideAll(replayed.shrunk);
  return { ...replayed, drafts: replayed.epochs.length > 0 ? latest : drafts };
}

function tokensOf({ decision }: Draft): number {
  return decision.text === undefined ? decision.tokensBefore : decision.tokensAfter;
}
