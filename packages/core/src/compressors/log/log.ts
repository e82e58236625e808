/**
 * Logs of applications, servers, systems, builds, tests and CI.
 *
 * The lossless form names repeated line shapes once and prints only what varies. The lossy form keeps every failure with its
 * surroundings, one line of everything that happened and every line of what happened rarely, and folds the rest into counted
 * line ranges.
 */

import { parseQuery } from "../../query/query.ts";
import { Meter } from "../../steps.ts";
import { splitInSteps } from "../../text/lines.ts";
import type { Compressor, Omission, ShortenContext, Steps, View } from "../../types/compressor.ts";
import { detectLog } from "./detect.ts";
import { fold } from "./fold.ts";
import { encodeLog } from "./lossless.ts";
import { decodeLog, proveLog } from "./lossless-decode.ts";
import { selectLines } from "./select.ts";
import { viewOf } from "./view.ts";

/** Logs and the output of builds, tests and CI. */
export function logCompressor(): Compressor {
  return {
    name: "log",
    kind: "log",
    detect: detectLog,
    encode,
    decode: decodeLog,
    prove: proveLog,
    shorten,
    leastTokens,
  };
}

function* encode(text: string): Steps<string | undefined> {
  const encoded = yield* encodeLog(text);
  return encoded !== undefined && encoded.length < text.length ? encoded : undefined;
}

/** Where in a line stands what the question quotes; for lines too long to be shown whole. */
function finderOf(question: string): (line: string) => number {
  const { literals, words } = parseQuery(question);
  const texts = [
    ...literals.map(({ text }) => text),
    ...[...words.keys()].filter((word) => word.length > 4),
  ];
  return (line) => {
    const lower = line.toLowerCase();
    for (const text of texts) {
      const at = lower.indexOf(text);
      if (at >= 0) return at;
    }
    return -1;
  };
}

/** What a lossless form cannot go under: about two tokens for each line that differs from the one above. */
function* leastTokens(text: string): Steps<number> {
  const meter = new Meter();
  let runs = 0;
  let start = 0;
  let previous = "";
  while (start < text.length) {
    const at = text.indexOf("\n", start);
    const end = at < 0 ? text.length : at;
    const line = text.slice(start, end);
    if (line !== previous) runs++;
    previous = line;
    if (meter.isDue(line.length)) yield;
    start = end + 1;
  }
  return runs * 2;
}

function* shorten(text: string, context: ShortenContext): Steps<View | undefined> {
  const { text: raw } = yield* splitInSteps(text);
  const view = yield* viewOf(raw);
  const { shown, templates } = yield* selectLines(
    view.lines,
    raw,
    context.query,
    context.budgetTokens,
  );
  const asked = context.query === undefined ? undefined : finderOf(context.query);
  const {
    text: body,
    hiddenLines,
    cutCharacters,
  } = yield* fold(view.lines, shown, templates, asked, context.firstLine);
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
    omitted.push({ unit: "lines' terminal codes", count: view.cleaned, total: raw.length });
  if (omitted.length === 0) return undefined;
  const head =
    view.stamps > 0
      ? `[stamps cut from line starts: first ${view.firstStamp}, last ${view.lastStamp}]\n`
      : "";
  const result = head + body;
  return result.length < text.length ? { text: result, omitted } : undefined;
}
