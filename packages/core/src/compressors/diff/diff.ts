/**
 * Diffs: git (show, diff, log -p), plain unified, combined.
 *
 * Lossless: one line for each header, what follows from the hunk lines is not said, runs that stand above by label. Lossy:
 * lock, generated and minified files as counts, unchanged lines only next to changes. Added and removed lines of people's
 * files are never touched, also where that is far over the budget.
 *
 * Trap: a shortened diff that still applies. Both forms are refused by `git apply` and `patch`.
 */
import type { Compressed, CompressionContext, Compressor } from "../../types/compressor.ts";
import { decodeDiff, encodeDiff } from "./compact.ts";
import { type DiffPart, parseDiff } from "./parse.ts";
import { summarizeDiff } from "./summary.ts";

/** Diffs without repetition, or without what nobody wrote. */
export function diffCompressor(): Compressor {
  return {
    name: "diff",
    kind: "diff",
    detect: detectDiff,
    compress: compressDiff,
    decode: decodeDiff,
  };
}

/** A lossy form has to be this much smaller than the lossless one. */
const WORTH_LOSING = 0.99;

function linesOf(text: string): { readonly lines: readonly string[]; readonly closed: boolean } {
  const closed = text.endsWith("\n");
  return { lines: (closed ? text.slice(0, -1) : text).split("\n"), closed };
}

/** The share of lines that are in file headers and hunks, commit messages and binary patches apart. */
function detectDiff(sample: string): number {
  const { lines } = linesOf(sample);
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
  while (isHex(line.charCodeAt(at))) at++;
  return at - hash >= 7;
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}

/** Hunks, or headers alone where git says what became of a file (renamed, mode, binary). */
function isDiff(lines: readonly string[], parts: readonly DiffPart[], hunks: number): boolean {
  if (hunks > 0) return true;
  return parts.some((part) => part.kind === "file" && lines[part.from]?.startsWith("diff --"));
}

function compressDiff(text: string, context: CompressionContext): Compressed | undefined {
  const { lines, closed } = linesOf(text);
  const parts = parseDiff(lines);
  if (parts.every((part) => part.kind === "other")) return undefined;
  const short = encodeDiff(lines, parts, closed);
  const proven = short.length < text.length && decodeDiff(short) === text;
  const lossless: Compressed | undefined = proven ? { text: short, lossless: true } : undefined;
  if (!context.lossy) return lossless;
  const size = context.counter.count(proven ? short : text);
  if (size <= context.budgetTokens) return lossless;
  const summary = summarizeDiff(lines, parts, context);
  const worth = context.counter.count(summary.text) < size * WORTH_LOSING;
  if (!worth || summary.omitted.length === 0) return lossless;
  return { text: summary.text, lossless: false, omitted: summary.omitted };
}
