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
import { settle } from "./forms/pace.ts";
import type { ReplayMemory } from "./history/memory.ts";
import type { ResolvedOptions } from "./options.ts";
import { protect } from "./protect.ts";
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
  readonly cache: ResultCache<Decision>;
  readonly sent: SentViews;
  readonly replays: ReplayMemory;
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
): Promise<Decided> {
  const { block, message } = placed;
  const { options } = engine;
  const verdict = protect(placed, tokens, options, (text) =>
    carriesOwnMarker(text, engine.scope, engine.kinds),
  );
  if (verdict.reason !== undefined)
    return {
      mode: "lossless",
      decision: { outcome: "protected", tokensBefore: tokens, ...verdict },
    };
  const { mode } = verdict;
  const info = { message, block: block.id, role: block.role, text: block.text, tokens };
  const toolName = block.toolName === undefined ? {} : { toolName: block.toolName };
  if (options.hooks?.beforeCompress?.({ ...info, ...toolName }) === false)
    return { mode, decision: unchanged("protected", SAID_NO, tokens) };
  const cached = engine.cache.get(block.text, parametersOf(placed, mode, engine));
  // What was left alone for want of time has its tokens guessed.
  if (cached)
    return {
      mode,
      decision: cached.text === undefined ? { ...cached, tokensBefore: tokens } : cached,
    };
  const decision = await decideForm(placed, mode, tokens, engine, pace);
  remember(placed, { mode, decision }, engine);
  return { mode, decision };
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
  { writes, reason }: { readonly writes: boolean; readonly reason: string },
): Decided {
  const decision = unchanged("declined", reason, tokens);
  const verdict = protect(placed, tokens, engine.options, (text) =>
    carriesOwnMarker(text, engine.scope, engine.kinds),
  );
  if (verdict.reason !== undefined) return { mode: "lossless", decision };
  const { mode } = verdict;
  const cached = engine.cache.get(placed.block.text, parametersOf(placed, mode, engine));
  if (cached) return { mode, decision: cached };
  if (writes)
    remember(placed, { mode, decision: unchanged("declined", LEFT_EARLIER, tokens) }, engine);
  return { mode: "lossless", decision };
}

const LEFT_EARLIER = "left as it is by an earlier call, which had no time for it";

/** Why a block stays that a hook wants to stay. */
export const SAID_NO = "beforeCompress said no";

/** Has later calls take this decision for such a block, in place of an earlier one. */
export function remember(placed: PlacedBlock, { mode, decision }: Decided, engine: Engine): void {
  const bytes = 2 * sizeOf(decision) + 256;
  engine.cache.set(placed.block.text, parametersOf(placed, mode, engine), decision, bytes);
}

/** What a decision depends on, besides the text and the options of the instance. */
function parametersOf({ block, query }: PlacedBlock, mode: Mode, { counterKey }: Engine): string {
  return [mode, counterKey, block.isError === true, query ?? ""].join("\0");
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
  { block, query }: PlacedBlock,
  mode: Mode,
  lossy: boolean,
  tokens: number,
  { runner }: Engine,
  pace: Pace,
): Promise<Forms> {
  return runner.forms(
    {
      text: block.text,
      mode: mode === "audit" ? "balanced" : mode,
      lossy,
      tokens,
      ...(query === undefined ? {} : { query }),
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
