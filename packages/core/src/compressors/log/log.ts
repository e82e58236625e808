/**
 * Logs of applications, servers, systems, builds, tests and CI.
 *
 * The lossless form names repeated line shapes once and prints only what varies. The lossy form keeps every failure with its
 * surroundings, one line of everything that happened and every line of what happened rarely, and folds the rest into counted
 * line ranges.
 */

import type {
  Compressed,
  CompressionContext,
  Compressor,
  Omission,
} from "../../types/compressor.ts";
import { splitLines } from "../shared/lines.ts";
import { detectLog } from "./detect.ts";
import { fold } from "./fold.ts";
import { decodeLog, encodeLog } from "./lossless.ts";
import { selectLines } from "./select.ts";
import { viewOf } from "./view.ts";

/** Logs and the output of builds, tests and CI. */
export function logCompressor(): Compressor {
  return { name: "log", kind: "log", detect: detectLog, compress, decode: decodeLog };
}

function compress(text: string, context: CompressionContext): Compressed | undefined {
  const encoded = encodeLog(text, { plainFailures: context.lossy });
  const lossless: Compressed | undefined =
    encoded !== undefined && encoded.length < text.length && decodeLog(encoded) === text
      ? { text: encoded, lossless: true }
      : undefined;
  if (!context.lossy) return lossless;
  const { budgetTokens, counter } = context;
  // Counting costs more than a look at the length: a token is hardly ever longer than eight characters here.
  const losslessTokens =
    lossless && lossless.text.length <= budgetTokens * 8 ? counter.count(lossless.text) : undefined;
  if (losslessTokens !== undefined && losslessTokens <= budgetTokens) return lossless;
  const shorter = compressLossy(text, context);
  if (!shorter || !lossless) return shorter ?? lossless;
  if (lossless.text.length > shorter.text.length * 2) return shorter;
  return (losslessTokens ?? counter.count(lossless.text)) <= counter.count(shorter.text)
    ? lossless
    : shorter;
}

function compressLossy(text: string, context: CompressionContext): Compressed | undefined {
  const { text: raw } = splitLines(text);
  const view = viewOf(raw);
  const { shown, templates } = selectLines(view.lines, raw, context.query);
  const { text: body, hiddenLines, cutCharacters } = fold(view.lines, shown, templates);
  const omitted: Omission[] = [];
  if (hiddenLines > 0)
    omitted.push({
      unit: "lines",
      count: hiddenLines,
      total: raw.length,
      what: "like lines shown",
    });
  if (cutCharacters > 0)
    omitted.push({
      unit: "characters",
      count: cutCharacters,
      total: text.length,
      what: "inside long lines",
    });
  if (view.stamps > 0)
    omitted.push({ unit: "time stamps", count: view.stamps, total: view.stamps });
  if (view.cleaned > 0)
    omitted.push({ unit: "lines' colour codes", count: view.cleaned, total: raw.length });
  if (omitted.length === 0) return undefined;
  const head =
    view.stamps > 0
      ? `[stamps cut from line starts: first ${view.firstStamp}, last ${view.lastStamp}]\n`
      : "";
  const result = head + body;
  return result.length < text.length ? { text: result, lossless: false, omitted } : undefined;
}
