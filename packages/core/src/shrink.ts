/** Finds the shortest honest form of one text: segment, route, compress. Knows no store, no ref and no message. */
import { budgetFor } from "./budget.ts";
import { type Candidate, route } from "./route.ts";
import { paragraphs, type Segment, segment } from "./segment.ts";
import type {
  Compressed,
  CompressionContext,
  Compressor,
  ContentKind,
  Omission,
} from "./types/compressor.ts";
import type { Mode } from "./types/report.ts";
import type { TokenCounter } from "./types/tokens.ts";

/** A shorter form of a text, before its marker line. */
export interface Form {
  readonly body: string;
  /** Kinds of the parts that changed, joined by `+`. */
  readonly kind: ContentKind;
  readonly compressor: string;
  readonly lossless: boolean;
  readonly omitted: readonly Omission[];
}

/** A form, or why there is none. */
export type Shrunk =
  | { readonly form: Form }
  | { readonly form?: undefined; readonly failed: boolean; readonly reason: string };

export interface ShrinkRequest {
  readonly mode: Mode;
  readonly lossy: boolean;
  readonly tokens: number;
  readonly query?: string;
  readonly counter: TokenCounter;
  readonly compressors: readonly Compressor[];
}

/** A detector this sure speaks for the whole text. */
const SURE = 0.8;
/** Paragraphs are looked at one by one only in texts that are worth it. */
const MIN_MIXED = 2_000;

/** From this share of marked-off parts on, a text is a mix, whatever its detectors say. */
const MIXED_SHARE = 0.3;
const SINGLE_SHARE = 0.9;

/** Shrinks a text: whole where one compressor is sure of it or nothing splits it, else part by part. */
export async function shrink(text: string, request: ShrinkRequest): Promise<Shrunk> {
  const candidates = route(text, request.compressors);
  const parts = partsOf(text, candidates);
  if (parts.length > 1) {
    const mixed = await shrinkParts(text, parts, request);
    if (mixed) return mixed;
  }
  const whole = await shrinkPart(text, candidates, request.tokens, request);
  if (whole.form || text.length < MIN_MIXED) return whole;
  return (await shrinkParts(text, likeParagraphs(text, request.compressors), request)) ?? whole;
}

function partsOf(text: string, [best]: readonly Candidate[]): readonly Segment[] {
  const parts = segment(text);
  if (best === undefined || best.score < SURE) return parts;
  const sizes = parts.map(({ start, end, marked }) => (marked ? end - start : 0));
  const share = sizes.reduce((sum, size) => sum + size, 0) / text.length;
  // A few words around one value do not make a mix.
  const single = Math.max(...sizes) > SINGLE_SHARE * text.length;
  return share < MIXED_SHARE || single ? [] : parts;
}

/** Paragraphs, with neighbours that the same compressor claims put together. */
function likeParagraphs(text: string, compressors: readonly Compressor[]): readonly Segment[] {
  const groups: { start: number; end: number; name: string | undefined }[] = [];
  for (const { start, end } of paragraphs(text)) {
    const name = route(text.slice(start, end), compressors)[0]?.compressor.name;
    const last = groups.at(-1);
    if (last && last.name === name) last.end = end;
    else groups.push({ start, end, name });
  }
  return groups.length > 1 ? groups : [];
}

async function shrinkParts(
  text: string,
  parts: readonly Segment[],
  request: ShrinkRequest,
): Promise<Shrunk | undefined> {
  const forms: Form[] = [];
  let body = "";
  let firstLine = 1;
  for (const { start, end } of parts) {
    const part = text.slice(start, end);
    // Parts are budgeted by their share of characters: counting each would cost a second pass over the block.
    const tokens = Math.round((request.tokens * part.length) / text.length);
    const { form } = await shrinkPart(
      part,
      route(part, request.compressors),
      tokens,
      request,
      firstLine,
    );
    firstLine += lineBreaks(part);
    const worth = form && form.body.length < part.length ? form : undefined;
    if (worth) forms.push(worth);
    body += worth ? joinable(worth.body, part) : part;
  }
  if (forms.length === 0) return undefined;
  return {
    form: {
      body,
      kind: distinct(forms.map(({ kind }) => kind)),
      compressor: distinct(forms.map(({ compressor }) => compressor)),
      lossless: forms.every(({ lossless }) => lossless),
      omitted: mergeOmissions(forms.flatMap(({ omitted }) => omitted)),
    },
  };
}

async function shrinkPart(
  text: string,
  candidates: readonly Candidate[],
  tokens: number,
  request: ShrinkRequest,
  firstLine = 1,
): Promise<Shrunk> {
  const { mode, lossy, query, counter } = request;
  const context: CompressionContext = {
    lossy,
    budgetTokens: budgetFor(tokens, mode),
    counter,
    firstLine,
    ...(query === undefined ? {} : { query }),
  };
  const reasons: string[] = [];
  let failed = false;
  for (const { compressor } of candidates) {
    try {
      const result = await compressor.compress(text, context);
      if (result && isHonest(result, lossy)) return { form: formOf(result, compressor) };
      reasons.push(
        result ? `${compressor.name} broke its contract` : `${compressor.name} declined`,
      );
    } catch (error) {
      failed = true;
      reasons.push(
        `${compressor.name} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { failed, reason: reasons.join("; ") || "no compressor claims it" };
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** A lossy form must be allowed, and say what it left out. */
function isHonest(result: Compressed, lossy: boolean): boolean {
  return result.lossless || (lossy && result.omitted.length > 0);
}

function formOf(result: Compressed, { kind, name }: Compressor): Form {
  const { text, lossless } = result;
  return {
    body: text,
    kind,
    compressor: name,
    lossless,
    omitted: result.lossless ? [] : result.omitted,
  };
}

/** A part that ended its line still does, so that what follows starts on a line of its own. */
function joinable(body: string, part: string): string {
  return part.endsWith("\n") && !body.endsWith("\n") ? `${body}\n` : body;
}

function distinct(names: readonly string[]): string {
  return [...new Set(names)].join("+");
}

function mergeOmissions(omitted: readonly Omission[]): readonly Omission[] {
  const merged = new Map<string, Omission>();
  for (const omission of omitted) {
    const key = `${omission.unit}\0${omission.what ?? ""}`;
    const old = merged.get(key);
    merged.set(
      key,
      old
        ? { ...old, count: old.count + omission.count, total: old.total + omission.total }
        : omission,
    );
  }
  return [...merged.values()];
}
