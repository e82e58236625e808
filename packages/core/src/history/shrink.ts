/** Forms of what has grown old, and who may get one. What they leave out is stored before they leave, like that of every view. */
import {
  type Changed,
  type Decided,
  type Decision,
  type PlacedBlock,
  unchanged,
} from "../block.ts";
import { addsMarker, carriesOwnMarker } from "../ccr/marker.ts";
import { refOfDigest } from "../ccr/ref.ts";
import { type Engine, gate, isAllowed, SAID_NO } from "../decide.ts";
import { protect } from "../protect.ts";
import type { View } from "../types/compressor.ts";
import type { Form, Pace } from "../types/runner.ts";
import type { Depth } from "./epochs.ts";
import { excerptOf } from "./excerpt.ts";
import { extractOf } from "./prose.ts";

/** A view of an old result is used from here on: above, head and tail are enough. */
const SMALL_SHARE = 0.5;
/** Characters of head and tail: a share of the text, within bounds. */
const EXCERPT_SHARE = 0.15;
const MIN_EXCERPT = 300;
const MAX_EXCERPT = 1_600;
/** Characters of the first line in a stub. */
const MAX_STUB = 100;

/** Whether history may change a block once it is old: results of tools that are data, and what the assistant wrote. */
export function mayShrink(
  placed: PlacedBlock,
  { decision, mode }: Decided,
  isPinned: boolean,
  engine: Engine,
): boolean {
  const { block } = placed;
  const { role } = block;
  if (isPinned || block.isError || (role !== "tool" && role !== "assistant")) return false;
  if (mode === "audit" || decision.reason === SAID_NO) return false;
  // The same rules as in its own turn, but for its size and for who speaks.
  const { tools, mode: base } = engine.options;
  const options = { ...engine.options, roles: [role], minTokens: 0, tools };
  const verdict = protect(placed, decision.tokensBefore, options, (text) =>
    carriesOwnMarker(text, engine.scope, engine.kinds),
  );
  if (verdict.reason !== undefined) return false;
  // A tool for which nothing may be left out stays so; an instance of that mode has asked for history.
  if (verdict.mode !== base && (verdict.mode === "lossless" || verdict.mode === "audit"))
    return false;
  // One that was protected by its size or its role was not asked about.
  const wasAsked = decision.text !== undefined || decision.outcome !== "protected";
  return wasAsked || isAllowed(placed, decision.tokensBefore, engine);
}

/** The decision for an old block; `undefined` where nothing is saved. Remembered, so that the next turn makes none of it again. */
export async function shrunken(
  placed: PlacedBlock,
  tokens: number,
  depth: Depth,
  why: string | undefined,
  engine: Engine,
  pace: Pace,
): Promise<Changed | undefined> {
  const { text } = placed.block;
  const parameters = ["history", depth, why ?? "", engine.counterKey, placed.query ?? ""].join(
    "\0",
  );
  const known = engine.cache.get(text, parameters);
  if (known) return known.text === undefined ? undefined : known;
  const made = await make(placed, tokens, depth, why, engine, pace);
  engine.cache.set(text, parameters, made, 2 * (made.text?.length ?? 0) + 256);
  return made.text === undefined ? undefined : made;
}

async function make(
  placed: PlacedBlock,
  tokens: number,
  depth: Depth,
  why: string | undefined,
  engine: Engine,
  pace: Pace,
): Promise<Decision> {
  const { text } = placed.block;
  const form = await formOf(placed, tokens, depth, why, engine, pace);
  if (!form || addsMarker(form.text, text)) return unchanged("declined", "nothing shorter", tokens);
  const ref = refOfDigest(await engine.runner.digest(text, pace), engine.scope);
  const decision = gate(form, text, tokens, ref, engine);
  return decision.text === undefined ? decision : { ...decision, reason: REASONS[depth] };
}

const REASONS: Readonly<Record<Depth, string>> = {
  extract: "history: sentences of an old answer, original kept",
  stub: "history: left out, original kept",
  view: "history: an old result shortened, original kept",
};

async function formOf(
  placed: PlacedBlock,
  tokens: number,
  depth: Depth,
  why: string | undefined,
  engine: Engine,
  pace: Pace,
): Promise<Form | undefined> {
  const { text } = placed.block;
  if (depth === "stub") return asForm(stubOf(text, why), why ? "superseded" : "old", engine);
  if (depth === "extract") return asForm(extractOf(text), "prose", engine);
  const { query } = placed;
  const { chosen } = await engine.runner.forms(
    { text, mode: "aggressive", lossy: true, tokens, ...(query === undefined ? {} : { query }) },
    pace,
  );
  if (chosen && !chosen.lossless && chosen.tokens <= tokens * SMALL_SHARE) return chosen;
  const size = Math.min(MAX_EXCERPT, Math.max(MIN_EXCERPT, text.length * EXCERPT_SHARE));
  return asForm(excerptOf(text, Math.floor(size)), "old", engine);
}

function asForm(view: View | undefined, kind: string, { counter }: Engine): Form | undefined {
  if (!view) return undefined;
  const { text, omitted } = view;
  const tokens = counter.count(text);
  return { text, tokens, kind, compressor: "history", lossless: false, omitted };
}

/** One line in place of a result: why it went, or how it began. */
function stubOf(text: string, why: string | undefined): View {
  const lines = text.split("\n");
  const count = text.endsWith("\n") ? lines.length - 1 : lines.length;
  const first = lines.find((line) => line.trim() !== "")?.trim() ?? "";
  const isWhole = first.length <= MAX_STUB;
  const shown = isWhole ? first : first.slice(0, MAX_STUB).toWellFormed();
  return {
    text: why ?? `${isWhole ? "First line" : "It begins"}: ${shown}`,
    omitted: [{ unit: "lines", count, total: count }],
  };
}
