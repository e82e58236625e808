/**
 * The view of lines: chosen lines, and in place of the others sentences that say how many they are, where they stand and what they are
 * like.
 */
import { joinInSteps, Meter } from "../../steps.ts";
import { LINE_WORK, splitInSteps } from "../../text/lines.ts";
import type { Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { Statement } from "../../types/statement.ts";
import { mineTemplates } from "../log/mine.ts";
import { cost } from "../shared/text-cost.ts";
import { fieldSentences } from "./fields.ts";
import { type GapContext, gapOf } from "./gaps.ts";
import { sectionsOf } from "./outline.ts";
import { isComment } from "./prose.ts";
import { selectLines } from "./select.ts";

/** Tokens. A gap that costs no more is shown. */
const SMALL_GAP = 18;
/** From this share of comments on they are asides. */
const COMMENTS = 0.25;
/** Shares of the cap that lines are chosen for, until the view keeps it. */
const ROOMS: readonly number[] = [0.85, 0.5, 0.25];
/** Characters. A longer line keeps its ends. */
const MAX_LINE = 1_200;
const LINE_HEAD = 800;
const LINE_TAIL = 200;

export function* viewOf(text: string, context: ShortenContext): Steps<View | undefined> {
  const { text: lines } = yield* splitInSteps(text);
  const sections = yield* sectionsOf(lines);
  const { ids, templates } = yield* mineTemplates(lines);
  const comments = lines.filter(isComment).length;
  const hasAsides = comments > lines.length * COMMENTS && comments < lines.length;
  const kinds = Int32Array.from(ids);
  const sizes = new Int32Array(lines.length);
  const meter = new Meter();
  for (let at = 0; at < lines.length; at++) {
    const count = templates[ids[at] ?? -1]?.count ?? 0;
    sizes[at] = count;
    if (hasAsides && count < 3 && isComment(lines[at] ?? "")) kinds[at] = templates.length;
    if (meter.isDue(LINE_WORK)) yield;
  }
  const isAside = (at: number): boolean => hasAsides && kinds[at] === templates.length;
  const gaps: GapContext = {
    lines,
    kinds,
    words: (kind) => templates[kind]?.words,
    firstLine: context.firstLine ?? 1,
  };
  for (const share of ROOMS) {
    const room = context.budgetTokens * share;
    const { query } = context;
    const shown = yield* selectLines({ lines, sections, kinds, sizes, isAside, query, room });
    const view = yield* print(shown, gaps, text);
    if (view === undefined) return undefined;
    if (context.counter.count(view.text) <= context.budgetTokens) return view;
  }
  return undefined;
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
    let tokens = 0;
    while (end < lines.length && shown[end] !== 1) {
      if (tokens <= SMALL_GAP) tokens += cost(lines[end] ?? "") + 1;
      end++;
      if (meter.isDue(LINE_WORK)) yield;
    }
    if (tokens <= SMALL_GAP) for (; at < end; at++) out.push(lines[at] ?? "");
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
