/**
 * Which lines report a failure or warn of one.
 *
 * What logs know of failures is asked only of lines that have a word of them: lists number their items (`1) x`) and mark them (`● x`) as test runners
 * do their failures.
 */
import { Meter } from "../../steps.ts";
import { beginningsOf } from "../../text/beginnings.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { FAILURE, INFO, type Severity, severityOf, WARN } from "../log/severity.ts";
import { countsFailures } from "./counters.ts";

/** Beginnings of the words that such lines have. */
const STEMS: readonly string[] = [
  "err(?:or|no)?\\b",
  "error",
  "fail",
  "fatal",
  "critical",
  "panic",
  "exception",
  "traceback",
  "abort",
  "denied",
  "denials",
  "refused",
  "reject",
  "dropped",
  "drops",
  "lost",
  "violations",
  "unable",
  "could ?n[o']t",
  "not found",
  "no such",
  "segmentation",
  "core dumped",
  "out of memory",
  "oom",
  "killed",
  "time(?:d )?out",
  "timed out",
  "unreachable",
  "crash",
  "emerg",
  "alert",
  "severe",
  "undefined reference",
  "invalid",
  "warn",
  "deprecat",
  "broken",
  "missing",
  "corrupt",
  "conflict",
  "✗",
  "✘",
  "✕",
  "❌",
];
const STEM: RegExp = new RegExp(STEMS.join("|"), "i");
const mayHoldStem: (line: string) => boolean = beginningsOf(STEMS);

/** Characters. More of a line is looked at only at its end. */
const MAX_LOOK = 1_000;

export function failureOf(line: string): Severity {
  if (line.length > 2 * MAX_LOOK)
    return failureOf(`${line.slice(0, MAX_LOOK)} ${line.slice(1 - MAX_LOOK)}`);
  if (!mayHoldStem(line) || !STEM.test(line)) return INFO;
  return countsFailures(line) ? FAILURE : severityOf(line, line);
}

/** For each line how much it matters. */
export function* failuresIn(lines: readonly string[]): Steps<Uint8Array> {
  const meter = new Meter();
  const found = new Uint8Array(lines.length);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    found[at] = failureOf(line);
    if (meter.isDue(Math.min(line.length, 2 * MAX_LOOK) + LINE_WORK)) yield;
  }
  return found;
}

export { FAILURE, WARN };
