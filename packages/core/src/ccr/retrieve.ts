import { readDocument } from "../compressors/json/document.ts";
import { estimateTokens } from "../tokens/index.ts";
import type { CcrRef, CcrStore } from "../types/store.ts";
import type { TokenCounter } from "../types/tokens.ts";
import { parseRef, refOf, refScope } from "./ref.ts";
import { selectByQuery } from "./search.ts";
import {
  lineStarts,
  none,
  type Selection,
  type Span,
  selectLines,
  selectPath,
  selectRows,
} from "./spans.ts";

/** What a model asks for; the parameters of the `headroom_retrieve` tool. The first of query, lines, rows, path that is set decides. */
export interface RetrieveRequest {
  /** The ref a marker names. */
  readonly hash: string;
  /** Words or an exact string; the best matching lines or records are served. */
  readonly query?: string;
  /** 1-based line numbers: `"120-180,201"`. */
  readonly lines?: string;
  /** 0-based elements of the JSON array at `path`, else of the largest one: `"0-19,57"`. */
  readonly rows?: string;
  /** Path into a JSON original: `data.items[3].name`. */
  readonly path?: string;
  /** Characters of this selection already served, as `nextOffset` of the previous answer says. @default 0 */
  readonly offset?: number;
  /** The most lines, rows or matches to serve. @default 20 matches, all lines and rows */
  readonly limit?: number;
}

export interface RetrieveOptions {
  /** Must be the namespace and secret the original was stored under. @default "default" */
  readonly namespace?: string;
  /** @default "" */
  readonly secret?: string;
  /** The most tokens of the original one call serves. @default 4000 */
  readonly maxTokens?: number;
  /** @default the built-in estimator */
  readonly tokenCounter?: TokenCounter;
}

/** An exact piece of the original. */
export interface RetrievedSlice {
  /** What it is: `lines 120-180 of 1400`. */
  readonly label: string;
  readonly text: string;
}

export interface RetrieveResult {
  /** Whether the original is there. It may be, and the selection be empty: `note` says so. */
  readonly found: boolean;
  /** The whole answer as text for the model: labels, slices, what follows. */
  readonly text: string;
  readonly slices: readonly RetrievedSlice[];
  readonly ref?: CcrRef;
  /** What `total` counts. */
  readonly unit: Selection["unit"];
  /** Units the original has, or how many matched. */
  readonly total: number;
  /** Characters of the original served by this call. */
  readonly shown: number;
  /** Pass as `offset` to go on. Absent: this was the end. */
  readonly nextOffset?: number;
  /** Why nothing, or less than asked for, is served. */
  readonly note?: string;
}

const DEFAULT_MATCHES = 20;

/**
 * Serves exact slices of an original, never more than `maxTokens` a call.
 *
 * A ref of another namespace is not found, whatever the store holds. Odd arguments are answered, not thrown: a model has to
 * be able to read what was wrong. Rejects when the store fails.
 */
export async function retrieve(
  store: CcrStore,
  request: RetrieveRequest,
  options: RetrieveOptions = {},
): Promise<RetrieveResult> {
  const { namespace = "default", secret = "", maxTokens = 4_000 } = options;
  const ref = parseRef(bare(String(request.hash)));
  if (!ref)
    return missing(
      `${JSON.stringify(String(request.hash).slice(0, 60))} is not a hash of a shortened text: it has 22 letters and stands after [[hr: in the marker.`,
    );
  const entry = await store.get(ref);
  if (!entry || refOf(entry.text, refScope(namespace, secret)) !== ref)
    return missing(
      `No original under ${ref}: it expired or was never stored here. Run the command again if you need its output.`,
    );
  const selection = select(entry.text, request);
  const count = (text: string): number => options.tokenCounter?.count(text) ?? estimateTokens(text);
  return { ...serve(entry.text, selection, offsetOf(request.offset), maxTokens, count), ref };
}

function select(text: string, { query, lines, rows, path, limit }: RetrieveRequest): Selection {
  const most = limit !== undefined && limit >= 1 ? Math.floor(limit) : undefined;
  if (query !== undefined && query.trim() !== "")
    return selectByQuery(text, readDocument(text), query, most ?? DEFAULT_MATCHES);
  if (lines !== undefined && lines.trim() !== "")
    return selectLines(text, lines, most ?? Number.POSITIVE_INFINITY);
  const document = rows !== undefined || path !== undefined ? readDocument(text) : undefined;
  if (rows !== undefined && rows.trim() !== "") {
    if (document) return selectRows(document, path, rows, most ?? Number.POSITIVE_INFINITY);
    return none("rows", 0, "The original is not JSON and has no rows: ask for lines.");
  }
  if (path !== undefined && path.trim() !== "") {
    if (document) return selectPath(document, path);
    return none(
      "characters",
      text.length,
      "The original is not JSON and has no paths: ask for lines.",
    );
  }
  if (most !== undefined) return selectLines(text, `1-${most}`, most);
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

/** Lays the spans end to end and serves what fits from `offset` on. */
function serve(
  original: string,
  { spans, unit, total, note }: Selection,
  offset: number,
  maxTokens: number,
  count: (text: string) => number,
): RetrieveResult {
  const slices: RetrievedSlice[] = [];
  let skipped = 0;
  let shown = 0;
  let left = maxTokens;
  for (const span of spans) {
    const size = span.end - span.start;
    if (skipped + size <= offset) {
      skipped += size;
      continue;
    }
    const from = span.start + Math.max(0, offset - skipped);
    const text = fit(original.slice(from, span.end), left, count, shown === 0);
    if (text.length > 0) slices.push({ label: labelOf(span, from, text.length), text });
    shown += text.length;
    skipped += from - span.start;
    left -= count(text);
    if (from + text.length < span.end) break;
    skipped += size - (from - span.start);
  }
  const size = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const next = Math.min(offset, size) + shown;
  const more = next < size;
  const rest = more
    ? `[${size - next} more characters: call again with offset ${next}]`
    : undefined;
  const end =
    note ??
    (shown === 0 && offset > 0
      ? `Offset ${offset} is at the end: the selection has ${size} characters.`
      : undefined);
  const parts = [...slices.map(({ label, text }) => `[${label}]\n${text}`), rest, end];
  return {
    found: true,
    text: parts.filter((part) => part !== undefined).join("\n"),
    slices,
    unit,
    total,
    shown,
    ...(more ? { nextOffset: next } : {}),
    ...(end === undefined ? {} : { note: end }),
  };
}

/** The longest head of a text within `tokens`, cut behind a line where one ends in its last quarter. */
function fit(
  text: string,
  tokens: number,
  count: (text: string) => number,
  atLeastOne: boolean,
): string {
  let head = text;
  for (let cost = costOf(head, tokens, count); cost > tokens; cost = count(head)) {
    const length = Math.floor((head.length * Math.max(0, tokens) * 0.97) / cost);
    if (length < 1) return atLeastOne ? whole(text, 1) : "";
    head = atLine(whole(text, Math.min(length, head.length - 1)));
  }
  return head;
}

/** Counting megabytes to serve a few thousand tokens is waste: no token is longer than 128 characters in practice. */
function costOf(text: string, tokens: number, count: (text: string) => number): number {
  const bound = Math.max(1, tokens) * 128;
  return text.length > bound ? (text.length / bound) * Math.max(1, tokens) * 8 : count(text);
}

function whole(text: string, length: number): string {
  const splits = (text.charCodeAt(length) & 0xfc00) === 0xdc00;
  return text.slice(0, splits ? Math.max(length - 1, 2) : length);
}

function atLine(head: string): string {
  const line = head.lastIndexOf("\n");
  return line > head.length * 0.75 ? head.slice(0, line + 1) : head;
}

function labelOf(span: Span, from: number, length: number): string {
  const start = from - span.start;
  if (start === 0 && length === span.end - span.start) return span.label;
  return `${span.label}, characters ${start}-${start + length} of ${span.end - span.start}`;
}

function missing(note: string): RetrieveResult {
  return { found: false, text: note, slices: [], unit: "characters", total: 0, shown: 0, note };
}

function offsetOf(offset: number | undefined): number {
  return offset !== undefined && Number.isSafeInteger(offset) && offset > 0 ? offset : 0;
}

/** Models copy more than the letters: `[[hr:REF`, `hr:REF`, quotes. */
function bare(hash: string): string {
  const colon = hash.lastIndexOf(":");
  let letters = "";
  for (const char of hash.slice(colon + 1)) {
    if (/[a-z]/i.test(char)) letters += char;
    else if (letters !== "") break;
  }
  return letters;
}
