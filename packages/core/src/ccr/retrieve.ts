import { InvalidOptionError } from "../errors.ts";
import { estimateTokens } from "../tokens/estimate.ts";
import type { CcrStore } from "../types/store.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { chunksOf } from "./chunks.ts";
import { quoted } from "./clip.ts";
import { levelNamed } from "./level.ts";
import { pageOf, type RetrieveResult } from "./page.ts";
import { isInScope, refOf, refScope } from "./ref.ts";
import { type RetrieveRequest, readRetrieveRequest, refIn } from "./request.ts";
import { chunksWithin } from "./scope.ts";
import { selectByLevel, selectByQuery } from "./search.ts";
import { selectLinesAt, selectPath, selectRows, topLevel } from "./select-json.ts";
import { lineStarts, none, type Selection, selectLines, units } from "./spans.ts";
import { readOriginal } from "./values.ts";

export interface RetrieveOptions {
  /** The namespace under which the original was stored. @default "default" */
  readonly namespace?: string;
  /** The secret under which the original was stored. @default "" */
  readonly secret?: string;
  /** The most tokens one answer has, labels included; see `RetrieveResult.text`. @default 4000 */
  readonly maxTokens?: number;
  /** Counts the tokens of answers. @default the built-in estimator */
  readonly tokenCounter?: TokenCounter;
  /** Rejects with the signal's reason when it fires, even while the store does not answer. */
  readonly signal?: AbortSignal;
}

const DEFAULT_MATCHES = 20;

/**
 * Serves exact slices of an original, never more than `maxTokens` a call.
 *
 * A ref of another namespace is not found, whatever the store holds, and the store is not asked for it: whether it is there does
 * not show. Odd arguments are answered, not thrown: a model has to be able to read what was wrong. Rejects when the store fails
 * and when `signal` fires. @throws InvalidOptionError for wrong options
 */
export async function retrieve(
  store: CcrStore,
  request: RetrieveRequest,
  options: RetrieveOptions = {},
): Promise<RetrieveResult> {
  const { namespace = "default", secret = "", maxTokens = 4_000, signal } = options;
  const scope = refScope(namespace, secret);
  if (!(typeof maxTokens === "number" && maxTokens > 0))
    throw new InvalidOptionError("maxTokens", maxTokens, "a positive number of tokens");
  signal?.throwIfAborted();
  const asked = readRetrieveRequest(request);
  const ref = refIn(asked.hash);
  if (!ref)
    return missing(
      `${quoted(asked.hash)} is not a hash of a shortened text: it has 22 letters and stands after [[hr: in the marker.`,
    );
  const entry = isInScope(ref, scope) ? await abortable(store.get(ref), signal) : undefined;
  // Two bytes of a ref prove its scope; only the text proves the text.
  if (!entry || refOf(entry.text, scope) !== ref)
    return missing(
      `No original under ${ref}: it expired or was never stored here. Run the command again if you need its output.`,
    );
  const count = (text: string): number => options.tokenCounter?.count(text) ?? estimateTokens(text);
  const { offset, remark } = offsetOf(asked.offset);
  const { limit, remark: limitRemark } = limitOf(asked.limit);
  const selection = select(entry.text, asked, limit);
  const remarks = [remark, limitRemark].filter((text) => text !== undefined);
  const shown = asked.count ? countOf(selection) : selection;
  return { ...pageOf(entry.text, shown, { offset, maxTokens, count, remarks }), ref };
}

/** What a request names. Lines, rows and a path say where; a question or a level, what of it. */
function select(text: string, asked: RetrieveRequest, most: number | undefined): Selection {
  const { query, level, lines, rows, path } = asked;
  const isPart = lines !== undefined || rows !== undefined || path !== undefined;
  const wanted = level === undefined ? undefined : levelNamed(level);
  if (level !== undefined && wanted === undefined) {
    const why = `Cannot read level ${quoted(level)}: write error, warn, info or debug.`;
    const { level: _, ...rest } = asked;
    if (query === undefined && !isPart) return none("matches", 0, why);
    const selection = select(text, rest, most);
    return { ...selection, note: [why, selection.note].filter((said) => said).join(" ") };
  }
  if (query === undefined && wanted === undefined) return selectPart(text, asked, most);
  const original = readOriginal(text);
  const part = isPart ? selectPart(text, asked, undefined) : undefined;
  if (part?.spans.length === 0) return part;
  const all = chunksOf(original);
  const chunks = part ? chunksWithin(all, part.spans, text) : all;
  const searched = { original: text, chunks, whole: !part, perPage: most ?? DEFAULT_MATCHES };
  if (wanted) return selectByLevel(searched, wanted, query);
  const there =
    original.values.length > 0
      ? topLevel(original)
      : `The original has ${lineStarts(text).length - 1} lines.`;
  return selectByQuery(searched, query ?? "", there);
}

function selectPart(
  text: string,
  { lines, rows, path, count }: RetrieveRequest,
  most: number | undefined,
): Selection {
  const limit = most ?? Number.POSITIVE_INFINITY;
  if (lines !== undefined) {
    const inString =
      path === undefined ? undefined : selectLinesAt(readOriginal(text), path, lines, limit);
    return inString ?? selectLines(text, lines, limit);
  }
  const original = rows !== undefined || path !== undefined ? readOriginal(text) : undefined;
  if (rows !== undefined) {
    if (original?.values.length) return selectRows(original, path, rows, limit);
    // Views of tables and of other lines print line numbers: they are what is meant.
    const note = "The original is not JSON: the numbers are those of its lines, from 1.";
    return { note, ...selectLines(text, rows, limit) };
  }
  if (path !== undefined) {
    if (original?.values.length) return selectPath(original, path, most);
    const why = "The original is not JSON and has no paths: ask for lines.";
    return none("characters", text.length, why);
  }
  if (most !== undefined) return selectLines(text, "1-", most);
  const total = lineStarts(text).length - 1;
  const label = `the original (${total} lines, ${text.length} characters)`;
  const spans = [{ label, start: 0, end: text.length }];
  const counted = count ? sizeOfOriginal(text, total) : undefined;
  return { spans, unit: "lines", total, ...(counted === undefined ? {} : { counted }) };
}

/** How many rows the largest array has, where there is one, and how many lines the text. */
function sizeOfOriginal(text: string, lines: number): string {
  const original = readOriginal(text);
  const rows = selectRows(original, undefined, "0-", Number.POSITIVE_INFINITY);
  return rows.total > 0 ? `${rows.counted}, ${units(lines, "line")}` : units(lines, "line");
}

/** The number alone. */
function countOf({ unit, total, counted, note }: Selection): Selection {
  const number = counted ?? `${total} ${unit}`;
  return none(
    unit,
    total,
    note === undefined || number.startsWith("0: ") ? number : `${number}. ${note}`,
  );
}

function missing(note: string): RetrieveResult {
  return { found: false, text: note, slices: [], unit: "characters", total: 0, shown: 0, note };
}

function offsetOf(given: number | undefined): { offset: number; remark?: string } {
  if (given === undefined) return { offset: 0 };
  if (Number.isSafeInteger(given) && given >= 0) return { offset: given };
  return { offset: 0, remark: "offset is not a whole number from 0: taken as 0." };
}

function limitOf(given: number | undefined): { limit: number | undefined; remark?: string } {
  if (given === undefined) return { limit: undefined };
  if (given >= 1) return { limit: Math.floor(given) };
  return { limit: undefined, remark: "limit is not a number from 1: not applied." };
}

/** What a store answers, unless the signal fires first. */
function abortable<Value>(answer: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
