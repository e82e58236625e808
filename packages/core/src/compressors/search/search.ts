/**
 * Search results: grep, git grep and ripgrep, with context lines, headings, counts or as JSON.
 *
 * Lossless: each path once, hits under it verbatim, indentation included. Lossy: the best hits by question, and every file
 * named with how many hits it has and where. Compiler diagnostics have the same shape (`a.ts:3:5: error`); those belong to
 * the log compressor and are left to it.
 *
 * Trap: stamps. `2024-01-15T10:00:01` read as file, line and text is how search compressors corrupt logs.
 */
import type { Compressed, CompressionContext, Compressor } from "../../types/compressor.ts";
import type { Entry } from "./entry.ts";
import { decodeGrouped, encodeGrouped } from "./grouped.ts";
import { parseSearch } from "./parse.ts";
import {
  decodeRipgrepJson,
  encodeRipgrepJson,
  entriesOfRipgrepJson,
  isRipgrepJson,
} from "./ripgrep-json.ts";
import { type Summary, summarize, summarizeCounts } from "./summary.ts";

/** Search results grouped by file. */
export function searchCompressor(): Compressor {
  return {
    name: "search",
    kind: "search",
    detect: detectSearch,
    compress: compressSearch,
    decode: (compressed) => decodeGrouped(compressed) ?? decodeRipgrepJson(compressed),
  };
}

const MIN_HITS = 4;
/** A lossy form has to be this much smaller than the lossless one; nothing is lost for a tenth. */
const WORTH_LOSING = 0.9;

function linesOf(text: string): { readonly lines: readonly string[]; readonly closed: boolean } {
  const closed = text.endsWith("\n");
  return { lines: (closed ? text.slice(0, -1) : text).split("\n"), closed };
}

/** The share of lines that are hits, 0 where they are diagnostics or stamps. */
function detectSearch(sample: string): number {
  if (isRipgrepJson(sample)) return 1;
  const parsed = parseSearch(linesOf(sample).lines);
  if (parsed === undefined) return 0;
  const hits = parsed.entries.filter((entry) => entry.kind === "match" || entry.kind === "count");
  if (hits.length < MIN_HITS || areDiagnostics(hits)) return 0;
  const sureness = parsed.style === "plain" ? 0.75 : 0.85;
  return Math.min(0.99, sureness + 0.15 * parsed.share);
}

function compressSearch(text: string, context: CompressionContext): Compressed | undefined {
  const { lines, closed } = linesOf(text);
  if (isRipgrepJson(text)) {
    const short = encodeRipgrepJson(lines, closed);
    const proven = short.length < text.length && decodeRipgrepJson(short) === text;
    return choose(text, proven ? short : undefined, context, () => {
      const { entries, records } = entriesOfRipgrepJson(lines);
      const summary = summarize(entries, context);
      if (summary === undefined) return undefined;
      const lost = { unit: "lines", count: records, total: records, what: "records without a hit" };
      return { ...summary, omitted: [...summary.omitted, lost] };
    });
  }
  const parsed = parseSearch(lines);
  if (parsed === undefined) return undefined;
  const short = encodeGrouped(parsed, closed);
  const proven = short.length < text.length && decodeGrouped(short) === text;
  return choose(text, proven ? short : undefined, context, () =>
    parsed.style === "counts"
      ? summarizeCounts(parsed.entries)
      : summarize(parsed.entries, context),
  );
}

/** Lossless, unless that is over the budget and the lossy form is allowed and clearly smaller. */
function choose(
  text: string,
  proven: string | undefined,
  context: CompressionContext,
  lossy: () => Summary | undefined,
): Compressed | undefined {
  const lossless: Compressed | undefined =
    proven === undefined ? undefined : { text: proven, lossless: true };
  if (!context.lossy) return lossless;
  const size = context.counter.count(proven ?? text);
  if (size <= context.budgetTokens) return lossless;
  const summary = lossy();
  if (summary === undefined || summary.omitted.length === 0) return lossless;
  if (context.counter.count(summary.text) > size * WORTH_LOSING) return lossless;
  return { text: summary.text, lossless: false, omitted: summary.omitted };
}

const SEVERITIES: readonly string[] = ["error", "warning", "note", "fatal error", "info", "help"];

/** `a.c:3:5: error: …`, `a.py:3: error: …`, `a.go:3:5: undefined`: the message starts after exactly one space. */
function areDiagnostics(hits: readonly Entry[]): boolean {
  let graded = 0;
  let worded = 0;
  for (const hit of hits) {
    let at = hit.body;
    const { rest } = hit;
    let end = at;
    while (rest.charCodeAt(end) >= 48 && rest.charCodeAt(end) <= 57) end++;
    const column = end > at && rest[end] === ":";
    if (column) at = end + 1;
    if (rest[at] !== " " || rest[at + 1] === " " || rest.length <= at + 1) continue;
    if (column) worded++;
    const message = rest.slice(at + 1, at + 24).toLowerCase();
    if (SEVERITIES.some((each) => message.startsWith(each) && !isWordAt(message, each.length))) {
      graded++;
    }
  }
  return graded > hits.length * 0.3 || worded > hits.length * 0.6;
}

function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32;
  return code >= 97 && code <= 122;
}
