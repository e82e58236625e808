/**
 * The view of lines: chosen lines, and in place of the others sentences that say how many they are, where they stand and what they are
 * like.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitInSteps } from "../../text/lines.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { cost } from "../shared/text-cost.ts";
import { fieldSentences } from "./fields.ts";
import { type GapContext, gapOf } from "./gaps.ts";
import { keyEnd } from "./key.ts";
import { type Kinds, kindsOf } from "./kinds.ts";
import { divided, type Section, sectionsOf } from "./outline.ts";
import { isManual } from "./prose.ts";
import { recordView } from "./record-view.ts";
import { recordsOf } from "./records.ts";
import { selectLines, signalsOf } from "./select.ts";

/** Tokens. A text for which there is less room is a small part of another, and is read whole. */
const LEAST_BUDGET = 150;
/** Tokens. Under such a cap settings with values of their own are not left out: a call would cost what it spares. */
const FACTS_BUDGET = 1_000;
/** Lines of a kind that has so many are covered by a sentence. */
const COMMON = 3;
/** Tokens that failures may take of the cap; a text is long where the cap is so high. */
const FAILURES_SHARE = 0.7;
const LONG_BUDGET = 1_500;
/** Tokens. A gap that costs no more is shown. */
const SMALL_GAP = 18;
/** Tokens. A single line that costs no more is shown. */
const SMALL_LINE = 45;
/** The share of the cap that headings may take. */
const HEADINGS_SHARE = 0.4;
/** Tokens of the sentence behind a heading. */
const TOKENS_OF_GAP = 16;
/** Tokens that a stretch of lines that begin alike takes at least. */
const TOKENS_OF_STRETCH = 60;
/** The share of the cap that lines are chosen for at first; from what share on a view is full; and how often it is tried. */
const FIRST_SHARE = 0.85;
const FULL_SHARE = 0.85;
const MAX_TURNS = 4;
/** Characters. A longer line keeps its ends. */
const MAX_LINE = 1_200;
const LINE_HEAD = 800;
const LINE_TAIL = 200;

export function* viewOf(text: string, context: ShortenContext): Steps<View | undefined> {
  if (context.budgetTokens < LEAST_BUDGET) return undefined;
  const { text: lines } = yield* splitInSteps(text);
  if (isManual(lines)) return undefined;
  const records = yield* recordsOf(lines);
  if (records !== undefined) {
    const view = yield* recordView(lines, records, context);
    if (view !== undefined) return view;
  }
  const kinds = yield* kindsOf(lines);
  const { sections, headed } = yield* outlineOf(kinds.bare, context);
  const gaps: GapContext = {
    lines,
    kinds: kinds.ids,
    words: kinds.words,
    firstLine: context.firstLine ?? 1,
  };
  const { budgetTokens, query } = context;
  const outlined = { lines, sections, headed, kinds };
  const signals = yield* signalsOf(outlined, query);
  const failing = signals.failing.reduce((sum, at) => sum + (signals.costs[at] ?? 0), 0);
  // Of a text that is not long every failure is read.
  if (failing > budgetTokens * FAILURES_SHARE && budgetTokens < LONG_BUDGET) return undefined;
  let best: View | undefined;
  let share = FIRST_SHARE;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const room = budgetTokens * share;
    const shown = yield* selectLines(outlined, signals, room);
    if (budgetTokens < FACTS_BUDGET && isMostlyFacts(lines, shown, kinds)) return undefined;
    const view = yield* print(shown, gaps, text);
    if (view === undefined) return best;
    const tokens = context.counter.count(view.text);
    const isFitting = tokens <= budgetTokens;
    if (isFitting && (best === undefined || view.text.length > best.text.length)) best = view;
    if (isFitting && tokens >= budgetTokens * FULL_SHARE) break;
    // Tokens were estimated: the next try takes what was found into account.
    const next = share * Math.min(2, Math.max(0.3, (0.93 * budgetTokens) / tokens));
    if (isFitting && next < share * 1.05) break;
    share = next;
  }
  return best;
}

/** Whether most of what is left out says something that no sentence about it would say: settings with values of their own. */
function isMostlyFacts(lines: readonly string[], shown: Uint8Array, kinds: Kinds): boolean {
  let hidden = 0;
  let facts = 0;
  for (let at = 0; at < lines.length; at++) {
    if (shown[at] === 1 || lines[at] === "" || kinds.isAside(at)) continue;
    hidden++;
    if ((kinds.sizes[at] ?? 0) < COMMON && keyEnd(lines[at] ?? "") >= 0) facts++;
  }
  return facts * 2 > hidden;
}

interface Outline {
  /** The sections of which the heads are shown. */
  readonly sections: readonly Section[];
  /** Sections with headings, which are shown above whatever is shown of them. */
  readonly headed: readonly Section[];
}

/** The sections of a text, the long ones divided. A text with too many headings to name them all is read from its beginning. */
function* outlineOf(lines: readonly string[], { budgetTokens }: ShortenContext): Steps<Outline> {
  const headed = yield* sectionsOf(lines);
  const headings = headed.reduce(
    (sum, { from, body }) => sum + TOKENS_OF_GAP + cost(lines.slice(from, body).join("\n")),
    0,
  );
  if (headings > budgetTokens * HEADINGS_SHARE && headed.length > 2)
    return { sections: [{ from: 0, body: 0, to: lines.length }], headed };
  const most = Math.floor(budgetTokens / TOKENS_OF_STRETCH);
  return { sections: yield* divided(lines, headed, most), headed };
}

function* print(shown: Uint8Array, context: GapContext, text: string): Steps<View | undefined> {
  const { lines } = context;
  const meter = new Meter();
  const out: string[] = [];
  const statements: Statement[] = [];
  const hidden: number[] = [];
  let cut = 0;
  for (let at = 0; at < lines.length; ) {
    if (shown[at] === 1) {
      const line = lines[at] ?? "";
      const short = line.length > MAX_LINE ? shortLine(line) : { text: line, cut: 0 };
      out.push(short.text);
      cut += short.cut;
      at++;
      if (meter.isDue(line.length + LINE_WORK)) yield;
      continue;
    }
    let end = at;
    let filledEnd = at;
    let tokens = 0;
    while (end < lines.length && shown[end] !== 1) {
      const line = lines[end] ?? "";
      if (tokens <= SMALL_LINE) tokens += cost(line) + 1;
      end++;
      if (line.trim() !== "") filledEnd = end;
      if (meter.isDue(LINE_WORK)) yield;
    }
    // Blank lines at its end belong to what is shown below.
    if (filledEnd > at) end = filledEnd;
    if (tokens <= (end - at === 1 ? SMALL_LINE : SMALL_GAP))
      for (; at < end; at++) out.push(lines[at] ?? "");
    else {
      for (const gap of yield* gapOf(at, end, context)) {
        out.push(gap.text);
        statements.push(...gap.statements);
      }
      for (; at < end; at++) hidden.push(at);
    }
  }
  if (hidden.length === 0 && cut === 0) return undefined;
  for (const sentence of yield* fieldSentences(lines, hidden)) {
    out.push(`… left out, ${sentence.text}`);
    statements.push(sentence);
  }
  const view = yield* joinInSteps(out, "\n");
  if (view.length >= text.length) return undefined;
  const omitted: Omission[] = [];
  if (hidden.length > 0) omitted.push({ unit: "lines", count: hidden.length, total: lines.length });
  if (cut > 0)
    omitted.push({ unit: "characters", count: cut, total: text.length, what: "inside long lines" });
  return { text: view, omitted, statements };
}

/** The ends of a long line. */
function shortLine(line: string): { readonly text: string; readonly cut: number } {
  const head = onBoundary(line, LINE_HEAD);
  const tail = onBoundary(line, line.length - LINE_TAIL);
  const cut = tail - head;
  return { text: `${line.slice(0, head)} … ${cut} characters … ${line.slice(tail)}`, cut };
}

/** Not between the halves of a surrogate pair. */
function onBoundary(line: string, at: number): number {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
