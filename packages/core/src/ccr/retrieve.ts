import { InvalidOptionError } from "../errors.ts";
import { readDocument } from "../json/document.ts";
import { estimateTokens } from "../tokens/index.ts";
import type { CcrStore } from "../types/store.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { quoted } from "./clip.ts";
import { pageOf, type RetrieveResult } from "./page.ts";
import { isInScope, refOf, refScope } from "./ref.ts";
import { type RetrieveRequest, readRetrieveRequest, refIn } from "./request.ts";
import { selectByQuery } from "./search.ts";
import { lineStarts, none, type Selection, selectLines, selectPath, selectRows } from "./spans.ts";

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
  return { ...pageOf(entry.text, selection, { offset, maxTokens, count, remarks }), ref };
}

function select(
  text: string,
  { query, lines, rows, path }: RetrieveRequest,
  most: number | undefined,
): Selection {
  if (query !== undefined)
    return selectByQuery(text, readDocument(text), query, most ?? DEFAULT_MATCHES);
  if (lines !== undefined) return selectLines(text, lines, most ?? Number.POSITIVE_INFINITY);
  const document = rows !== undefined || path !== undefined ? readDocument(text) : undefined;
  if (rows !== undefined) {
    if (document) return selectRows(document, path, rows, most ?? Number.POSITIVE_INFINITY);
    return none("rows", 0, "The original is not JSON and has no rows: ask for lines.");
  }
  if (path !== undefined) {
    if (document) return selectPath(document, path);
    return none(
      "characters",
      text.length,
      "The original is not JSON and has no paths: ask for lines.",
    );
  }
  if (most !== undefined) return selectLines(text, "1-", most);
  const total = lineStarts(text).length - 1;
  return {
    spans: [
      {
        label: `the original (${total} lines, ${text.length} characters)`,
        start: 0,
        end: text.length,
      },
    ],
    unit: "lines",
    total,
  };
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
