/** Mixed text: which parts it has, and how their forms are put together. */
import type { Compressor, Steps } from "../types/compressor.ts";
import type { Form, Pace } from "../types/runner.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { countTokens } from "./count.ts";
import { mergeOmissions } from "./offers.ts";
import { type Candidate, route, SURE, SURE_OF_PARAGRAPH } from "./route.ts";
import { paragraphs, type Segment, segment } from "./segment.ts";

/** From this share of marked-off parts on, a text is a mix, whatever its detectors say. */
const MIXED_SHARE = 0.3;
/** A few words around one value that is this much of the text do not make a mix. */
const SINGLE_SHARE = 0.9;

/** The parts a text marks off itself (fences, JSON on lines of its own), where it is a mix. */
export function* partsOf(text: string, [best]: readonly Candidate[]): Steps<readonly Segment[]> {
  const parts = yield* segment(text);
  if (best === undefined || best.score < SURE) return parts;
  const sizes = parts.map(({ start, end, marked }) => (marked ? end - start : 0));
  const share = sizes.reduce((sum, size) => sum + size, 0) / text.length;
  const single = Math.max(...sizes) > SINGLE_SHARE * text.length;
  return share < MIXED_SHARE || single ? [] : parts;
}

/** Whether much of a text is data or output of tools that the text marks off: no kind but its own knows what matters of it. */
export function holdsOutputs(text: string, parts: readonly Segment[]): boolean {
  const outputs = parts.filter(({ marked, isProgram }) => marked && !isProgram);
  return outputs.reduce((sum, { start, end }) => sum + end - start, 0) >= text.length * MIXED_SHARE;
}

/** Paragraphs of one kind in a row. */
interface Group extends Segment {
  /** Of the compressor that claims them, where one does. */
  readonly name: string | undefined;
}

/** Paragraphs, with neighbours that the same compressor claims put together. */
export function* paragraphsByKind(
  text: string,
  compressors: readonly Compressor[],
): Steps<readonly Group[]> {
  const groups: { start: number; end: number; name: string | undefined }[] = [];
  for (const { start, end } of yield* paragraphs(text)) {
    yield;
    const [best] = route(text.slice(start, end), compressors);
    const name = best && best.score >= SURE_OF_PARAGRAPH ? best.compressor.name : undefined;
    const last = groups.at(-1);
    if (last && last.name === name) last.end = end;
    else groups.push({ start, end, name });
  }
  return groups;
}

/** Whether much of a text is in paragraphs of kinds that the text as a whole is not. */
export function areMixed(text: string, groups: readonly Group[]): boolean {
  const claimed = groups.filter(({ name }) => name !== undefined);
  return claimed.reduce((sum, { start, end }) => sum + end - start, 0) >= text.length * MIXED_SHARE;
}

export interface FormedPart {
  readonly part: string;
  readonly form: Form | undefined;
}

/** The text with the forms of its parts in place; `undefined` where no part has one that is shorter. */
export async function joinParts(
  parts: readonly FormedPart[],
  counter: TokenCounter,
  pace: Pace,
): Promise<Form | undefined> {
  const used: Form[] = [];
  let text = "";
  for (const { part, form } of parts) {
    const worth = form && form.text.length < part.length ? form : undefined;
    if (worth) used.push(worth);
    text += worth ? endedLike(worth.text, part) : part;
  }
  if (used.length === 0) return undefined;
  const notes = new Set(used.flatMap(({ note = [] }) => note));
  return {
    text,
    tokens: await countTokens(text, counter, pace),
    kind: distinct(used.map(({ kind }) => kind)),
    compressor: distinct(used.map(({ compressor }) => compressor)),
    lossless: used.every(({ lossless }) => lossless),
    omitted: mergeOmissions(used.flatMap(({ omitted }) => omitted)),
    ...(notes.size === 0 ? {} : { note: [...notes].join("; ") }),
  };
}

/** A part that ended its line still does, so that what follows starts on a line of its own. */
function endedLike(form: string, part: string): string {
  return part.endsWith("\n") && !form.endsWith("\n") ? `${form}\n` : form;
}

function distinct(names: readonly string[]): string {
  return [...new Set(names)].join("+");
}
