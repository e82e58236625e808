/** The step between the decisions of a request and its report: what has grown old shrinks. */
import type { Changed, Decided, PlacedBlock } from "../block.ts";
import type { Engine } from "../decide.ts";
import { CHANGES_KIND, REPEAT_KIND } from "../repeat/kind.ts";
import type { MessageFrame } from "../transcript.ts";
import type { Pace } from "../types/runner.ts";
import { type OldBlock, type Replayed, replay, type Sent, type Tries } from "./epochs.ts";
import type { ReplayMemory } from "./memory.ts";
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
  readonly replays: ReplayMemory;
  /** Decisions depend on what has left before: `lossless: "new"`. */
  readonly isSettledByOthers: boolean;
  decideAll(old: ReadonlyMap<number, Changed>): Promise<readonly Any[]>;
  /** Throws what ends the call; returns where only this step ends. */
  survives(error: unknown): void;
}

/** Replays a request. Rejects as `decide` does. */
export async function replayHistory<Any extends Draft>(
  { drafts, frames, history, replays, isSettledByOthers, decideAll, survives }: Request<Any>,
  engine: Engine,
  pace: Pace,
): Promise<Replayed & { readonly drafts: readonly Any[] }> {
  const total = frames.reduce((sum, { tokens }) => sum + tokens, 0);
  const whole = drafts.reduce((sum, draft) => sum + tokensOf(draft), total);
  // Tokens only grow until the first epoch.
  if (whole <= history.triggerTokens) return { epochs: [], shrunk: new Map(), drafts };
  const blocks = drafts.map((draft): OldBlock => {
    const { placed } = draft;
    const isPinned = frames[placed.message]?.isPinned === true;
    return { ...sentAs(draft), placed, mayShrink: mayShrink(placed, draft, isPinned, engine) };
  });
  let latest = drafts;
  let latestOf: ReadonlyMap<number, Changed> | undefined;
  let isWhole = !drafts.some(({ isCutShort }) => isCutShort);
  const decidedWith = async (old: ReadonlyMap<number, Changed>): Promise<readonly Any[]> => {
    if (old !== latestOf) latest = await decideAll(old);
    latestOf = old;
    isWhole &&= !latest.some(({ isCutShort }) => isCutShort);
    return latest;
  };
  const { tools, mode } = engine.options;
  const key = JSON.stringify([tools, mode, engine.counterKey]);
  // What depends on what was sent before is no function of the messages.
  const isPure = !isSettledByOthers;
  const tries: Tries = isPure ? replays.recall(key, { blocks, frames }) : new Map();
  const replayed = await replay(
    blocks,
    frames,
    history,
    {
      async shrink(index, depth, why) {
        const draft = drafts[index];
        if (!draft) return undefined;
        await pace.rest();
        const { placed, decision } = draft;
        return shrunken(placed, decision.tokensBefore, depth, why, engine, pace);
      },
      blocksWith: async (old) => (await decidedWith(old)).map(sentAs),
      filesOf: (call) => replays.filesOf(call, history.files),
      survives(error) {
        survives(error);
        isWhole = false;
      },
    },
    tries,
  );
  const made = replayed.epochs.length > 0 ? await decidedWith(replayed.shrunk) : drafts;
  if (isPure && isWhole) replays.keep(key, { blocks, frames }, tries);
  return { ...replayed, drafts: made };
}

function sentAs(draft: Draft): Sent {
  const { decision } = draft;
  const kinds = decision.text === undefined ? [] : decision.form.kind.split("+");
  const refersBack = kinds.includes(REPEAT_KIND) || kinds.includes(CHANGES_KIND);
  return { tokens: tokensOf(draft), refersBack };
}

function tokensOf({ decision }: Draft): number {
  return decision.text === undefined ? decision.tokensBefore : decision.tokensAfter;
}
