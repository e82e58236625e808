/**
 * Diffs: git (show, diff, log -p), plain unified, combined.
 *
 * Lossless: one line for each header, what follows from the hunk lines is not said, runs that stand above by label. Lossy:
 * lock, generated and minified files as counts, unchanged lines only next to changes. Added and removed lines of people's
 * files are never touched, also where that is far over the budget.
 *
 * Trap: a shortened diff that still applies. Both forms are refused by `git apply` and `patch`.
 */
import { finish } from "../../steps.ts";
import { isLowerHex } from "../../text/chars.ts";
import { linesOf } from "../../text/lines.ts";
import type { Compressor, Steps, View } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { diffOriginal } from "./claims.ts";
import { decodeDiff, encodeDiff } from "./compact.ts";
import { type DiffPart, parseDiff } from "./parse.ts";
import { summarizeDiff } from "./summary.ts";

/** Diffs without repetition, or without what nobody wrote. */
export function diffCompressor(): Compressor {
  return {
    name: "diff",
    kind: "diff",
    detect: detectDiff,
    *encode(text) {
      const { lines, closed } = yield* linesOf(text);
      const parts = partsOf(lines);
      yield;
      const form = parts && (yield* encodeDiff(lines, parts, closed));
      return form !== undefined && form.length < text.length ? form : undefined;
    },
    decode: decodeDiff,
    *shorten(text, context): Steps<View | undefined> {
      const { lines } = yield* linesOf(text);
      const parts = partsOf(lines);
      yield;
      const view = parts && (yield* summarizeDiff(lines, parts, context));
      return view && view.omitted.length > 0 ? view : undefined;
    },
    *original(text): Steps<OriginalUnits> {
      const { lines } = yield* linesOf(text);
      return diffOriginal(lines, parseDiff(lines));
    },
  };
}

/** The share of lines that are in file headers and hunks, commit messages and binary patches apart. */
function detectDiff(sample: string): number {
  const { lines } = finish(linesOf(sample));
  const parts = parseDiff(lines);
  let hunks = 0;
  let files = 0;
  let covered = 0;
  let filled = 0;
  let skipping = false;
  for (const part of parts) {
    if (part.kind === "other") {
      const line = lines[part.line] ?? "";
      if (isCommitStart(line) || line === "GIT binary patch") skipping = true;
      if (line !== "" && !skipping) filled++;
      continue;
    }
    skipping = false;
    const size = part.kind === "file" ? part.to - part.from : part.to - part.at;
    if (part.kind === "file") files++;
    else hunks++;
    covered += size;
    filled += size;
  }
  if (files === 0 || !isDiff(lines, parts, hunks)) return 0;
  const share = covered / filled;
  return share < 0.5 ? 0.3 * share : Math.min(1, 0.7 + 0.3 * share);
}

/** `commit 45720301…`, or the first line of a mailed patch. */
function isCommitStart(line: string): boolean {
  const hash = line.startsWith("commit ") ? 7 : line.startsWith("From ") ? 5 : -1;
  if (hash < 0) return false;
  let at = hash;
  while (isLowerHex(line.charCodeAt(at))) at++;
  return at - hash >= 7;
}

/** Hunks, or headers alone where git says what became of a file (renamed, mode, binary). */
function isDiff(lines: readonly string[], parts: readonly DiffPart[], hunks: number): boolean {
  if (hunks > 0) return true;
  return parts.some((part) => part.kind === "file" && lines[part.from]?.startsWith("diff --"));
}

/** `undefined` where there is neither a file nor a hunk. */
function partsOf(lines: readonly string[]): readonly DiffPart[] | undefined {
  const parts = parseDiff(lines);
  return parts.every((part) => part.kind === "other") ? undefined : parts;
}
