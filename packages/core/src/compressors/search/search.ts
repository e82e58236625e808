/**
 * Search results: grep, git grep and ripgrep, with context lines, headings, counts or as JSON.
 *
 * Lossless: each path once, hits under it verbatim, indentation included. Lossy: the best hits by question, and every file
 * named with how many hits it has and where. Compiler diagnostics have the same shape (`a.ts:3:5: error`); those belong to
 * the log compressor and are left to it.
 *
 * Trap: stamps. `2024-01-15T10:00:01` read as file, line and text is how search compressors corrupt logs.
 */
import { finish } from "../../steps.ts";
import { linesOf } from "../../text/lines.ts";
import type { Compressor, ShortenContext, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { originalOf } from "./claims.ts";
import { summarizeCounts } from "./counts.ts";
import type { Entry } from "./entry.ts";
import { decodeGrouped, encodeGrouped } from "./grouped.ts";
import { parseSearch } from "./parse.ts";
import {
  decodeRipgrepJson,
  encodeRipgrepJson,
  entriesOfRipgrepJson,
  isRipgrepJson,
} from "./ripgrep-json.ts";
import { summarize } from "./summary.ts";

/** Search results grouped by file. */
export function searchCompressor(): Compressor {
  return {
    name: "search",
    kind: "search",
    detect: detectSearch,
    encode: encodeSearch,
    decode: (encoded) => decodeGrouped(encoded) ?? decodeRipgrepJson(encoded),
    shorten: shortenSearch,
    original: readSearch,
  };
}

const MIN_HITS = 4;

/** The share of lines that are hits, 0 where they are diagnostics or stamps. */
function detectSearch(sample: string): number {
  if (isRipgrepJson(sample)) return 1;
  const parsed = parseSearch(finish(linesOf(sample)).lines);
  if (parsed === undefined) return 0;
  const hits = parsed.entries.filter((entry) => entry.kind === "match" || entry.kind === "count");
  if (hits.length < MIN_HITS || areDiagnostics(hits)) return 0;
  const sureness = parsed.style === "plain" ? 0.75 : 0.85;
  return Math.min(0.99, sureness + 0.15 * parsed.share);
}

function* encodeSearch(text: string): Steps<string | undefined> {
  const { lines, closed } = yield* linesOf(text);
  const form = isRipgrepJson(text)
    ? encodeRipgrepJson(lines, closed)
    : yield* grouped(lines, closed);
  return form !== undefined && form.length < text.length ? form : undefined;
}

function* grouped(lines: readonly string[], closed: boolean): Steps<string | undefined> {
  const parsed = parseSearch(lines);
  yield;
  return parsed && encodeGrouped(parsed, closed);
}

/** The best hits by question, and every file named. */
function* shortenSearch(text: string, context: ShortenContext): Steps<View | undefined> {
  const { lines } = yield* linesOf(text);
  if (isRipgrepJson(text)) {
    const { entries, records } = entriesOfRipgrepJson(lines);
    yield;
    const summary = summarize(entries, context);
    if (summary === undefined) return undefined;
    const lost = { unit: "lines", count: records, total: records, what: "records without a hit" };
    return { ...summary, omitted: [...summary.omitted, lost] };
  }
  const parsed = parseSearch(lines);
  if (parsed === undefined) return undefined;
  yield;
  const summary =
    parsed.style === "counts"
      ? summarizeCounts(parsed.entries, context)
      : summarize(parsed.entries, context);
  return summary && summary.omitted.length > 0 ? summary : undefined;
}

/** The original again, for the check of what its view says. */
function* readSearch(text: string): Steps<OriginalUnits> {
  const { lines } = yield* linesOf(text);
  if (isRipgrepJson(text)) return originalOf(entriesOfRipgrepJson(lines).entries);
  return originalOf(parseSearch(lines)?.entries ?? []);
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
